"""Checks of paths written out, such as ``../age`` or ``/data/age``: they must lead to a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.questionnaire.lint.circles import RULES, needs
from app.questionnaire.lint.names import nearest
from app.questionnaire.lint.outline import ItemKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.questionnaire.lint.circles import Rule
    from app.questionnaire.lint.finding import Report
    from app.questionnaire.lint.outline import Outline
    from app.questionnaire.lint.scope import Scope

_CHECKED = frozenset({*RULES, "bind::constraint"})


def check_paths(report: Report, outline: Outline, rules: Sequence[Rule], scope: Scope) -> None:
    """Tell which paths of rules lead nowhere; always empty here, they do not open on phones."""
    root = f"/{outline.root}"
    known = {"/", root, *(item.path for item in outline.items)}
    known |= {f"{item.path}_other" for item in outline.items if item.other}
    known |= {f"{item.path}_count" for item in outline.items if item.kind is ItemKind.REPEAT}
    # Loops are written out by the converter, and what is in ``meta`` is its own.
    made = (f"{root}/meta", *(item.path for item in outline.items if item.kind is ItemKind.LOOP))
    for rule in rules:
        if rule.cell.key not in _CHECKED or rule.item.path.startswith(made):
            continue
        for path in dict.fromkeys(needs(rule, scope)):
            bare = path.startswith(f"{rule.item.path}/")  # told as a word without its braces
            if path in known or bare or "@" in path or not path.startswith(f"{root}/"):
                continue
            if not path.startswith(made):
                near = nearest(path.rpartition("/")[2], scope.by_name)
                report.error(
                    "lint.path_unknown", rule.cell.spot, path=path, reference=f"${{{near or 'name'}}}"
                )
