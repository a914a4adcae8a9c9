"""Workbooks that cannot be compiled say where."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from app.domain.errors import BadInput
from app.questionnaire.compile import compile_workbook


def workbook(*rows: tuple[str, ...], choices: tuple[tuple[str, ...], ...] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for row in (("type", "name", "label"), *rows):
        sheet.append(row)
    if choices:
        other = book.create_sheet("choices")
        for row in (("list_name", "name", "label"), *choices):
            other.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_compiles() -> None:
    compiled = compile_workbook(workbook(("text", "who", "谁")), "a.xlsx")
    assert "<who/>" in compiled.xform_xml


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ([("text", "who", "谁"), ("text", "bad name", "坏")], 3),
        ([("text", "who", "谁"), ("nosuchtype", "x", "坏")], 3),
        ([("note", "n", "${nobody}")], 2),
        ([("begin_group", "g", "组"), ("text", "a", "甲")], 2),
    ],
)
def test_a_mistake_is_told_with_its_row(rows: list[tuple[str, ...]], row: int) -> None:
    with pytest.raises(BadInput) as raised:
        compile_workbook(workbook(*rows), "a.xlsx")
    assert raised.value.code == "questionnaire.workbook"
    assert raised.value.params["file"] == "a.xlsx"
    assert raised.value.params["sheet"] == "survey"
    assert raised.value.params["row"] in {row, 0}


def test_something_that_is_no_workbook() -> None:
    with pytest.raises(BadInput, match="workbook"):
        compile_workbook(b"\x00\x01\x02", "a.xlsx")
