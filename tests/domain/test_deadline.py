from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.calendar import Calendar, DayType
from app.domain.deadline import Due, due_on
from app.domain.workflow import Limit
from app.files.pack_in import load_shipped
from tests.domain.flow import Drive

PACK = load_shipped("s8/v1")
IDENTIFY = PACK.workflow("identify")
MONITOR = load_shipped("monitor-2021/v1").workflow("identify")
CALENDAR = PACK.calendar
OPENED = "2026-09-28"


def standing(stage, **more):
    return {"stage": stage, "status": "active", "stage_on": OPENED, **more}


def with_limit(step, limit):
    steps = tuple(replace(one, limit=limit) if one.id == step else one for one in IDENTIFY.steps)
    return replace(IDENTIFY, steps=steps)


@pytest.mark.parametrize(
    ("stage", "due"),
    [
        ("apply", None),
        ("review", "2026-09-30"),
        ("visit", "2026-10-01"),
        ("compare", "2026-10-03"),
        ("appraise", "2026-10-03"),
        ("publicise", None),
        ("check", "2026-10-03"),
        ("audit", "2026-10-08"),
        ("end", None),
    ],
)
def test_the_limits_of_the_eight_steps(stage, due):
    found = due_on(IDENTIFY, standing(stage), CALENDAR)
    assert (found.on.isoformat() if found.on else None) == due
    assert found.step == (stage if due else "")


def test_working_days_pass_over_the_holiday():
    workflow = with_limit("review", Limit(5, DayType.WORKING))
    assert due_on(workflow, standing("review"), CALENDAR).on == date(2026, 10, 10)
    unknown = due_on(workflow, standing("review"), Calendar({}))
    assert unknown == Due(step="review", unknown_year=2026)
    assert unknown.overdue_days(date(2030, 1, 1)) == 0


@pytest.mark.parametrize("status", ["suspended", "rejected", "withdrawn", "refused", "approved", "closed"])
def test_a_case_at_rest_has_no_deadline(status):
    assert due_on(IDENTIFY, {**standing("review"), "status": status}, CALENDAR) == Due()


def test_each_open_step_counts_from_its_own_day():
    values = standing("appraise compare", opened="appraise=2026-09-20 compare=2026-09-28")
    assert due_on(MONITOR, values, CALENDAR) == Due(date(2026, 9, 25), "appraise")


def test_the_limit_of_the_whole_case():
    values = standing("check", applied_on="2026-09-15")
    assert due_on(MONITOR, values, CALENDAR) == Due(date(2026, 9, 30), "")
    assert due_on(MONITOR, standing("check", applied_on="2026-09-25"), CALENDAR).step == "check"
    assert due_on(MONITOR, standing("check"), CALENDAR).step == "check"


def test_a_case_without_dates_has_no_deadline():
    assert due_on(IDENTIFY, {"stage": "review", "status": "active"}, CALENDAR) == Due()


@pytest.mark.parametrize(("today", "days"), [("2026-09-29", 0), ("2026-09-30", 0), ("2026-10-04", 4)])
def test_days_overdue(today, days):
    assert due_on(IDENTIFY, standing("review"), CALENDAR).overdue_days(date.fromisoformat(today)) == days


def test_a_returned_case_starts_its_clock_again():
    drive = Drive(IDENTIFY).until("check")
    drive.act("check.return", to="visit", reason="x")
    due = due_on(IDENTIFY, drive.values, CALENDAR)
    assert (due.step, (due.on - drive.day).days) == ("visit", 3)
