"""Read a simple list of comparison hits as departments send it back: who, which register, what, as of when.

The header may stand on one of the first ten rows. Columns are known by their usual names; an item column is
needed, all else may be empty. Nothing is guessed about a damaged number: its row is a problem.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.domain.errors import BadInput
from app.files.cell_values import parse_day
from app.files.workbook_in import EXACT_DIGITS, column_letter, read_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from app.files.workbook_in import Sheet

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("姓名", "成员姓名", "人员姓名", "名字"),
    "id_number": ("证件号码", "身份证号", "身份证号码", "公民身份号码", "证件号"),
    "register": ("比对项目", "部门", "比对部门", "项目", "数据来源", "反馈部门"),
    "value": ("命中内容", "比对结果", "内容", "反馈内容", "命中信息", "情况"),
    "as_of": ("截止日期", "数据截止日期", "数据日期", "日期"),
    "feedback_no": ("反馈编号", "编号", "批次号"),
}
"""The words a column may be headed with, by what it holds."""

_HEADER_ROWS = 10
_MAX_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class HitRow:
    """One hit of a list; ``row`` counts from 1 as in the sheet, ``as_of`` is an ISO date or ""."""

    row: int
    name: str
    id_number: str
    register: str
    value: str
    as_of: str
    feedback_no: str


@dataclass(frozen=True, slots=True)
class HitProblem:
    """What is wrong at a place: sheet, row from 1, column letters, and the code of its sentence."""

    sheet: str
    row: int
    column: str
    code: str


@dataclass(frozen=True, slots=True)
class HitSheet:
    """A list of hits as it was read; with problems nothing of it may be used."""

    file: str
    sheet: str
    rows: tuple[HitRow, ...]
    problems: tuple[HitProblem, ...]


def read_hits(path: Path) -> HitSheet:
    """Return the hits of the first sheet that has the columns for them.

    Raises:
        BadInput: the codes of ``read_workbook``, ``hits.no_header``, ``hits.too_many_rows`` (``limit``).
        Unavailable: those of ``read_workbook``.
    """
    book = read_workbook(path)
    for sheet in book.sheets:
        at, columns = _header(sheet)
        if columns:
            return _read(book.file, sheet, at, columns)
    raise BadInput("hits.no_header", file=book.file)


def _header(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """Return the row of the header and where each column stands; nothing when there is none."""
    for row in range(min(_HEADER_ROWS, len(sheet.rows))):
        found: dict[str, int] = {}
        for column in range(len(sheet.rows[row])):
            words = _plain(sheet.text(row, column))
            for what, names in NAMES.items():
                if words in names:
                    found.setdefault(what, column)
        if "value" in found and {"name", "id_number"} & found.keys():
            return row, found
    return 0, {}


def _read(file: str, sheet: Sheet, header: int, columns: Mapping[str, int]) -> HitSheet:
    rows: list[HitRow] = []
    problems: list[HitProblem] = []
    last = len(sheet.rows)
    if last - header > _MAX_ROWS:
        raise BadInput("hits.too_many_rows", file=file, limit=_MAX_ROWS)
    for at in range(header + 1, last):
        texts = {what: sheet.text(at, column).strip() for what, column in columns.items()}
        if not any(texts.values()):
            continue
        faults = list(_faults(sheet, at, columns, texts))
        problems += faults
        if not faults:
            rows.append(_row(at, texts))
    return HitSheet(file, sheet.name, tuple(rows), tuple(problems))


def _faults(sheet: Sheet, at: int, columns: Mapping[str, int], texts: Mapping[str, str]) -> list[HitProblem]:
    found: list[HitProblem] = []
    if not texts.get("name") and not texts.get("id_number"):
        found.append(_problem(sheet, at, columns.get("name", columns.get("id_number", 0)), "hits.nobody"))
    if not texts.get("value"):
        found.append(_problem(sheet, at, columns["value"], "hits.no_content"))
    if "id_number" in columns and _is_rounded(sheet, at, columns["id_number"]):
        found.append(_problem(sheet, at, columns["id_number"], "hits.damaged_number"))
    if texts.get("as_of") and not _day(texts["as_of"]):
        found.append(_problem(sheet, at, columns["as_of"], "hits.date"))
    return found


def _row(at: int, texts: Mapping[str, str]) -> HitRow:
    return HitRow(
        row=at + 1,
        name=_plain(texts.get("name", "")),
        id_number=_plain(texts.get("id_number", "")).upper(),
        register=texts.get("register", ""),
        value=texts.get("value", ""),
        as_of=_day(texts.get("as_of", "")),
        feedback_no=texts.get("feedback_no", ""),
    )


def _is_rounded(sheet: Sheet, at: int, column: int) -> bool:
    """Tell whether a number lost its last digits because the sheet kept it as a figure."""
    cell = sheet.rows[at][column] if column < len(sheet.rows[at]) else ""
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**EXACT_DIGITS


def _day(text: str) -> str:
    day: date | None = parse_day(text)[0]
    return day.isoformat() if day else ""


def _problem(sheet: Sheet, at: int, column: int, code: str) -> HitProblem:
    return HitProblem(sheet.name, at + 1, column_letter(column), code)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
