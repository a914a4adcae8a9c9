"""Clocks of village computers: flat batteries, wrong years, summer time; and what a wrong one may do to others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.domain.clock_doubt import Doubt, clock_doubt
from app.journal import hlc

LAST = datetime(2026, 10, 7, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "doubt"),
    [
        (LAST, None),
        (LAST + 30 * DAY, None),
        (LAST + 400 * DAY, None),
        (LAST + 401 * DAY, Doubt.AHEAD),
        (LAST + 3653 * DAY, Doubt.AHEAD),
        (datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC), Doubt.AHEAD),
        (LAST - timedelta(minutes=10), None),
        (LAST - timedelta(minutes=11), Doubt.BEHIND),
        (LAST - timedelta(hours=1), Doubt.BEHIND),
        (LAST - 3 * 365 * DAY, Doubt.BEFORE_BUILD),
        (datetime(2000, 1, 1, tzinfo=UTC), Doubt.BEFORE_BUILD),
        # An hour of summer time moves the hands, not the moment.
        (datetime(2026, 10, 7, 11, 30, tzinfo=timezone(timedelta(hours=9))), None),
    ],
)
def test_what_speaks_against_a_clock(now: datetime, doubt: Doubt | None) -> None:
    assert clock_doubt(now, LAST) is doubt


def test_a_new_computer_has_only_the_program_to_compare_with() -> None:
    assert clock_doubt(LAST + 4000 * DAY, None) is None
    assert clock_doubt(datetime(1999, 1, 1, tzinfo=UTC), None) is Doubt.BEFORE_BUILD


WRONG = {
    "three years back": -3 * 365 * DAY,
    "ten years ahead": 3653 * DAY,
    "an hour of summer time": timedelta(hours=1),
    "the year 2038": datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC) - LAST,
    "a flat battery, 2000": datetime(2000, 1, 1, tzinfo=UTC) - LAST,
}


def millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def naive(last: int, remote: int, _wall_ms: int) -> int:
    """Control: whatever is ahead is taken over."""
    return max(last, remote)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_clock_moves_nobody_by_more_than_a_day(wrong: str) -> None:
    remote = hlc.tick(0, millis(LAST + WRONG[wrong]))
    own = hlc.tick(0, millis(LAST))
    after = hlc.tick(hlc.receive(own, [remote], millis(LAST)), millis(LAST + timedelta(minutes=5)))
    assert own < after
    assert abs(hlc.wall_of(after) - LAST) <= DAY


def test_without_the_cap_one_laptop_would_carry_all_others_with_it() -> None:
    far = hlc.tick(0, millis(LAST + WRONG["ten years ahead"]))
    clean = [hlc.tick(0, millis(LAST)) for _ in range(29)]
    poisoned = [hlc.wall_of(naive(own, far, millis(LAST))) > LAST + 30 * DAY for own in clean]
    kept = [hlc.wall_of(hlc.receive(own, [far], millis(LAST))) > LAST + 30 * DAY for own in clean]
    assert (sum(poisoned), sum(kept)) == (29, 0)


def test_readings_stay_ordered_and_fit_to_the_end_of_the_century() -> None:
    late = hlc.tick(0, millis(datetime(2099, 12, 31, tzinfo=UTC)))
    assert late < 2**62
    assert hlc.tick(late, millis(LAST)) == late + 1
