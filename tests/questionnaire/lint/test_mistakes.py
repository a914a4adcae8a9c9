"""Mistakes of clerks, each in a small and in a big form: caught, with the right sheet, row and column."""

from __future__ import annotations

import pytest

from tests.questionnaire.lint.books import SURVEY, Book, check, errors, places, question

LETTERS = {header: "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[at] for at, header in enumerate(SURVEY)}
LETTERS |= {"list_name": "A", "instance_name": "E"}

Mistake = tuple[str, int, str, object, str]
"""Sheet, row, header, what is written there, and the code expected."""

FULL_WIDTH: list[Mistake] = [
    ("survey", 4, "constraint", ". ＞= 0 and . <= 120", "lint.full_width"),
    ("survey", 6, "relevant", "${poor} ＝ 'yes'", "lint.full_width"),
    ("survey", 6, "relevant", "${poor} = “yes”", "lint.full_width"),
    ("survey", 6, "relevant", "＄｛poor｝ = 'yes'", "lint.full_width"),
    ("survey", 8, "calculation", "round（${income} div 12， 2）", "lint.full_width"),
    ("survey", 9, "calculation", "if(${age} > ０, 1, 0)", "lint.full_width"),
    ("survey", 13, "relevant", "${mname}　!= ''", "lint.full_width"),
    ("survey", 18, "choice_filter", "town ＝ ${town}", "lint.full_width"),
    ("survey", 19, "default", "today（）", "lint.full_width"),
    ("survey", 4, "default", "１８", "lint.full_width"),
    ("survey", 5, "default", "ｙｅｓ", "lint.full_width"),
    ("survey", 21, "read_only", "selected(${poor}， 'no')", "lint.full_width"),
    ("survey", 5, "type", "select_one　yn", "lint.full_width"),
    ("survey", 3, "type", "ｔｅｘｔ", "lint.full_width"),
    ("survey", 3, "name", "ｈamlet", "lint.full_width"),
    ("survey", 3, "appearance", "multi－line", "lint.full_width"),
    ("survey", 11, "repeat_count", "${age} ＋ 1", "lint.full_width"),
    ("choices", 2, "name", "ｙes", "lint.full_width"),
    ("settings", 2, "instance_name", "concat(${hamlet}，'x')", "lint.full_width"),
]

CHINESE_NAME: list[Mistake] = [
    ("survey", 2, "name", "基本情况", "lint.chinese_name"),
    ("survey", 3, "name", "村民小组", "lint.chinese_name"),
    ("survey", 4, "name", "age年龄", "lint.chinese_name"),
    ("survey", 11, "name", "成员", "lint.chinese_name"),
    ("survey", 12, "name", "姓名", "lint.chinese_name"),
    ("survey", 14, "name", "两倍（岁）", "lint.chinese_name"),
    ("survey", 19, "name", "日 期", "lint.chinese_name"),
    ("survey", 20, "name", "说明1", "lint.chinese_name"),
]

REFERENCE: list[Mistake] = [
    ("survey", 6, "relevant", "${por} = 'yes'", "lint.reference_near"),
    ("survey", 6, "relevant", "${Poor} = 'yes'", "lint.reference_near"),
    ("survey", 8, "calculation", "${qqqqqqq} div 12", "lint.reference_unknown"),
    ("survey", 8, "calculation", "${income div 12", "lint.reference_form"),
    ("survey", 13, "relevant", "${ mname } != ''", "lint.reference_form"),
    ("survey", 20, "label::中文(zh)", "共 ${totl} 岁", "lint.reference_near"),
    ("survey", 20, "label::中文(zh)", "共 ${total 岁", "lint.reference_form"),
    ("survey", 20, "label::中文(zh)", "共 ＄｛total｝ 岁", "lint.reference_signs"),
    ("survey", 20, "label::中文(zh)", "共 $(total) 岁", "lint.reference_signs"),
    ("survey", 20, "label::中文(zh)", "共 $total} 岁", "lint.reference_signs"),
    ("survey", 5, "type", "select_one ${nobody_here}", "lint.reference_unknown"),
    ("survey", 6, "type", "select_multiple ${membr}", "lint.reference_near"),
    ("survey", 4, "constraint_message::中文(zh)", "${hamlett} 写错了", "lint.reference_near"),
    ("survey", 3, "hint::中文(zh)", "${nobody_here}", "lint.reference_unknown"),
    ("survey", 18, "choice_filter", "town = ${twon}", "lint.reference_near"),
    ("survey", 11, "repeat_count", "${agee}", "lint.reference_near"),
    ("survey", 19, "default", "${dya}", "lint.reference_near"),
    ("settings", 2, "instance_name", "${hamlat}", "lint.reference_near"),
    ("survey", 8, "calculation", "$income div 12", "lint.syntax_dollar"),
    ("choices", 2, "label::中文(zh)", "是 ${agge}", "lint.reference_near"),
]

ARGUMENTS: list[Mistake] = [
    ("survey", 9, "calculation", "if(${age} > 0, 1)", "lint.arguments_exact"),
    ("survey", 9, "calculation", "if(${age} > 0, 1, 2, 3)", "lint.arguments_exact"),
    ("survey", 8, "calculation", "round(${income} div 12, 2, 3)", "lint.arguments_range"),
    ("survey", 6, "relevant", "selected(${poor})", "lint.arguments_exact"),
    ("survey", 6, "relevant", "not()", "lint.arguments_exact"),
    ("survey", 4, "constraint", "regex(.)", "lint.arguments_exact"),
    ("survey", 16, "calculation", "sum(${mage}, 1)", "lint.arguments_exact"),
    ("survey", 16, "calculation", "max()", "lint.arguments_least"),
    ("survey", 16, "calculation", "coalesce(1, 2, 3)", "lint.arguments_exact"),
    ("survey", 19, "default", "today(1)", "lint.arguments_exact"),
    ("survey", 18, "choice_filter", "contains(town)", "lint.arguments_exact"),
    ("survey", 21, "read_only", "count-selected(${causes}, 1)", "lint.arguments_exact"),
    ("survey", 7, "required", "selected(${poor}, 'a', 'b')", "lint.arguments_exact"),
]

CYCLE: list[Mistake] = [
    ("survey", 8, "calculation", "${monthly} + 1", "lint.cycle_self"),
    ("survey", 8, "calculation", ". + 1", "lint.cycle_self"),
    ("survey", 8, "calculation", "once(${monthly})", "lint.cycle_self"),
    ("survey", 8, "calculation", "${rate} * 2", "lint.cycle"),
    ("survey", 13, "relevant", "${twice} > 1", "lint.cycle"),
    ("survey", 13, "relevant", "${total} > 1", "lint.cycle"),
    ("survey", 14, "calculation", "indexed-repeat(${twice}, ${member}, 1)", "lint.cycle_self"),
    ("survey", 2, "relevant", "${rate} > 0", "lint.cycle"),
    ("survey", 11, "relevant", "${total} > 0", "lint.cycle"),
    ("survey", 3, "required", "${hamlet} = ''", "lint.cycle_self"),
    ("survey", 21, "read_only", "${remark} != ''", "lint.cycle_self"),
]

MISSING: list[Mistake] = [
    ("survey", 5, "type", "select_one yns", "lint.list_near"),
    ("survey", 6, "type", "select_multiple reasons_of_all", "lint.list_missing"),
    ("survey", 5, "type", "select_one", "lint.no_list"),
    ("survey", 5, "type", "select_one_from_file places.csv", "lint.file_missing"),
    ("survey", 6, "type", "select_multiple_from_file places.xml", "lint.file_missing"),
    ("survey", 8, "calculation", "pulldata('places', 'name', 'code', ${hamlet})", "lint.file_missing"),
    ("survey", 6, "relevant", "pulldata('places', 'a', 'b', ${hamlet}) = '1'", "lint.file_missing"),
    ("survey", 3, "type", "csv-external", "lint.file_missing"),
    ("survey", 3, "media::image::中文(zh)", "map.png", "lint.picture_missing"),
    ("survey", 8, "calculation", "count(instance('qqqqq')/root/item)", "lint.instance_missing"),
    ("survey", 6, "relevant", "instance('town')/root/item[1]/name = 'a'", "lint.instance_near"),
    ("survey", 4, "constraint", ". < count(instance('causes')/root/item)", "lint.instance_near"),
    ("survey", 19, "default", "instance('qqqqq')/root/item[1]/name", "lint.instance_missing"),
    ("survey", 18, "choice_filter", "instance('town')/root/item[1]/name = town", "lint.instance_near"),
    ("survey", 18, "choice_filter", "region = ${town}", "lint.filter_column"),
    ("survey", 18, "choice_filter", "twn = ${town}", "lint.filter_near"),
]

ALL = FULL_WIDTH + CHINESE_NAME + REFERENCE + ARGUMENTS + CYCLE + MISSING


def column(sheet: str, header: str) -> str:
    if sheet == "choices":
        return "ABCD"[["list_name", "name", "label::中文(zh)", "town"].index(header)]
    return LETTERS[header]


def test_the_form_without_mistakes() -> None:
    checked = check(Book())
    assert checked.findings == ()
    assert checked.publishable
    assert (checked.form_id, checked.version, checked.questions) == ("trial", "1", 16)


CASES = [(0, m) for m in ALL] + [(300, m) for m in ALL[::6]]


@pytest.mark.parametrize(
    ("before", "mistake"), CASES, ids=[f"{b}-{m[4]}-{n}" for n, (b, m) in enumerate(CASES)]
)
def test_a_mistake_is_caught_at_its_place(before: int, mistake: Mistake) -> None:
    sheet, row, header, value, code = mistake
    checked = check(Book(before).put(sheet, row, header, value))
    at = row + (before if sheet == "survey" else 0)
    assert (code, sheet, at, column(sheet, header)) in places(checked)
    assert code in {f.code for f in errors(checked)}
    assert not checked.publishable


def test_a_circle_is_told_with_all_its_rows() -> None:
    checked = check(Book().put("survey", 8, "calculation", "${rate} * 2"))
    assert [(f.code, f.row, f.params["circle"]) for f in checked.findings] == [
        ("lint.cycle", 8, "monthly（8） → rate（9） → monthly（8）"),
        ("lint.cycle", 9, "rate（9） → monthly（8） → rate（9）"),
    ]


def test_what_only_reads_a_circle_is_not_in_it() -> None:
    book = Book().put("survey", 8, "calculation", "${rate} * 2")
    book.add("survey", question("calculate", "late", calculation="${rate} + 1"))
    assert {f.row for f in errors(check(book))} == {8, 9}


@pytest.mark.parametrize(
    ("row", "header", "value"),
    [
        (4, "constraint", "${age} > 0 and . < 120"),
        (8, "calculation", "once(random())"),
        (14, "calculation", "count(${member}) + position(..)"),
        (14, "calculation", "${mage} div ${total}"),
        (20, "label::中文(zh)", "${said}"),
    ],
)
def test_what_is_no_circle(row: int, header: str, value: str) -> None:
    assert errors(check(Book().put("survey", row, header, value))) == []


def test_a_calculation_at_a_trigger_may_read_itself() -> None:
    book = Book().put("survey", 8, "calculation", "${monthly} + 1").put("survey", 8, "trigger", "${income}")
    assert errors(check(book)) == []


def test_choices_without_their_list() -> None:
    checked = check(
        Book().put("choices", 8, "list_name", "vilages").put("choices", 9, "list_name", "vilages")
    )
    assert [(f.code, f.row, f.params.get("near")) for f in errors(checked)] == [
        ("lint.list_near", 18, "vilages")
    ]


def test_all_mistakes_at_once() -> None:
    book = Book()
    book.put("survey", 4, "constraint", ". ＞ 0").put("survey", 3, "name", "小组").put(
        "survey", 6, "relevant", "${por}"
    )
    book.put("survey", 9, "calculation", "if(1)").put("survey", 8, "calculation", "${monthly}")
    book.put("survey", 5, "type", "select_one nothing_like_it")
    assert {(f.code, f.row) for f in errors(check(book))} == {
        ("lint.full_width", 4),
        ("lint.chinese_name", 3),
        ("lint.reference_near", 6),
        ("lint.arguments_exact", 9),
        ("lint.cycle_self", 8),
        ("lint.list_missing", 5),
    }
