"""Repairs with one click: rewrites cells of the workbook and leaves all others as they are."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from app.questionnaire.lint.cells import read_book
from app.questionnaire.lint.finding import FixKind
from app.questionnaire.lint.scope import REFERENCE
from app.questionnaire.lint.tables import EXPRESSIONS
from app.questionnaire.lint.width import half_width, pieces, plain_operators

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl import Workbook

    from app.questionnaire.lint.finding import Fix

_RENAMES = frozenset({FixKind.RENAME_QUESTION, FixKind.RENAME_VALUE, FixKind.RENAME_LIST})
_ORDER = (
    FixKind.HALF_WIDTH,
    FixKind.OPERATORS,
    FixKind.REPLACE,
    FixKind.RENAME_LIST,
    FixKind.RENAME_VALUE,
    FixKind.RENAME_QUESTION,
)


class _Cells:
    """The texts of a workbook by sheet and address."""

    def __init__(self, workbook: Workbook, expressions: frozenset[tuple[str, str]]) -> None:
        self._workbook = workbook
        self._expressions = expressions

    def get(self, sheet: str, address: str) -> str:
        value = self._workbook[sheet][address].value
        return value if isinstance(value, str) else str(value)

    def put(self, sheet: str, address: str, text: str) -> None:
        if self.get(sheet, address) != text:
            self._workbook[sheet][address].value = text

    def texts(self) -> Iterator[tuple[str, str, str, bool]]:
        """Sheet, address, text and whether it is an expression, of every cell with text."""
        for sheet in self._workbook.worksheets:
            for row in sheet.iter_rows(min_row=2):
                for cell in row:
                    if isinstance(cell.value, str) and cell.value:
                        column = cell.coordinate.rstrip("0123456789")
                        is_expression = (sheet.title, column) in self._expressions
                        yield sheet.title, cell.coordinate, cell.value, is_expression


def _apply(cells: _Cells, fix: Fix) -> None:
    address = f"{fix.column}{fix.row}"
    text = cells.get(fix.sheet, address)
    if fix.kind is FixKind.HALF_WIDTH:
        cells.put(fix.sheet, address, half_width(text.strip()))
    elif fix.kind is FixKind.OPERATORS:
        cells.put(fix.sheet, address, plain_operators(text))
    else:
        cells.put(fix.sheet, address, text.replace(fix.old, fix.new))


def _renamed_reference(text: str, old: str, new: str) -> str:
    def one(match: re.Match[str]) -> str:
        inner = match[1] or ""
        saved, _, name = inner.rpartition("#")
        if name != old:
            return match[0]
        return f"${{{saved}#{new}}}" if saved else f"${{{new}}}"

    return REFERENCE.sub(one, text)


def _renamed_word(text: str, old: str, new: str) -> str:
    """A quoted word in an expression."""
    return "".join(
        f"{part[0]}{new}{part[0]}" if quoted and part[1:-1] == old else part for quoted, part in pieces(text)
    )


def _follow(cells: _Cells, fix: Fix) -> None:
    """Carry a new name into every cell that uses the old one."""
    for sheet, address, text, is_expression in list(cells.texts()):
        if fix.kind is FixKind.RENAME_QUESTION:
            cells.put(sheet, address, _renamed_reference(text, fix.old, fix.new))
        elif is_expression:
            cells.put(sheet, address, _renamed_word(text, fix.old, fix.new))


def _rename_list(cells: _Cells, fix: Fix, columns: Sequence[tuple[str, str]]) -> None:
    """A list's name stands beside each of its choices and at the end of types."""
    tail = re.compile(rf"(?<=\s){re.escape(fix.old)}(?=\s|$)")
    for sheet, address, text, _ in list(cells.texts()):
        column = address.rstrip("0123456789")
        if (sheet, column) not in columns:
            continue
        if sheet == fix.sheet and text.strip() == fix.old:
            cells.put(sheet, address, fix.new)
        else:
            cells.put(sheet, address, tail.sub(fix.new, text))


def _rename_value(cells: _Cells, fix: Fix, same: Iterable[int]) -> None:
    for row in same:
        cells.put(fix.sheet, f"{fix.column}{row}", fix.new)


def apply_fixes(data: bytes, fixes: Iterable[Fix]) -> bytes:
    """Return the ``.xlsx`` workbook with the repairs done; everything else in it stays.

    Raises:
        BadInput: ``lint.unreadable`` (param ``file``) for what is no workbook.
    """
    book = read_book(data, "")
    headers = [(sheet.name, h) for sheet in book.sheets.values() for h in sheet.headers]
    expressions = frozenset((n, h.spot.column) for n, h in headers if h.key in {*EXPRESSIONS, "default"})
    lists = [(n, h.spot.column) for n, h in headers if h.key in {"type", "list name"}]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of colours and rules openpyxl does not know
        workbook = load_workbook(io.BytesIO(data))
    cells = _Cells(workbook, expressions)
    for fix in sorted(fixes, key=lambda f: _ORDER.index(f.kind)):
        if fix.kind is FixKind.RENAME_LIST:
            _rename_list(cells, fix, lists)
        elif fix.kind not in _RENAMES:
            _apply(cells, fix)
        else:
            same = [row.number for row in book.rows("choices") if row.text("name") == fix.old]
            _rename_value(cells, fix, same if fix.kind is FixKind.RENAME_VALUE else [fix.row])
        if fix.kind in _RENAMES:
            _follow(cells, fix)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
