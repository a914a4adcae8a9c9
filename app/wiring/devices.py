"""The pages about computers, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.calendar import civil_date
from app.ui.desks.devices import DevicesDesk, DevicesNow, Filling, Outlook
from app.wiring.sharing import remember

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.changes import Changes
    from app.queries.held import HeldLine
    from app.ui.runner import Cancelled, Report
    from app.wiring.room import Room


def devices_desk(room: Room) -> DevicesDesk:
    """Return the callables about computers."""
    return DevicesDesk(
        now=partial(_now, room),
        outlook=partial(_outlook, room),
        revoke=partial(_revoke, room),
        lift=partial(_lift, room),
        held=partial(_held, room),
        adopt=partial(_adopt, room),
        decline=partial(_decline, room),
        fill=partial(_fill, room),
        filled_code=partial(_filled_code, room),
    )


def _now(room: Room) -> DevicesNow:
    from app.queries.devices import ends_soon, own_certificate_end
    from app.queries.held import open_count
    from app.usecases import roots
    from app.usecases.devices import devices

    kept = roots.kept(room.office)
    with room.read() as conn:
        until = own_certificate_end(conn, room.own.device)
        held = open_count(conn)
    soon = ends_soon(until, civil_date(room.clock.now()))
    return DevicesNow(devices(room.office), held, until, soon, kept.held, kept.is_safe)


def _outlook(room: Room, key: str) -> Outlook:
    from app.usecases.devices import outlook

    found = outlook(room.office, key)
    return Outlook(found.entries, found.up_to)


def _revoke(room: Room, key: str, reason: str) -> Changes:
    from app.usecases.devices import Reason, revoke

    return revoke(room.office, key, Reason(reason)).changes


def _lift(room: Room, key: str) -> Changes:
    from app.usecases.devices import lift

    return lift(room.office, key)


def _held(room: Room) -> tuple[HeldLine, ...]:
    from app.queries.held import held_lines

    with room.read() as conn:
        return held_lines(conn, room.policy)


def _adopt(room: Room, entries: tuple[str, ...]) -> Changes:
    from app.usecases.held import adopt

    return adopt(room.office, entries)


def _decline(room: Room, entries: tuple[str, ...]) -> Changes:
    from app.usecases.held import decline

    return decline(room.office, entries)


def _fill(room: Room, folder: Path, scope: str, report: Report, cancelled: Cancelled) -> Filling:
    from app.usecases.devices import fill
    from app.usecases.office import Watch

    done = fill(room.office, folder, scope, Watch(report, cancelled))
    remember(folder)
    names = tuple(file.name for file in done.sent.files)
    return Filling(names, str(folder), done.sent.entries, done.sent.photos, done.code)


def _filled_code(room: Room) -> str:
    from app.usecases.devices import filled_code

    return filled_code(room.office)
