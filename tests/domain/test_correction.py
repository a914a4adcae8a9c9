from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.correction import ChangeKind, Effect, Snapshot, changed_kinds, effect_of, may_strike
from app.domain.stage import read_state
from app.files.pack_in import load_shipped
from tests.domain.flow import Drive

IDENTIFY = load_shipped("s8/v1").workflow("identify")
MONITOR = load_shipped("monitor-2021/v1").workflow("identify")
BEFORE = Snapshot(("三组", "甲", 3), ("m1", "m2", "m3"), 100, "c1", {"food": "pass", "water": "fail"}, 1)


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ({}, set()),
        ({"composition": ("m3", "m2", "m1")}, set()),
        ({"verdicts": {"water": "fail", "food": "pass"}}, set()),
        ({"published": ("三组", "乙", 3)}, {ChangeKind.PUBLISHED}),
        (
            {"published": ("三组", "甲", 2), "composition": ("m1", "m2")},
            {ChangeKind.PUBLISHED, ChangeKind.COMPOSITION},
        ),
        ({"income": 101}, {ChangeKind.INCOME}),
        ({"income": 900, "below": 0}, {ChangeKind.INCOME, ChangeKind.LINE_SIDE}),
        ({"assets": "c2"}, {ChangeKind.ASSETS}),
        ({"verdicts": {"food": "fail", "water": "fail"}}, {ChangeKind.VERDICT}),
    ],
)
def test_what_a_correction_changed(change, kinds):
    assert changed_kinds(BEFORE, replace(BEFORE, **change)) == kinds


@pytest.mark.parametrize(
    ("step", "kinds", "effect"),
    [
        ("visit", {ChangeKind.COMPOSITION}, Effect()),
        ("appraise", {ChangeKind.COMPOSITION}, Effect()),
        ("publicise", {ChangeKind.COMPOSITION}, Effect("visit", reprint=True)),
        ("publicise", {ChangeKind.PUBLISHED}, Effect("visit", ("publicise",), reprint=True)),
        ("check", {ChangeKind.PUBLISHED, ChangeKind.VERDICT}, Effect("visit", ("publicise",), reprint=True)),
        ("audit", {ChangeKind.LINE_SIDE}, Effect("visit", reprint=True)),
        ("audit", {ChangeKind.INCOME}, Effect(reprint=True)),
        ("audit", {ChangeKind.ASSETS}, Effect(reprint=True)),
        ("audit", set(), Effect()),
        ("end", {ChangeKind.COMPOSITION}, Effect(reprint=True)),
        ("end", set(), Effect()),
    ],
)
def test_what_it_does_to_a_case(step, kinds, effect):
    drive = Drive(IDENTIFY).until(step)
    assert effect_of(IDENTIFY, drive.values, frozenset(kinds)) == effect


def test_a_record_that_is_not_there_yet_need_not_be_made_anew():
    drive = Drive(MONITOR)
    for step in ("visit", "appraise"):
        drive.forward(step)
    assert effect_of(MONITOR, drive.values, frozenset({ChangeKind.PUBLISHED})) == Effect(
        "visit", ("publicise",), reprint=True
    )


@pytest.mark.parametrize(
    ("step", "standing", "may"),
    [
        ("appraise", "compare", False),  # nothing recorded there yet
        ("appraise", "appraise", False),
        ("appraise", "publicise", True),
        ("appraise", "check", True),
        ("appraise", "audit", False),
        ("publicise", "check", True),
        ("publicise", "audit", False),
        ("visit", "publicise", False),  # no record of its own
        ("publicise", "end", False),
    ],
)
def test_until_when_a_record_may_be_struck(step, standing, may):
    drive = Drive(IDENTIFY).until(standing)
    state = read_state(IDENTIFY, drive.values)
    assert may_strike(IDENTIFY, drive.values, state, IDENTIFY.step(step)) is may


def test_a_record_of_a_step_not_reached_again_is_left_alone():
    drive = Drive(IDENTIFY).until("check")
    drive.act("check.return", to="visit", reason="x")
    state = read_state(IDENTIFY, drive.values)
    assert not may_strike(IDENTIFY, drive.values, state, IDENTIFY.step("appraise"))
