from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.action import candidate_actions, open_levels, step_fields
from app.domain.given import template
from app.domain.ids import Level
from app.domain.stage import read_state
from app.domain.workflow import Verb
from app.files.pack_in import load_shipped
from tests.domain.flow import GOOD, Drive

IDENTIFY = load_shipped("s8/v1").workflow("identify")
EXIT = load_shipped("s8/v1").workflow("exit")
MONITOR = load_shipped("monitor-2021/v1").workflow("identify")


def test_the_first_step_offers_its_outcomes_and_the_way_out():
    assert list(Drive(IDENTIFY).actions("village")) == [
        "apply.accept",
        "apply.supplement",
        "apply.refer",
        "apply.decline",
        "apply.save",
        "suspend",
        "withdraw",
    ]
    assert Drive(IDENTIFY).actions("township") == {}


def test_labels_come_from_the_pack():
    actions = Drive(IDENTIFY).until("review").actions("village")
    assert actions["review.pass"].label == "初审通过"
    assert actions["review.return"].label == IDENTIFY.labels[Verb.RETURN]
    assert [reason.id for reason in actions["withdraw"].reasons] == ["declined", "moved"]


def test_a_step_with_its_own_return_has_no_second_one():
    actions = Drive(IDENTIFY).until("check").actions("township")
    assert [one for one in actions if one.endswith(".return")] == ["check.return"]
    assert actions["check.return"].verb is Verb.ADVANCE
    assert actions["check.return"].targets == IDENTIFY.order[:6]
    fixed = Drive(IDENTIFY).until("review").actions("village")["review.supplement"]
    assert (fixed.targets, fixed.needs_reason) == (("apply",), True)


def test_parallel_steps_offer_both():
    actions = Drive(MONITOR).until("compare").actions("village")
    assert {"compare.none", "appraise.agree", "compare.return", "appraise.defer"} <= actions.keys()


@pytest.mark.parametrize(
    ("step", "levels"),
    [("apply", {Level.VILLAGE}), ("check", {Level.TOWNSHIP}), ("audit", {Level.COUNTY}), ("end", set())],
)
def test_who_is_waited_for(step, levels):
    assert open_levels(IDENTIFY, Drive(IDENTIFY).until(step).view()) == levels


def test_two_levels_may_be_waited_for():
    drive = Drive(IDENTIFY).until("compare")
    drive.act("urgent", reason="火灾")
    assert open_levels(IDENTIFY, drive.view()) == {Level.VILLAGE, Level.TOWNSHIP}
    assert "suspend" in drive.actions("township")


def test_the_fields_of_a_step_have_no_repetition():
    assert step_fields(IDENTIFY.step("audit")) == (
        "approval_no",
        "decider",
        "decided_on",
        "announced_on",
        "registered_on",
        "registered_no",
    )
    assert step_fields(IDENTIFY.step("publicise")) == ("publicity",)
    assert step_fields(EXIT.step("certify")) == ("certificate",)


def test_a_template_names_everything_an_action_takes():
    drive = Drive(IDENTIFY).until("check")
    found = template(drive.actions("township")["check.return"])
    assert found == dict.fromkeys(
        ["sample_result", "check_opinion", "checker1", "checker2", "sample_in", "checked_on"], ""
    ) | {"reason": "", "reason_code": "", "to": "", "wrong": ""}
    drive.act("check.return", to="publicise", reason="照片不清")
    drive.act("publicise.return", to="appraise", reason="票数")
    drive.act("appraise.agree")
    assert template(drive.actions("village")["publicise.none"]) == {"publicity": "", "keep": 0}
    assert template(drive.actions("village")["suspend"]) == {"reason": "", "reason_code": ""}


def test_closing_with_the_round_is_never_listed_but_always_possible():
    for step in IDENTIFY.order:
        view = Drive(IDENTIFY).until(step).view()
        verbs = [one.verb for one in candidate_actions(IDENTIFY, view, read_state(IDENTIFY, view.values))]
        assert verbs.count(Verb.CLOSE) == 1
    suspended = Drive(IDENTIFY)
    suspended.act("suspend", reason="x")
    verbs = [
        one.verb
        for one in candidate_actions(IDENTIFY, suspended.view(), read_state(IDENTIFY, suspended.values))
    ]
    assert Verb.CLOSE in verbs


def test_ids_are_unique_at_every_stage():
    for workflow in (IDENTIFY, EXIT, MONITOR):
        for step in (*workflow.order, "end"):
            view = Drive(workflow).until(step).view()
            ids = [one.id for one in candidate_actions(workflow, view, read_state(workflow, view.values))]
            assert len(ids) == len(set(ids))


def test_a_step_without_fields_cannot_be_saved():
    bare = replace(IDENTIFY.step("publicise"), link=type(IDENTIFY.step("apply").link)(""))
    workflow = replace(
        IDENTIFY, steps=tuple(bare if one.id == "publicise" else one for one in IDENTIFY.steps)
    )
    assert "publicise.save" in Drive(IDENTIFY, GOOD).until("publicise").actions("village")
    drive = Drive(workflow, GOOD)
    drive.values["stage"] = "publicise"
    assert "publicise.save" not in drive.actions("village")
