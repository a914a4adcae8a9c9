"""Which questions an expression refers to, as absolute paths without positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lark import Token, Tree

from app.questionnaire.xpath.compiler import is_current

if TYPE_CHECKING:
    from app.questionnaire.xpath.compiler import Expression
    from app.questionnaire.xpath.grammar import Parsed

_PATHS = {"absolute", "absolute_deep", "relative", "filter_path", "filter_deep"}


@dataclass(frozen=True, slots=True)
class Reference:
    """One path; ``indexed`` when a predicate or ``indexed-repeat`` picks the row."""

    path: str
    indexed: bool


def join_path(base: str, names: list[str]) -> str:
    """Follow ``.``, ``..`` and names from an absolute path."""
    parts = [p for p in base.split("/") if p]
    for name in names:
        if name == "..":
            parts = parts[:-1]
        elif name != ".":
            parts.append(name)
    return "/" + "/".join(parts)


def resolve(text: str, base: str) -> str:
    """The absolute path of a plain reference such as ``/data/a``, ``a``, ``../a`` or ``current()/../a``."""
    plain = text.strip().removeprefix("current()/")
    if plain.startswith("/"):
        return join_path("", [p for p in plain.split("/") if p])
    return join_path(base, [p for p in plain.split("/") if p])


def _step_name(step: Tree[Token]) -> str:
    if step.data == "step_self":
        return "."
    if step.data == "step_parent":
        return ".."
    test = step.children[1] if step.data == "step" else step.children[0]
    mark = "@" if step.data == "attribute_step" else ""
    if step.data == "step" and str(step.children[0]) not in {"child", "self"}:
        return "*"
    if isinstance(test, Tree) and test.data == "test_name":
        return f"{mark}{test.children[0]}"
    return "*"


def _flat(steps: Tree[Token]) -> list[Tree[Token]]:
    found: list[Tree[Token]] = []
    for child in steps.children:
        if isinstance(child, Tree):
            found.extend(_flat(child) if child.data == "steps" else [child])
    return found


def _is_deep(steps: Tree[Token]) -> bool:
    """Whether ``//`` stands between the steps."""
    nested = (c for c in steps.children if isinstance(c, Tree) and c.data == "steps")
    return any(isinstance(c, Token) and c == "//" for c in steps.children) or any(map(_is_deep, nested))


def _one(tree: Tree[Token], base: str, current: str) -> Reference | None:
    """The reference of one location path; None when it does not lead into the answers."""
    steps = next((c for c in tree.children if isinstance(c, Tree) and c.data == "steps"), None)
    if steps is None or "deep" in tree.data or _is_deep(steps):
        return None
    start = "" if tree.data == "absolute" else base
    if tree.data == "filter_path":
        if not is_current(tree.children[0]):
            return None
        start = current
    flat = _flat(steps)
    names = [_step_name(s) for s in flat]
    if "*" in names or (start == "?" and tree.data != "absolute"):
        return None
    indexed = any(isinstance(c, Tree) and c.data == "predicate" for s in flat for c in s.children)
    return Reference(join_path(start, names), indexed)


def _predicate_base(tree: Tree[Token], base: str, current: str) -> str:
    """Where relative paths of a path's predicates start; "?" outside the answers."""
    found = _one(tree, base, current)
    return found.path if found is not None else "?"


def _collect(tree: Parsed, base: str, current: str, found: list[Reference], indexed: bool) -> None:
    if not isinstance(tree, Tree):
        return
    inner, soft = base, indexed
    if tree.data in _PATHS:
        one = _one(tree, base, current)
        if one is not None:
            found.append(Reference(one.path, one.indexed or indexed))
        inner = _predicate_base(tree, base, current)
        if tree.data in {"filter_path", "filter_deep"}:
            _collect(tree.children[0], base, current, found, indexed)
            for child in tree.children[1:]:
                _collect(child, inner, current, found, indexed)
            return
    if tree.data == "call" and str(tree.children[0]) in {"indexed-repeat", "position", "count"}:
        soft = True
    for child in tree.children:
        _collect(child, inner, current, found, soft)


def references(expression: Expression, base: str) -> list[Reference]:
    """All paths into the answers that the expression of the question at ``base`` reads."""
    found: list[Reference] = []
    _collect(expression.tree, base, base, found, indexed=False)
    return found
