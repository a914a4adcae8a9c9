"""Conflicts and histories, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.field_types import FieldType
from app.domain.fields import FIELDS
from app.domain.ids import EntityId, Kind
from app.ui.desks.conflicts import ConflictsDesk, HistoryDesk, HistoryLine
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from app.domain.changes import Changes
    from app.queries.case_card import ConflictLine
    from app.queries.conflict_patterns import Pattern
    from app.queries.history import HistoryRow
    from app.ui.desks.conflicts import Settled
    from app.ui.parts.choices import Choice
    from app.wiring.room import Room

_NAMED = {
    Kind.MEMBER: "name",
    Kind.INCOME: "name",
    Kind.EXPENSE: "name",
    Kind.HIT: "item",
    Kind.DOCUMENT: "no",
}
"""The field by which a child of a household is told from its sisters."""


_STAGE = "stage"
_INNER = frozenset({"pack", "pack_hash", "opened", "closed_stage", "seen", "workflow", "size", "mime"})
"""Fields the program keeps for itself; nobody typed them."""


def conflicts_desk(room: Room) -> ConflictsDesk:
    """Return the callables of the page of conflicts."""
    return ConflictsDesk(
        lines=partial(_lines, room),
        choices=partial(_choices, room),
        resolve=partial(_resolve, room),
        settle_stage=partial(_settle_stage, room),
        revise=partial(_revise, room),
        patterns=partial(_patterns, room),
        adopt=partial(_adopt, room),
        places=room.places,
        level=room.facts.level.value,
    )


def history_desk(room: Room) -> HistoryDesk:
    """Return the callables of the page of a household's history."""
    return HistoryDesk(lines=partial(_history, room), title=partial(_title, room))


def _lines(room: Room) -> tuple[ConflictLine, ...]:
    from app.queries.conflicts import conflicts

    with room.read() as conn:
        return conflicts(conn, room.policy, room.facts.scope)


def _choices(room: Room, kind: str, code: str) -> tuple[Choice, ...]:
    from app.ui.parts.choices import Choice

    definition = FIELDS[Kind(kind)].get(code)
    if definition is None or not definition.codelist:
        return ()
    today = room.look().today
    listed = room.policy.codes(definition.codelist)
    return tuple(Choice(item.code, item.label) for item in listed.choices(today))


def _resolve(room: Room, settled: Sequence[Settled]) -> Changes:
    from app.usecases.conflicts import Settlement, resolve_conflicts

    chosen = [
        Settlement(
            EntityId(one.entity),
            one.field,
            one.take,
            None if one.take or one.combine else one.value,
            combine=one.combine,
        )
        for one in settled
    ]
    return resolve_conflicts(room.office, chosen, t("conflicts.reason"))


def _revise(room: Room, entity: str, field: str, entry: str) -> Changes:
    from app.usecases.conflicts import revise

    return revise(room.office, EntityId(entity), field, entry, t("conflicts.reason"))


def _patterns(room: Room) -> tuple[Pattern, ...]:
    from app.queries.conflict_patterns import patterns

    with room.read() as conn:
        return patterns(conn, room.policy, room.facts.scope)


def _adopt(room: Room, pattern: str, side: str) -> Changes:
    from app.usecases.conflicts import resolve_pattern

    return resolve_pattern(room.office, pattern, side, t("conflicts.reason"))


def _settle_stage(room: Room, case: str, entry: str, reason: str) -> Changes:
    from app.usecases.cases import act_on_case

    return act_on_case(room.office, EntityId(case), "resolve", {"to": entry, "reason": reason})


def _history(room: Room, household: str) -> tuple[HistoryLine, ...]:
    from app.queries import rows
    from app.queries.history import history

    with room.read() as conn:
        found = history(conn, household, clear=True)
        ids = {str(row.value) for row in found if isinstance(row.value, str)}
        names = {**rows.names(conn, ids), **_abouts(conn, found)}
        steps = _steps(room, conn, found)
    told = [
        row for row in found if row.field not in _INNER and (not _is_pointer(row) or str(row.value) in names)
    ]
    return tuple(_shown(room, row, names, steps) for row in reversed(told))


def _steps(room: Room, conn: Connection, found: Sequence[HistoryRow]) -> dict[str, dict[str, str]]:
    """Return, per case, the names of the steps of its workflow."""
    from app.queries import rows

    names: dict[str, dict[str, str]] = {}
    for entity in {row.entity for row in found if row.kind == Kind.CASE}:
        case = rows.find(conn, Kind.CASE, entity)
        if case:
            ended = room.policy.codes("case_status").label("closed")
            names[entity] = {step.id: step.name for step in room.policy.workflow(case).steps} | {"end": ended}
    return names


def _is_pointer(row: HistoryRow) -> bool:
    """Tell whether a value only names another entity or a file."""
    definition = FIELDS[Kind(row.kind)].get(row.field)
    return definition is not None and definition.type in (FieldType.ID, FieldType.DIGEST)


def _abouts(conn: Connection, found: Sequence[HistoryRow]) -> dict[str, str]:
    from app.queries import rows

    names: dict[str, str] = {}
    for kind, entity in {(row.kind, row.entity) for row in found}:
        code = _NAMED.get(Kind(kind))
        values = rows.find(conn, Kind(kind), entity) if code else None
        if code and values:
            names[entity] = str(values.get(code, ""))
    return names


def _shown(
    room: Room, row: HistoryRow, names: dict[str, str], steps: dict[str, dict[str, str]]
) -> HistoryLine:
    from app.queries.field_value import shown

    text = shown(room.policy, Kind(row.kind), row.field, row.value, names) if row.field else ""
    if row.field == _STAGE and row.entity in steps:
        text = "、".join(steps[row.entity].get(step, step) for step in str(row.value).split())
    return HistoryLine(
        entry=row.entry,
        at=row.at,
        by=row.by,
        kind=row.kind,
        about=names.get(row.entity, ""),
        label=f"field.{row.kind}.{row.field}" if row.field else "history.act",
        text=text,
        state=str(row.state),
        reason=row.reason,
    )


def _title(room: Room, household: str) -> str:
    found = room.source.exec_driver_sql("SELECT head, code FROM household_line WHERE uid = ?", (household,))
    return " ".join(str(part) for part in found[0] if part) if found else ""
