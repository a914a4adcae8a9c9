from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.evidence import FACT_NAMES, CaseFacts, CaseView, has_evidence, missing
from app.domain.ids import Level
from app.domain.stage import State, Status
from app.domain.workflow import Evidence, EvidenceKind, Leads, Link, Outcome, Step

DAY = date(2026, 3, 9)
PASS = Outcome("pass", "过", Leads.NEXT)
STOP = Outcome("stop", "停", Leads.REJECT)
STATE = State((), Status.ACTIVE)
STEP = Step("visit", "入户", "入户", Level.VILLAGE, "visit", outcomes=(PASS, STOP))


def lacks(evidence, values=None, facts=None, outcome=PASS, step=STEP):
    view = CaseView(values or {}, facts or CaseFacts())
    found = missing(replace(step, evidence=(evidence,)), outcome, view, STATE, DAY)
    return [(fault.code, fault.field) for fault in found]


FILLED = Evidence(EvidenceKind.FILLED, "甲", ("applicant", "accepted_no"))
ANY = Evidence(EvidenceKind.ANY, "签字", ("household_signed", "absent_note"))
EQUALS = Evidence(EvidenceKind.EQUALS, "授权", ("auth_signed",), value=1)


@pytest.mark.parametrize(
    ("evidence", "values", "found"),
    [
        (FILLED, {"applicant": "x", "accepted_no": "1"}, []),
        (FILLED, {"applicant": "x"}, [("workflow.missing", "accepted_no")]),
        (FILLED, {}, [("workflow.missing", "applicant")]),
        (ANY, {"household_signed": 1}, []),
        (ANY, {"household_signed": 0}, [("workflow.missing", "absent_note")]),
        (ANY, {"household_signed": 0, "absent_note": "不在"}, []),
        (ANY, {}, [("workflow.missing", "household_signed")]),
        (EQUALS, {"auth_signed": 1}, []),
        (EQUALS, {"auth_signed": 0}, [("workflow.missing", "auth_signed")]),
        (EQUALS, {}, [("workflow.missing", "auth_signed")]),
    ],
)
def test_evidence_in_the_fields(evidence, values, found):
    assert lacks(evidence, values) == found


@pytest.mark.parametrize(
    ("low", "high", "count", "ok"),
    [
        (1, None, 0, False),
        (1, None, 1, True),
        (1, None, 9, True),
        (0, 0, 0, True),
        (0, 0, 1, False),
        (2, 3, 4, False),
    ],
)
def test_evidence_in_the_facts(low, high, count, ok):
    evidence = Evidence(EvidenceKind.FACT, "条", fact="hits", at_least=low, at_most=high)
    assert lacks(evidence, facts=CaseFacts(hits=count)) == ([] if ok else [("workflow.missing", "")])


def test_attachments_count_for_their_own_step():
    evidence = Evidence(EvidenceKind.ATTACHMENT, "照片", at_least=2)
    assert lacks(evidence, facts=CaseFacts(attachments={"visit": 2})) == []
    assert lacks(evidence, facts=CaseFacts(attachments={"visit": 1, "audit": 9})) == [
        ("workflow.missing", "")
    ]


@pytest.mark.parametrize(
    ("counts", "last", "found"),
    [
        (1, DAY - timedelta(days=1), []),
        (1, DAY, [("workflow.publicity_until", "publicity")]),
        (1, None, [("workflow.missing", "publicity")]),
        (0, DAY - timedelta(days=1), [("workflow.missing", "publicity")]),
    ],
)
def test_the_notice_must_be_over(counts, last, found):
    evidence = Evidence(EvidenceKind.PUBLICITY_OVER, "期满")
    facts = CaseFacts(publicity_counts=counts, publicity_to=last)
    assert lacks(evidence, facts=facts, step=replace(STEP, link=Link.PUBLICITY)) == found


def test_evidence_is_asked_of_forward_outcomes_unless_it_names_others():
    assert lacks(FILLED, outcome=STOP) == []
    named = replace(FILLED, outcomes=("stop",))
    assert lacks(named, outcome=PASS) == []
    assert lacks(named, outcome=STOP) == [("workflow.missing", "applicant")]


def test_evidence_may_depend_on_a_field():
    filed = replace(FILLED, when_field="relatives_filed", when_value=1)
    assert lacks(filed, {"relatives_filed": 0}) == []
    assert lacks(filed, {}) == []
    assert lacks(filed, {"relatives_filed": 1}) == [("workflow.missing", "applicant")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "reviewer1"),
        ({"reviewer1": "1"}, "reviewer2"),
        ({"reviewer1": "1", "reviewer2": "1"}, "reviewer2"),
        ({"reviewer1": "1", "reviewer2": "2"}, None),
    ],
)
def test_people_are_different_people(values, field):
    step = replace(STEP, people=("reviewer1", "reviewer2"))
    found = missing(step, PASS, CaseView(values), STATE, DAY)
    assert [(fault.code, fault.field) for fault in found] == ([("workflow.people", field)] if field else [])
    assert missing(step, STOP, CaseView(values), STATE, DAY) == ()


@pytest.mark.parametrize(("link", "lacking"), [("old", True), ("new", False), ("", False)])
def test_a_record_that_must_be_made_anew(link, lacking):
    step = replace(STEP, link=Link.PUBLICITY)
    state = replace(STATE, redo={"visit": "old"})
    found = missing(step, PASS, CaseView({"publicity": link}), state, DAY)
    assert [fault.code for fault in found] == (["workflow.redo"] if lacking else [])
    assert missing(step, PASS, CaseView({"publicity": link}), STATE, DAY) == ()


def test_whether_anything_was_written_at_a_step():
    step = replace(STEP, fields=("absent_note",), people=("investigator1",), link=Link.MEETING)
    assert not has_evidence(step, {"applicant": "x", "absent_note": ""})
    for code in ("absent_note", "investigator1", "meeting"):
        assert has_evidence(step, {code: "x"})


def test_facts_are_counts_and_flags():
    facts = CaseFacts(hits=2, publicity_to=DAY)
    assert facts.count("hits") == 2
    assert facts.count("publicity_to") == 0
    assert {"hits", "members", "no_labour"} <= FACT_NAMES
    assert FACT_NAMES.isdisjoint({"attachments", "stage_heads", "publicity_to"})
