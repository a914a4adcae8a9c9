"""Packs of a newer program: what they cannot say is answered in a fixed way, never by an error."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.domain.errors import Refused
from app.domain.stage import StageHead
from app.usecases import policy
from app.usecases.clock import SystemClock
from app.usecases.policy import shipped

UNKNOWN = {"pack": "s99/v1", "workflow": "identify", "stage": "later sooner", "stage_on": "2026-03-02"}


def test_of_several_stages_the_smaller_entry_stands() -> None:
    heads = [StageHead("b" * 64, "apply"), StageHead("a" * 64, "visit"), StageHead("c" * 64, "end")]
    assert shipped().standing(UNKNOWN, heads) == heads[1]


def test_the_first_step_is_the_first_word() -> None:
    assert shipped().first_step(UNKNOWN) == "later"
    assert shipped().first_step({**UNKNOWN, "stage": ""}) == ""


def test_nothing_is_due() -> None:
    assert shipped().due_on(UNKNOWN) == ""
    with pytest.raises(Refused, match=r"pack\.unknown"):
        shipped().workflow(UNKNOWN)


def test_the_clock_of_this_computer_knows_its_zone() -> None:
    first = SystemClock().now()
    assert first.utcoffset() == timedelta(0)
    assert first <= SystemClock().now()
    assert isinstance(first, datetime)


def test_deadlines_are_worked_out_anew_when_too_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "_ANSWERS_KEPT", 1)
    asked = policy.Policy(shipped().packs, shipped().lists)
    case = {"pack": policy.DEFAULT, "workflow": "identify", "stage": "review", "status": "active"}
    first = {**case, "opened": "review=2026-03-02"}
    found = [asked.due_on(one) for one in (first, {**case, "opened": "review=2026-03-03"}, first)]
    assert found[0] == found[2] < found[1]
    steps = [asked.first_step({**case, "stage": stage}) for stage in ("review", "visit", "review", "void x")]
    assert steps == ["review", "visit", "review", "void"]
