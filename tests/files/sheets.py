"""Real workbooks for tests, written cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from app.domain.identity import check_digit

TODAY = date(2026, 3, 31)
VILLAGE = "990101001201"
HEADER = ("户编号", "姓名", "身份证号", "与户主关系", "联系电话")


def number(born: date = date(1980, 1, 2), sequence: int = 1) -> str:
    """Return a sound synthetic identity number."""
    first17 = f"990101{born:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


def write(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]], merges: Sequence[str] = ()) -> Path:
    """Write sheets of rows: text as text, numbers as numbers, dates as dates; ``merges`` for the first."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date | datetime):
                    sheet.write_datetime(r, c, value, day)
                elif isinstance(value, str):
                    sheet.write_string(r, c, value)
                else:
                    sheet.write(r, c, value)
        if name == sheets[0][0]:
            for area in merges:
                first = rows[int("".join(c for c in area.split(":")[0] if c.isdigit())) - 1]
                sheet.merge_range(area, first[ord(area[0]) - ord("A")])
    book.close()
    return path


def roster(path: Path, rows: Sequence[Sequence[object]], header: Sequence[str] = HEADER) -> Path:
    """Write one sheet with the header in row 1."""
    return write(path, ("花名册", [header, *rows]))
