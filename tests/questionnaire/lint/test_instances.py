"""Lists that expressions look up, and columns that filter choices."""

from __future__ import annotations

import pytest

from tests.questionnaire.lint.books import Book, check, errors, question

GOOD = b"name,label,zone\nv1,One,1\nv2,Two,2\n"


def looking_up(name: str) -> Book:
    return Book().put("survey", 8, "calculation", f"count(instance('{name}')/root/item)")


def test_lists_of_the_form_and_of_files_can_be_looked_up() -> None:
    assert errors(check(looking_up("towns"))) == []
    book = looking_up("hamlets").add("survey", question("select_one_from_file hamlets.csv", "place", "村"))
    assert errors(check(book, {"hamlets.csv": GOOD})) == []
    book = looking_up("hamlets").add("survey", question("csv-external", "hamlets"))
    assert errors(check(book, {"hamlets.csv": GOOD})) == []
    pulled = looking_up("hamlets").put("survey", 21, "read_only", "pulldata('hamlets', 'zone', 'name', '1')")
    assert errors(check(pulled, {"hamlets.csv": GOOD})) == []


def test_a_list_no_question_uses_can_be_looked_up() -> None:
    book = looking_up("prices").add("choices", {"list_name": "prices", "name": "a", "label::中文(zh)": "甲"})
    checked = check(book)
    assert checked.findings == ()
    assert '<instance id="prices"' in (checked.xform_xml or "")


def test_a_list_that_is_searched_on_the_phone_is_not_in_the_form() -> None:
    book = looking_up("towns").put("survey", 17, "appearance", "minimal search('hamlets')")
    checked = check(book)
    assert [(f.code, f.row) for f in errors(checked)] == [("lint.instance_missing", 8)]
    assert '<instance id="towns"' not in (checked.xform_xml or "")


def test_the_nearest_list_is_told() -> None:
    (one,) = errors(check(looking_up("town")))
    assert (one.code, one.row, one.column, one.params["near"]) == ("lint.instance_near", 8, "I", "towns")


@pytest.mark.parametrize(
    "text",
    [
        "town = ${town}",
        "selected(${causes}, town) and not(name = 'v1')",
        "name != '' and label != '' and position(..) > 0",
        "town = current()/../town and . != ''",
        "town = instance('towns')/root/item[name = ${town}]/name",
        "count(instance('towns')/root/item[zone = 1]) > 0 or (town)[1] = 'north'",
        "self::item = '' or true()",
        "town = /data/town",
    ],
)
def test_filters_of_what_is_there(text: str) -> None:
    found = errors(check(Book().put("survey", 18, "choice_filter", text)))
    assert [f for f in found if f.code.startswith("lint.filter")] == []


def test_columns_that_are_not_there() -> None:
    book = Book().put("survey", 18, "choice_filter", "zzzz = ${town} and (twn = 'a' or zzzz = 'b')")
    assert [(f.code, f.row, f.params["column"], f.params.get("near")) for f in errors(check(book))] == [
        ("lint.filter_column", 18, "zzzz", None),
        ("lint.filter_near", 18, "twn", "town"),
    ]


@pytest.mark.parametrize(
    ("text", "data", "codes"),
    [
        ("zone = ${age}", GOOD, []),
        ("zne = ${age}", GOOD, ["lint.filter_near"]),
        ("town = ${age}", GOOD, ["lint.filter_column"]),
        ("town = ${age}", b"\xff\xfe\x00\x81", ["lint.file_encoding"]),
    ],
)
def test_columns_of_a_file(text: str, data: bytes, codes: list[str]) -> None:
    book = Book().add(
        "survey", question("select_one_from_file hamlets.csv", "place", "村", choice_filter=text)
    )
    assert [f.code for f in errors(check(book, {"hamlets.csv": data}))] == codes


def test_columns_that_are_not_known_are_not_told() -> None:
    book = Book().add("survey", question("select_one ${mname}", "who", "谁", choice_filter="mage > 3"))
    assert errors(check(book)) == []
    book = Book().add("survey", question("select_one_from_file a.csv", "who", "谁", choice_filter="mage > 3"))
    assert [f.code for f in errors(check(book))] == ["lint.file_missing"]
    book = Book().add("survey", question("select_one_external far", "who", "谁", choice_filter="mage > 3"))
    assert [f.code for f in errors(check(book)) if f.code.startswith("lint.filter")] == []
