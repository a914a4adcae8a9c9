from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar import CHINA, Calendar, DayType, FixedClock, HolidayYear, civil_date, parse_date
from app.domain.errors import Refused
from app.files.pack_in import load_shipped

NATURAL, WORKING = DayType.NATURAL, DayType.WORKING
CALENDAR = load_shipped("s8/v1").calendar
DAYS = st.dates(date(2025, 1, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), date(2026, 3, 2)),
        (datetime(2026, 3, 1, 23, 0, tzinfo=timezone(timedelta(hours=-8))), date(2026, 3, 2)),
        (datetime(2026, 3, 1, 23, 59, tzinfo=CHINA), date(2026, 3, 1)),
    ],
)
def test_the_civil_date_is_the_one_in_china(moment, day):
    assert civil_date(FixedClock(moment).now()) == day


def test_a_moment_without_a_zone_has_no_civil_date():
    with pytest.raises(ValueError, match="time zone"):
        civil_date(datetime(2026, 3, 1))  # noqa: DTZ001 -- the mistake under test


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-02-29", None),
        ("20260301", None),
        ("2026-3-1", None),
        ("2026-W01-1", None),
        ("", None),
        (0, None),
        (None, None),
    ],
)
def test_dates_are_iso_or_nothing(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-03-02", True),  # an ordinary Monday
        ("2026-03-07", False),  # a Saturday
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("2026-02-23", False),  # the last day of the Spring Festival, a Monday
        ("2026-02-24", True),
        ("2026-05-09", True),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2025-10-11", True),
    ],
)
def test_working_days(day, works):
    assert CALENDAR.is_working(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "days", "day_type", "end"),
    [
        ("2026-03-02", 0, NATURAL, "2026-03-02"),
        ("2026-03-02", 7, NATURAL, "2026-03-09"),
        ("2026-02-27", 2, NATURAL, "2026-03-01"),
        ("2028-02-28", 1, NATURAL, "2028-02-29"),
        ("2026-03-02", 0, WORKING, "2026-03-02"),
        ("2026-03-06", 1, WORKING, "2026-03-09"),
        ("2026-09-24", 1, WORKING, "2026-09-28"),
        ("2026-09-30", 1, WORKING, "2026-10-08"),
        ("2026-09-29", 4, WORKING, "2026-10-10"),
        ("2026-02-13", 2, WORKING, "2026-02-24"),
    ],
)
def test_days_are_added_after_the_first(start, days, day_type, end):
    assert CALENDAR.add(date.fromisoformat(start), days, day_type) == date.fromisoformat(end)


@given(DAYS, st.integers(0, 60), st.sampled_from(DayType))
def test_between_undoes_add(start, days, day_type):
    end = CALENDAR.add(start, days, day_type)
    assert CALENDAR.between(start, end, day_type) == days
    assert CALENDAR.between(end, start, day_type) == -days


@given(DAYS)
def test_rolling_stays_or_goes_to_the_next_working_day(day):
    rolled = CALENDAR.roll(day)
    assert CALENDAR.is_working(rolled)
    assert rolled == day or CALENDAR.between(day, rolled, WORKING) == 1


def test_an_unknown_year_is_said_and_never_guessed():
    calendar = Calendar({2026: HolidayYear(2026)})
    assert 2026 in calendar.years
    assert 2027 not in calendar.years
    assert calendar.add(date(2026, 12, 25), 30, NATURAL) == date(2027, 1, 24)
    for attempt in (
        lambda: calendar.add(date(2026, 12, 30), 3, WORKING),
        lambda: calendar.between(date(2026, 12, 30), date(2027, 1, 5), WORKING),
        lambda: calendar.roll(date(2027, 1, 1)),
        lambda: calendar.is_working(date(2025, 12, 31)),
    ):
        with pytest.raises(Refused) as caught:
            attempt()
        assert caught.value.code == "calendar.unknown_year"
