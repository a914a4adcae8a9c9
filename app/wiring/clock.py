"""The question about this computer's clock, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.desks.clock import ClockDesk

if TYPE_CHECKING:
    from app.usecases.clock_checks import ClockQuestion
    from app.wiring.room import Room


def clock_desk(room: Room) -> ClockDesk:
    """Return the callables of the question about the clock."""
    return ClockDesk(question=partial(_question, room), agree=partial(_agree, room))


def _question(room: Room) -> ClockQuestion | None:
    from app.usecases.clock_checks import clock_question

    return clock_question(room.office)


def _agree(room: Room) -> None:
    from app.usecases.clock_checks import agree_to_clock

    agree_to_clock(room.office)
