"""The alerts of this computer, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.desks.alerts import AlertsDesk

if TYPE_CHECKING:
    from app.queries.alerts import AlertLine
    from app.wiring.room import Room


def alerts_desk(room: Room) -> AlertsDesk:
    """Return the callables of the strip of alerts."""
    return AlertsDesk(
        standing=partial(_standing, room),
        set_aside=partial(_set_aside, room),
        unknown=partial(_unknown, room),
    )


def _standing(room: Room) -> tuple[AlertLine, ...]:
    from app.queries.alerts import alert_lines

    with room.read() as conn:
        return alert_lines(conn, room.places)


def _set_aside(room: Room, number: int) -> None:
    from app.usecases import alerts

    alerts.set_aside(room.office, number)


def _unknown(room: Room) -> int:
    from app.storage.judging import unknown_entries

    with room.read() as conn:
        return unknown_entries(conn)
