"""Which questions an expression reads."""

from __future__ import annotations

import pytest

from app.questionnaire.refs import references, resolve
from app.questionnaire.texts import literal_itext_id
from app.questionnaire.xpath.compiler import compile_expression


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("/data/a + ../b + ./c + d", ["/data/a", "/data/g/b", "/data/g/q/c", "/data/g/q/d"]),
        ("current()/../b", ["/data/g/b"]),
        ("(current())/../b", ["/data/g/b"]),
        ("self::node()/x", []),
        ("child::x/@k", ["/data/g/q/x/@k"]),
        ("following-sibling::x", []),
        ("//a", []),
        (".//a", []),
        ("x/*", []),
        ("x/text()", []),
        ("instance('l')/root/item[name = current()/../b]/label", ["/data/g/b"]),
        ("instance('l')/root/item[name = /data/a]/label", ["/data/a"]),
        ("/data/m[x = ../y]/z", ["/data/m/z", "/data/m/z/x", "/data/m/y"]),
    ],
)
def test_references(source: str, found: list[str]) -> None:
    assert [r.path for r in references(compile_expression(source), "/data/g/q")] == found


def test_a_picked_row_is_marked() -> None:
    told = references(compile_expression("/data/m[1]/x + indexed-repeat(/data/m/y, /data/m, 1)"), "/data/q")
    assert {(r.path, r.indexed) for r in told} >= {("/data/m/x", True), ("/data/m/y", True)}


def test_paths_are_resolved_from_a_question() -> None:
    assert [resolve(text, "/data/g/q") for text in ("/data/a", " ../b ", "current()/../c", ".")] == [
        "/data/a",
        "/data/g/b",
        "/data/g/c",
        "/data/g/q",
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("jr:itext('n')", "n"),
        ("jr:itext(concat('n', 1))", ""),
        ("jr:itext(/data/a)", ""),
        ("/data/a", ""),
        ("jr:itext()", ""),
    ],
)
def test_ids_of_texts(source: str, found: str) -> None:
    assert literal_itext_id(compile_expression(source)) == found
