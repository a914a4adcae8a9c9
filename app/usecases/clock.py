"""The clocks the composition roots inject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


class SystemClock:
    """What this computer says."""

    def now(self) -> datetime:
        """Return the present moment, aware of its time zone."""
        return datetime.now(tz=UTC)  # noqa: TID251 -- the one place the computer's clock is read


@dataclass(slots=True)
class FixedClock:
    """A clock somebody set; it stands still."""

    moment: datetime

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.moment
