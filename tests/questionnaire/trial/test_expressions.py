"""Expressions against their recorded values."""

from __future__ import annotations

import pytest

from app.questionnaire.trial.expressions import run_expressions
from app.questionnaire.trial.record import Outcome, Record

DOCS = {
    "d": '<r xmlns:y="urn:y"><a id="1" y:k="2">5</a><b>x</b><instance id="i"><v>7</v></instance></r>',
    "t": "<!DOCTYPE r><r><a>1</a></r>",
}


def run(expr: str, kind: str, expected: object, **more: object) -> Outcome:
    context = {"doc": "d", "node": "/0", "root": "/", "tz": "Asia/Shanghai", "now_ms": 0}
    context |= {key: more.pop(key) for key in ("doc", "node", "root", "tz", "now_ms") if key in more}
    conflicts = [Record(c) for c in more.pop("conflicts", [])]  # type: ignore[attr-defined] -- a list
    case = {"id": "c1", "expr": expr, "kind": kind, "expected": expected, "context": context, **more}
    return run_expressions([Record(case)], Record(DOCS), conflicts)


@pytest.mark.parametrize(
    ("expr", "kind", "expected"),
    [
        ("a = 5", "boolean", True),
        ("a + 1", "number", 6),
        ("0 div 0", "number", "NaN"),
        ("1 div 0", "number", "Infinity"),
        ("1 div 3", "number_rounded", [0.33, 100]),
        ("b", "string", "x"),
        ("uuid()", "string_match", "^[0-9a-f-]{36}$"),
        ("uuid()", "string_length", 36),
        ("a | b", "nodeset", ["/0/0", "/0/1"]),
        ("b | a", "nodeset_unordered", ["/0/1", "/0/0"]),
        ("a/@id", "nodeset", ["/0/0/@id"]),
        ("a/@y:k", "string", "2"),
        ("instance('i')/v", "string", "7"),
        ("today()", "string", "2026-11-22"),
        ("foo(", "error", ""),
    ],
)
def test_good(expr: str, kind: str, expected: object) -> None:
    assert run(expr, kind, expected) == Outcome(passed=1)


@pytest.mark.parametrize(
    ("expr", "kind", "expected", "reason"),
    [
        ("b", "string", "y", "got 'x' instead of 'y'"),
        ("a + 1", "number", "NaN", "got '6' instead of 'NaN'"),
        ("b", "error", "", "no error but 'x'"),
        ("foo(", "string", "", "error questionnaire.expression_syntax"),
        ("'a'", "nodeset", ["/0"], "got 'a' instead of ['/0']"),
        ("a", "nodeset", ["/0/1"], "got '5' instead of ['/0/1']"),
    ],
)
def test_bad(expr: str, kind: str, expected: object, reason: str) -> None:
    (failure,) = run(expr, kind, expected).failed
    assert (failure.id, failure.reason) == ("c1", reason)


def test_places_in_a_document_with_a_type_and_a_moment_of_its_own() -> None:
    assert run("a", "nodeset", ["/1/0"], doc="t", node="/1").passed == 1
    assert run("b", "string", "2", node="/0/0", root="/0").failed
    assert run(".", "string", "1", node="/0/0/@id").passed == 1
    assert run("now()", "string", "1970-01-02T00:00:00.000+00:00", tz=None, now_ms=86_400_000).passed == 1


def test_quarantine_is_counted_apart() -> None:
    assert run("b", "string", "y", quarantine="an artefact") == Outcome(quarantined=1)


@pytest.mark.parametrize(
    ("expr", "kind", "a", "b"),
    [("a", "string", "5", "6"), ("1 div 3 * 3", "number", 1, "NaN"), ("a = 5", "boolean", False, True)],
)
def test_where_two_suites_disagree_either_answer_passes(expr: str, kind: str, a: object, b: object) -> None:
    conflict = {"expr": expr, "a_expected": a, "b_expected": b}
    other = "no answer at all" if kind == "string" else 99 if kind == "number" else None
    assert run(expr, kind, other, conflicts=[conflict]).passed == 1
    assert run(expr, kind, other).failed


def test_a_damaged_case_fails_and_no_more() -> None:
    assert "case_damaged" in run("a", "string", "5", doc=7).failed[0].reason
    assert "fault" in run("a", "string", "5", node="/9").failed[0].reason
