"""Hybrid logical clock: 48 bits of milliseconds, 16 bits of counter, one signed 64-bit integer.

It breaks ties and prints dates; order comes from parents. A remote clock more than 24 hours ahead
never moves ours, so one laptop set to 2036 cannot poison the others.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_COUNTER_BITS = 16
_AHEAD_MS = 24 * 3600 * 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tick(last: int, wall_ms: int) -> int:
    """Return the next local reading: never less than ``last + 1``, never behind the wall."""
    return max(last + 1, wall_ms << _COUNTER_BITS)


def receive(last: int, remote: Iterable[int], wall_ms: int) -> int:
    """Return our reading after seeing others; those over a day ahead of the wall are not taken."""
    latest = ((wall_ms + _AHEAD_MS + 1) << _COUNTER_BITS) - 1
    return max([last, *(reading for reading in remote if reading <= latest)])


def wall_of(reading: int) -> datetime:
    """Return the wall-clock moment (UTC) a reading was taken at."""
    return _EPOCH + timedelta(milliseconds=reading >> _COUNTER_BITS)
