from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from app.domain.comparison import (
    CompareResult,
    HitVerdict,
    Ruling,
    Severity,
    adjudicate,
    blocking_hits,
    is_open,
    open_hits,
    result_of,
)
from app.domain.errors import Refused

A, B = "1" * 32, "2" * 32
DAY = date(2026, 3, 9)


def ruling(verdict, reason="scrapped", explanation="", first=A, second=B):
    return Ruling(verdict, reason, explanation, first, second, DAY)


@pytest.mark.parametrize(("verdict", "severity"), list(product(HitVerdict, Severity)), ids=str)
def test_what_may_be_found_about_a_hit(verdict, severity):
    refused = {
        (HitVerdict.NO_EFFECT, Severity.VETO): "comparison.veto_register",
        (HitVerdict.VETO, Severity.RISK): "comparison.risk_register",
    }.get((verdict, severity))
    if refused:
        with pytest.raises(Refused) as caught:
            adjudicate(ruling(verdict), severity)
        assert caught.value.code == refused
    else:
        assert adjudicate(ruling(verdict), severity)["verdict"] == verdict.value


def test_the_fields_of_a_judgement():
    assert adjudicate(ruling(HitVerdict.NO_EFFECT, explanation=" 已报废 "), Severity.FLAG) == {
        "verdict": "no_effect",
        "reason": "scrapped",
        "explanation": "已报废",
        "adjudicator1": A,
        "adjudicator2": B,
        "adjudicated_on": "2026-03-09",
    }


def test_a_pending_hit_needs_nobody():
    pending = ruling(HitVerdict.PENDING, reason="", first="", second="")
    assert adjudicate(pending, Severity.VETO) == {"verdict": "pending", "explanation": ""}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "", "explanation": " "}, "comparison.explanation_needed"),
        ({"second": A}, "comparison.two_people"),
        ({"second": ""}, "comparison.two_people"),
        ({"first": ""}, "comparison.two_people"),
    ],
)
def test_a_judgement_needs_words_and_two_people(change, code):
    with pytest.raises(Refused) as caught:
        adjudicate(ruling(HitVerdict.DATA_ERROR, **change), Severity.FLAG)
    assert caught.value.code == code


def hits(*verdicts):
    return [{"verdict": verdict} for verdict in verdicts]


def test_counts():
    found = [*hits("", "pending", "veto", "no_effect"), {"verdict": "veto", "void": 1}, {"void": 1}, {}]
    assert open_hits(found) == 3
    assert blocking_hits(found) == 1
    assert is_open({})
    assert not is_open({"verdict": "correct"})


@pytest.mark.parametrize(
    ("verdicts", "comparable", "result"),
    [
        ([], True, CompareResult.NONE),
        ([], False, CompareResult.NOT_COMPARABLE),
        (["data_error"], True, CompareResult.DATA_ERROR),
        (["data_error", "no_effect"], True, CompareResult.EXPLAINED),
        (["correct"], True, CompareResult.EXPLAINED),
        (["no_effect"], False, CompareResult.NOT_COMPARABLE),
        (["no_effect", "veto"], True, CompareResult.VETO),
        (["veto"], False, CompareResult.VETO),
    ],
)
def test_what_all_hits_come_to(verdicts, comparable, result):
    struck = {"verdict": "veto", "void": 1}
    assert result_of([*hits(*verdicts), struck], comparable=comparable) is result


def test_open_hits_have_no_result():
    with pytest.raises(Refused) as caught:
        result_of(hits("veto", "", "pending"))
    assert (caught.value.code, caught.value.params) == ("comparison.open_hits", {"count": 2})
