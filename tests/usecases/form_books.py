"""Workbooks of questionnaires, for tests: a small form in the standard's columns.

workbook("visit", "2", rows=[...])            # bytes of an .xlsx
save(folder, "visit", "2", rows=[...])        # the path of one on disk, its list beside it
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from app.files.form_source import read_source

ROWS = (
    ("text", "respondent", "谁回答的", "household.address"),
    ("integer", "size", "几口人", ""),
    ("select_one_from_file villages.csv", "village", "哪个村", ""),
)


def workbook(
    form_id: str, version: str, rows: Sequence[tuple[str, ...]] = ROWS, title: str = "小问卷"
) -> bytes:
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(["type", "name", "label::中文(zh)", "bind::hh:field", "calculation"])
    for row in rows:
        survey.append(list(row))
    settings = book.create_sheet("settings")
    settings.append(["form_title", "form_id", "version", "default_language", "namespaces"])
    settings.append([title, form_id, version, "中文(zh)", 'hh="http://babutong/household"'])
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


def save(
    folder: Path, form_id: str, version: str, rows: Sequence[tuple[str, ...]] = ROWS, title: str = "小问卷"
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "villages.csv").write_bytes(b"name,label\n1,one\n")
    path = folder / f"{form_id}-{version}.xlsx"
    path.write_bytes(workbook(form_id, version, rows, title))
    return path


def source(folder: Path, form_id: str, version: str, **other):
    return read_source(save(folder, form_id, version, **other))
