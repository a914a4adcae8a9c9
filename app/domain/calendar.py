"""The clock, civil dates in China, and the counting of natural and working days.

``Clock.now()`` gives aware moments; ``civil_date(moment)`` is the date on the wall in China whatever
the computer says. A ``Calendar`` holds the holiday tables of the years it knows. Counting working days
through a year it does not know raises ``Refused("calendar.unknown_year")``; nothing is guessed.

    calendar = Calendar({2026: HolidayYear(2026, off_days, workdays)})
    calendar.add(posted, 7, DayType.NATURAL)      # seven days later, the first day not counted
    calendar.between(opened, today, DayType.WORKING)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Standard time of China; without summer time since 1992, so a fixed offset is enough."""

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # fromisoformat takes weeks and basic forms too
_ONE = timedelta(days=1)
_SATURDAY = 5


class Clock(Protocol):
    """Where the present moment comes from; injected everywhere."""

    def now(self) -> datetime:
        """Return the present moment, aware of its time zone."""
        ...


class DayType(StrEnum):
    """How the days of a period are counted."""

    NATURAL = "natural"
    WORKING = "working"


def civil_date(moment: datetime) -> date:
    """Return the date in China at ``moment``, which must be aware of its time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no civil date")
    return moment.astimezone(CHINA).date()


def parse_date(text: object) -> date | None:
    """Return the date of an ISO text "YYYY-MM-DD", or None for anything else."""
    if not isinstance(text, str) or not _ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class HolidayYear:
    """The State Council's arrangement of one year.

    ``off_days`` are public holidays with the days moved to them (weekends need not be listed);
    ``workdays`` are the weekend days worked instead. All dates lie in ``year``.
    """

    year: int
    off_days: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holiday tables by year."""

    years: Mapping[int, HolidayYear] = field(default_factory=dict[int, HolidayYear])

    def is_working(self, day: date) -> bool:
        """Tell whether ``day`` is a working day.

        Raises:
            Refused: ``calendar.unknown_year`` (param ``year``).
        """
        table = self.years.get(day.year)
        if table is None:
            raise Refused("calendar.unknown_year", year=day.year)
        if day in table.workdays:
            return True
        return day.weekday() < _SATURDAY and day not in table.off_days

    def add(self, start: date, days: int, day_type: DayType) -> date:
        """Return the day that is ``days`` (>= 0) days after ``start``, which itself is not counted.

        Raises:
            Refused: ``calendar.unknown_year`` when working days run into a year without a table.
        """
        if day_type is DayType.NATURAL:
            return start + timedelta(days=days)
        day = start
        while days > 0:
            day += _ONE
            days -= self.is_working(day)
        return day

    def between(self, start: date, end: date, day_type: DayType) -> int:
        """Return how many days lie after ``start`` up to and with ``end``; negative when it is before.

        Raises:
            Refused: ``calendar.unknown_year`` when working days run into a year without a table.
        """
        if end < start:
            return -self.between(end, start, day_type)
        if day_type is DayType.NATURAL:
            return (end - start).days
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def roll(self, day: date) -> date:
        """Return ``day``, or the next working day when it is none.

        Raises:
            Refused: ``calendar.unknown_year``.
        """
        while not self.is_working(day):
            day += _ONE
        return day


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still; for ``--now`` and tests."""

    moment: datetime

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.moment
