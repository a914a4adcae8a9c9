"""Circles: questions whose rules need one another, so that none can be computed first.

The phone's engine is stricter than ours: there a question's calculation, relevance, readonly and required
rules together must not lead back to the question, whichever row of a repeat they read, and what makes a
group relevant counts for all in it. A form must work on both, so the stricter notion holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.questionnaire.lint.outline import ItemKind
from app.questionnaire.lint.scope import REFERENCE
from app.questionnaire.refs import references
from app.questionnaire.xpath.compiler import compile_expression
from app.questionnaire.xpath.values import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.questionnaire.lint.cells import Cell
    from app.questionnaire.lint.finding import Report
    from app.questionnaire.lint.outline import Item
    from app.questionnaire.lint.scope import Scope

RULES = ("bind::calculate", "bind::relevant", "bind::readonly", "bind::required")
_LONGEST_TOLD = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed rule of an item: its cell and its text with plain signs."""

    item: Item
    cell: Cell
    text: str


def absolute(text: str, scope: Scope) -> str:
    """The text with every reference as an absolute path."""

    def path(name: str) -> str:
        found = scope.item(name)
        return f" {found.path} " if found is not None else " /none "

    return REFERENCE.sub(lambda m: path(m[1] or ""), text)


def needs(rule: Rule, scope: Scope) -> list[str]:
    """The paths into the answers that a rule reads."""
    try:
        expression = compile_expression(absolute(rule.text, scope))
    except ExpressionError:  # a name with signs a path may not have; told already
        return []
    return [r.path for r in references(expression, rule.item.path)]


Edges = dict[str, list[str]]
"""For each path those it needs."""


def _edges(rules: Iterable[Rule], items: Sequence[Item], scope: Scope) -> Edges:
    edges: Edges = {}
    hidden: set[str] = set()
    for rule in rules:
        if rule.cell.key == "bind::calculate" and rule.item.row.text("trigger"):
            continue  # computed when the trigger changes, not whenever what it reads does
        edges.setdefault(rule.item.path, []).extend(needs(rule, scope))
        if rule.cell.key == "bind::relevant" and rule.item.kind is not ItemKind.QUESTION:
            hidden.add(rule.item.path)
    for item in items:
        above = item.parent
        while above:
            if above in hidden:
                edges.setdefault(item.path, []).append(above)
            above = above.rpartition("/")[0]
    return edges


def _core(edges: Edges) -> Edges:
    """What is left when all that can be computed is taken away, one after another."""
    users: dict[str, list[str]] = {}
    open_ = {path: {n for n in needs if n in edges} for path, needs in edges.items()}
    for path, needs in open_.items():
        for need in needs:
            users.setdefault(need, []).append(path)
    ready = [path for path, needs in open_.items() if not needs]
    while ready:
        done = ready.pop()
        del open_[done]
        for user in users.get(done, ()):
            open_[user].discard(done)
            if not open_[user]:
                ready.append(user)
    return {path: sorted(needs, key=list(edges).index) for path, needs in open_.items()}


def _round(start: str, edges: Edges) -> list[str]:
    """The shortest way from a question back to itself, empty when there is none."""
    came: dict[str, str] = {}
    queue = [start]
    for here in queue:
        for need in edges[here]:
            if need == start:
                found = [here]
                while found[-1] != start:
                    found.append(came[found[-1]])
                return found[::-1]
            if need in edges and need not in came:
                came[need] = here
                queue.append(need)
    return []


def check_circles(report: Report, rules: Sequence[Rule], items: Sequence[Item], scope: Scope) -> None:
    """Report every question of a circle at its rule, with the whole round."""
    by_path: Mapping[str, Item] = {item.path: item for item in items}
    by_item: dict[str, list[Rule]] = {}
    for rule in rules:
        by_item.setdefault(rule.item.path, []).append(rule)
    core = _core(_edges(rules, items, scope))
    for path in core:
        circle = _round(path, core)
        if not circle:
            continue  # it only reads something that goes in circles
        needed = circle[1] if len(circle) > 1 else path
        cell = next((r.cell for r in by_item.get(path, ()) if needed in needs(r, scope)), None)
        if cell is not None:  # else it stands in the round only because its group does
            _tell(report, cell, [by_path[p] for p in circle])


def _tell(report: Report, cell: Cell, round_: Sequence[Item]) -> None:
    name = round_[0].name
    if len(round_) == 1:
        report.error("lint.cycle_self", cell.spot, question=name)
        return
    shown = [*round_[:_LONGEST_TOLD], round_[0]]
    told = " → ".join(f"{item.name}（{item.row.number}）" for item in shown)
    report.error("lint.cycle", cell.spot, question=name, circle=told)
