"""Persons, backups and the line, for the settings page."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from app.domain.calendar import civil_date
from app.queries.board import find_round
from app.queries.persons import PersonLine
from app.ui.desk import BackupState, LineNow, SettingsDesk
from app.version import VERSION
from app.wiring.program import program_desk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.changes import Changes
    from app.ui.runner import Cancelled, Report
    from app.wiring.room import Room

_FIELDS = "uid, name, position, unit, active"


def settings_desk(room: Room) -> SettingsDesk:
    """Return the callables of the settings page."""
    return SettingsDesk(
        persons=partial(persons, room),
        backup_state=partial(_backup_state, room),
        back_up=partial(_back_up, room),
        line=partial(_line, room),
        set_line=partial(_set_line, room),
        program=program_desk(room),
        version=VERSION,
    )


def persons(room: Room) -> Sequence[PersonLine]:
    """Return everybody of the workspace's own area, by name; read without SQLAlchemy."""
    rows = room.source.exec_driver_sql(
        f"SELECT {_FIELDS} FROM p_person WHERE entity_scope = ? ORDER BY name",  # noqa: S608 -- constants of ours
        (room.own.scope,),
    )
    return tuple(
        PersonLine(str(uid), str(name), str(position or ""), str(unit or ""), active == 1)
        for uid, name, position, unit, active in rows
    )


def _backup_state(room: Room) -> BackupState:
    rows = room.source.exec_driver_sql(
        "SELECT at, detail FROM audit WHERE action = 'backup' ORDER BY n DESC LIMIT 1"
    )
    root_open = _root_open(room)
    if not rows:
        return BackupState(None, root_open=root_open)
    from datetime import datetime

    day = civil_date(datetime.fromisoformat(str(rows[0][0])))
    where = str(json.loads(str(rows[0][1])).get("folder", ""))  # version 0.1.0 did not note it
    return BackupState((civil_date(room.clock.now()) - day).days, day.isoformat(), where, root_open)


def _root_open(room: Room) -> bool:
    """Tell whether a real root is not in safety yet; without SQLAlchemy, the first board waits."""
    kept = json.loads(room.source.meta("root_kept") or "{}")
    return bool(room.source.meta("root")) and room.source.meta("demo") != "1" and not kept.get("confirmed")


def _back_up(room: Room, folder: Path, report: Report, cancelled: Cancelled) -> Path:
    from app.domain.errors import Refused
    from app.usecases.backups import back_up

    report(0, 1)
    if cancelled():
        raise Refused("work.cancelled")
    made = back_up(room.office, folder).path
    report(1, 1)
    return made


def _line(room: Room) -> LineNow:
    found = find_round(room.source, room.facts.scope)
    if found is None:
        return LineNow("", None, "")
    rows = room.source.exec_driver_sql("SELECT line_doc FROM p_round WHERE uid = ?", (found.id,))
    doc = str(rows[0][0] or "") if rows else ""
    return LineNow(found.name, found.line_fen, doc, found.line_demo)


def _set_line(room: Room, fen: int, doc: str) -> Changes:
    from app.domain.lines import Line
    from app.usecases.rounds import round_in_force, set_line

    office = room.office
    today = civil_date(room.clock.now())
    with office.workspace.write(office.actor) as tx:
        round_id, _ = round_in_force(tx, office.actor.scope)
    line = Line("given", office.actor.scope, "identify", "人均纯收入", fen, today, doc=doc)
    return set_line(office, round_id, line)
