"""Ask about a doubtful clock once a day, and take a person's word for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.calendar import CHINA, civil_date
from app.domain.clock_doubt import Doubt, clock_doubt
from app.storage.tx import get_meta

if TYPE_CHECKING:
    from app.usecases.office import Office

_AGREED = "clock_agreed"


@dataclass(frozen=True, slots=True)
class ClockQuestion:
    """Why the clock is doubtful; ``now`` and ``last`` (the last entry here, None without one) in China."""

    doubt: Doubt
    now: datetime
    last: datetime | None


def clock_question(office: Office) -> ClockQuestion | None:
    """Return what to ask about the clock, None when it is plausible or somebody vouched for this day."""
    now = office.workspace.clock.now()
    with office.workspace.read() as conn:
        wall = get_meta(conn, "wall")
        agreed = get_meta(conn, _AGREED)
    last = datetime.fromisoformat(wall) if wall else None
    doubt = clock_doubt(now, last)
    if doubt is None or agreed == civil_date(now).isoformat():
        return None
    return ClockQuestion(doubt, now.astimezone(CHINA), last.astimezone(CHINA) if last else None)


def agree_to_clock(office: Office) -> None:
    """Note that the person at the desk vouches for the date of today; the audit says so."""
    with office.workspace.write(office.actor) as tx:
        tx.set_meta(_AGREED, tx.today.isoformat())
        tx.audit("clock_agreed", tx.today.isoformat(), {})
