"""Ways that do not lead forward: returns, rests, withdrawals, the urgent path, strikes, corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.action import Acting
from app.domain.correction import Effect
from app.domain.errors import Refused
from app.domain.ids import Level
from app.domain.stage import StageHead
from app.domain.transition import correct
from app.files.pack_in import load_shipped
from tests.domain.flow import ENTERED, GOOD, MEETING, NOTICE, P1, Drive, refusal

S8 = load_shipped("s8/v1")
IDENTIFY = S8.workflow("identify")
EXIT = S8.workflow("exit")
MONITOR = load_shipped("monitor-2021/v1").workflow("identify")
FLOWS = [
    pytest.param(flow, id=name)
    for name, flow in (("identify", IDENTIFY), ("exit", EXIT), ("monitor", MONITOR))
]


@pytest.mark.parametrize(
    ("step", "target"),
    [(step, target) for n, step in enumerate(IDENTIFY.order) for target in IDENTIFY.order[:n]],
)
def test_a_case_goes_back_to_any_earlier_step(step, target):
    drive = Drive(IDENTIFY).until(step)
    kept = {code: drive.values[code] for code in ENTERED[target] if code in drive.values}
    action = f"{step}.return"
    drive.act(action, to=target, reason="材料不全", reason_code="material")
    assert (drive.stage, drive.status) == (target, "returned")
    passed = IDENTIFY.order[IDENTIFY.order.index(target) + 1 : IDENTIFY.order.index(step)]
    assert set(str(drive.values.get("stale", "")).split()) >= set(passed)
    assert target not in str(drive.values.get("stale", "")).split()
    assert {code: drive.values[code] for code in kept} == kept
    assert drive.log[-1].extras["reason_code"] == "material"
    assert drive.log[-1].op in {"case.returned", "case.advanced"}


@pytest.mark.parametrize("step", IDENTIFY.order)
def test_a_case_never_goes_back_to_a_later_step(step):
    drive = Drive(IDENTIFY).until(step)
    if step == IDENTIFY.order[0]:
        assert refusal(drive, f"{step}.return", to=step, reason="x").code == "workflow.no_such_action"
        return
    for target in (*IDENTIFY.order[IDENTIFY.order.index(step) :], "nowhere", ""):
        chooses = len(drive.actions(IDENTIFY.step(step).level)[f"{step}.return"].targets) > 1
        if target or chooses:
            assert refusal(drive, f"{step}.return", to=target, reason="x").code == "workflow.no_target"


def test_a_return_needs_a_reason():
    drive = Drive(IDENTIFY).until("check")
    assert refusal(drive, "check.return", to="visit").code == "workflow.reason_needed"
    assert refusal(drive, "check.return", to="visit", reason="  ").code == "workflow.reason_needed"
    assert refusal(drive, "check.return", to="visit", reason_code="made_up").code == "workflow.unknown_reason"


def test_stale_evidence_is_confirmed_or_entered_anew():
    drive = Drive(IDENTIFY).until("check")
    drive.act("check.return", to="visit", reason="收入算错")
    assert drive.values["stale"] == "appraise compare publicise"
    drive.forward("visit")
    assert drive.actions("village")["compare.none"].stale
    assert refusal(drive, "compare.none").code == "workflow.stale"
    drive.act("compare.none", keep=1)
    assert drive.log[-1].extras["kept"] == 1
    assert drive.values["stale"] == "appraise publicise"
    drive.act("appraise.agree", votes_for=31)
    assert "kept" not in drive.log[-1].extras
    drive.act("publicise.none", keep=1)
    assert (drive.values["stale"], drive.status) == ("", "active")


def test_a_new_meeting_or_notice_takes_the_place_of_the_stale_one():
    drive = Drive(IDENTIFY).until("check")
    drive.act("check.return", to="compare", reason="漏了一个成员")
    drive.forward("compare")
    assert drive.values["stale"] == "appraise publicise"
    drive.act("appraise.save", votes_for=32)
    assert refusal(drive, "appraise.agree").code == "workflow.stale"
    drive.act("appraise.save", meeting="e" * 32)
    assert drive.values["stale"] == "publicise"
    drive.act("appraise.agree")
    drive.act("publicise.save", publicity="f" * 32)
    drive.act("publicise.none")
    assert (drive.values["stale"], drive.status) == ("", "active")


def test_a_return_leaves_the_other_branch_alone():
    drive = Drive(MONITOR).until("check")
    drive.act("check.return", to="appraise", reason="票数不对")
    assert drive.stage == "appraise"
    assert drive.values["stale"] == "publicise"
    drive.act("appraise.return", to="visit", reason="再看看")
    assert drive.stage == "visit"
    assert drive.values["stale"] == "appraise compare publicise"


def test_the_household_withdraws_and_comes_back():
    drive = Drive(IDENTIFY).until("compare")
    drive.act("withdraw", reason_code="declined")
    assert (drive.stage, drive.status, drive.values["opened"]) == ("end", "withdrawn", "")
    assert set(drive.actions("village")) == {"reopen"}
    assert drive.actions("village")["reopen"].targets == ("apply", "review", "visit", "compare")
    drive.act("reopen", "village", to="compare", reason_code="mistake")
    assert (drive.stage, drive.status, drive.values["closed_stage"]) == ("compare", "returned", "")


def test_an_approved_case_is_reopened_by_the_last_level_only():
    drive = Drive(IDENTIFY).until("end")
    assert refusal(drive, "reopen", "village", to="check", reason="x").code == "workflow.for_county"
    drive.act("reopen", "county", to="check", reason="批准有误")
    assert (drive.stage, drive.status, drive.values["stale"]) == ("check", "returned", "audit")


def test_a_case_closed_with_its_round_stays_closed():
    drive = Drive(IDENTIFY).until("visit")
    assert "close" not in drive.actions("village")
    drive.act("close", reason_code="round_over")
    assert (drive.status, drive.values["closed_stage"]) == ("closed", "visit")
    assert drive.actions("village") == {}


def test_rest_does_not_count_against_the_deadline():
    drive = Drive(IDENTIFY).until("visit")
    opened = drive.day
    drive.act("suspend", reason_code="absent")
    assert (drive.stage, drive.status) == ("visit", "suspended")
    drive.day += timedelta(days=9)
    drive.act("resume", "village")
    assert (drive.status, drive.values["suspended_on"]) == ("active", "")
    assert drive.values["opened"] == f"visit={(opened + timedelta(days=10)).isoformat()}"


def test_an_outcome_may_suspend_too():
    drive = Drive(IDENTIFY).until("visit")
    drive.act("visit.absent", reason="三次上门无人")
    assert (drive.status, drive.stage) == ("suspended", "visit")


def test_resuming_without_a_known_day_counts_no_rest():
    drive = Drive(IDENTIFY).until("visit")
    opened = drive.values["opened"]
    drive.act("suspend", reason_code="absent")
    drive.values["suspended_on"] = ""
    drive.act("resume", "village")
    assert drive.values["opened"] == opened


def test_the_urgent_path_skips_and_makes_up():
    drive = Drive(IDENTIFY).until("compare")
    drive.act("urgent", reason="山洪冲毁住房")
    assert (drive.stage, drive.values["urgent"], drive.values["urgent_reason"]) == (
        "check compare",
        1,
        "山洪冲毁住房",
    )
    drive.forward("check")
    drive.forward("audit")
    assert (drive.stage, drive.status, drive.values["decision"]) == ("compare", "active", "approve")
    drive.forward("compare")
    drive.forward("appraise")
    drive.forward("publicise")
    assert (drive.stage, drive.status) == ("end", "approved")


def test_the_urgent_path_can_be_taken_from_the_first_step():
    drive = Drive(IDENTIFY)
    assert "urgent" not in drive.actions("village")  # nothing would open yet
    drive.until("visit")
    assert "urgent" not in drive.actions("village")
    drive.until("appraise").act("urgent", reason_code="disaster")
    assert drive.stage == "appraise check"
    assert drive.values["urgent_reason"] == "disaster"
    drive.act("check.return", to="visit", reason="看现场")
    assert drive.stage == "visit"
    drive.forward("visit")
    assert drive.stage == "check compare"


def test_a_refusal_of_the_household_stops_its_exit():
    drive = Drive(EXIT).until("agree")
    assert refusal(drive, "agree.refuse").code == "workflow.reason_needed"
    drive.act("agree.refuse", reason="收入还不稳定")
    assert (drive.stage, drive.status) == ("end", "refused")
    assert (drive.values["agreed"], drive.values["refused_reason"]) == (0, "收入还不稳定")


def test_a_meeting_is_struck_until_the_next_level_has_acted():
    drive = Drive(IDENTIFY).until("publicise")
    assert "appraise.strike" in drive.actions("village")
    drive.act("appraise.strike", reason_code="meeting")
    assert (drive.stage, drive.values["meeting"]) == ("appraise", "")
    assert drive.log[-1].op == "case.struck"
    drive.until("audit")
    assert "appraise.strike" not in drive.actions("village")
    assert refusal(drive, "appraise.strike", reason="x").code == "workflow.no_such_action"


def test_a_record_of_the_open_step_is_struck_in_place():
    drive = Drive(IDENTIFY).until("publicise")
    drive.act("publicise.save", publicity=NOTICE)
    done = drive.act("publicise.strike", reason_code="notice")
    assert dict(done.fields) == {"publicity": ""}
    assert drive.stage == "publicise"


def test_a_split_stage_offers_nothing_but_to_resolve_it():
    drive = Drive(IDENTIFY).until("review")
    heads = (
        StageHead("f" * 32, "visit", "active", "2026-03-09", "visit=2026-03-09"),
        StageHead("e" * 32, "end", "rejected", "2026-03-08", ""),
    )
    drive.facts = replace(GOOD, stage_heads=heads)
    assert drive.actions("village") == {}
    assert set(drive.actions("county")) == {"resolve"}
    assert refusal(drive, "review.pass").code == "workflow.in_conflict"
    assert refusal(drive, "resolve", "county", to="0", reason="x").code == "workflow.no_target"
    drive.act("resolve", "county", to="f" * 32, reason="核对两台电脑")
    assert (drive.stage, drive.status, drive.values["opened"]) == ("visit", "active", "visit=2026-03-09")
    assert drive.values["stage_on"] == "2026-03-09"


def test_a_head_that_says_little_is_completed():
    drive = Drive(IDENTIFY).until("review")
    drive.facts = replace(GOOD, stage_heads=(StageHead("f" * 32, "visit"), StageHead("e" * 32, "review")))
    drive.act("resolve", "village", to="f" * 32, reason="核对")
    assert (drive.stage, drive.status) == ("visit", "active")
    assert drive.values["opened"] == f"visit={drive.day.isoformat()}"


def acting(drive: Drive) -> Acting:
    return Acting(Level.VILLAGE, P1, drive.day + timedelta(days=1))


def test_a_correction_reopens_and_asks_for_a_new_notice():
    drive = Drive(IDENTIFY).until("check")
    done = correct(IDENTIFY, drive.values, Effect("visit", ("publicise",)), "少登一人", acting(drive))
    assert done is not None
    assert done.op == "case.corrected"
    drive.values.update(done.fields)
    assert (drive.stage, drive.values["redo"]) == ("visit", f"publicise={NOTICE}")
    drive.forward("visit")
    drive.act("compare.none", keep=1)
    drive.act("appraise.agree", keep=1)
    assert refusal(drive, "publicise.none", keep=1).code == "workflow.redo"
    drive.act("publicise.none", publicity="9" * 32)
    assert (drive.stage, drive.values["redo"]) == ("check", "")


def test_a_correction_may_leave_the_stage_and_still_ask_for_a_new_record():
    drive = Drive(IDENTIFY).until("appraise")
    drive.act("appraise.save", meeting=MEETING)
    done = correct(IDENTIFY, drive.values, Effect("appraise", ("appraise",)), "改分组", acting(drive))
    assert done is not None
    assert dict(done.fields) == {"redo": f"appraise={MEETING}"}
    again = correct(IDENTIFY, {**drive.values, **done.fields}, Effect("", ("appraise",)), "x", acting(drive))
    assert again is None


def test_a_correction_without_effect_changes_nothing():
    drive = Drive(IDENTIFY).until("appraise")
    assert correct(IDENTIFY, drive.values, Effect(reprint=True), "笔误", acting(drive)) is None
    with pytest.raises(Refused, match="reason_needed"):
        correct(IDENTIFY, drive.values, Effect(), " ", acting(drive))
