"""Read one row of a roster into values by field code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.domain.fault import Fault, error, warning
from app.domain.household import HOUSEHOLD_FIELDS
from app.domain.ids import Value
from app.domain.member import MEMBER_FIELDS
from app.files.cell_values import CellReader
from app.files.roster_columns import NOTE_WORDS
from app.files.workbook_in import cell_text

if TYPE_CHECKING:
    from datetime import date

    from app.domain.codes import CodeLists
    from app.domain.roster import Mapped
    from app.files.workbook_in import Cell, Sheet

Report = Callable[[int, str, Fault], None]
"""Takes a finding: row counted from 1, target of the column, fault."""

_FIELDS: Final = {f"household.{code}": d for code, d in HOUSEHOLD_FIELDS.items()} | {
    f"member.{code}": d for code, d in MEMBER_FIELDS.items()
}
_INSURANCE: Final = "insurance"
_PENSION: Final = "pension"


@dataclass(slots=True)
class Row:
    """The values of one row; ``bad`` are the fields whose cells could not be used."""

    row: int
    member: dict[str, Value] = field(default_factory=dict[str, Value])
    household: dict[str, Value] = field(default_factory=dict[str, Value])
    place: dict[str, str] = field(default_factory=dict[str, str])
    bad: frozenset[str] = frozenset()


class RowReader:
    """Reads the rows of one sheet by a mapping."""

    def __init__(self, sheet: Sheet, mapped: Mapped, lists: CodeLists, today: date, report: Report) -> None:
        self._sheet = sheet
        self._mapped = mapped
        self._cells = CellReader(lists, today)
        self._report = report

    def read(self, index: int) -> Row | None:
        """Return the values of a row counted from 0; None for an empty row or a line of notes."""
        cells = self._sheet.rows[index]
        used = {column: target for column, target in self._mapped.columns.items() if column < len(cells)}
        if not any(cell_text(cells[column]) for column in used):
            return None
        row = Row(index + 1)
        if self._is_note(cells, used):
            self._report(row.row, "", warning("roster.note_row"))
            return None
        for column, target in used.items():
            self._take(row, target, cells[column])
        self._settle_insurance(row)
        return row

    def _is_note(self, cells: tuple[Cell, ...], used: dict[int, str]) -> bool:
        number = next((cell_text(cells[c]) for c, t in used.items() if t == "member.id_number"), "")
        first = next((cell_text(cell) for cell in cells if cell_text(cell)), "")
        return not any(c.isdigit() for c in number) and first.startswith(NOTE_WORDS)

    def _take(self, row: Row, target: str, cell: Cell) -> None:
        group, _, code = target.partition(".")
        if group == "place" or target == "household.head_name":
            row.place[code] = cell_text(cell)
            return
        if group in {_INSURANCE, _PENSION}:
            self._take_flag(row, group, code, cell)
            return
        found = self._cells.value(_FIELDS[target], cell)
        self._tell(row, target, found.faults)
        if found.value == "":
            return
        values = row.household if group == "household" else row.member
        if code in values and isinstance(found.value, str):  # a further column of several choices
            merged = {*str(values[code]).split(), *found.value.split()}
            values[code] = " ".join(sorted(merged))
        else:
            values[code] = found.value

    def _take_flag(self, row: Row, group: str, code: str, cell: Cell) -> None:
        found = self._cells.flag(MEMBER_FIELDS[group], cell)
        self._tell(row, f"{group}.{code}", found.faults)
        if found.value == "":
            return
        given = set(str(row.member.get(group, "")).split())
        given.add(code if found.value == 1 else "none")
        row.member[group] = " ".join(sorted(given))

    def _tell(self, row: Row, target: str, faults: tuple[Fault, ...]) -> None:
        for fault in faults:
            self._report(row.row, target, fault)
            if fault.severity is fault.severity.ERROR:
                row.bad |= {fault.field}

    def _settle_insurance(self, row: Row) -> None:
        """Drop "none" where another yes/no column says insured; a person has one pension at most."""
        for code in (_INSURANCE, _PENSION):
            given = str(row.member.get(code, "")).split()
            if len(given) > 1:
                row.member[code] = " ".join(word for word in given if word != "none")
        if " " in str(row.member.get(_PENSION, "")):
            row.member[_PENSION] = ""
            self._tell(row, "pension.employee", (error("roster.pension_both", _PENSION),))
