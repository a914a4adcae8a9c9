from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from app.domain.action import Acting, available_actions
from app.domain.errors import Refused
from app.domain.evidence import CaseView
from app.domain.given import Given, given_from
from app.domain.ids import Level
from app.domain.stage import Status
from app.domain.transition import act
from app.domain.workflow import Verb
from app.files.pack_in import load_shipped
from tests.domain.flow import ENTERED, FORWARD, GOOD, NOTICE, P1, START, Drive, refusal

S8 = load_shipped("s8/v1")
IDENTIFY = S8.workflow("identify")
EXIT = S8.workflow("exit")
MONITOR = load_shipped("monitor-2021/v1").workflow("identify")
FLOWS = [
    pytest.param(flow, id=name)
    for name, flow in (("identify", IDENTIFY), ("exit", EXIT), ("monitor", MONITOR))
]


@pytest.mark.parametrize("workflow", FLOWS)
def test_a_case_runs_from_start_to_end(workflow):
    drive = Drive(workflow).until("end")
    assert (drive.stage, drive.status) == ("end", "approved")
    assert [done.op for done in drive.log] == ["case.advanced"] * len(workflow.steps)
    assert {done.extras["from"] for done in drive.log} == set(workflow.order)
    assert [done.decides for done in drive.log].count(True) == 1
    assert drive.log[-1].extras["to"] == "end"


def test_the_stages_of_the_eight_steps_are_one_after_the_other():
    drive = Drive(IDENTIFY)
    seen = [drive.stage]
    while drive.stage != "end":
        drive.forward(drive.stage)
        seen.append(drive.stage)
    assert seen == [*IDENTIFY.order, "end"]


def test_the_comparison_runs_beside_the_appraisal():
    drive = Drive(MONITOR)
    drive.forward("visit")
    assert drive.stage == "appraise compare"
    drive.forward("appraise")
    assert drive.stage == "compare publicise"
    assert drive.values["opened"] == "compare=2026-03-03 publicise=2026-03-04"
    drive.forward("publicise")
    assert drive.stage == "compare"
    drive.forward("compare")
    assert drive.stage == "check"


def test_the_comparison_may_also_come_first():
    drive = Drive(MONITOR)
    for step in ("visit", "compare", "appraise", "publicise"):
        drive.forward(step)
    assert drive.stage == "check"


@pytest.mark.parametrize(
    ("workflow", "standing", "step", "status"),
    [
        pytest.param(workflow, standing, step, status, id=f"{name}-{standing}-{step}-{status}")
        for name, workflow in (("identify", IDENTIFY), ("exit", EXIT), ("monitor", MONITOR))
        for standing, step, status in product((*workflow.order, "end"), workflow.order, Status)
    ],
)
def test_every_step_against_every_standing_and_status(workflow, standing, step, status):
    """A step's outcomes are offered exactly while it is open in a case that runs, to its own level only."""
    drive = Drive(workflow)
    drive.values.update(stage=standing, status=status.value)
    runs = status in {Status.ACTIVE, Status.RETURNED}
    expected = {f"{step}.{outcome.id}" for outcome in workflow.step(step).outcomes}
    for level in Level:
        offered = {one for one in drive.actions(level) if one.startswith(f"{step}.")}
        advancing = offered & expected
        if runs and standing == step and level is workflow.step(step).level:
            assert advancing == expected
        else:
            assert advancing == set()


@pytest.mark.parametrize(("status", "verb"), list(product(Status, Verb)), ids=str)
def test_what_may_be_done_to_a_case_as_a_whole(status, verb):
    drive = Drive(IDENTIFY).until("appraise")
    ended = status not in {Status.ACTIVE, Status.RETURNED, Status.SUSPENDED}
    drive.values.update(status=status.value)
    if ended:
        drive.values.update(stage="end", closed_stage="appraise")
    offered = {action.verb for action in drive.actions("village").values()}
    running = {Verb.ADVANCE, Verb.SAVE, Verb.RETURN, Verb.SUSPEND, Verb.WITHDRAW, Verb.URGENT}
    expected = {
        Status.ACTIVE: running,
        Status.RETURNED: running,
        Status.SUSPENDED: {Verb.RESUME, Verb.WITHDRAW},
        Status.CLOSED: set(),
    }.get(status, {Verb.REOPEN})
    assert (verb in offered) == (verb in expected)


@pytest.mark.parametrize("step", IDENTIFY.order)
def test_an_action_of_another_level_is_refused(step):
    drive = Drive(IDENTIFY).until(step)
    own = IDENTIFY.step(step).level
    for level in Level:
        if level is not own:
            assert (
                refusal(drive, f"{step}.{FORWARD[step]}", level, **ENTERED[step]).code
                == f"workflow.for_{own}"
            )


@pytest.mark.parametrize("step", IDENTIFY.order)
def test_every_step_says_what_it_lacks(step):
    drive = Drive(IDENTIFY).until(step)
    action = drive.actions(IDENTIFY.step(step).level)[f"{step}.{FORWARD[step]}"]
    assert action.missing
    assert all(dict(fault.params)["what"] for fault in action.missing)
    refused = refusal(drive, action.id)
    assert refused.code in {"workflow.not_yet", "workflow.missing", "workflow.people"}


def test_the_visit_names_the_missing_signature():
    drive = Drive(IDENTIFY).until("visit")
    refused = refusal(drive, "visit.consistent", **{**ENTERED["visit"], "household_signed": 0})
    assert (refused.code, refused.params) == ("workflow.missing", {"what": "户主签字"})
    drive.forward("visit", household_signed=0, absent_note="户主在外，电话核对")
    assert drive.stage == "compare"


def test_two_people_must_be_two():
    drive = Drive(IDENTIFY).until("review")
    refused = refusal(drive, "review.pass", relatives_filed=0, reviewer1=P1, reviewer2=P1)
    assert (refused.code, refused.params["needs"]) == ("workflow.people", 2)


def test_the_comparison_is_blocked_without_authorisation():
    drive = Drive(IDENTIFY).until("compare")
    for outcome in ("none", "explained", "data_error", "not_comparable", "veto"):
        reason = {"reason": "说明"}
        assert refusal(drive, f"compare.{outcome}", auth_signed=0, **reason).code in {
            "workflow.missing",
            "workflow.not_yet",
        }


def test_open_hits_block_and_a_veto_rejects():
    drive = Drive(IDENTIFY, replace(GOOD, hits=2, hits_open=1)).until("compare")
    assert refusal(drive, "compare.explained", auth_signed=1).params == {"what": "逐条核实比对结果"}
    drive.facts = replace(GOOD, hits=2, hits_veto=1)
    assert refusal(drive, "compare.explained", auth_signed=1).code == "workflow.missing"
    drive.act("compare.veto", auth_signed=1, reason="名下有营运车辆")
    assert (drive.stage, drive.status, drive.values["closed_stage"]) == ("end", "rejected", "compare")
    assert drive.values["compare_result"] == "veto"


def test_a_case_waits_for_the_end_of_its_notice():
    drive = Drive(IDENTIFY, replace(GOOD, publicity_to=START + timedelta(days=30))).until("publicise")
    refused = refusal(drive, "publicise.none", publicity=NOTICE)
    assert (refused.code, refused.params["until"]) == ("workflow.publicity_until", "2026-04-01")
    drive.day = date(2026, 3, 31)
    assert refusal(drive, "publicise.none", publicity=NOTICE).code == "workflow.publicity_until"
    drive.act("publicise.none", publicity=NOTICE)
    assert (drive.day, drive.stage) == (date(2026, 4, 2), "check")


def test_a_notice_with_faults_counts_for_nothing():
    drive = Drive(IDENTIFY, replace(GOOD, publicity_counts=0)).until("publicise")
    assert refusal(drive, "publicise.none", publicity=NOTICE).params == {"what": "公示期满"}


def test_only_the_household_objected_to_stops():
    stopped = Drive(IDENTIFY, replace(GOOD, objections=1, objections_open=1)).until("publicise")
    other = Drive(IDENTIFY).until("publicise")
    assert refusal(stopped, "publicise.objection", publicity=NOTICE).params == {"what": "答复全部异议"}
    other.forward("publicise")
    assert other.stage == "check"
    stopped.facts = replace(GOOD, objections=1)
    assert "workflow" in refusal(stopped, "publicise.none", publicity=NOTICE).code
    stopped.act("publicise.objection", publicity=NOTICE)
    assert (stopped.stage, stopped.values["publicity_result"]) == ("check", "objection")


def test_an_objection_found_true_may_cancel_the_household():
    drive = Drive(IDENTIFY, replace(GOOD, objections=1)).until("publicise")
    drive.act("publicise.cancel", publicity=NOTICE, reason="举报属实")
    assert (drive.status, drive.values["publicity_result"]) == ("rejected", "objection")


def test_the_vote_decides_between_agree_and_disagree():
    drive = Drive(IDENTIFY, replace(GOOD, majority_agrees=0, majority_disagrees=1)).until("appraise")
    assert refusal(drive, "appraise.agree", **ENTERED["appraise"]).params == {"what": "过半数赞成票"}
    drive.act("appraise.disagree", **ENTERED["appraise"], reason="多数人不同意")
    assert (drive.status, drive.values["appraisal"]) == ("rejected", "disagree")


def test_the_exit_criteria_stop_on_what_is_not_checked_but_not_on_notes():
    drive = Drive(EXIT, replace(GOOD, verdicts_unchecked=1, no_labour=1))
    assert "未核查" in str(refusal(drive, "criteria.met", **ENTERED["criteria"]).params["what"])
    drive.facts = replace(GOOD, no_labour=1)
    drive.forward("criteria")
    assert (drive.values["criteria_met"], drive.stage) == (1, "appraise")


def test_a_step_is_saved_without_being_done():
    drive = Drive(IDENTIFY).until("visit")
    done = drive.act("visit.save", investigator1=P1, absent_note="电话核对")
    assert done.op == "case.saved"
    assert dict(done.fields) == {"investigator1": P1, "absent_note": "电话核对"}
    assert drive.stage == "visit"


def test_what_follows_a_decision_is_recorded_later():
    drive = Drive(IDENTIFY).until("end")
    assert drive.actions("county")["audit.save"].fields == ("announced_on", "registered_on", "registered_no")
    drive.act("audit.save", announced_on=START.isoformat(), registered_no="9")
    assert (drive.status, drive.values["registered_no"]) == ("approved", "9")
    assert refusal(drive, "audit.save", approval_no="x").code == "workflow.unknown_field"


def test_a_step_that_asks_for_more_stays_open():
    drive = Drive(IDENTIFY)
    done = drive.act("apply.supplement", applicant="甲", reason="缺户口簿")
    assert (drive.stage, drive.status) == ("apply", "active")
    assert "stage" not in done.fields
    assert "applied_on" not in drive.values


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"stage": "end"}, "workflow.unknown_field"),
        ({"nothing": 1}, "workflow.unknown_field"),
        ({"auth_on": "2030-01-01"}, "workflow.future_date"),
        ({"auth_on": "yesterday"}, "field.bad_value"),
        ({"auth_signed": 2}, "field.bad_value"),
    ],
)
def test_bad_data_is_refused(data, code):
    assert refusal(Drive(IDENTIFY), "apply.accept", **{**ENTERED["apply"], **data}).code == code


def test_a_date_in_a_note_is_only_a_note():
    drive = Drive(IDENTIFY)
    drive.act("apply.accept", **{**ENTERED["apply"], "source_note": "2099-01-01"})
    assert drive.stage == "review"


def test_an_act_before_the_stage_began_is_refused():
    drive = Drive(IDENTIFY).until("review")
    drive.day = START - timedelta(days=5)
    assert refusal(drive, "review.pass", **ENTERED["review"]).code == "workflow.before_stage"


def test_a_case_of_an_older_stage_without_dates_moves_too():
    drive = Drive(IDENTIFY)
    drive.values = {"stage": "apply", "status": "active"}
    drive.forward("apply")
    assert drive.values["stage_on"] == drive.day.isoformat()


def test_the_day_of_a_step_is_filled_in_unless_given():
    drive = Drive(IDENTIFY)
    drive.forward("apply", applied_on="2026-02-20")
    assert drive.values["applied_on"] == "2026-02-20"
    drive.until("compare")
    assert drive.values["visited_on"] == drive.day.isoformat()


def test_a_transition_writes_its_stage_fields_together_and_nothing_unchanged():
    drive = Drive(IDENTIFY).until("review")
    drive.values["relatives_filed"] = 0
    done = drive.forward("review")
    assert {"stage", "status", "stage_on", "opened"} <= done.fields.keys()
    assert "relatives_filed" not in done.fields


def test_unknown_actions_are_refused():
    drive = Drive(IDENTIFY)
    for action in ("", "review.pass", "apply.nothing", "reopen", "resume", "resolve", "correct"):
        assert refusal(drive, action, "village", reason="x").code == "workflow.no_such_action"


def test_a_case_of_another_pack_is_refused():
    view = CaseView({"stage": "somewhere", "status": "active"}, GOOD)
    with pytest.raises(Refused) as caught:
        act(IDENTIFY, view, "apply.accept", Given(), Acting(Level.VILLAGE, P1, START))
    assert (caught.value.code, caught.value.params) == ("workflow.unknown_step", {"step": "somewhere"})
    with pytest.raises(Refused):
        available_actions(IDENTIFY, view, Acting(Level.VILLAGE, P1, START))


def test_given_splits_the_data_of_an_act():
    given = given_from({"reason": " x ", "reason_code": "c", "to": "visit", "keep": 1, "applicant": "甲"})
    assert given == Given({"applicant": "甲"}, "x", "c", "visit", keep=True)
