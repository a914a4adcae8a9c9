from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.field_types import FieldDef, FieldType
from app.domain.ids import Kind, Value
from app.files.cell_values import CellReader, parse_day
from app.files.workbook_in import Cell
from tests.domain.code_lists import LISTS
from tests.files.sheets import TODAY

READER = CellReader(LISTS, TODAY)


def field(kind: FieldType, code: str = "x", codelist: str = "") -> FieldDef:
    return FieldDef(Kind.MEMBER, code, kind, codelist=codelist)


def read(definition: FieldDef, cell: Cell) -> tuple[Value, list[str]]:
    found = READER.value(definition, cell)
    return found.value, [fault.code for fault in found.faults]


@pytest.mark.parametrize(
    "cell",
    [
        "1980-01-02",
        "1980/1/2",
        "1980.1.2",
        "1980年1月2日",
        "１９８０－０１－０２",
        "19800102",
        19800102.0,
        date(1980, 1, 2),
        datetime(1980, 1, 2, tzinfo=UTC),
        "1980-01-02 00:00:00",
    ],
)
def test_dates_people_write(cell: Cell) -> None:
    assert read(field(FieldType.DATE, "born"), cell) == ("1980-01-02", [])


@pytest.mark.parametrize("cell", ["198006", "1980-06", "1980年6月", 198006.0])
def test_a_month_is_its_first_day_and_told_but_never_a_birthday(cell: Cell) -> None:
    assert read(field(FieldType.DATE, "identified_on"), cell) == ("1980-06-01", ["roster.day_added"])
    assert read(field(FieldType.DATE, "born"), cell) == ("", ["roster.date"])


@given(st.dates(date(1900, 3, 1), TODAY))
def test_serial_numbers_are_dates_and_told(day: date) -> None:
    serial = float((day - date(1899, 12, 30)).days)
    assert read(field(FieldType.DATE, "born"), serial) == (day.isoformat(), ["roster.serial_date"])


@pytest.mark.parametrize("cell", ["八零年", "1980-13-01", "1980-02-30", "19801", 12.0, True, "1980-01"])
def test_what_is_no_date(cell: Cell) -> None:
    assert read(field(FieldType.DATE, "born"), cell) == ("", ["roster.date"])


def test_a_date_to_come() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert read(field(FieldType.DATE), tomorrow) == ("", ["roster.future_date"])
    assert read(field(FieldType.DATE), TODAY) == (TODAY.isoformat(), [])


def test_words_become_codes() -> None:
    assert read(field(FieldType.CODE, codelist="relation"), "儿子") == ("03", [])
    assert read(field(FieldType.CODES, codelist="health"), "残疾、长期慢性病") == ("2 4", [])
    assert read(field(FieldType.FLAG), "是") == (1, [])
    assert read(field(FieldType.FLAG), False) == (0, [])
    assert read(field(FieldType.CODE, codelist="sex"), 1.0) == ("1", [])


@pytest.mark.parametrize(
    ("definition", "cell"),
    [
        (field(FieldType.CODE, codelist="relation"), "干儿子的朋友"),
        (field(FieldType.CODES, codelist="health"), "残疾、头疼"),
        (field(FieldType.FLAG), "也许"),
    ],
)
def test_words_nobody_knows(definition: FieldDef, cell: Cell) -> None:
    found = READER.value(definition, cell)
    assert found.value == ""
    assert [fault.code for fault in found.faults] == ["roster.unknown_word"]
    params = dict(found.faults[0].params)
    assert params["value"] == cell
    assert params["title"]


def test_a_yes_no_column_of_another_type() -> None:
    insurance = field(FieldType.CODES, "insurance", "insurance")
    assert READER.flag(insurance, "是").value == 1
    assert READER.flag(insurance, "").value == ""
    assert [f.code for f in READER.flag(insurance, "也许").faults] == ["roster.unknown_word"]


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (FieldType.COUNT, 3.0, 3),
        (FieldType.NUMBER, "１２", 12),
        (FieldType.NUMBER, "1,200", 1200),
        (FieldType.AREA, "2.35", 235),
        (FieldType.AREA, 2.35, 235),
        (FieldType.FEN, "3,200.5元", 320050),
        (FieldType.FEN, 3200.5, 320050),
        (FieldType.FEN, 3200.0, 320000),
    ],
)
def test_numbers(kind: FieldType, cell: Cell, value: int) -> None:
    assert read(field(kind), cell) == (value, [])


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (FieldType.COUNT, 2.5),
        (FieldType.COUNT, -1.0),
        (FieldType.COUNT, "三"),
        (FieldType.NUMBER, "nan"),
        (FieldType.NUMBER, "Infinity"),
        (FieldType.AREA, "2.355"),
        (FieldType.FEN, "三千"),
        (FieldType.FEN, 1.234),
        (FieldType.FEN, 1e20),
    ],
)
def test_what_is_no_number(kind: FieldType, cell: Cell) -> None:
    assert read(field(kind), cell) == ("", ["roster.number"])


@given(st.integers(0, 10**8))
def test_money_written_as_a_number_is_exact(fen: int) -> None:
    assert read(field(FieldType.FEN), float(Decimal(fen) / 100)) == (fen, [])


def test_long_numbers_kept_as_numbers_are_never_guessed() -> None:
    assert read(field(FieldType.TEXT, "id_number"), 5.13022198001010e17) == ("", ["identity.number_cell"])
    assert read(field(FieldType.TEXT, "bank_account"), 6.222e18) == ("", ["roster.rounded"])
    assert read(field(FieldType.TEXT, "phone"), 13800000000.0) == ("13800000000", [])


@pytest.mark.parametrize("kind", FieldType)
def test_an_empty_cell_is_nothing(kind: FieldType) -> None:
    assert read(field(kind, codelist="sex"), "  ") == ("", [])


@given(st.text(max_size=20))
def test_any_text_is_read_as_a_date_without_a_crash(text: str) -> None:
    day, whole = parse_day(text)
    assert day is None or whole or day.day == 1
