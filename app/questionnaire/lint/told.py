"""What the converter says, for what the linter did not find by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.questionnaire.lint.cells import Spot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.errors import BadInput
    from app.questionnaire.lint.cells import Book
    from app.questionnaire.lint.finding import Report

_ROW = re.compile(r"\[row : (\d+)\]|row (\d+)", re.IGNORECASE)
_SHEET = re.compile(r"'(survey|choices|settings|entities|external_choices)'")
_KNOWN = re.compile(
    r"max-pixels|has no label|should have a label|without name, text, or label|select one external|or_other"
    r"|not part of the current spec",
    re.IGNORECASE,
)
"""Warnings that are no news: the linter has its own, or they concern the phone's traffic."""
_LONGEST = 300


def _spot(book: Book, sheet: str, row: int, column: str) -> Spot:
    found = book.sheets.get(sheet)
    if found is None:
        return Spot(sheet, row)
    header = next((h for h in found.headers if h.spot.header == column), None)
    if header is None:
        return Spot(found.name, row)
    return Spot(found.name, row, header.spot.column, header.spot.header)


def tell_error(report: Report, book: Book, error: BadInput) -> None:
    """Add the converter's refusal unless an error of ours stands where it points."""
    params = error.params
    sheet, row = str(params["sheet"]), int(params["row"])
    word = str(params["word"])
    if not row:  # often it tells the name alone
        row = next((r.number for r in book.rows(sheet) if word and r.text("name") == word), 0)
    if report.has_error(sheet, row):
        return
    said = str(params["said"])[:_LONGEST]
    report.error("lint.converter", _spot(book, sheet, row, str(params["column"])), said=said)


def tell_warnings(report: Report, book: Book, warnings: Iterable[str]) -> None:
    """Add the converter's warnings, those apart that are no news."""
    for text in warnings:
        row, sheet = _ROW.search(text), _SHEET.search(text)
        number = int(row[1] or row[2]) if row else 0
        name = sheet[1] if sheet else "survey"
        if _KNOWN.search(text):
            continue
        said = " ".join(text.split())[:_LONGEST]
        report.warning("lint.converter_warning", _spot(book, name, number, ""), said=said)
