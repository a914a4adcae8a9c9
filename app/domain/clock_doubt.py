"""May the clock of this computer be believed? Asked when the window opens; a wrong clock loses nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.calendar import civil_date

BUILT = date(2026, 1, 1)
"""No computer runs this program before that day."""

_BEHIND = timedelta(minutes=10)
_AHEAD = timedelta(days=400)


class Doubt(StrEnum):
    """What speaks against the clock."""

    BEFORE_BUILD = "before_build"  # earlier than the program itself
    BEHIND = "behind"  # earlier than what was written here last
    AHEAD = "ahead"  # more than thirteen months after it


def clock_doubt(now: datetime, last: datetime | None) -> Doubt | None:
    """Return why ``now`` is doubtful, None when it is not; ``last`` is when this computer wrote last."""
    if civil_date(now) < BUILT:
        return Doubt.BEFORE_BUILD
    if last is None:
        return None
    if now < last - _BEHIND:
        return Doubt.BEHIND
    return Doubt.AHEAD if now > last + _AHEAD else None
