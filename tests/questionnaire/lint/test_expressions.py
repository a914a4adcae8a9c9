"""What is said about an expression that cannot be understood."""

from __future__ import annotations

import pytest

from app.domain.fault import Severity
from tests.questionnaire.lint.books import Book, check, errors, places, question


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("${poor} == 'yes'", "lint.syntax_equals", 10),
        ("${age} <> 1", "lint.syntax_differs", 9),
        ("${age} => 1", "lint.syntax_order", 9),
        ("${age} = 1 && ${age} = 2", "lint.syntax_and", 12),
        ("${age} = 1 AND ${age} = 2", "lint.syntax_and", 12),
        ("${age} = 1 || ${age} = 2", "lint.syntax_or", 13),
        ("${hamlet} & 'x'", "lint.syntax_join", 11),
        ("${age} > 10%", "lint.syntax_percent", 12),
        ("${income} / 12 > 1", "lint.syntax_divide", 13),
        ("${age} > 0 and < 10", "lint.syntax_half", 16),
        ("$(age) > 1", "lint.syntax_dollar", 1),
        ("if(${age} > 0, , 1)", "lint.syntax_gap", 16),
        ("(${age} > 0", "lint.syntax_brackets", 11),
        ("${poor} = 'yes", "lint.syntax_quote", 11),
        ("${age} ? 1", "lint.syntax", 8),
        ("${age}${age}", "lint.syntax", 7),
    ],
)
def test_where_and_why_it_breaks(text: str, code: str, position: int) -> None:
    book = Book().put("survey", 6, "relevant", "'x'").put("survey", 13, "relevant", text)
    found = [f for f in check(book).findings if f.row == 13]
    (one,) = [f for f in found if f.code.startswith("lint.syntax")]
    assert (one.code, one.params["position"], one.column) == (code, position, "F")
    assert one.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("text", "code", "near"),
    [
        ("IF(${age} > 0, 1, 0)", "lint.function_near", "if()"),
        ("selectd(${poor}, 'yes')", "lint.function_near", "selected()"),
        ("VLOOKUP(${age}, 1)", "lint.function_unknown", None),
    ],
)
def test_functions_nobody_knows(text: str, code: str, near: str | None) -> None:
    (one,) = errors(check(Book().put("survey", 21, "read_only", text)))
    assert (one.code, one.params.get("near"), one.params["position"]) == (code, near, 1)


def test_how_many_arguments_are_needed() -> None:
    calls = {
        "pow(2)": (1, "pow(${a}, 2)"),
        "atan2(1)": (1, "atan2(a, b)"),
        "digest('x')": (1, "digest(a, b, c)"),
    }
    for text, (given, usage) in calls.items():
        (one,) = errors(check(Book().put("survey", 8, "calculation", text)))
        assert (one.params["given"], one.params["usage"]) == (given, usage)


@pytest.mark.parametrize(("word", "plain"), [("是", "yes"), ("Y", "yes"), ("否", "no"), ("1", "yes")])
def test_yes_and_no_in_other_words(word: str, plain: str) -> None:
    (one,) = errors(check(Book().put("survey", 7, "required", word)))
    assert (one.code, one.row, one.params["plain"]) == ("lint.yes_no", 7, plain)


def test_words_without_quotes_or_braces() -> None:
    book = Book().put("survey", 6, "relevant", "${poor} = 是").put("survey", 13, "relevant", "age > 3")
    book.put("survey", 21, "read_only", "${poor} = no").put("survey", 3, "name", "小组")
    book.put("survey", 4, "constraint", "小组 != ''").put(
        "survey", 18, "choice_filter", "town = ${town} and 镇 = 1"
    )
    told = [(f.code, f.row, str(f.severity)) for f in check(book).findings if f.code != "lint.chinese_name"]
    assert told == [
        ("lint.bare_name", 4, "error"),
        ("lint.chinese_word", 6, "error"),
        ("lint.bare_name", 13, "error"),
        ("lint.chinese_word", 18, "error"),
        ("lint.bare_word", 21, "warning"),
    ]


def test_a_plain_name_that_leads_somewhere_is_only_mentioned() -> None:
    book = Book().put("survey", 2, "relevant", "age > 3").put("survey", 3, "required", "age > 3")
    book.put("settings", 2, "instance_name", "hamlet")
    told = {(f.code, f.sheet, f.row, str(f.severity)) for f in check(book).findings}
    assert told >= {("lint.bare_name", "survey", 2, "warning"), ("lint.bare_name", "survey", 3, "warning")}


@pytest.mark.parametrize(
    ("row", "header", "text", "reference"),
    [
        (13, "relevant", "../mnam = 'a'", "${mname}"),
        (13, "relevant", "/data/member/mnam = 'a'", "${mname}"),
        (16, "calculation", "count(${member}[mnam != ''])", "${mname}"),
        (4, "constraint", ". > ../qqqq", "${name}"),
    ],
)
def test_paths_that_lead_nowhere(row: int, header: str, text: str, reference: str) -> None:
    (one,) = errors(check(Book().put("survey", row, header, text)))
    assert (one.code, one.row, one.params["reference"]) == ("lint.path_unknown", row, reference)


@pytest.mark.parametrize(
    "text",
    [
        "../mname = 'a'",
        "/data/basic/age > 1",
        "../../basic/age > 1",
        "/data/meta/instanceID != ''",
        "count(/data/member) > 1",
        "/data/member_count > 1",
        "/data/@version = '1'",
        "instance('towns')/root/item[zone = '1']/name = 'a'",
    ],
)
def test_paths_that_lead_somewhere(text: str) -> None:
    found = errors(check(Book().put("survey", 13, "relevant", text)))
    assert [f for f in found if f.code == "lint.path_unknown"] == []


def test_paths_in_a_loop_are_the_converters() -> None:
    book = Book().add(
        "survey",
        question("begin_loop over towns", "each", "每个镇"),
        question("integer", "inside", "数", relevant="../qqqq > 1"),
        question("end_loop"),
    )
    assert "lint.path_unknown" not in {f.code for f in check(book).findings}


def test_answers_of_a_repeat_from_outside() -> None:
    book = (
        Book()
        .put("survey", 16, "calculation", "${mage} + 1")
        .put("survey", 20, "relevant", "${member}[1]/mage > 1")
    )
    book.put("survey", 4, "constraint", ". < ${mage}")
    assert [(f.code, f.row, str(f.severity)) for f in check(book).findings] == [
        ("lint.repeat_outside", 4, "warning"),
        ("lint.repeat_outside", 16, "error"),
    ]


def test_functions_phones_do_not_have() -> None:
    book = (
        Book()
        .put("survey", 8, "calculation", "substring(${hamlet}, 1, 2)")
        .put("survey", 21, "read_only", "last() = 1")
    )
    assert [(f.code, f.row, f.params["near"]) for f in errors(check(book))] == [
        ("lint.function_phone", 8, "substr()"),
        ("lint.function_phone", 21, "…"),
    ]


def test_curly_quotes_in_a_form_that_is_not_chinese_are_only_mentioned() -> None:
    table = """
        | survey |
        |        | type    | name | label | relevant    |
        |        | integer | a    | A     |             |
        |        | integer | b    | B     | ${a} = ‘1’  |
    """
    checked = check(table.encode())
    assert [(f.code, f.row, str(f.severity)) for f in checked.findings if f.row] == [
        ("lint.full_width", 3, "warning")
    ]
    assert checked.publishable


def test_texts_in_brackets_of_a_chinese_keyboard_are_texts() -> None:
    book = Book().put("survey", 3, "default", "无（未填）").put("survey", 21, "default", "a（${age}）")
    assert [(f.code, f.row) for f in errors(check(book))] == [
        ("lint.full_width", 21),
        ("lint.function_unknown", 21),
    ]


def test_last_saved_answers_are_known() -> None:
    book = (
        Book()
        .put("survey", 3, "default", "${last-saved#hamlet}")
        .put("survey", 11, "repeat_count", "${age} + 1")
    )
    assert errors(check(book)) == []


def test_an_expression_that_begins_like_a_formula_of_excel() -> None:
    table = """
        | survey |
        |        | type    | name | label | relevant |
        |        | integer | a    | A     |          |
        |        | integer | b    | B     | = ${a}   |
    """
    (one,) = errors(check(table.encode()))
    assert (one.code, one.row, one.params["position"]) == ("lint.syntax_formula", 3, 1)


def test_expressions_of_entities() -> None:
    book = Book()
    book.sheets["entities"] = [
        {"list_name": "homes", "label": "concat(${hamlet}, 'x')", "create_if": "${agee} > 1"}
    ]
    book.headers["entities"] = ["list_name", "label", "create_if"]
    assert ("lint.reference_near", "entities", 2, "C") in places(check(book))
