from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import Calendar, DayType, HolidayYear
from app.domain.errors import Refused
from app.domain.publicity import PublicityRule, compute_period, faults, is_over
from app.files.pack_in import load_shipped

CALENDAR = load_shipped("s8/v1").calendar
S8 = load_shipped("s8/v1").publicity["village"]
MONITOR = load_shipped("monitor-2021/v1").publicity["village"]
WORKING = PublicityRule("w", 5, DayType.WORKING, count_first_day=True)
WORKING_AFTER = PublicityRule("w", 5, DayType.WORKING, count_first_day=False)


@pytest.mark.parametrize(
    ("rule", "posted", "last"),
    [
        # seven natural days, the first not counted
        (S8, "2026-03-09", "2026-03-16"),
        (S8, "2026-03-13", "2026-03-20"),
        (S8, "2026-03-14", "2026-03-23"),  # the last day is a Saturday: on to Monday
        (S8, "2026-03-15", "2026-03-23"),  # a Sunday
        (S8, "2026-02-07", "2026-02-14"),  # a Saturday that is worked
        (S8, "2026-02-10", "2026-02-24"),  # into the Spring Festival
        (S8, "2026-09-25", "2026-10-08"),  # into the National Day holiday
        (S8, "2026-10-03", "2026-10-10"),  # a Saturday worked after it
        # five natural days, the first counted, as on the notice of 2021-08-16 to 08-20
        (MONITOR, "2021-08-16", "2021-08-20"),
        (MONITOR, "2026-03-10", "2026-03-14"),  # no roll
        (MONITOR, "2026-10-01", "2026-10-05"),
        # five working days
        (WORKING, "2026-03-09", "2026-03-13"),
        (WORKING, "2026-03-13", "2026-03-19"),
        (WORKING, "2026-03-14", "2026-03-20"),  # posted on a Saturday, which does not count
        (WORKING, "2026-09-28", "2026-10-09"),  # over the National Day holiday
        (WORKING, "2026-09-29", "2026-10-10"),  # its make-up Saturday counts
        (WORKING_AFTER, "2026-03-13", "2026-03-20"),
        (WORKING_AFTER, "2026-09-28", "2026-10-10"),
        (WORKING_AFTER, "2025-09-26", "2025-10-10"),  # Sunday 09-28 is worked, then eight days off
    ],
)
def test_periods(rule, posted, last):
    period = compute_period(rule, date.fromisoformat(posted), CALENDAR)
    assert (period.first.isoformat(), period.last.isoformat(), period.unknown_year) == (posted, last, 0)


def test_the_fields_of_a_round():
    period = compute_period(S8, date(2026, 3, 9), CALENDAR)
    assert period.fields(S8) == {
        "from_on": "2026-03-09",
        "to_on": "2026-03-16",
        "days": 7,
        "day_type": "natural",
        "count_first": 0,
    }


def test_a_last_day_in_an_unknown_year_is_said():
    period = compute_period(S8, date(2029, 3, 9), Calendar({}))
    assert (period.last, period.unknown_year) == (date(2029, 3, 16), 2029)
    with pytest.raises(Refused):
        compute_period(WORKING, date(2029, 3, 9), Calendar({}))


@given(
    st.dates(date(2025, 1, 1), date(2026, 11, 1)),
    st.integers(1, 20),
    st.sampled_from(DayType),
    st.booleans(),
    st.booleans(),
)
def test_counting_the_first_day_never_makes_it_longer(posted, days, day_type, first, roll):
    rule = PublicityRule("x", days, day_type, first, roll)
    last = compute_period(rule, posted, CALENDAR).last
    assert last >= posted
    assert last <= compute_period(replace(rule, count_first_day=False), posted, CALENDAR).last
    assert last >= compute_period(replace(rule, count_first_day=True), posted, CALENDAR).last
    if roll or day_type is DayType.WORKING:
        assert CALENDAR.is_working(last)


GOOD = {
    "posted_on": "2026-03-09",
    "to_on": "2026-03-16",
    "posted_where": "村务公开栏",
    "notice_on": "2026-03-09",
    "taken_down_on": "2026-03-17",
}


def test_a_good_posting_has_no_fault():
    assert faults(GOOD, S8, CALENDAR) == ()
    assert faults({**GOOD, "to_on": "2026-03-20", "taken_down_on": ""}, S8, CALENDAR) == ()


@pytest.mark.parametrize(
    ("change", "code", "params"),
    [
        ({"posted_on": ""}, "publicity.not_posted", {}),
        ({"to_on": ""}, "publicity.not_posted", {}),
        ({"posted_where": " "}, "publicity.no_place", {}),
        ({"notice_on": "2026-03-10"}, "publicity.before_notice", {"notice_on": "2026-03-10"}),
        ({"to_on": "2026-03-15"}, "publicity.too_short", {"needs": "2026-03-16", "has": "2026-03-15"}),
        ({"posted_on": "2026-03-11"}, "publicity.too_short", {"needs": "2026-03-18", "has": "2026-03-16"}),
        ({"taken_down_on": "2026-03-15"}, "publicity.taken_down", {"until": "2026-03-16"}),
    ],
)
def test_faults_of_a_posting(change, code, params):
    assert [(fault.code, dict(fault.params)) for fault in faults({**GOOD, **change}, S8, CALENDAR)] == [
        (code, params)
    ]


def test_several_faults_come_together():
    bad = {**GOOD, "posted_where": "", "to_on": "2026-03-10", "taken_down_on": "2026-03-09"}
    assert [fault.code for fault in faults(bad, S8, CALENDAR)] == [
        "publicity.no_place",
        "publicity.too_short",
        "publicity.taken_down",
    ]


def test_a_working_day_rule_without_its_year_is_refused():
    with pytest.raises(Refused):
        faults(GOOD, WORKING, Calendar({2025: HolidayYear(2025)}))


@pytest.mark.parametrize(("after", "over"), [(-1, False), (0, False), (1, True)])
def test_a_notice_is_over_when_its_last_day_has_passed(after, over):
    today = date(2026, 3, 16) + timedelta(days=after)
    assert is_over(GOOD, today) is over
    assert not is_over({**GOOD, "posted_on": ""}, today)
    assert not is_over({**GOOD, "to_on": ""}, today)
