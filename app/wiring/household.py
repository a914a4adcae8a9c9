"""The pages of one household, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind
from app.queries.board import find_round, round_lines
from app.ui.desks.household import CaseState, HouseholdDesk, HouseholdFile, Outlook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from app.domain.changes import Changes
    from app.domain.codes import CodeLists
    from app.domain.ids import Value
    from app.queries.case import CaseLine
    from app.queries.duplicates import KnownPerson
    from app.queries.history import HistoryRow
    from app.queries.returned import ReturnedLine
    from app.ui.desks.household import FieldEdit
    from app.usecases.households import Edit
    from app.wiring.room import Room

    Values = Mapping[str, Value]


def household_desk(room: Room) -> HouseholdDesk:
    """Return the callables of the pages of one household."""
    return HouseholdDesk(
        file=partial(_file, room),
        reveal=partial(_reveal, room),
        lists=partial(_lists, room),
        today=partial(_today, room),
        preview=partial(_preview, room),
        save=partial(_save, room),
        add=partial(_add, room),
        known=partial(_known, room),
        open_case=partial(_open_case, room),
        history=partial(_history, room),
    )


def _file(room: Room, household: str) -> HouseholdFile:
    from app.queries.household import get_household

    look = room.look()
    with room.read() as conn:
        sheet = get_household(conn, look, household)
        now = find_round(conn, sheet.village, sheet.round)
        names = {line.id: line.name for line in round_lines(conn, sheet.village)}
    cases = tuple(_state(room, names, line) for line in sheet.cases)
    sent = next((line.case for line in sheet.cases if line.status == "returned"), "")
    return HouseholdFile(
        sheet,
        cases,
        now.line_fen if now else None,
        line_demo=bool(now and now.line_demo),
        returned=_sent_back(room, sent) if sent else None,
    )


def _sent_back(room: Room, case: str) -> ReturnedLine | None:
    from app.queries.returned import returned_line

    with room.read() as conn:
        return returned_line(conn, room.look(), case)


def _state(room: Room, rounds: Mapping[str, str], line: CaseLine) -> CaseState:
    from app.domain.errors import Refused
    from app.domain.stage import Status
    from app.queries import rows

    with room.read() as conn:
        values = rows.get(conn, Kind.CASE, line.case)
    try:
        workflow = room.policy.workflow(values)
        steps = "、".join(workflow.step(step).name for step in line.stage.split() if step != "end")
    except Refused:
        steps = ""
    return CaseState(
        case=line.case,
        workflow=line.workflow,
        round=rounds.get(line.round, ""),
        step=steps,
        status=room.policy.codes("case_status").label(line.status),
        ended=line.stage == "end" or Status(line.status).is_ended,
        due_on=line.due_on,
        overdue_days=line.overdue_days,
    )


def _reveal(room: Room, kind: str, entity: str, field: str) -> str:
    from app.queries.household import reveal

    with room.read() as conn:
        value = reveal(conn, Kind(kind), entity, field)
    with room.office.workspace.write(room.office.actor) as tx:
        tx.audit("reveal", entity, {"kind": kind, "field": field})
    return value


def _lists(room: Room) -> CodeLists:
    from app.usecases.policy import shipped

    del room
    return shipped().lists


def _today(room: Room) -> date:
    return room.look().today


def _edits(edits: Sequence[FieldEdit]) -> tuple[Edit, ...]:
    from app.usecases.households import Edit as Wanted

    return tuple(Wanted(one.kind, one.uid, one.fields) for one in edits)


def _preview(room: Room, household: str, edits: Sequence[FieldEdit]) -> tuple[Outlook, ...]:
    from app.usecases.households import preview_effect

    found = preview_effect(room.office, EntityId(household), _edits(edits))
    return tuple(Outlook(one.step, one.redo, one.reprint) for one in found)


def _save(room: Room, household: str, edits: Sequence[FieldEdit], reason: str) -> Changes:
    from app.usecases.households import edit

    return edit(room.office, EntityId(household), _edits(edits), reason)


def _add(room: Room, fields: Values, members: Sequence[Values]) -> Changes:
    from app.usecases.households import add_household

    return add_household(room.office, fields, members)


def _known(room: Room, number: str, household: str) -> tuple[KnownPerson, ...]:
    from app.queries.duplicates import known_persons

    with room.read() as conn:
        return known_persons(conn, room.places, number, household)


def _open_case(room: Room, household: str, workflow: str) -> Changes:
    from app.usecases.cases import open_case

    return open_case(room.office, EntityId(household), workflow, {})


def _history(room: Room, household: str) -> tuple[HistoryRow, ...]:
    from app.queries.history import history

    with room.read() as conn:
        return history(conn, household)
