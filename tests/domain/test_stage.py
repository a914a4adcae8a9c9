from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from app.domain.errors import Refused
from app.domain.ids import Level
from app.domain.stage import (
    StageHead,
    Status,
    done_steps,
    first_step,
    is_split,
    opening_fields,
    read_state,
    resolving_level,
    standing,
)
from app.files.pack_in import load_shipped

IDENTIFY = load_shipped("s8/v1").workflow("identify")
MONITOR = load_shipped("monitor-2021/v1").workflow("identify")


def test_a_case_begins_at_the_first_step():
    assert opening_fields(IDENTIFY, date(2026, 3, 2)) == {
        "workflow": "identify",
        "stage": "apply",
        "status": "active",
        "stage_on": "2026-03-02",
        "opened": "apply=2026-03-02",
    }


def test_a_state_is_read_from_fields():
    state = read_state(
        MONITOR,
        {
            "stage": "appraise compare",
            "status": "returned",
            "stage_on": "2026-03-04",
            "opened": "appraise=2026-03-04 compare=2026-03-03 rubbish check=never",
            "stale": "publicise",
            "redo": "publicise=abc",
            "urgent": 1,
        },
    )
    assert state.open == ("compare", "appraise")  # pack order
    assert state.status is Status.RETURNED
    assert state.opened_on("compare") == date(2026, 3, 3)
    assert state.opened_on("check") == date(2026, 3, 4)
    assert state.stale == {"publicise"}
    assert state.redo == {"publicise": "abc"}
    assert state.urgent
    assert state.closed_at == ()


def test_a_case_with_nothing_recorded_stands_at_the_beginning():
    state = read_state(IDENTIFY, {})
    assert (state.open, state.status, state.stage_on) == (("apply",), Status.ACTIVE, None)
    assert state.opened_on("apply") is None
    assert read_state(IDENTIFY, {"status": "of a newer program"}).status is Status.ACTIVE


def test_done_steps_of_closed_cases():
    approved = read_state(IDENTIFY, {"stage": "end", "status": "approved"})
    assert done_steps(IDENTIFY, approved) == set(IDENTIFY.order)
    rejected = read_state(IDENTIFY, {"stage": "end", "status": "rejected", "closed_stage": "visit"})
    assert done_steps(IDENTIFY, rejected) == {"apply", "review"}


@pytest.mark.parametrize(
    ("stage", "first"), [("compare appraise", "compare"), ("audit", "audit"), ("end", "end")]
)
def test_the_first_open_step(stage, first):
    assert first_step(MONITOR, stage) == first


def test_a_step_of_another_pack_is_refused():
    with pytest.raises(Refused):
        first_step(MONITOR, "review")
    with pytest.raises(Refused):
        read_state(MONITOR, {"stage": "end", "closed_stage": "review"})


@pytest.mark.parametrize(
    ("stages", "stands", "level"),
    [
        (("visit", "compare"), "visit", Level.VILLAGE),
        (("publicise", "check"), "publicise", Level.TOWNSHIP),
        (("check", "audit"), "check", Level.COUNTY),
        (("audit", "end"), "audit", Level.COUNTY),
        (("apply", "end", "check"), "apply", Level.COUNTY),
        (("end", "end"), "end", Level.COUNTY),
    ],
)
def test_of_two_stages_the_earlier_stands_and_the_later_level_resolves(stages, stands, level):
    heads = [StageHead(f"{n:032x}", stage) for n, stage in enumerate(stages)]
    for order in permutations(heads):
        assert standing(IDENTIFY, order).stage == stands
        assert resolving_level(IDENTIFY, order) is level


def test_equal_places_are_told_apart_by_entry():
    heads = [StageHead("b" * 32, "compare"), StageHead("a" * 32, "appraise compare")]
    assert standing(MONITOR, heads).entry == "a" * 32
    assert standing(MONITOR, heads[::-1]).entry == "a" * 32


def test_heads_that_agree_are_no_conflict():
    assert not is_split(())
    assert not is_split([StageHead("a", "visit"), StageHead("b", "visit")])
    assert is_split([StageHead("a", "visit"), StageHead("b", "end")])


def test_which_statuses_have_ended():
    assert {status for status in Status if not status.is_ended} == {
        Status.ACTIVE,
        Status.RETURNED,
        Status.SUSPENDED,
    }
