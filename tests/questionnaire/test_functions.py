"""Every documented function: it is there, takes the right number of arguments, and gives these values."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.questionnaire.secondary import wrap
from app.questionnaire.xpath.compiler import compile_expression, problem_of
from app.questionnaire.xpath.functions import FUNCTIONS, LAZY
from app.questionnaire.xpath.node import document, from_lxml, parse_xml
from app.questionnaire.xpath.values import Context, ExpressionError, Scope, Value, to_text
from tests.questionnaire.function_cases import CASES, CORE, DOC, DOCUMENTED, LIST


def evaluate(source: str, at: str = "") -> Value:
    root = document(from_lxml(parse_xml(DOC), keep_blank=False))
    scope = Scope(
        now=datetime(2026, 11, 22, 2, 30, tzinfo=UTC),
        zone=timezone(timedelta(hours=8)),
        rng=random.Random(5),
        root=root,
        instances={"lists": wrap("lists", from_lxml(parse_xml(LIST)))},
        namespaces={"x": "urn:x"},
        itext=lambda text_id, node: f"{text_id} at {node.name}",
        choice_name=lambda value, path, _node: f"{value} of {path}",
        version="7",
    )
    node = root.children[0]
    here = node.element(at) or node
    return compile_expression(source).run(Context(node, scope, here))


@pytest.mark.parametrize(("source", "text"), CASES)
def test_value(source: str, text: str) -> None:
    assert to_text(evaluate(source, "name" if source.startswith("once") else "")) == text


def test_once_keeps_a_blank_while_there_is_nothing() -> None:
    assert evaluate("once(7)", "blank") == "7"
    assert evaluate("once(0 div 0)", "blank") == ""


def test_every_documented_function_is_there() -> None:
    known = {*FUNCTIONS, *LAZY}
    assert len(DOCUMENTED) == len(set(DOCUMENTED)) == 69
    assert set(DOCUMENTED) - known == set()
    assert set(CORE) - known == set()


def test_every_function_has_two_cases() -> None:
    called = Counter(name for source, _ in CASES for name in set(re.findall(r"[a-z][\w:.-]*(?=\()", source)))
    assert {name for name in {*FUNCTIONS, *LAZY} if called[name] < 2} == set()


@pytest.mark.parametrize(
    ("name", "allowed", "refused"),
    [
        ("if", (3,), (2, 4)),
        ("position", (0, 1), (2,)),
        ("once", (1,), (0, 2)),
        ("selected", (2,), (1, 3)),
        ("selected-at", (2,), (1, 3)),
        ("count-selected", (1,), (0, 2)),
        ("jr:choice-name", (2,), (1, 3)),
        ("indexed-repeat", (3, 5, 7), (2,)),
        ("count", (1,), (0, 2)),
        ("sum", (1,), (0, 2)),
        ("max", (1, 2, 9), (0,)),
        ("regex", (2,), (1, 3)),
        ("substr", (2, 3), (1, 4)),
        ("translate", (3,), (2, 4)),
        ("string-length", (0, 1), (2,)),
        ("join", (1, 2, 9), (0,)),
        ("digest", (2, 3), (1, 4)),
        ("extract-signed", (2,), (1, 3)),
        ("round", (1, 2), (0, 3)),
        ("pow", (2,), (1, 3)),
        ("atan2", (2,), (1, 3)),
        ("pi", (0,), (1,)),
        ("today", (0,), (1,)),
        ("decimal-time", (1,), (0, 2)),
        ("format-date-time", (2,), (1, 3)),
        ("area", (1,), (0, 2)),
        ("geofence", (2,), (1, 3)),
        ("intersects", (1,), (0, 2)),
        ("randomize", (1, 2), (0, 3)),
        ("uuid", (0, 1), (2,)),
        ("coalesce", (2, 3), (0,)),
        ("checklist", (3, 9), (2,)),
        ("weighted-checklist", (4, 8), (3,)),
    ],
)
def test_number_of_arguments(name: str, allowed: tuple[int, ...], refused: tuple[int, ...]) -> None:
    assert [given for given in (*allowed, *refused) if problem_of(name, given) is None] == list(allowed)


@pytest.mark.parametrize(
    "source",
    [
        "sum(3)",
        "count('a')",
        "indexed-repeat(n, 'row', 1)",
        "indexed-repeat('n', row, 1)",
        "randomize('a')",
        "regex('a', '(')",
        "digest('a', 'CRC')",
        "digest('a', 'MD5', 'octal')",
        "geofence('x', field)",
        "date(true())",
        "date('昨天')",
        "decimal-date-time('昨天')",
        "instance('none')",
        "pulldata('none', 'a', 'b', 'c')",
        "y:tag",
    ],
)
def test_what_cannot_be_computed_is_an_error(source: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(source)


def test_a_seed_gives_the_order_every_engine_gives() -> None:
    doc = "<data>" + "".join(f"<v>{c}</v>" for c in "ABCDEF") + "</data>"
    root = document(from_lxml(parse_xml(doc)))
    scope = Scope(now=datetime(2026, 1, 1, tzinfo=UTC), zone=UTC, rng=random.Random(), root=root)
    node = root.children[0]

    def shuffled(seed: str) -> Value:
        return compile_expression(f"join('', randomize(v, {seed}))").run(Context(node, scope, node))

    assert [shuffled(s) for s in ("42", "-42", "1", "1.9")] == ["AFCBDE", "EDAFBC", "BFEACD", "BFEACD"]
