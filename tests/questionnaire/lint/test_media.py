"""Lists that lie beside the workbook."""

from __future__ import annotations

import pytest

from tests.questionnaire.lint.books import Book, check, question

GOOD = b"name,label,zone\nv1,One,1\nv2,Two,2\n"


def from_file(**cells: object) -> Book:
    return Book().add("survey", question("select_one_from_file hamlets.csv", "place", "村", **cells))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (GOOD, None),
        ("name;label\nv1;一村\n".encode("gb18030"), None),
        (b"\xff\xfe\x00\x81", "lint.file_encoding"),
        (b"", "lint.file_empty"),
        (b"code,label\n1,One\n", "lint.file_column"),
        (b"name,labels\n1,One\n", "lint.file_column"),
        (b"name,label\nv1,One\nv1,Two\n", "lint.file_key_twice"),
        (b"name,label\nv1,One\n\n", None),
        (b"label,name\nOne\n", None),
    ],
)
def test_a_list_in_a_file(data: bytes, code: str | None) -> None:
    found = check(from_file(), {"hamlets.csv": data}).findings
    assert [(f.code, f.row, f.column) for f in found] == ([(code, 22, "A")] if code else [])


def test_other_columns_by_parameters() -> None:
    book = from_file(parameters="value=zone label=label")
    assert check(book, {"hamlets.csv": GOOD}).findings == ()


def test_a_file_with_almost_the_name() -> None:
    (one,) = check(from_file(), {"Hamlets.csv": GOOD}).findings
    assert (one.code, one.params["near"]) == ("lint.file_near", "Hamlets.csv")


def test_a_damaged_file_is_told_once() -> None:
    book = from_file().add("survey", question("select_one_from_file hamlets.csv", "again", "村"))
    assert [f.code for f in check(book, {"hamlets.csv": b""}).findings] == ["lint.file_empty"]


def test_pulldata_looks_for_its_columns() -> None:
    book = Book().put("survey", 8, "calculation", "pulldata('hamlets', 'label', 'cod', ${hamlet})")
    (one,) = check(book, {"hamlets.csv": GOOD}).findings
    assert (one.code, one.row, one.params["column"]) == ("lint.file_column", 8, "cod")


def test_a_file_named_like_a_list() -> None:
    book = Book().add("survey", question("select_one_from_file villages.csv", "place", "村"))
    found = check(book, {"villages.csv": GOOD}).findings
    assert [(f.code, f.row, f.column) for f in found] == [("lint.list_clash", 22, "A")]
    pulled = Book().put("survey", 8, "calculation", "pulldata('towns', 'label', 'name', ${hamlet})")
    found = check(pulled, {"towns.csv": GOOD}).findings
    assert [(f.code, f.row, f.column) for f in found] == [("lint.list_clash", 8, "I")]


def test_lists_as_xml_and_geojson() -> None:
    book = Book().add(
        "survey", question("select_one_from_file a.xml", "a", "甲"), question("xml-external", "b")
    )
    good = b"<root><item><name>1</name><label>x</label></item></root>"
    assert check(book, {"a.xml": good, "b.xml": good}).findings == ()
    (one,) = check(book, {"a.xml": b"<root>", "b.xml": good}).findings
    assert (one.code, one.row) == ("lint.file_damaged", 22)


def test_searching_in_a_list_is_not_done_here() -> None:
    book = Book().put("survey", 18, "appearance", "minimal search('hamlets')")
    assert [(f.code, f.row, f.column) for f in check(book).findings] == [("lint.search", 18, "O")]
