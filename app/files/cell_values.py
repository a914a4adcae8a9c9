"""Turn the cell of a roster into the value of a field; words become codes, nothing is guessed.

read = CellReader(lists, today)
read.value(FIELDS[Kind.MEMBER]["born"], cell)     # Found("1980-01-02", ())
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from app.domain.errors import Refused
from app.domain.fault import Fault, error, warning
from app.domain.field_types import FieldType
from app.domain.money import parse_yuan
from app.files.workbook_in import cell_text, is_rounded

if TYPE_CHECKING:
    from app.domain.codes import CodeLists
    from app.domain.field_types import FieldDef
    from app.domain.ids import Value
    from app.files.workbook_in import Cell

_DATE: Final = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})(?:[-./月]([0-9]{1,2})日?|月)?")
_PACKED: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")
_SERIAL_ZERO: Final = date(1899, 12, 30)  # day 0 of a spreadsheet's serial dates (from March 1900 on)
_SERIALS: Final = (61, 73_050)  # serial numbers of 1900-03-01 to 2099-12-31
_HUNDREDTHS: Final = 100


@dataclass(frozen=True, slots=True)
class Found:
    """The value of a cell, "" when it is empty or unusable, and what is wrong or doubtful."""

    value: Value
    faults: tuple[Fault, ...] = ()


class CellReader:
    """Reads cells by the type of the field they lead to; ``today`` bounds nothing but dates."""

    def __init__(self, lists: CodeLists, today: date) -> None:
        self._lists = lists
        self._today = today

    def value(self, field: FieldDef, cell: Cell) -> Found:
        """Return the field value of a cell.

        Codes: ``roster.unknown_word`` (params ``title``, ``value``), ``roster.date``,
        ``roster.future_date``, ``roster.number`` (param ``value``), ``roster.rounded`` and
        ``identity.number_cell`` (a long number kept as a number) are errors; ``roster.serial_date`` and
        ``roster.day_added`` (param ``date``) are warnings.
        """
        text = cell_text(cell)
        if not text:
            return Found("")
        if field.type is FieldType.DATE:
            return self._date(field, cell, text)
        if field.type in {FieldType.CODE, FieldType.CODES, FieldType.FLAG}:
            return self._word(field, text)
        if field.type.is_integer:
            return _number(field, cell, text)
        if is_rounded(cell):
            code = "identity.number_cell" if field.code == "id_number" else "roster.rounded"
            return Found("", (error(code, field.code),))
        return Found(text)

    def flag(self, field: FieldDef, cell: Cell) -> Found:
        """Return 1 or 0 for a yes/no column, whatever the type of the field it belongs to."""
        text = cell_text(cell)
        if not text:
            return Found("")
        code = self._lists["flag"].code_for(text)
        if code is None:
            return Found(
                "", (error("roster.unknown_word", field.code, title=self._lists["flag"].title, value=text),)
            )
        return Found(int(code))

    def _word(self, field: FieldDef, text: str) -> Found:
        if field.type is FieldType.FLAG:
            return self.flag(field, text)
        codes = self._lists[field.codelist]
        found = codes.code_for(text) if field.type is FieldType.CODE else codes.codes_for(text)
        if found is None:
            return Found("", (error("roster.unknown_word", field.code, title=codes.title, value=text),))
        return Found(found)

    def _date(self, field: FieldDef, cell: Cell, text: str) -> Found:
        faults: list[Fault] = []
        day = cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else None
        if day is None and isinstance(cell, int | float) and _SERIALS[0] <= cell <= _SERIALS[1]:
            day = _SERIAL_ZERO + timedelta(days=int(cell))
            faults.append(warning("roster.serial_date", field.code, date=day.isoformat()))
        if day is None:
            day, whole = parse_day(text)
            if day is not None and not whole:
                if field.code == "born":
                    return Found("", (error("roster.date", field.code, value=text),))
                faults.append(warning("roster.day_added", field.code, date=day.isoformat()))
        if day is None:
            return Found("", (error("roster.date", field.code, value=text),))
        if day > self._today:
            return Found("", (error("roster.future_date", field.code, date=day.isoformat()),))
        return Found(day.isoformat(), tuple(faults))


def parse_day(text: str) -> tuple[date | None, bool]:
    """Return the day a text means, and whether it names a day; without one it is the first of the month."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").removesuffix("00:00:00")
    match = _DATE.fullmatch(plain) or _PACKED.fullmatch(plain)
    if match is None:
        return None, False
    year, month, day = match.groups()
    try:
        return date(int(year), int(month), int(day or 1)), day is not None
    except ValueError:
        return None, False


def _number(field: FieldDef, cell: Cell, text: str) -> Found:
    wrong = Found("", (error("roster.number", field.code, value=text),))
    if field.type is FieldType.FEN:
        try:
            return Found(parse_yuan(str(_decimal(text)) if isinstance(cell, float) else text))
        except (Refused, InvalidOperation):
            return wrong
    try:
        number = _decimal(unicodedata.normalize("NFKC", text))
    except InvalidOperation:
        return wrong
    if field.type is FieldType.AREA:
        number *= _HUNDREDTHS
    if not number.is_finite() or number != number.to_integral_value() or number < 0:
        return wrong
    return Found(int(number))


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "").strip())
