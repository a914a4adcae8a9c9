"""A questionnaire workbook as sheets of cells that know where they stand."""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import RE_WHITESPACE, get_xlsform, is_empty, xlsx_value_to_str
from xlrd.compdoc import CompDocError

from app.domain.errors import BadInput
from app.questionnaire.compile import BROKEN
from app.questionnaire.lint.tables import SHEETS, header_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_FORMULA = (b"<f>", b"<f ")
_END_OF_ROWS = 60  # so many empty rows end a sheet, as for the converter


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the workbook; row 0 is the whole sheet, column "" the whole row."""

    sheet: str
    row: int = 0
    column: str = ""
    header: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell; ``key`` is the converter's own name of its column, such as ``bind::relevant``."""

    spot: Spot
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its filled cells by key."""

    spot: Spot
    cells: Mapping[str, Cell]

    @property
    def number(self) -> int:
        """The row's number in Excel."""
        return self.spot.row

    def text(self, key: str) -> str:
        """The text in a column, "" when blank."""
        cell = self.cells.get(key)
        return cell.text if cell is not None else ""

    def spot_of(self, key: str) -> Spot:
        """The cell of a column, the row when it is blank."""
        cell = self.cells.get(key)
        return cell.spot if cell is not None else self.spot

    def below(self, key: str) -> Iterator[Cell]:
        """Cells of a column in every language."""
        return (c for k, c in self.cells.items() if k == key or k.startswith(f"{key}::"))


@dataclass(frozen=True, slots=True)
class Header:
    """The first cell of a column."""

    spot: Spot
    key: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its own name; ``kind`` is what it is for the converter (``survey``, ``choices`` …)."""

    name: str
    kind: str
    headers: tuple[Header, ...]
    rows: tuple[Row, ...]

    def has(self, key: str) -> bool:
        """Tell whether a column is there, in whatever language."""
        return any(h.key == key or h.key.startswith(f"{key}::") for h in self.headers)


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell Excel computes; ``value`` is what it showed last, None when never computed."""

    spot: Spot
    formula: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets that matter by kind, the names of all sheets, and cells that hold formulas of Excel."""

    sheets: Mapping[str, Sheet]
    names: tuple[str, ...]
    formulas: tuple[Formula, ...] = ()

    def rows(self, kind: str) -> tuple[Row, ...]:
        """Rows of a sheet, none when it is not there."""
        sheet = self.sheets.get(kind)
        return sheet.rows if sheet is not None else ()

    def setting(self, key: str) -> str:
        """A value of the settings sheet, "" when not given."""
        rows = self.rows("settings")
        return rows[0].text(key) if rows else ""


def _text(value: object) -> str:
    plain = value.strip() if isinstance(value, str) else value
    return "" if is_empty(plain) else str(xlsx_value_to_str(plain))


def _headers(kind: str, name: str, titles: Iterable[str]) -> list[Header | None]:
    found: list[Header | None] = []
    cleaned = [RE_WHITESPACE.sub(" ", title.strip()) for title in titles]
    double = any("::" in title for title in cleaned)
    for number, title in enumerate(cleaned, 1):
        spot = Spot(name, 1, get_column_letter(number), title)
        found.append(Header(spot, header_key(kind, title, double=double)) if title else None)
    return found


def _row(name: str, number: int, headers: Sequence[Header | None], values: Iterable[object]) -> Row:
    cells: dict[str, Cell] = {}
    for header, value in zip(headers, values, strict=False):
        text = _text(value)
        if header is not None and text:
            spot = Spot(name, number, header.spot.column, header.spot.header)
            cells.setdefault(header.key, Cell(spot, header.key, text))
    return Row(Spot(name, number), cells)


def _sheet(kind: str, name: str, table: Iterable[Sequence[object]]) -> Sheet:
    rows: list[Row] = []
    headers: list[Header | None] = []
    empty = 0
    for number, values in enumerate(table, 1):
        if number == 1:
            headers = _headers(kind, name, (_text(v) for v in values))
            continue
        row = _row(name, number, headers, values)
        empty = 0 if row.cells else empty + 1
        if empty > _END_OF_ROWS:
            break
        if row.cells:
            rows.append(row)
    return Sheet(name, kind, tuple(h for h in headers if h is not None), tuple(rows))


def _kind_of(name: str, names: Sequence[str]) -> str:
    """What a sheet is for the converter; the only sheet of a workbook is the survey."""
    kind = name.lower()
    if kind in SHEETS:
        return kind
    return "survey" if len(names) == 1 else ""


def _last_column(sheet: Sheet) -> int:
    return max((column_index_from_string(h.spot.column) for h in sheet.headers), default=1)


def _formulas(data: bytes, book: Book) -> tuple[Formula, ...]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
        if not any(mark in archive.read(n) for n in parts for mark in _FORMULA):
            return ()
    found: list[Formula] = []
    workbook = load_workbook(io.BytesIO(data), read_only=True)
    for sheet in book.sheets.values():
        shown = {row.number: row for row in sheet.rows}
        headers = {h.spot.column: h for h in sheet.headers}
        last = max(shown, default=1) + _END_OF_ROWS
        for cells in workbook[sheet.name].iter_rows(min_row=2, max_row=last, max_col=_last_column(sheet)):
            for cell in cells:
                if cell.data_type != "f":
                    continue
                header = headers.get(get_column_letter(cast("int", cell.column)))
                number = cast("int", cell.row)
                if header is not None:
                    value = shown[number].text(header.key) if number in shown else ""
                    spot = Spot(sheet.name, number, header.spot.column, header.spot.header)
                    found.append(Formula(spot, str(cell.value), value or None))
    workbook.close()
    return tuple(found)


def _from_excel(data: bytes) -> Book:
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    names = tuple(workbook.sheetnames)
    sheets: dict[str, Sheet] = {}
    for name in names:
        kind = _kind_of(name, names)
        if kind and kind not in sheets:
            sheets[kind] = _sheet(kind, name, workbook[name].iter_rows(values_only=True))
    workbook.close()
    book = Book(sheets, names)
    return Book(sheets, names, _formulas(data, book))


def _from_text(data: bytes) -> Book:
    """From what the converter itself reads (``.xls``, ``.csv``, Markdown)."""
    definition = get_xlsform(data)
    names = tuple(str(n) for n in definition.sheet_names or ())
    sheets: dict[str, Sheet] = {}
    for kind in sorted(SHEETS):
        heads = cast("list[dict[str, object]]", getattr(definition, f"{kind}_header", None) or [])
        rows = cast("list[dict[str, object]]", getattr(definition, kind, None) or [])
        titles = list(heads[0]) if heads else list(dict.fromkeys(k for r in rows for k in r))
        if titles:
            table: list[list[object]] = [list(titles), *([r.get(t) for t in titles] for r in rows)]
            name = next((n for n in names if n.lower() == kind), kind)
            sheets[kind] = _sheet(kind, name, table)
    return Book(sheets, names)


def is_excel(data: bytes) -> bool:
    """Tell whether this is an ``.xlsx`` workbook, whatever its name; older ones may hold a ZIP inside."""
    return data.startswith(b"PK")


def read_book(data: bytes, name: str) -> Book:
    """Read a workbook.

    Raises:
        BadInput: ``lint.unreadable`` (param ``file``).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out: colours, rules of validation
            return _from_excel(data) if is_excel(data) else _from_text(data)
    except (PyXFormError, CompDocError, *BROKEN) as error:
        raise BadInput("lint.unreadable", file=name) from error
