"""A form with mistakes is shown without them: every one of the clerks' mistakes leaves something to look at."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from app.questionnaire.lint.sketch import sketch
from tests.questionnaire.lint import test_mistakes as clerks
from tests.questionnaire.lint.books import Book

WHOLE = len(sketch(Book().data(), "whole.xlsx", {}).controls)


@pytest.mark.parametrize("mistake", clerks.ALL[::3], ids=lambda one: f"{one[2]}-{one[4]}")
def test_a_mistake_costs_at_most_its_own_question(mistake):
    sheet, row, header, value, _code = mistake
    form = sketch(Book().put(sheet, row, header, value).data(), "trial.xlsx", {})
    assert form is not None
    assert len(form.controls) >= WHOLE - 1


def test_several_at_once_and_merged_cells():
    book = Book().put("survey", 6, "relevant", "${por} = 'yes'").put("survey", 5, "type", "select_one ynn")
    book = book.put("survey", 8, "calculation", "round(").put("survey", 3, "name", "")
    workbook = load_workbook(io.BytesIO(book.data()))
    workbook["survey"].merge_cells("M3:N3")
    out = io.BytesIO()
    workbook.save(out)
    form = sketch(out.getvalue(), "trial.xlsx", {})
    assert form is not None
    assert len(form.controls) >= WHOLE - 2


def test_what_cannot_be_shown():
    assert sketch(b"| survey |\n| | type | name | label |\n| | wrong | a | x |\n", "f.md", {}) is None
    workbook = load_workbook(io.BytesIO(Book().data()))
    workbook["survey"].title = "sheet1"
    out = io.BytesIO()
    workbook.save(out)
    assert sketch(out.getvalue(), "trial.xlsx", {}) is None
