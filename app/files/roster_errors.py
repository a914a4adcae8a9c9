"""A copy of a roster for the people who correct it: a list of all findings and red cells.

The copy is written anew from the values that were read, as text; pictures and formulas of the original
are not in it.
"""

from __future__ import annotations

import io
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import xlsxwriter

from app.domain.fault import Severity
from app.files.roster_template import TEXTS
from app.files.workbook_in import column_index, read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from app.domain.roster import Problem, RosterDraft
    from app.files.workbook_in import Sheet

_MAX_COLUMNS: Final = 200
_COMMENT_ROOM: Final = {"width": 320, "height": 110}
_RED: Final = "#FFC7CE"
_YELLOW: Final = "#FFEB9C"


def render_error_copy(source: Path, draft: RosterDraft, describe: Callable[[Problem], str]) -> bytes:
    """Return an .xlsx with the sheet of findings first and the marked roster second.

    ``describe`` gives the sentence of a finding. Errors are red, warnings yellow; each marked cell
    carries its sentences as a comment.

    Raises:
        BadInput, Unavailable: the codes of ``read_workbook`` when the file has changed meanwhile.
    """
    sheet = read_workbook(source).sheet(draft.mapping.sheet)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    listed = book.add_worksheet(TEXTS["sheets"]["errors"])
    copy = book.add_worksheet(_free_name(sheet.name))
    _write_list(book, listed, copy.get_name(), sheet, draft.problems, describe)
    _write_copy(book, copy, sheet, draft.problems, describe)
    book.close()
    return target.getvalue()


def _free_name(name: str) -> str:
    return name if name != TEXTS["sheets"]["errors"] else f"{name}2"


def _write_list(
    book: Workbook,
    listed: Worksheet,
    copy: str,
    sheet: Sheet,
    problems: Sequence[Problem],
    describe: Callable[[Problem], str],
) -> None:
    words = TEXTS["errors"]
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDEBF7"})
    link = book.add_format({"font_color": "#0563C1", "underline": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    for column, (title, width) in enumerate(zip(words["headings"], (12, 7, 6, 16, 24, 7, 80), strict=True)):
        listed.set_column(column, column, width)
        listed.write_string(0, column, title, head)
    for row, problem in enumerate(problems, start=1):
        place = f"{problem.column or 'A'}{problem.row}"
        was = sheet.text(problem.row - 1, column_index(problem.column)) if problem.column else ""
        number = str(problem.row) if problem.row else words["whole_sheet"]
        kind = words["error"] if problem.severity is Severity.ERROR else words["warning"]
        texts = (problem.sheet, number, problem.column, problem.title, was, kind, describe(problem))
        for column, text in enumerate(texts):
            listed.write_string(row, column, text, wrapped)
        if problem.row:
            listed.write_url(row, 1, f"internal:'{copy}'!{place}", link, number)
    listed.freeze_panes(1, 0)
    listed.autofilter(0, 0, max(1, len(problems)), len(words["headings"]) - 1)


def _write_copy(
    book: Workbook,
    copy: Worksheet,
    sheet: Sheet,
    problems: Sequence[Problem],
    describe: Callable[[Problem], str],
) -> None:
    text = book.add_format({"num_format": "@"})
    red = book.add_format({"num_format": "@", "bg_color": _RED})
    yellow = book.add_format({"num_format": "@", "bg_color": _YELLOW})
    marks = _by_cell(problems)
    width = min(_MAX_COLUMNS, max(len(row) for row in sheet.rows))
    copy.set_column(0, width - 1, 14, text)
    for row in range(len(sheet.rows)):
        for column in range(width):
            copy.write_string(row, column, sheet.text(row, column), text)
    for (row, column), found in marks.items():
        is_error = any(problem.severity is Severity.ERROR for problem in found)
        copy.write_string(row, column, sheet.text(row, column), red if is_error else yellow)
        copy.write_comment(row, column, "\n".join(describe(problem) for problem in found), _COMMENT_ROOM)


def _by_cell(problems: Sequence[Problem]) -> Mapping[tuple[int, int], list[Problem]]:
    cells: defaultdict[tuple[int, int], list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.row:
            cells[problem.row - 1, column_index(problem.column or "A")].append(problem)
    return cells
