"""Read a roster of households and members from a workbook, with every finding and its place.

    draft = read_roster(path, Setting(lists, village, today))
    draft.is_clean       # import everything or nothing
    draft.problems       # sheet, row, column, code, params, severity

Rows become households by their household number or, without one, by the rows of the heads. Findings are
collected; only a file that cannot be opened at all raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.errors import BadInput
from app.domain.fault import Fault, Severity, error, errors_of, warning
from app.domain.household import HEAD, household_faults
from app.domain.identity import OLD_LENGTH, normalise
from app.domain.member import member_faults, tidied
from app.domain.roster import (
    Problem,
    RosterDraft,
    RosterHousehold,
    RosterMember,
    RosterPreview,
    SheetPreview,
)
from app.files.roster_columns import (
    TARGETS,
    VILLAGE_ENDINGS,
    guess_mapping,
    heading,
    map_row,
    missing_targets,
    other_rosters,
)
from app.files.roster_rows import Row, RowReader
from app.files.workbook_in import column_letter, read_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from app.domain.codes import CodeLists
    from app.domain.ids import Value
    from app.domain.roster import Mapped
    from app.files.workbook_in import Sheet, Workbook

PREVIEW_ROWS: Final = 30
_TOLD_ONCE: Final = frozenset(
    {"household.group_missing", "household.no_phone"}
)  # when there is no such column
MAX_PROBLEMS: Final = 5_000
"""More findings than this are counted and not listed."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a roster is read against.

    ``village`` is the 12-digit code its households get. With ``village_name`` rows that name another
    village are refused. ``confirmed_old`` holds 15-digit numbers a person has confirmed.
    """

    lists: CodeLists
    village: str
    today: date
    village_name: str = ""
    confirmed_old: frozenset[str] = frozenset()


def preview_roster(path: Path) -> RosterPreview:
    """Return the beginning of every sheet and the guessed mapping.

    Raises:
        BadInput, Unavailable: the codes of ``read_workbook``.
    """
    book = read_workbook(path)
    sheets = tuple(
        SheetPreview(
            sheet.name,
            tuple(
                tuple(sheet.text(r, c) for c in range(len(row)))
                for r, row in enumerate(sheet.rows[:PREVIEW_ROWS])
            ),
        )
        for sheet in book.sheets
    )
    return RosterPreview(book.file, sheets, guess_mapping(book))


def map_header(path: Path, sheet: str, row: int) -> Mapped:
    """Return the mapping when the person points at ``row`` (counted from 1) as the row of the headings.

    Raises:
        BadInput, Unavailable: the codes of ``read_workbook``, ``workbook.no_sheet``, or
            ``roster.no_row`` (params ``file``, ``sheet``, ``row``).
    """
    found = read_workbook(path).sheet(sheet)
    if not 1 <= row <= len(found.rows):
        raise BadInput("roster.no_row", file=path.name, sheet=sheet, row=row)
    return map_row(found, row - 1)


def read_roster(path: Path, setting: Setting, mapping: Mapped | None = None) -> RosterDraft:
    """Return the households of a roster and all findings.

    ``mapping`` is where the person says the columns lead; without it the headings are found by
    themselves. Findings beside those of the domain: ``roster.no_header``, ``roster.no_column`` (param
    ``column``, a heading), ``roster.no_rows``, ``roster.more_sheets`` (param ``sheets``),
    ``roster.ignored_columns`` (param ``columns``), ``roster.no_head_first``, ``roster.no_code``,
    ``roster.household_differs`` (param ``first``, a row), ``roster.duplicate_id`` (param ``first``),
    ``roster.other_village`` (param ``value``), ``roster.other_head`` (param ``value``),
    ``roster.note_row``, ``roster.too_many_problems`` (param ``count``).

    Raises:
        BadInput, Unavailable: the codes of ``read_workbook``, or ``workbook.no_sheet``.
    """
    book = read_workbook(path)
    mapped = mapping or guess_mapping(book)
    if mapped is None:
        first = book.sheets[0]
        nothing = map_row(first, 0)
        return RosterDraft(book.file, nothing, problems=(_of_sheet(first.name, error("roster.no_header")),))
    return _Reading(book, book.sheet(mapped.sheet), mapped, setting).draft()


def _of_sheet(sheet: str, fault: Fault) -> Problem:
    return Problem.of(fault, (sheet, 0, "", ""))


class _Reading:
    """One reading of one sheet; holds the findings while they are collected."""

    def __init__(self, book: Workbook, sheet: Sheet, mapped: Mapped, setting: Setting) -> None:
        self._book = book
        self._sheet = sheet
        self._mapped = mapped
        self._setting = setting
        self._problems: list[Problem] = []
        self._without_column: dict[str, Fault] = {}
        self._letters: dict[str, int] = {}
        for column, target in mapped.columns.items():
            self._letters.setdefault(target, column)

    def draft(self) -> RosterDraft:
        """Return what the sheet holds."""
        self._note_sheet()
        missing = missing_targets(self._mapped.columns.values())
        for target in missing:
            self._problems.append(
                _of_sheet(self._sheet.name, error("roster.no_column", column=heading(target)))
            )
        rows = [] if missing else self._read_rows()
        if not missing and not rows:
            self._problems.append(_of_sheet(self._sheet.name, error("roster.no_rows")))
        self._find_duplicates(rows)
        households = tuple(self._household(group) for group in self._group(rows))
        self._problems += [_of_sheet(self._sheet.name, fault) for fault in self._without_column.values()]
        return RosterDraft(self._book.file, self._mapped, households, self._listed(), len(rows))

    def _note_sheet(self) -> None:
        others = other_rosters(self._book, self._sheet.name)
        if others:
            self._problems.append(
                _of_sheet(self._sheet.name, warning("roster.more_sheets", sheets="、".join(others)))
            )
        if self._mapped.ignored:
            columns = "、".join(self._mapped.ignored)
            self._problems.append(
                _of_sheet(self._sheet.name, warning("roster.ignored_columns", columns=columns))
            )

    def _listed(self) -> tuple[Problem, ...]:
        order = sorted(self._problems, key=lambda p: (p.severity is not Severity.ERROR, p.row))
        if len(order) <= MAX_PROBLEMS:
            return tuple(order)
        more = warning("roster.too_many_problems", count=len(order))
        return (*order[:MAX_PROBLEMS], _of_sheet(self._sheet.name, more))

    def _add(self, row: int, target: str, fault: Fault) -> None:
        column = self._letters.get(target)
        letter = "" if column is None else column_letter(column)
        title = "" if column is None else self._sheet.text(self._mapped.header_row - 1, column)
        self._problems.append(Problem.of(fault, (self._sheet.name, row, letter, title)))

    def _read_rows(self) -> list[Row]:
        reader = RowReader(self._sheet, self._mapped, self._setting.lists, self._setting.today, self._add)
        found = [reader.read(index) for index in range(self._mapped.header_row, len(self._sheet.rows))]
        return [row for row in found if row is not None]

    def _find_duplicates(self, rows: list[Row]) -> None:
        first: dict[str, int] = {}
        for row in rows:
            number = normalise(str(row.member.get("id_number", "")))
            if number in first:
                self._add(row.row, "member.id_number", error("roster.duplicate_id", first=first[number]))
            elif number:
                first[number] = row.row

    def _group(self, rows: list[Row]) -> list[list[Row]]:
        """Return the rows of each household, in the order households first appear."""
        by_code = any(row.household.get("code") for row in rows)
        groups: dict[str, list[Row]] = {}
        key = ""
        for row in rows:
            code = str(row.household.get("code", ""))
            starts = row.member.get("relation") == HEAD
            if by_code and code:
                key = code
            elif starts or not key:
                self._doubt_start(row, by_code=by_code, starts=starts)
                key = f"row {row.row}"
            groups.setdefault(key, []).append(row)
        return list(groups.values())

    def _doubt_start(self, row: Row, *, by_code: bool, starts: bool) -> None:
        if by_code:
            self._add(row.row, "household.code", error("roster.no_code"))
        elif not starts:
            self._add(row.row, "member.relation", error("roster.no_head_first"))

    def _household(self, rows: list[Row]) -> RosterHousehold:
        values: dict[str, Value] = {"village": self._setting.village, "status": "active"}
        came_from: dict[str, int] = {}
        for row in rows:
            for code, value in row.household.items():
                if code not in came_from:
                    values[code], came_from[code] = value, row.row
                elif values[code] != value:
                    fault = warning("roster.household_differs", code, first=came_from[code])
                    self._add(row.row, f"household.{code}", fault)
        members = tuple(self._member(row) for row in rows)
        ordered = sorted(members, key=lambda member: member.values.get("relation") != HEAD)
        self._check_household(rows, values, tuple(ordered))
        return RosterHousehold(values, tuple(ordered), row=rows[0].row)

    def _member(self, row: Row) -> RosterMember:
        neat = tidied(row.member)
        for fault in (*neat.notes, *self._doubts(row, neat.values)):
            self._add(row.row, f"member.{fault.field}", fault)
        return RosterMember(dict(neat.values) | {"status": "present"}, row.row)

    def _doubts(self, row: Row, values: Mapping[str, Value]) -> list[Fault]:
        """Return the member's faults, without those that follow from a cell already found unusable."""
        faults = [
            f
            for f in member_faults(values, self._setting.lists, self._setting.today)
            if f.field not in row.bad
        ]
        if "id_number" in row.bad or any(f.field == "id_number" for f in errors_of(faults)):
            return [f for f in faults if f.code not in {"member.born_missing", "member.sex_missing"}]
        number = str(values.get("id_number", ""))
        if len(number) == OLD_LENGTH and number not in self._setting.confirmed_old:
            faults.append(error("identity.old_number", "id_number"))
        return faults

    def _check_household(
        self, rows: list[Row], values: Mapping[str, Value], members: tuple[RosterMember, ...]
    ) -> None:
        people = [member.values for member in members]
        by_name = {str(member.values.get("name", "")): member.row for member in members}
        bad = frozenset[str]().union(*(row.bad for row in rows))
        for fault in household_faults(values, people, self._setting.lists, self._setting.today):
            if fault.field in bad or fault.code == "household.same_id":  # told as roster.duplicate_id
                continue
            row = by_name.get(str(dict(fault.params).get("name", "")), rows[0].row)
            if fault.code in _TOLD_ONCE and _target_of(fault.field) not in self._letters:
                self._without_column.setdefault(fault.code, fault)
            else:
                self._add(row, _target_of(fault.field), fault)
        self._compare_names(rows, str(people[0].get("name", "")))

    def _compare_names(self, rows: list[Row], head: str) -> None:
        ours = _village_word(self._setting.village_name)
        for row in rows:
            village = row.place.get("village", "")
            if ours and village and _village_word(village) != ours:
                self._add(row.row, "place.village", error("roster.other_village", value=village))
            named = row.place.get("head_name", "")
            if named and tidied({"name": named}).values["name"] != head:
                self._add(row.row, "household.head_name", warning("roster.other_head", value=named))


def _target_of(field: str) -> str:
    return next((target for target in TARGETS if target.partition(".")[2] == field), f"household.{field}")


def _village_word(name: str) -> str:
    """Return a village's name without the words for its kind, for comparing."""
    bare = "".join(name.split())
    for ending in VILLAGE_ENDINGS:
        bare = bare.removesuffix(ending)
    return bare
