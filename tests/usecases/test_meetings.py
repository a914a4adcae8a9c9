"""Appraisal meetings: one for many households, a vote for each, concluded by what the votes came to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.ids import EntityId, Kind, Level
from app.domain.workflow import Leads
from app.usecases import cases, meetings
from app.usecases.policy import Policy
from tests.usecases.expect import refused, written
from tests.usecases.test_cases import neighbour
from tests.usecases.village import VILLAGE, only

HELD = {
    "body": "representatives",
    "held_on": "2026-03-02",
    "place": "村委会会议室",
    "chair": "陈志明",
    "recorder": "李秀英",
    "supervisor": "张国强",
    "eligible": 40,
    "present": 30,
    "minutes": "逐户议论后举手表决。",
}
FOR = {"votes_for": 28, "votes_against": 1, "votes_abstain": 1, "recused": ""}
AGAINST = {"votes_for": 10, "votes_against": 20, "votes_abstain": 0, "recused": ""}


@pytest.fixture
def pair(village):
    """Two cases that wait for a meeting."""
    found = [village.open("吴福生"), village.open("赵六")]
    for case in found:
        village.bring(case, "appraise")
    return found


def held(village, votes, **other):
    return only(meetings.record_meeting(village.office, {**HELD, **other}, votes), Kind.MEETING)


def test_a_meeting_and_the_vote_of_each_household(village, pair):
    first, second = pair
    changes = meetings.record_meeting(village.office, HELD, {first: FOR, second: AGAINST})
    meeting, *saved = written(village.office, changes)
    round_id = village.values(Kind.CASE, first)["round"]
    assert (meeting.op, meeting.changes) == (
        "meeting.held",
        {**HELD, "round": round_id, "quorum_rule": "representatives"},
    )
    assert [(one.entity, one.op, one.changes["meeting"]) for one in saved] == [
        (case, "case.saved", meeting.entity) for case in pair
    ]
    assert saved[1].changes == {"votes_for": 10, "votes_against": 20, "votes_abstain": 0} | {
        "meeting": meeting.entity
    }
    assert [village.stage(case) for case in pair] == ["appraise"] * 2


@pytest.mark.parametrize(
    ("wrong", "votes", "code"),
    [
        ({"body": "choir"}, FOR, "meeting.no_rule"),
        ({"place": ""}, FOR, "meeting.no_place"),
        ({"present": 20}, FOR, "meeting.no_quorum"),
        ({"present": 41}, FOR, "meeting.too_many_present"),
        ({"recorder": "陈志明"}, FOR, "meeting.same_people"),
        ({"body": "assembly"}, FOR, "meeting.short_notice"),
        ({"held_on": "2026-03-03"}, FOR, "workflow.future_date"),
        ({}, {**FOR, "votes_for": 27}, "meeting.ballots"),
        ({"colour": "red"}, FOR, "field.unknown"),
        ({}, {**FOR, "decision": "approve"}, "workflow.unknown_field"),
    ],
)
def test_a_meeting_that_would_not_count_is_not_recorded(village, pair, wrong, votes, code):
    with refused(village.office, code):
        meetings.record_meeting(village.office, {**HELD, **wrong}, dict.fromkeys(pair, votes))


def test_for_whom_no_meeting_is_held(village, pair):
    early = village.open("孙七")
    with refused(village.office, "meeting.no_cases"):
        meetings.record_meeting(village.office, HELD, {})
    with refused(village.office, "workflow.not_at_step", status="active"):
        meetings.record_meeting(village.office, HELD, {pair[0]: FOR, early: FOR})
    with refused(village.office, "region.outside", place=VILLAGE):
        meetings.record_meeting(neighbour(village), HELD, {pair[0]: FOR})
    with refused(village.office, "workflow.for_village"):
        meetings.record_meeting(village.at(Level.COUNTY), HELD, {pair[0]: FOR})
    leaving = village.bring(village.open("周八", "exit"), "appraise")
    with refused(village.office, "meeting.mixed"):
        meetings.record_meeting(village.office, HELD, {pair[0]: FOR, leaving: FOR})


def test_the_majority_decides_for_each_household(village, pair):
    agreed, rejected = pair
    uid = held(village, {agreed: FOR, rejected: AGAINST})
    done = meetings.conclude_meeting(village.office, uid)
    assert (set(done.done), done.refused) == (set(pair), ())
    first, second = (village.values(Kind.CASE, case) for case in (agreed, rejected))
    assert (first["stage"], first["appraisal"]) == ("publicise", "agree")
    assert second["appraisal"] == "disagree"
    assert second["stage"] != "publicise"
    assert {body.op for body in written(village.office, done.changes)} == {"case.advanced"}
    # Once more: nobody waits there now, and nothing is said about those who went on.
    again = meetings.conclude_meeting(village.office, uid)
    assert (again.done, again.refused, again.changes.entries) == ((), (), ())


def test_one_household_that_cannot_go_on_does_not_hold_up_the_others(village, pair):
    uid = held(village, dict.fromkeys(pair, FOR))
    cases.act_on_case(village.office, pair[1], "suspend", {"reason": "户主住院"})
    done = meetings.conclude_meeting(village.office, uid)
    assert done.done == (pair[0],)
    assert [(case, error.code) for case, error in done.refused] == [(pair[1], "workflow.no_such_action")]


def test_the_day_of_the_conclusion_is_not_before_the_step(village, pair):
    uid = held(village, {pair[0]: FOR})
    done = meetings.conclude_meeting(village.office, uid, village.today - timedelta(days=9))
    assert [error.code for _, error in done.refused] == ["workflow.before_stage"]
    assert done.changes.entries == ()


def test_a_struck_meeting_sends_its_cases_back(village, pair):
    uid = held(village, dict.fromkeys(pair, FOR))
    meetings.conclude_meeting(village.office, uid)
    with refused(village.office, "workflow.reason_needed"):
        meetings.strike_meeting(village.office, uid, " ")
    with refused(village.office, "entity.unknown"):
        meetings.strike_meeting(village.office, EntityId("0" * 32), "记错了")
    with refused(village.office, "region.outside", place=VILLAGE):
        meetings.strike_meeting(neighbour(village), uid, "记错了")
    changes = meetings.strike_meeting(village.office, uid, "到会人数记错")
    found = written(village.office, changes)
    assert [body.op for body in found] == ["case.struck", "case.struck", "meeting.struck"]
    assert found[-1].changes == {"void": 1, "void_reason": "到会人数记错"}
    for case in pair:
        values = village.values(Kind.CASE, case)
        assert (values["stage"], values["meeting"], values["status"]) == ("appraise", "", "returned")
    with refused(village.office, "meeting.struck"):
        meetings.conclude_meeting(village.office, uid)


def test_a_meeting_the_township_relied_on_is_not_struck(village, pair):
    uid = held(village, dict.fromkeys(pair, FOR))
    meetings.conclude_meeting(village.office, uid)
    village.publicise(pair)
    village.bring(pair[0], "audit")
    with refused(village.office, "workflow.no_such_action"):
        meetings.strike_meeting(village.office, uid, "记错了")


def test_the_cases_of_a_record_and_the_step_it_belongs_to(village, pair):
    uid = held(village, {pair[0]: FOR})
    with village.office.workspace.write(village.office.actor) as tx:
        values = tx.load(Kind.CASE, pair[0])
        assert meetings.step_linked(village.office, values, meetings.Link.MEETING).id == "appraise"
        assert [case for case, _ in meetings.waiting_at(tx, village.office, meetings.Link.MEETING, uid)] == [
            pair[0]
        ]


def without(village, **changed):
    """The same desk under a pack that lacks something."""
    pack = replace(village.office.policy.pack("s8/v1"), **changed)
    return replace(village.office, policy=Policy({"s8/v1": pack}, village.office.policy.lists))


def test_a_pack_without_a_rule_for_the_meeting_concludes_nothing(village, pair):
    uid = held(village, dict.fromkeys(pair, FOR))
    done = meetings.conclude_meeting(without(village, quorum=()), uid)
    assert [error.code for _, error in done.refused] == ["meeting.no_rule"] * 2
    assert done.changes.entries == ()


def test_a_workflow_without_meetings_strikes_none(village, pair):
    uid = held(village, {pair[0]: FOR})
    meetings.conclude_meeting(village.office, uid)
    flows = village.office.policy.pack("s8/v1").workflows
    bare = {
        name: replace(flow, steps=tuple(replace(step, link=None) for step in flow.steps))
        for name, flow in flows.items()
    }
    with refused(village.office, "workflow.not_at_step"):
        meetings.strike_meeting(without(village, workflows=bare), uid, "记错了")


def test_an_outcome_that_leaves_the_case_where_it_is(village, pair):
    uid = held(village, dict.fromkeys(pair, FOR))
    flow = village.office.policy.pack("s8/v1").workflows["identify"]
    steps = tuple(
        replace(step, outcomes=tuple(replace(one, leads=Leads.STAY) for one in step.outcomes))
        if step.id == "appraise"
        else step
        for step in flow.steps
    )
    stay = without(village, workflows={"identify": replace(flow, steps=steps)})
    done = meetings.conclude_meeting(stay, uid)
    assert (done.done, done.refused, done.changes.entries) == ((), (), ())
    assert [village.stage(case) for case in pair] == ["appraise"] * 2
