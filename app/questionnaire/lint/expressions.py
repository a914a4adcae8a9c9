"""Checks of one expression: signs, syntax, functions, names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lark import Token, Tree
from pyxform import aliases

from app.questionnaire.lint.finding import Fix, FixKind
from app.questionnaire.lint.names import nearest
from app.questionnaire.lint.scope import REFERENCE, check_references
from app.questionnaire.lint.tables import NOT_ON_PHONES, PHONE_ARITY, SAID_NO, SAID_YES, USAGE
from app.questionnaire.lint.width import (
    half_width,
    only_quotes,
    pieces,
    plain_operators,
    wide_signs,
)
from app.questionnaire.xpath.functions import FUNCTIONS, LAZY
from app.questionnaire.xpath.grammar import parse
from app.questionnaire.xpath.table import MANY
from app.questionnaire.xpath.values import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.questionnaire.lint.cells import Cell
    from app.questionnaire.lint.finding import Report
    from app.questionnaire.lint.outline import Item
    from app.questionnaire.lint.scope import Scope
    from app.questionnaire.xpath.grammar import Parsed

_MARK = "Θ"  # stands for the brace of a reference, so that places in the text stay what they are
_YES_NO_COLUMNS = frozenset({"bind::required", "bind::readonly"})
_AT_OPENING = frozenset({"bind::calculate", "bind::relevant"})
"""Computed when the phone opens the form; it refuses one that takes several rows for one answer there."""
_RULING = frozenset({"bind::calculate", "bind::relevant", "bind::constraint"})
_PIECE = 16
_GATHERS = frozenset(
    {
        "sum",
        "min",
        "max",
        "count",
        "count-non-empty",
        "join",
        "concat",
        "indexed-repeat",
        "checklist",
        "weighted-checklist",
        "position",
        "once",
        "area",
        "distance",
    }
)
"""Functions that take the answers of all rows of a repeat."""

_EXPLAINED: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"=="), "lint.syntax_equals", "${age} = 60"),
    (re.compile(r"<>"), "lint.syntax_differs", "${age} != 60"),
    (re.compile(r"=>|=<"), "lint.syntax_order", "${age} >= 60"),
    (re.compile(r"&&|\bAND\b"), "lint.syntax_and", "${age} >= 60 and ${age} < 80"),
    (re.compile(r"\|\||\bOR\b"), "lint.syntax_or", "${age} < 16 or ${age} >= 60"),
    (re.compile(r"&"), "lint.syntax_join", "concat(${a}, ${b})"),
    (re.compile(r"%"), "lint.syntax_percent", "${income} * 0.1"),
    (re.compile(r"[\w)]\s*/\s*[\d(]|\s/\s"), "lint.syntax_divide", "${income} div 12"),
    (re.compile(r"^\s*="), "lint.syntax_formula", "${a} + ${b}"),
    (
        re.compile(r"(>=|<=|>|<|=)\s*(and|or)\b|\b(and|or)\s*(>=|<=|!=|>|<|=)"),
        "lint.syntax_half",
        ". > 0 and . < 10",
    ),
    (re.compile(r"\$\w|\$\s*\("), "lint.syntax_dollar", "${age}"),
    (re.compile(r",\s*,|\(\s*,|,\s*\)"), "lint.syntax_gap", "if(${a} > 0, 1, 0)"),
)
"""What clerks write, how that is told, and an example of how it should be."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around expressions; ``is_chinese`` when the questions are asked in Chinese."""

    report: Report
    scope: Scope
    is_chinese: bool


def placeholders(text: str) -> str:
    """The text with every ``${name}`` as a plain name of the same length at the same place."""
    return REFERENCE.sub(lambda m: f" {_MARK}{(m[1] or '').replace('#', '_')} ", text)


def check_width(context: Context, cell: Cell) -> str:
    """Report signs of a Chinese keyboard outside quotes; returns the text as it should be."""
    plain = half_width(cell.text)
    if plain != cell.text:
        fix = Fix(FixKind.HALF_WIDTH, cell.spot.sheet, cell.spot.row, cell.spot.column, cell.text, plain)
        # Curly quotes alone are put right by this converter; on a Chinese keyboard they come from the same
        # habit as the others, and other programs refuse them.
        mild = only_quotes(cell.text) and not context.is_chinese
        tell = context.report.warning if mild else context.report.error
        tell("lint.full_width", cell.spot, fix, signs=wide_signs(cell.text), plain=plain)
    return plain


def check_expression(context: Context, cell: Cell, item: Item | None) -> str | None:
    """Check the expression of a cell of ``item``; returns its text when it can be parsed."""
    if _is_yes_no(context, cell):
        return None
    text = check_width(context, cell)
    check_references(context.report, cell, context.scope, text)
    try:
        tree = parse(placeholders(text))
    except ExpressionError as error:
        _explain(context.report, cell, text, int(error.params["column"]))
        return None
    _Look(context, cell, item, text).visit(tree, inside=cell.key == "choice_filter", gathered=False)
    return text


def _is_yes_no(context: Context, cell: Cell) -> bool:
    if cell.text in aliases.BINDING_CONVERSIONS:
        return True
    if cell.key not in _YES_NO_COLUMNS or cell.text not in SAID_YES | SAID_NO:
        return False
    plain = "yes" if cell.text in SAID_YES else "no"
    fix = Fix(FixKind.REPLACE, cell.spot.sheet, cell.spot.row, cell.spot.column, cell.text, plain)
    context.report.error("lint.yes_no", cell.spot, fix, word=cell.text, plain=plain)
    return True


def _unbalanced(text: str) -> str:
    """The code for a quote or bracket without its twin, "" when all have theirs."""
    parts = pieces(text)
    if parts[-1][0] and (len(parts[-1][1]) < len("''") or parts[-1][1][0] != parts[-1][1][-1]):
        return "lint.syntax_quote"
    plain = "".join(part for quoted, part in parts if not quoted)
    return "lint.syntax_brackets" if plain.count("(") != plain.count(")") else ""


def _explain(report: Report, cell: Cell, text: str, column: int) -> None:
    """Say where an expression breaks, and why as far as it can be guessed."""
    plain = "".join(" " * len(part) if quoted else part for quoted, part in pieces(text))
    bare = REFERENCE.sub(lambda m: "x" * len(m[0]), plain)
    told = ((code, example) for pattern, code, example in _EXPLAINED if pattern.search(bare))
    code, example = next(told, ("lint.syntax", ""))
    code = _unbalanced(text) or code
    better = plain_operators(text)
    if text[column - 1 : column] == "{":
        column -= 1  # the reference begins with its dollar sign
    fix = None
    if better != text:
        spot = cell.spot
        fix = Fix(FixKind.OPERATORS, spot.sheet, spot.row, spot.column, text, better)
    piece = text[max(column - 1, 0) : column - 1 + _PIECE].strip() or text[-_PIECE:]
    report.error(code, cell.spot, fix, position=min(column, len(text)), piece=piece, example=example)


@dataclass(frozen=True, slots=True)
class _Look:
    """Goes through the parse tree of one expression."""

    context: Context
    cell: Cell
    item: Item | None
    text: str

    def visit(self, tree: Parsed, *, inside: bool, gathered: bool) -> None:
        """``inside`` a predicate plain names are columns of a list; ``gathered`` all rows are taken."""
        if isinstance(tree, Token):
            return
        if tree.data == "call":
            name = str(tree.children[0])
            self._call(tree, name)
            gathered = gathered or name in _GATHERS
        self._names(tree, inside=inside, gathered=gathered)
        picked = gathered or (tree.data in _PATHS and _has_predicate(tree))
        for child in tree.children:
            self.visit(child, inside=inside or _is_predicate(child), gathered=picked)

    def _call(self, tree: Tree[Token], name: str) -> None:
        given = len(tree.children) - 1
        known = LAZY.get(name) or FUNCTIONS.get(name)
        token = tree.children[0]
        where = token.column or 0 if isinstance(token, Token) else 0
        report, spot = self.context.report, self.cell.spot
        if known is None:
            self._unknown(name, where)
            return
        if name in NOT_ON_PHONES:
            near = NOT_ON_PHONES[name] or "…"
            report.error("lint.function_phone", spot, function=f"{name}()", near=near, position=where)
        least, most = PHONE_ARITY.get(name, known.arity)
        if least <= given <= most:
            return
        usage = USAGE.get(name) or _usage(name, least, most)
        tell = partial(report.error, function=f"{name}()", given=given, position=where, usage=usage)
        if least == most:
            tell("lint.arguments_exact", spot, count=least)
        elif most == MANY:
            tell("lint.arguments_least", spot, least=least)
        else:
            tell("lint.arguments_range", spot, least=least, most=most)

    def _unknown(self, name: str, where: int) -> None:
        near = nearest(name, {**FUNCTIONS, **LAZY})
        call, report, spot = f"{name}()", self.context.report, self.cell.spot
        if not near:
            report.error("lint.function_unknown", spot, function=call, position=where)
            return
        fix = None
        if near.casefold() == name.casefold():
            fix = Fix(FixKind.REPLACE, spot.sheet, spot.row, spot.column, f"{name}(", f"{near}(")
        report.error("lint.function_near", spot, fix, function=call, position=where, near=f"{near}()")

    def _names(self, tree: Tree[Token], *, inside: bool, gathered: bool) -> None:
        if tree.data == "test_name":
            word = str(tree.children[0])
            if word.startswith(_MARK):
                if not gathered:
                    self._outside(word.removeprefix(_MARK))
            elif not word.isascii():
                self._chinese(word)
        elif tree.data == "relative" and not inside:
            word = first_name(tree)
            if word.isascii() and word:
                self._bare(word)

    def _chinese(self, word: str) -> None:
        item = self.context.scope.item(word)
        code = "lint.chinese_word" if item is None else "lint.bare_name"
        reference = f"${{{word}}}" if item is not None else f"'{word}'"
        self.context.report.error(code, self.cell.spot, word=word, reference=reference)

    def _bare(self, word: str) -> None:
        report, spot = self.context.report, self.cell.spot
        if self.context.scope.has(word):
            tell = report.error if self._is_lost(word) else report.warning
            tell("lint.bare_name", spot, word=word, reference=f"${{{word}}}")
        else:
            report.warning("lint.bare_word", spot, word=word, reference=f"'{word}'")

    def _is_lost(self, word: str) -> bool:
        """Whether a plain name surely leads nowhere; from a group it leads to what is in it."""
        if self.cell.key not in _RULING or self.item is None:
            return False
        path = f"{self.item.path}/{word}"
        return all(found.path != path for found in self.context.scope.by_name[word])

    def _outside(self, name: str) -> None:
        """A question of a repeat, used outside of it without saying which row."""
        found = self.context.scope.item(name)
        around = self.item.repeats if self.item is not None else ()
        if found is None or not found.repeats:
            return
        own = found.repeats[:-1] if found.path == found.repeats[-1] else found.repeats
        if own and own[-1] not in around:
            report = self.context.report
            tell = report.error if self.cell.key in _AT_OPENING else report.warning
            tell("lint.repeat_outside", self.cell.spot, reference=f"${{{name}}}")


def _usage(name: str, least: int, most: int) -> str:
    letters = "abcdefgh"[: max(least, min(most, least + 1))]
    return f"{name}({', '.join(letters)})"


_PATHS = frozenset({"relative", "absolute", "filter_path", "filter"})


def _is_predicate(tree: Parsed) -> bool:
    return isinstance(tree, Tree) and tree.data == "predicate"


def _any_tree(tree: Parsed, test: Callable[[Parsed], bool]) -> bool:
    if test(tree):
        return True
    return isinstance(tree, Tree) and any(_any_tree(child, test) for child in tree.children)


def _has_predicate(tree: Tree[Token]) -> bool:
    return _any_tree(tree, _is_predicate)


def first_name(tree: Tree[Token]) -> str:
    """The name a relative path begins with, "" for one that begins otherwise or with a reference."""
    here: Parsed = tree
    while isinstance(here, Tree) and here.data in {"relative", "steps", "step_child", "test_name"}:
        here = here.children[0]
    word = str(here) if isinstance(here, Token) else ""
    return "" if word.startswith(_MARK) or ":" in word else word
