"""What an expression may name: the questions of the form and where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.questionnaire.lint.names import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.questionnaire.lint.cells import Cell
    from app.questionnaire.lint.finding import Report
    from app.questionnaire.lint.outline import Item

REFERENCE = re.compile(r"\$\{([^}]*)\}|\$\{[^}]*$")
_INNER = re.compile(r"(last-saved#)?([^\W\d][\w.\-]*)")
_ALMOST = re.compile(
    r"[$＄￥]\s*[{｛(（\[【]\s*([\w.\-]+)\s*[}｝)）\]】]|[{｛]\s*([\w.\-]+)\s*[}｝]|[$＄￥]\s*([\w.\-]+)\s*[}｝]"
)
_WORD = re.compile(r"[A-Za-z_][\w.\-]*")


@dataclass(frozen=True, slots=True)
class Scope:
    """Items by name."""

    by_name: Mapping[str, Sequence[Item]]

    def has(self, name: str) -> bool:
        """Tell whether a question, group or repeat has this name."""
        return name in self.by_name

    def item(self, name: str) -> Item | None:
        """The only item of a name."""
        found = self.by_name.get(name, ())
        return found[0] if len(found) == 1 else None


def _said(scope: Scope, name: str) -> str:
    near = nearest(name, scope.by_name)
    return f"${{{near}}}" if near else ""


def check_references(report: Report, cell: Cell, scope: Scope, text: str) -> None:
    """Check every ``${name}`` of a cell; ``text`` is the cell with plain signs."""
    for match in REFERENCE.finditer(text):
        where = match.start() + 1
        inner = _INNER.fullmatch(match[1]) if match[1] is not None else None
        if inner is None:
            report.error(
                "lint.reference_form", cell.spot, piece=match[0][:40], position=where, example="${name}"
            )
        else:
            _one(report, cell, scope, inner[2], where)


def _one(report: Report, cell: Cell, scope: Scope, name: str, where: int) -> None:
    found = scope.by_name.get(name, ())
    reference = f"${{{name}}}"
    if len(found) > 1:
        rows = "、".join(str(item.row.number) for item in found)
        report.error("lint.reference_ambiguous", cell.spot, reference=reference, position=where, rows=rows)
    elif not scope.has(name):
        near = _said(scope, name)
        if near:
            report.error("lint.reference_near", cell.spot, reference=reference, position=where, near=near)
        else:
            report.error("lint.reference_unknown", cell.spot, reference=reference, position=where)


def check_almost(report: Report, cell: Cell, scope: Scope) -> None:
    """Find what was meant as a reference in a text but is none: ``$(age)``, ``{age}``, ``$age}``."""
    rest = REFERENCE.sub(lambda m: " " * len(m[0]), cell.text)
    for match in _ALMOST.finditer(rest):
        name = match[1] or match[2] or match[3]
        if scope.has(name):
            report.error(
                "lint.reference_signs",
                cell.spot,
                piece=match[0],
                position=match.start() + 1,
                reference=f"${{{name}}}",
            )
