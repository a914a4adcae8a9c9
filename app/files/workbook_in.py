"""Read the cells of an .xlsx workbook; say clearly what else a file is.

Merged cells are filled with the value of their first cell, so a household number merged over its
members' rows stands in each of them. Hidden sheets are left out.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Protocol, cast

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from app.domain.errors import BadInput, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from python_calamine import CalamineSheet

Cell = str | int | float | bool | date | datetime | time | timedelta

MAX_FILE_BYTES: Final = 50 * 1024 * 1024
MAX_UNZIPPED_BYTES: Final = 300 * 1024 * 1024
MAX_CELLS: Final = 5_000_000
"""Rows × columns of the smallest rectangle that holds a sheet's values; the reader allocates it whole."""

EXACT_DIGITS: Final = 15
"""A spreadsheet keeps so many digits of a number; the rest of a longer one is lost."""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_CELL: Final = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*?(/?)>')
_HEAD_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Sheet:
    """The values of one sheet from cell A1 on; every row has the same number of cells."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell by its place counted from 0; "" outside the sheet."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return ""
        return cell_text(self.rows[row][column])


@dataclass(frozen=True, slots=True)
class Workbook:
    """The visible sheets of a file; ``file`` is its name without the folder."""

    file: str
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet:
        """Return a sheet by name.

        Raises:
            BadInput: ``workbook.no_sheet`` (params ``file``, ``sheet``).
        """
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise BadInput("workbook.no_sheet", file=self.file, sheet=name)


class _Opening(Protocol):
    """The class of workbooks: its stubs leave open what a path is."""

    def from_path(self, path: str) -> CalamineWorkbook: ...


def read_workbook(path: Path) -> Workbook:
    """Return the values of a workbook's visible sheets.

    Raises:
        BadInput: with param ``file``: ``workbook.not_found``, ``workbook.lock_file``, ``workbook.empty``,
            ``workbook.too_large`` (also ``limit``), ``workbook.old_format``, ``workbook.encrypted``,
            ``workbook.web_page``, ``workbook.text_file``, ``workbook.not_a_workbook``,
            ``workbook.damaged``, ``workbook.no_values``.
        Unavailable: ``workbook.unreadable`` (param ``file``): in use by another program or no permission.
    """
    _check_file(path)
    _check_size(path)
    try:
        with cast("_Opening", CalamineWorkbook).from_path(str(path)) as book:
            visible = [meta.name for meta in book.sheets_metadata if meta.visible is SheetVisibleEnum.Visible]
            sheets = tuple(_read_sheet(book.get_sheet_by_name(name)) for name in visible)
    except CalamineError as exc:
        raise BadInput("workbook.damaged", file=path.name) from exc
    filled = tuple(sheet for sheet in sheets if sheet.rows)
    if not filled:
        raise BadInput("workbook.no_values", file=path.name)
    return Workbook(path.name, filled)


def cell_text(cell: Cell) -> str:
    """Return what a person sees in a cell: whole numbers without a point, dates as ISO, True as "1"."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**EXACT_DIGITS else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def is_rounded(cell: Cell) -> bool:
    """Tell whether a cell holds a number too long for a spreadsheet: its last digits are lost."""
    return isinstance(cell, int | float) and abs(cell) >= 10**EXACT_DIGITS


def column_letter(index: int) -> str:
    """Return the letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    left = index + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the index from 0 of a column's letters, the reverse of ``column_letter``."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _check_file(path: Path) -> None:
    """Refuse what is no .xlsx by its first bytes, whatever its name says."""
    if path.name.startswith("~$"):
        raise BadInput("workbook.lock_file", file=path.name)
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
            rest = stream.read() if head.startswith(_OLE) else b""
    except (FileNotFoundError, IsADirectoryError) as exc:
        raise BadInput("workbook.not_found", file=path.name) from exc
    except OSError as exc:
        raise Unavailable("workbook.unreadable", file=path.name) from exc
    code = _sniff(head, head + rest)
    if code:
        raise BadInput(code, file=path.name)


def _sniff(head: bytes, whole: bytes) -> str:
    """Return the code of what is wrong with a file that begins with ``head``, "" for a ZIP file."""
    if not head:
        return "workbook.empty"
    if head.startswith(b"PK"):
        return ""
    if head.startswith(_OLE):
        return "workbook.encrypted" if _ENCRYPTED in whole else "workbook.old_format"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml")):
        return "workbook.web_page"
    return "workbook.not_a_workbook" if b"\0" in head else "workbook.text_file"


def _check_size(path: Path) -> None:
    """Refuse a file that would fill the memory, before a byte of its tables is unpacked."""
    too_large = BadInput("workbook.too_large", file=path.name, limit=MAX_CELLS)
    if path.stat().st_size > MAX_FILE_BYTES:
        raise too_large
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise BadInput("workbook.not_a_workbook", file=path.name)
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNZIPPED_BYTES:
                raise too_large
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
            if any(_extent(archive.read(name)) > MAX_CELLS for name in sheets):
                raise too_large
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as exc:
        raise BadInput("workbook.damaged", file=path.name) from exc


def _extent(xml: bytes) -> int:
    """Return rows × columns up to the last cell with a value; a far-off cell makes this huge."""
    last_row = last_column = 0
    for match in _CELL.finditer(xml):
        if not match.group(3):  # <c …/> holds a format and no value
            last_row = max(last_row, int(match.group(2)))
            last_column = max(last_column, column_index(match.group(1).decode("ascii")) + 1)
    return last_row * last_column


def _read_sheet(sheet: CalamineSheet) -> Sheet:
    rows = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [value] * len(row[left : right + 1])
    while rows and not any(cell_text(cell) for cell in rows[-1]):
        rows.pop()
    return Sheet(sheet.name, tuple(tuple(row) for row in rows))
