from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.meeting import (
    Appraisal,
    Basis,
    MajorityBase,
    QuorumRule,
    Share,
    Vote,
    faults,
    majority,
    needed_present,
    rule_for,
    vote_of,
)
from app.files.pack_in import load_shipped

RULES = load_shipped("s8/v1").quorum
BY_ID = {rule.id: rule for rule in RULES}
HALF = Share(Fraction(1, 2), strict=True)
REPRESENTATIVES = BY_ID["representatives"]
MEETING = {
    "body": "representatives",
    "held_on": "2026-03-09",
    "place": "村委会",
    "chair": "甲",
    "recorder": "乙",
    "supervisor": "丙",
    "eligible": 42,
    "present": 30,
}


def codes(meeting, rule=REPRESENTATIVES, votes=()):
    return [fault.code for fault in faults(meeting, rule, votes)]


@pytest.mark.parametrize(
    ("rule", "eligible", "present", "met"),
    [
        ("representatives", 42, 28, True),  # two thirds exactly
        ("representatives", 42, 27, False),
        ("representatives", 43, 28, False),
        ("representatives", 43, 29, True),
        ("assembly_adults", 100, 50, False),  # more than a half
        ("assembly_adults", 100, 51, True),
        ("assembly_adults", 101, 51, True),
        ("assembly_households", 30, 20, True),
        ("assembly_households", 30, 19, False),
        ("group_adults", 9, 6, True),
        ("group_households", 10, 6, False),
        ("committee", 7, 4, True),
        ("committee", 8, 4, False),
    ],
)
def test_quorum(rule, eligible, present, met):
    told = {"notified_on": "2026-02-20"}
    found = codes({**MEETING, **told, "eligible": eligible, "present": present}, BY_ID[rule])
    assert found == ([] if met else ["meeting.no_quorum"])


def test_a_missing_quorum_says_how_many_are_needed():
    (fault,) = faults({**MEETING, "present": 27}, REPRESENTATIVES)
    assert dict(fault.params) == {"present": 27, "eligible": 42, "needs": 28}


@given(st.integers(1, 500), st.integers(1, 9), st.integers(1, 9), st.booleans())
def test_the_number_needed_is_the_smallest_that_is_enough(eligible, part, whole, strict):
    share = Share(Fraction(min(part, whole), max(part, whole)), strict)
    rule = replace(REPRESENTATIVES, quorum=share)
    needed = needed_present(rule, eligible)
    assert share.holds(needed, eligible)
    assert not share.holds(needed - 1, eligible)


def test_nothing_is_never_enough():
    assert not Share(Fraction(1, 9), strict=False).holds(0, 0)


@pytest.mark.parametrize("field", ["held_on", "place", "chair", "recorder", "eligible", "present"])
def test_what_a_meeting_must_record(field):
    found = faults({**MEETING, field: ""}, REPRESENTATIVES)
    assert field in {fault.field for fault in found}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"present": 43}, "meeting.too_many_present"),
        ({"recorder": "甲"}, "meeting.same_people"),
        ({"supervisor": "甲"}, "meeting.same_people"),
    ],
)
def test_faults_of_a_meeting(change, code):
    assert codes({**MEETING, **change}) == [code]


def test_a_supervisor_may_be_absent():
    assert codes({**MEETING, "supervisor": ""}) == []


def test_a_body_the_pack_does_not_know_cannot_meet():
    assert codes(MEETING, None) == ["meeting.no_rule"]


@pytest.mark.parametrize(
    ("told", "found"),
    [("2026-02-27", []), ("2026-02-28", ["meeting.short_notice"]), ("", ["meeting.short_notice"])],
)
def test_an_assembly_is_called_ten_days_before(told, found):
    meeting = {**MEETING, "eligible": 100, "present": 90, "notified_on": told}
    assert codes(meeting, BY_ID["assembly_adults"]) == found


@pytest.mark.parametrize(
    ("vote", "found"),
    [
        (Vote(20, 6, 4), []),
        (Vote(20, 6, 2, recused=2), []),
        (Vote(20, 6, 3), ["meeting.ballots"]),
        (Vote(20, 6, 5), ["meeting.ballots"]),
        (Vote(), ["meeting.ballots"]),
    ],
)
def test_ballots_and_recusals_add_up_to_those_present(vote, found):
    assert codes(MEETING, REPRESENTATIVES, [vote]) == found


@pytest.mark.parametrize(
    ("vote", "change", "result"),
    [
        (Vote(15, 15, 0), {}, Appraisal.DISAGREE),  # exactly a half of 30
        (Vote(16, 14, 0), {}, Appraisal.AGREE),
        (Vote(15, 0, 15), {}, Appraisal.DISAGREE),  # abstentions count as present
        (Vote(15, 13, 0, recused=2), {}, Appraisal.AGREE),  # 15 of 28
        (Vote(14, 14, 0, recused=2), {}, Appraisal.DISAGREE),
        (Vote(15, 13, 0, recused=2), {"recused_count": True}, Appraisal.DISAGREE),  # 15 of 30
        (Vote(21, 9, 0), {"majority_base": MajorityBase.ELIGIBLE}, Appraisal.DISAGREE),  # 21 of 42
        (Vote(22, 8, 0), {"majority_base": MajorityBase.ELIGIBLE}, Appraisal.AGREE),
        (Vote(20, 10, 0), {"passing": Share(Fraction(2, 3), strict=False)}, Appraisal.AGREE),
        (Vote(0, 0, 0, recused=30), {}, Appraisal.DISAGREE),
    ],
)
def test_majority(vote, change, result):
    assert majority(replace(REPRESENTATIVES, **change), MEETING, vote) is result


@pytest.mark.parametrize(
    ("recused", "count"), [("", 0), ("甲", 1), ("甲、乙", 2), ("甲，乙;丙 丁\n戊", 5), (" 、 ", 0)]
)
def test_the_vote_of_a_case(recused, count):
    vote = vote_of({"votes_for": 3, "votes_against": 2, "votes_abstain": "", "recused": recused})
    assert vote == Vote(3, 2, 0, count)
    assert vote.ballots == 5


@pytest.mark.parametrize(
    ("body", "named", "found"),
    [
        ("assembly", "assembly_households", "assembly_households"),
        ("assembly", "", "assembly_adults"),
        ("assembly", "representatives", "assembly_adults"),  # a rule of another body does not count
        ("nobody", "", None),
    ],
)
def test_the_rule_of_a_meeting(body, named, found):
    rule = rule_for(RULES, {"body": body, "quorum_rule": named})
    assert (rule.id if rule else None) == found


def test_values_of_a_rule():
    rule = QuorumRule("x", "b", "n", Basis.MEMBERS, HALF, HALF)
    assert (rule.majority_base, rule.notice_days, rule.recused_count) == (MajorityBase.PRESENT, 0, False)
