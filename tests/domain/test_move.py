"""Laws of moving: walks through whole packs, any allowed action at any time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.action import Acting, Action, candidate_actions
from app.domain.given import given_from
from app.domain.ids import Level, Value
from app.domain.stage import done_steps, frontier, read_state
from app.domain.transition import act
from app.domain.workflow import Leads, Verb, Workflow
from app.files.pack_in import load_shipped
from tests.domain.flow import ENTERED, FIRST, GOOD, P1, Drive

FLOWS = {
    "identify": load_shipped("s8/v1").workflow("identify"),
    "exit": load_shipped("s8/v1").workflow("exit"),
    "monitor": load_shipped("monitor-2021/v1").workflow("identify"),
}


def offered(drive: Drive) -> list[Action]:
    """Actions that can be taken with the records at hand; dead ends come last so that walks go on."""
    view = drive.view()
    found = candidate_actions(drive.workflow, view, read_state(drive.workflow, view.values))
    fits = [action for action in found if action.verb is not Verb.CLOSE and not _contradicts(drive, action)]
    return sorted(fits, key=lambda action: (action.verb in {Verb.SUSPEND, Verb.WITHDRAW}, action.id))


def _contradicts(drive: Drive, action: Action) -> bool:
    """Outcomes that the good facts speak against, such as a veto without a hit."""
    return action.id.partition(".")[2] in {
        "veto",
        "explained",
        "data_error",
        "disagree",
        "objection",
        "cancel",
    }


def entered(drive: Drive, action: Action, target: str) -> dict[str, Value]:
    known = {**FIRST, **ENTERED.get(action.step, {})}
    data = {code: known[code] for code in action.fields if code in known}
    if action.needs_reason:
        data["reason"] = "核对后决定"
    if action.targets:
        data["to"] = target
    if action.stale:
        data["keep"] = 1
    return data


def take(drive: Drive, action: Action, target: str) -> None:
    drive.day += timedelta(days=1)
    level = min(action.levels, key=list(Level).index)
    data = given_from(entered(drive, action, target))
    done = act(drive.workflow, drive.view(), action.id, data, Acting(level, P1, drive.day))
    drive.values.update(done.fields)


def check(workflow: Workflow, drive: Drive) -> None:
    state = read_state(workflow, drive.values)
    done = done_steps(workflow, state)
    prerequisites = workflow.prerequisites(urgent=state.urgent)
    for step in state.open:
        assert set(prerequisites[step]) <= done, "an open step stands on undone ones"
    if not state.status.is_ended:
        assert state.open == frontier(workflow, done, urgent=state.urgent)
        assert set(state.opened or {}) == set(state.open)
    assert (drive.stage == "end") == state.status.is_ended
    if not state.status.is_ended:
        assert state.stale.isdisjoint(done), "a step was done on stale evidence"
    assert all(state.opened_on(step) <= drive.day for step in state.open)


@pytest.mark.parametrize("name", FLOWS)
@given(data=st.data())
def test_any_walk_keeps_the_laws(name, data):
    workflow = FLOWS[name]
    drive = Drive(workflow, GOOD)
    for _ in range(data.draw(st.integers(1, 25), "length")):
        actions = offered(drive)
        if not actions:
            break
        action = data.draw(st.sampled_from(actions), "action")
        target = data.draw(st.sampled_from(action.targets), "target") if action.targets else ""
        before = done_steps(workflow, read_state(workflow, drive.values))
        take(drive, action, target)
        check(workflow, drive)
        after = done_steps(workflow, read_state(workflow, drive.values))
        forward = action.verb is Verb.ADVANCE and workflow.step(action.step).outcome(
            action.outcome
        ).leads in {
            Leads.NEXT,
            Leads.APPROVE,
        }
        assert after - before <= ({action.step} if forward else set()), "a step was skipped"


@pytest.mark.parametrize("name", FLOWS)
@given(data=st.data())
def test_every_walk_can_still_be_brought_to_its_end(name, data):
    """However a case was sent about, its people can finish it."""
    workflow = FLOWS[name]
    drive = Drive(workflow, GOOD)
    for _ in range(data.draw(st.integers(0, 15), "length")):
        action = data.draw(st.sampled_from(offered(drive)), "action")
        target = data.draw(st.sampled_from(action.targets), "target") if action.targets else ""
        take(drive, action, target)
        if drive.status == "suspended":
            drive.act("resume")
        elif drive.stage == "end":
            reopen = next(one for one in offered(drive) if one.verb is Verb.REOPEN)
            take(drive, reopen, reopen.targets[0])
    for _ in range(3 * len(workflow.order)):
        if drive.stage == "end":
            break
        step = drive.stage.split()[0]
        forward = [
            one
            for one in offered(drive)
            if one.step == step
            and one.verb is Verb.ADVANCE
            and workflow.step(step).outcome(one.outcome).leads in {Leads.NEXT, Leads.APPROVE}
        ]
        take(drive, forward[0], "")
    assert drive.status == "approved"
