"""Our own roster workbook: headings, drop-downs, an example and a guide; empty or filled.

Every cell is written as text, never as a formula: a name that begins with "=" stays a name.
"""

from __future__ import annotations

import io
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import xlsxwriter

from app.domain.field_types import FieldDef, FieldType
from app.domain.household import HOUSEHOLD_FIELDS
from app.domain.member import MEMBER_FIELDS
from app.domain.money import yuan
from app.files.roster_columns import EXAMPLE_SHEET, heading
from app.files.workbook_in import column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from app.domain.codes import CodeLists
    from app.domain.ids import Value
    from app.domain.roster import RosterHousehold

TEXTS: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""Words of the workbook; also used by the copy that lists errors."""

HEADER_ROW: Final = 3
"""Row of the headings, counted from 1."""

LAST_ROW: Final = 5_000
"""Drop-downs reach so far down."""

_TARGETS: Final = tuple[str, ...](TEXTS["roster"]["columns"])
_MADE: Final = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the same bytes every time
_WIDTHS: Final = {
    "member.id_number": 22,
    "household.bank_account": 24,
    "household.address": 24,
    "household.risks": 22,
}
_WIDTH: Final = 13
_PROMPT_LENGTH: Final = 255  # a spreadsheet's limit


def render_roster(
    lists: CodeLists, households: Iterable[RosterHousehold] = (), examples: Iterable[RosterHousehold] = ()
) -> bytes:
    """Return an .xlsx with ``households`` filled in and ``examples`` on a sheet of their own.

    ``read_roster`` reads it back to the same values.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": _MADE})
    look = _Look(book)
    main = book.add_worksheet(TEXTS["sheets"]["roster"])
    example = book.add_worksheet(EXAMPLE_SHEET)
    _write_guide(book.add_worksheet(TEXTS["sheets"]["guide"]), look)
    ranges = _write_codes(book.add_worksheet(TEXTS["sheets"]["codes"]), lists)
    for sheet, people in ((main, households), (example, examples)):
        _write_head(sheet, look)
        _write_people(sheet, look, people, lists)
    _add_choices(main, ranges)
    book.close()
    return target.getvalue()


class _Look:
    """The cell formats of the workbook."""

    def __init__(self, book: Workbook) -> None:
        box = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        self.title: Format = book.add_format({**box, "bold": True, "font_size": 16})
        self.hint: Format = book.add_format({**box, "text_wrap": True, "font_color": "#7F3F00"})
        self.head: Format = book.add_format(
            {**box, "bold": True, "border": 1, "bg_color": "#DDEBF7", "text_wrap": True, "align": "center"}
        )
        self.text: Format = book.add_format({**box, "num_format": "@"})
        self.wrapped: Format = book.add_format({**box, "text_wrap": True, "valign": "top"})


def shown(field: FieldDef, value: Value, lists: CodeLists) -> str:
    """Return a field's value as people write it in a roster: labels, yuan, 是 and 否."""
    if value == "":
        return ""
    if field.type is FieldType.CODE:
        return lists[field.codelist].label(str(value))
    if field.type is FieldType.CODES:
        return lists[field.codelist].labels(str(value))
    if field.type is FieldType.FLAG:
        return lists["flag"].label(str(value))
    if field.type is FieldType.FEN and isinstance(value, int):
        return yuan(value)
    return str(value)


def field_of(target: str) -> FieldDef:
    """Return the field a target such as "member.name" leads to."""
    kind, _, code = target.partition(".")
    return HOUSEHOLD_FIELDS[code] if kind == "household" else MEMBER_FIELDS[code]


def _write_head(sheet: Worksheet, look: _Look) -> None:
    sheet.set_column(0, len(_TARGETS) - 1, _WIDTH, look.text)
    sheet.merge_range(0, 0, 0, 9, TEXTS["roster"]["title"], look.title)
    sheet.merge_range(1, 0, 1, 9, TEXTS["roster"]["hint"], look.hint)
    sheet.set_row(0, 28)
    sheet.set_row(1, 34)
    sheet.set_row(HEADER_ROW - 1, 32)
    for column, target in enumerate(_TARGETS):
        if target in _WIDTHS:
            sheet.set_column(column, column, _WIDTHS[target], look.text)
        star = "*" if target in TEXTS["roster"]["required"] else ""
        sheet.write_string(HEADER_ROW - 1, column, heading(target) + star, look.head)
    sheet.freeze_panes(HEADER_ROW, _TARGETS.index("member.name") + 1)
    sheet.set_landscape()
    sheet.repeat_rows(HEADER_ROW - 1)


def _write_people(
    sheet: Worksheet, look: _Look, households: Iterable[RosterHousehold], lists: CodeLists
) -> None:
    row = HEADER_ROW
    for household in households:
        for member in household.members:
            for column, target in enumerate(_TARGETS):
                values = household.values if target.startswith("household.") else member.values
                field = field_of(target)
                text = shown(field, values.get(field.code, ""), lists)
                if text:
                    sheet.write_string(row, column, text, look.text)
            row += 1


def _write_guide(sheet: Worksheet, look: _Look) -> None:
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 90)
    row = 0
    for line in TEXTS["guide"]["lines"]:
        sheet.merge_range(row, 0, row, 1, line, look.wrapped)
        sheet.set_row(row, 34)
        row += 1
    sheet.write_string(row + 1, 0, TEXTS["guide"]["column_heading"], look.head)
    sheet.write_string(row + 1, 1, TEXTS["guide"]["note_heading"], look.head)
    for place, (target, note) in enumerate(TEXTS["notes"].items(), start=row + 2):
        sheet.write_string(place, 0, heading(target), look.wrapped)
        sheet.write_string(place, 1, note, look.wrapped)


def _write_codes(sheet: Worksheet, lists: CodeLists) -> dict[str, str]:
    """Write the labels column by column on a hidden sheet; return the range of each list."""
    sheet.hide()
    names = sorted({_list_of(target) for target in _TARGETS} - {""})
    ranges: dict[str, str] = {}
    for column, name in enumerate(names):
        choices = lists[name].choices()
        sheet.write_string(0, column, lists[name].title)
        for row, code in enumerate(choices, start=1):
            sheet.write_string(row, column, code.label)
        letter = column_letter(column)
        ranges[name] = f"='{TEXTS['sheets']['codes']}'!${letter}$2:${letter}${len(choices) + 1}"
    return ranges


def _add_choices(sheet: Worksheet, ranges: Mapping[str, str]) -> None:
    for column, target in enumerate(_TARGETS):
        rule: dict[str, object] = {"validate": "any"}
        if _list_of(target):
            several = (
                field_of(target).type is FieldType.CODES
            )  # several labels in one cell must stay possible
            rule = {"validate": "list", "source": ranges[_list_of(target)], "show_error": not several}
        note = TEXTS["notes"].get(target, "")
        if note:
            rule |= {"input_title": heading(target), "input_message": note[:_PROMPT_LENGTH]}
        if len(rule) > 1:
            sheet.data_validation(HEADER_ROW, column, LAST_ROW, column, rule)


def _list_of(target: str) -> str:
    field = field_of(target)
    return "flag" if field.type is FieldType.FLAG else field.codelist
