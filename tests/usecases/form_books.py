"""Workbooks of questionnaires, for tests: a small form in the standard's columns.

workbook("visit", "2", rows=[...])     # bytes of an .xlsx
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

ROWS = (
    ("text", "respondent", "谁回答的", "household.address"),
    ("integer", "size", "几口人", ""),
)


def workbook(
    form_id: str, version: str, rows: Sequence[tuple[str, ...]] = ROWS, title: str = "小问卷"
) -> bytes:
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(["type", "name", "label::中文(zh)", "bind::hh:field"])
    for row in rows:
        survey.append(list(row))
    settings = book.create_sheet("settings")
    settings.append(["form_title", "form_id", "version", "default_language", "namespaces"])
    settings.append([title, form_id, version, "中文(zh)", 'hh="http://babutong/household"'])
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()
