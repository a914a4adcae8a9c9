"""What the linter found: where, how bad, and what can be put right with one click."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.fault import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.questionnaire.lint.cells import Spot


class FixKind(StrEnum):
    """How a repair is done; the renames follow the name into every cell that uses it."""

    HALF_WIDTH = "half_width"
    OPERATORS = "operators"
    REPLACE = "replace"
    RENAME_QUESTION = "rename_question"
    RENAME_VALUE = "rename_value"
    RENAME_LIST = "rename_list"


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair of the cell at ``row`` and ``column`` (Excel's letter): ``old`` in it becomes ``new``."""

    kind: FixKind
    sheet: str
    row: int
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem; ``code`` is the key of its sentence and ``params`` fill it in.

    ``row`` counts from 1 as Excel does and is 0 for a whole sheet; ``column`` is Excel's letter and
    ``header`` the first cell of that column, both "" for a whole row.
    """

    code: str
    severity: Severity
    sheet: str
    row: int
    column: str
    header: str
    params: Mapping[str, str | int]
    fix: Fix | None = None


@dataclass(slots=True)
class Report:
    """Collects findings."""

    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, spot: Spot, fix: Fix | None = None, **params: str | int) -> None:
        """Add a finding that forbids publishing."""
        self._add(code, Severity.ERROR, spot, fix, params)

    def warning(self, code: str, spot: Spot, fix: Fix | None = None, **params: str | int) -> None:
        """Add a finding to think about."""
        self._add(code, Severity.WARNING, spot, fix, params)

    def _add(
        self, code: str, severity: Severity, spot: Spot, fix: Fix | None, params: Mapping[str, str | int]
    ) -> None:
        self.findings.append(
            Finding(code, severity, spot.sheet, spot.row, spot.column, spot.header, params, fix)
        )

    def has_error(self, sheet: str, row: int) -> bool:
        """Tell whether an error stands in this row; with row 0, anywhere in the workbook."""
        return any(
            f.severity is Severity.ERROR and (not row or (f.sheet.lower() == sheet and row == f.row))
            for f in self.findings
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked workbook; ``xform_xml`` is there whenever it could be converted, to look at it.

    ``findings`` stand in the order of the sheets and rows. ``questions`` counts what is asked or computed.
    """

    findings: tuple[Finding, ...]
    xform_xml: str | None
    form_id: str
    version: str
    questions: int

    @property
    def publishable(self) -> bool:
        """Whether the form may be published: it converts and nothing is wrong with it."""
        return self.xform_xml is not None and all(f.severity is not Severity.ERROR for f in self.findings)
