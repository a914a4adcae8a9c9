"""Location paths, comparisons and the tree they walk."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from app.questionnaire.xpath.compiler import compile_expression
from app.questionnaire.xpath.node import Node, NodeKind, document, from_lxml, in_order, parse_xml
from app.questionnaire.xpath.values import Context, ExpressionError, Scope, Value, to_text
from tests.questionnaire.forms import answer, engine_of, value

DOC = """<r xmlns:p="urn:p"><!--note--><?go on?><a k="1" p:j="2"><b>1</b><b>2</b></a><a k="3"><b>3</b><c><b>4</b></c></a>
<p:z>5</p:z></r>"""


def run(source: str, at: str = "/r") -> Value:
    root = document(from_lxml(parse_xml(DOC), keep_blank=False))
    scope = Scope(
        now=datetime(2026, 1, 1, tzinfo=UTC),
        zone=UTC,
        rng=random.Random(1),
        root=root,
        namespaces={"p": "urn:p"},
    )
    node = root
    if at != "/":
        found = compile_expression(at).run(Context(root, scope, root))
        assert isinstance(found, list)
        node = found[0]
    return compile_expression(source).run(Context(node, scope, node))


def texts(source: str, at: str = "/r") -> list[str]:
    found = run(source, at)
    assert isinstance(found, list)
    return [n.value() for n in found]


@pytest.mark.parametrize(
    ("source", "at", "found"),
    [
        ("following::b", "/r/a/b", ["2", "3", "4"]),
        ("following::b", "/r/a[2]/@k", ["3", "4"]),
        ("preceding::b", "/r/a[2]/c", ["1", "2", "3"]),
        ("preceding::b[1]", "/r/a[2]/c", ["3"]),
        ("preceding::b", "/r/a[2]/@k", ["1", "2"]),
        ("following-sibling::*", "/r/a/@k", []),
        ("preceding-sibling::b", "/r/a/b[2]", ["1"]),
        ("ancestor::a/b", "/r/a[2]/c/b", ["3"]),
        ("ancestor-or-self::c/b", "/r/a[2]/c/b", ["4"]),
        ("descendant::b", "/r", ["1", "2", "3", "4"]),
        ("descendant-or-self::c", "/r", ["4"]),
        (".//b", "/r/a[2]", ["3", "4"]),
        ("//b", "/r/a", ["1", "2", "3", "4"]),
        ("(a)//b", "/r", ["1", "2", "3", "4"]),
        ("@*", "/r/a", ["1", "2"]),
        ("@p:*", "/r/a", ["2"]),
        ("p:*", "/r", ["5"]),
        ("namespace::*", "/r", []),
        ("a/@k | a/b", "/r", ["1", "1", "2", "3", "3"]),
        ("comment()", "/r", ["note"]),
        ("processing-instruction('go')", "/r", ["on"]),
        ("processing-instruction('stop')", "/r", []),
        ("a/b/text()", "/r", ["1", "2", "3"]),
        ("/", "/r/a", ["12345"]),
        ("/r/a[2]/b", "/r/a", ["3"]),
        ("/descendant::c/b", "/r/a", ["4"]),
        ("a[b = 2]/@k", "/r", ["1"]),
        ("a[(b = '3')]/@k", "/r", ["3"]),
        ("a['3' = b and @k]/@k", "/r", ["3"]),
        ("a[@k and b = '3']/@k", "/r", ["3"]),
        ("a[b = current()/a/c/b - 1]/@k", "/r", ["3"]),
        ("a[b = /r/a/b]/@k", "/r", ["1", "3"]),
        ("a[b = '3' and position() = 2]/@k", "/r", ["3"]),
        ("a[p:z = '3']", "/r", []),
        ("a[b != '1']/@k", "/r", ["1", "3"]),
    ],
)
def test_paths(source: str, at: str, found: list[str]) -> None:
    assert texts(source, at) == found


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("true() = a", "true"),
        ("none = false()", "true"),
        ("a = true()", "true"),
        ("true() != none", "true"),
        ("date('2026-01-02') = date('2026-01-02T00:00:00.000Z')", "true"),
        ("1 mod 0", "NaN"),
        ("5 mod 3", "2"),
        ("0 div 0", "NaN"),
        ("jr:itext('x')", "x"),
        ("jr:choice-name('x', 'y')", "x"),
        ("lang('en')", "false"),
    ],
)
def test_values(source: str, text: str) -> None:
    assert to_text(run(source)) == text


@pytest.mark.parametrize("source", ["1 | a", "('a')/b", "1[2]"])
def test_what_is_no_list_of_nodes_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError, match="not_nodes"):
        run(source)


def test_reads_along_every_axis_are_followed() -> None:
    engine = engine_of("""
    | survey |
    |        | type         | name  | label | calculation |
    |        | begin_repeat | who   | 谁    | |
    |        | integer      | n     | 数    | |
    |        | end_repeat   |       |       | |
    |        | calculate    | before|       | count(preceding-sibling::who) |
    |        | calculate    | below |       | count(/data/descendant::n) |
    |        | calculate    | any   |       | count(/data/*) |
    """)
    first = value(engine, "any")
    spread = engine.entry("/data/who")
    assert spread is not None
    engine.add_row(spread)
    assert (value(engine, "before"), value(engine, "below")) == ("2", "2")
    assert int(value(engine, "any")) == int(first) + 1
    answer(engine, "who[2]/n", "5")
    engine.remove_row(spread, 0)
    assert (value(engine, "before"), value(engine, "below"), value(engine, "any")) == ("1", "1", first)


def test_nodes_are_sorted_attributes_right_after_their_element() -> None:
    root = from_lxml(parse_xml("<r><a k='1'/><b/></r>"))
    first, second = root.elements()
    attribute = first.attributes[0]
    assert in_order([second, attribute, first, second]) == [first, attribute, second]
    assert in_order([second, second]) == [second]


def test_an_attribute_is_written_once() -> None:
    node = Node(NodeKind.ELEMENT, "a")
    node.set_attribute("k", "1")
    node.set_attribute("k", "2")
    assert [(a.local, a.text) for a in node.attributes] == [("k", "2")]
    node.attributes[0].set_value("3")
    assert node.attribute("k") == "3"
