"""The pages of single steps, filled from the open office."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId
from app.ui.desks.step import Acted, StepDesk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.domain.action import Acting
    from app.domain.changes import Changes
    from app.domain.ids import Value
    from app.queries.case_card import CaseAction
    from app.queries.step_sheet import StepSheet
    from app.ui.desks.step import Act
    from app.wiring.room import Room


def step_desk(room: Room) -> StepDesk:
    """Return the callables of the step page."""
    return StepDesk(
        sheet=partial(_sheet, room),
        check=partial(_check, room),
        act=partial(_act, room),
        attach=partial(_attach, room),
        remove_attachment=partial(_remove_attachment, room),
        attachment=partial(_attachment, room),
        override=partial(_override, room),
    )


def acting(room: Room) -> Acting:
    """Return who sits at the desk, acting today."""
    from app.domain.action import Acting as Who

    return Who(room.office.level, room.office.actor.person, room.look().today)


def _sheet(room: Room, case: str, step: str) -> StepSheet:
    from app.queries.step_sheet import get_step_sheet

    with room.read() as conn:
        return get_step_sheet(conn, room.look(), case, step, acting(room))


def _check(room: Room, case: str, values: Mapping[str, Value]) -> tuple[CaseAction, ...]:
    from app.queries.case import actions_of

    with room.read() as conn:
        return actions_of(conn, room.policy, case, acting(room), values)


def _act(room: Room, wanted: Act) -> Acted:
    from app.queries.case import actions_of
    from app.usecases.cases import act_on_case

    on = date.fromisoformat(wanted.on) if wanted.on else None
    changes = act_on_case(room.office, EntityId(wanted.case), wanted.action, wanted.data, on)
    with room.read() as conn:
        actions = actions_of(conn, room.policy, wanted.case, acting(room))
    ways = (a for a in actions if a.needs_reason and wanted.step in {target for target, _ in a.targets})
    return Acted(changes, next((way.action for way in ways), ""))


def _attach(room: Room, case: str, step: str, path: Path) -> Changes:
    from app.usecases.attachments import attach

    return attach(room.office, EntityId(case), step, path)


def _remove_attachment(room: Room, attachment: str, reason: str) -> Changes:
    from app.usecases.attachments import remove_attachment

    return remove_attachment(room.office, EntityId(attachment), reason)


def _attachment(room: Room, digest: str) -> bytes:
    from app.usecases.attachments import read_attachment

    return read_attachment(room.office, digest)


def _override(room: Room, case: str, dimension: str, verdict: str, reason: str) -> Changes:
    from app.domain.verdict import Verdict
    from app.usecases.cases import override_verdict

    return override_verdict(room.office, EntityId(case), dimension, Verdict(verdict), reason)
