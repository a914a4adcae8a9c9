"""Checks of what expressions look up: lists by ``instance('…')`` and columns that filter choices."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from lark import Token, Tree

from app.domain.errors import BadInput
from app.questionnaire.lint.expressions import first_name, placeholders
from app.questionnaire.lint.lists import INSTANCE, PULLED, lists_of, uses_file
from app.questionnaire.lint.names import nearest
from app.questionnaire.lint.scope import REFERENCE
from app.questionnaire.secondary import delimiter_of, text_of
from app.questionnaire.xpath.grammar import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from app.questionnaire.lint.cells import Book
    from app.questionnaire.lint.circles import Rule
    from app.questionnaire.lint.finding import Report
    from app.questionnaire.lint.outline import Item, Outline
    from app.questionnaire.xpath.grammar import Parsed

_EXTERNAL = frozenset({"csv-external", "xml-external"})
_LAST_SAVED = "__last-saved"
_ALWAYS = frozenset({"name", "label", "itextId"})
"""What every choice has in the converted form."""


def check_instances(report: Report, book: Book, outline: Outline, rules: Sequence[Rule]) -> None:
    """Check that every list an expression looks up will be in the converted form."""
    known = _known(book, outline, rules)
    for rule in rules:
        for name in INSTANCE.findall(rule.text):
            if name in known:
                continue
            near = nearest(name, known)
            code = "lint.instance_near" if near else "lint.instance_missing"
            report.error(code, rule.cell.spot, list=name, near=near)


def _known(book: Book, outline: Outline, rules: Sequence[Rule]) -> set[str]:
    """The lists the converter puts in: all of the choices but those searched by the phone, and files."""
    searched = {i.list_name for i in outline.items if _searches(i)}
    return (
        (lists_of(book).keys() - searched)
        | {i.list_name.rpartition(".")[0] for i in outline.items if uses_file(i)}
        | {i.name for i in outline.items if i.command in _EXTERNAL}
        | {name for rule in rules for name in PULLED.findall(rule.text)}
        | {_LAST_SAVED}
    )


def _searches(item: Item) -> bool:
    return "search(" in item.row.text("control::appearance")


def check_filters(report: Report, book: Book, rules: Sequence[Rule], media: Mapping[str, bytes]) -> None:
    """Check that what a filter of choices compares are columns of the choices."""
    for rule in rules:
        columns = _columns(book, rule.item, media) if rule.cell.key == "choice_filter" else ()
        if not columns:
            continue
        for word in dict.fromkeys(_words(parse(placeholders(rule.text)))):
            if word not in columns:
                _tell(report, rule, word, columns)


def _tell(report: Report, rule: Rule, word: str, columns: Collection[str]) -> None:
    near = nearest(word, columns)
    if near:
        report.error("lint.filter_near", rule.cell.spot, column=word, near=near)
        return
    shown = "、".join(sorted(set(columns) - {"itextId"}))
    report.error("lint.filter_column", rule.cell.spot, column=word, columns=shown, reference=f"'{word}'")


def _columns(book: Book, item: Item, media: Mapping[str, bytes]) -> Collection[str]:
    """Columns of the choices of a question, none when they are not known."""
    if not item.list_name or REFERENCE.search(item.list_name) or _searches(item):
        return ()
    if uses_file(item):
        return _heads(item.list_name, media)
    sheet = book.sheets.get("external_choices" if item.command == "select_one_external" else "choices")
    if sheet is None:
        return ()
    keys = {header.key.partition("::")[0] for header in sheet.headers}
    return (keys - {"list name", "media"}) | _ALWAYS


def _heads(name: str, media: Mapping[str, bytes]) -> Collection[str]:
    if not name.endswith(".csv") or name not in media:
        return ()
    try:
        head = text_of(media[name], name).partition("\n")[0]
    except BadInput:  # told where the files are looked at
        return ()
    return {h.strip() for row in csv.reader([head], delimiter=delimiter_of(head)) for h in row}


def _words(tree: Parsed) -> Iterator[str]:
    """Plain names paths begin with, but those that belong to other lists or to answers."""
    if isinstance(tree, Token):
        return
    if tree.data == "relative":
        word = first_name(tree)
        if word and word.isascii():
            yield word
        return
    if tree.data == "filter_path":  # such as instance('x')/root/item[…]: its names are its own
        return
    for child in tree.children:
        if not (isinstance(child, Tree) and child.data in {"predicate", "steps"}):
            yield from _words(child)
