"""One click: exactly these cells change, and the mistake is gone."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.styles import Font

from app.questionnaire.lint.finding import Fix
from app.questionnaire.lint.names import LONGEST, propose
from app.questionnaire.lint.repair import apply_fixes
from tests.questionnaire.lint.books import Book, check, errors


def fixes(book: Book | bytes) -> list[Fix]:
    return [f.fix for f in check(book).findings if f.fix is not None]


def cells(data: bytes) -> dict[tuple[str, str], object]:
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    return {(s.title, c.coordinate): c.value for s in workbook for row in s.iter_rows() for c in row}


def changed(before: bytes, after: bytes) -> dict[tuple[str, str], object]:
    old, new = cells(before), cells(after)
    assert old.keys() == new.keys()
    return {at: value for at, value in new.items() if value != old[at]}


@pytest.mark.parametrize(
    ("row", "header", "value", "at", "fixed"),
    [
        (8, "calculation", "round（${income} div 12， 2）", "I8", "round(${income} div 12, 2)"),
        (6, "relevant", "${poor} ＝ “yes”", "F6", '${poor} = "yes"'),
        (6, "relevant", "${poor} == 'a==b' && ${age} <> 1", "F6", "${poor} = 'a==b' and ${age} != 1"),
        (6, "relevant", "${poor} ＝＝ '是，吗'", "F6", "${poor} = '是，吗'"),
        (8, "calculation", "ROUND(${income}, 2)", "I8", "round(${income}, 2)"),
        (7, "required", "是", "E7", "yes"),
        (3, "type", "文本", "A3", "text"),
        (5, "default", "ｙｅｓ", "J5", "yes"),
    ],
)
def test_a_cell_is_put_right(row: int, header: str, value: str, at: str, fixed: str) -> None:
    before = Book().put("survey", row, header, value).data()
    after = apply_fixes(before, fixes(before))
    assert changed(before, after) == {("survey", at): fixed}
    assert errors(check(after)) == []


def test_a_new_name_follows_everywhere() -> None:
    book = Book().put("survey", 4, "name", "年龄").put("survey", 4, "constraint", ". > 0 and ${年龄} < 9")
    book.put("survey", 9, "calculation", "${年龄} * 2").put(
        "survey", 20, "label::中文(zh)", "年龄 ${年龄} 和 ${last-saved#年龄}"
    )
    book.put("survey", 11, "repeat_count", "${age}")
    before = book.data()
    after = apply_fixes(before, fixes(before))
    assert changed(before, after) == {
        ("survey", "B4"): "nian_ling",
        ("survey", "G4"): ". > 0 and ${nian_ling} < 9",
        ("survey", "I9"): "${nian_ling} * 2",
        ("survey", "C20"): "年龄 ${nian_ling} 和 ${last-saved#nian_ling}",
    }


def test_a_new_value_and_a_new_list_follow() -> None:
    book = Book().put("choices", 2, "name", "是").put("choices", 3, "name", "否")
    book.put("survey", 6, "relevant", "${poor} = '是'").put(
        "survey", 21, "read_only", 'selected(${poor}, "否")'
    )
    for row in (4, 5):
        book.put("choices", row, "list_name", "原因")
    book.put("survey", 6, "type", "select_multiple 原因")
    before = book.data()
    after = apply_fixes(before, fixes(before))
    assert changed(before, after) == {
        ("choices", "B2"): "shi",
        ("choices", "B3"): "fou",
        ("choices", "A4"): "yuan_yin",
        ("choices", "A5"): "yuan_yin",
        ("survey", "A6"): "select_multiple yuan_yin",
        ("survey", "F6"): "${poor} = 'shi'",
        ("survey", "K21"): 'selected(${poor}, "fou")',
    }
    assert check(after).findings == ()


def test_styles_stay() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(Book().put("survey", 7, "required", "是").data()))
    workbook["survey"]["E7"].font = Font(bold=True)
    workbook["survey"].column_dimensions["C"].width = 40
    workbook["survey"]["C3"].value = 12
    out = io.BytesIO()
    workbook.save(out)
    after = openpyxl.load_workbook(io.BytesIO(apply_fixes(out.getvalue(), fixes(out.getvalue()))))
    assert after["survey"]["E7"].value == "yes"
    assert after["survey"]["E7"].font.bold
    assert after["survey"].column_dimensions["C"].width == 40
    assert after["survey"]["C3"].value == 12


def test_nothing_to_repair_changes_nothing() -> None:
    before = Book().data()
    assert changed(before, apply_fixes(before, [])) == {}


def test_proposed_names() -> None:
    assert propose("家庭人口", ()) == "jia_ting_ren_kou"
    assert propose("家庭人口", {"jia_ting_ren_kou"}) == "jia_ting_ren_kou_2"
    assert propose("2nd Name", ()) == "q_2nd_name"
    assert propose("（）", ()) == "q"
    long = propose("很长很长的名称" * 9, ())
    assert len(long) <= LONGEST
    assert len(propose("很长很长的名称" * 9, {long})) <= LONGEST
