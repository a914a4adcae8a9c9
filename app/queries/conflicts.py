"""Fields whose writes disagree, each with the values that stand beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.ids import Kind
from app.domain.region import significant
from app.domain.stage import STANDING_FIELDS
from app.queries import rows
from app.queries.case_card import ConflictHead, ConflictLine
from app.queries.family import entities_of, household_of
from app.queries.field_value import shown
from app.queries.journal_rows import eids_of, entries_of, writers
from app.storage import tables
from app.storage.projector import chunks, fold_entities

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.queries.journal_rows import Written
    from app.queries.policy import Policy

_STAGE = "stage"
_BESIDE_STAGE = frozenset({*STANDING_FIELDS, "stale", "redo"}) - {_STAGE}


def conflicts(conn: Connection, policy: Policy, scope: str) -> tuple[ConflictLine, ...]:
    """Return every conflict of an area, grouped by household; ``scope`` is a 12-digit code."""
    conflict, entity = tables.conflict, tables.entity
    query = (
        select(conflict.c.eid)
        .distinct()
        .join(entity, entity.c.eid == conflict.c.eid)
        .where(entity.c.scope.startswith(significant(scope), autoescape=True))
    )
    found = _lines(conn, policy, list(conn.execute(query).scalars()))
    return tuple(sorted(found, key=lambda line: (line.village, line.household, line.kind, line.entity)))


def conflicts_of(conn: Connection, policy: Policy, household: str) -> tuple[ConflictLine, ...]:
    """Return the conflicts of one household and all that belongs to it."""
    eids = eids_of(conn, (uid for _, uid in entities_of(conn, household)))
    return tuple(_lines(conn, policy, eids.values()))


def _lines(conn: Connection, policy: Policy, eids: Iterable[int]) -> Iterable[ConflictLine]:
    numbers = _in_conflict(conn, eids)
    if not numbers:
        return
    folds = fold_entities(conn, numbers)
    entries = {written.entry: written for written in entries_of(conn, numbers)}
    names = writers(conn, entries.values())
    for eid, (uid, kind) in numbers.items():
        fields = folds[eid].conflicts
        home = household_of(conn, kind, uid)
        place = _place(conn, home)
        case = rows.find(conn, kind, uid) or {} if kind is Kind.CASE else {}
        for code in fields:
            if _STAGE in fields and kind is Kind.CASE and code in _BESIDE_STAGE:
                continue
            heads = tuple(
                _head(policy, case, entries[head.entry], code, names) for head in folds[eid].heads[code]
            )
            yield ConflictLine(
                str(kind),
                uid,
                code,
                f"field.{kind}.{code}",
                tuple(head.text for head in heads),
                heads,
                home,
                *place,
                of_stage=kind is Kind.CASE and code in STANDING_FIELDS,
            )


def _in_conflict(conn: Connection, eids: Iterable[int]) -> dict[int, tuple[str, Kind]]:
    conflict, entity = tables.conflict, tables.entity
    found: dict[int, tuple[str, Kind]] = {}
    for chunk in chunks(eids):
        query = (
            select(entity.c.eid, entity.c.uid, entity.c.kind)
            .distinct()
            .join(conflict, conflict.c.eid == entity.c.eid)
            .where(entity.c.eid.in_(chunk))
            .order_by(entity.c.eid)
        )
        found.update((row.eid, (row.uid, Kind(row.kind))) for row in conn.execute(query))
    return found


def _place(conn: Connection, household: str) -> tuple[str, str]:
    """Return the head's name and the village code of a household."""
    line = tables.household_line
    row = conn.execute(select(line.c.head, line.c.village).where(line.c.uid == household)).first()
    return (row.head, row.village) if row is not None else ("", "")


def _head(
    policy: Policy, case: Mapping[str, Value], written: Written, code: str, names: Mapping[str, str]
) -> ConflictHead:
    body = written.body
    value = body.changes[code]
    kind = Kind(body.kind)
    if kind is Kind.CASE and code == _STAGE:
        steps = {step.id: step.name for step in policy.workflow(case).steps}
        ended = policy.codes("case_status").label(str(body.changes.get("status", "closed")))
        text = "、".join(steps.get(step, ended) for step in str(value).split())
    else:
        text = shown(policy, kind, code, value, {})
    return ConflictHead(written.entry, text, names.get(body.actor, ""), written.at)
