"""Cases that were sent back: why, what was marked, what has been done about it since.

returned(conn, look, scope)          # ReturnedLine, the most urgent first
return_of(conn, policy, case)        # the return a case stands on, None without one
resent(conn, scope)                  # sent up again here, and not yet known above
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.calendar import parse_date
from app.domain.field_types import FieldType
from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.domain.region import significant
from app.domain.returned import VERDICT, read_marks
from app.domain.stage import STANDING_FIELDS
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.queries import rows
from app.queries.case_timeline import label_of
from app.queries.conflicts import NAMED
from app.queries.family import entities_of
from app.queries.journal_rows import Written, eids_of, entries_of, writers
from app.queries.since import Seen, deltas, placed_entries
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection, Row

    from app.domain.ids import Value
    from app.domain.returned import Mark
    from app.queries.board import Look
    from app.queries.policy import Policy
    from app.queries.since import Delta, Placed

_KEPT = frozenset({*STANDING_FIELDS, "stale", "redo", "seen", "pack", "workflow"})
"""Fields of a case the program keeps for itself; they are no answer to a return."""


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One marked part; ``label`` is the key of its field's name, "" for a whole part or a verdict.

    ``about`` names the member or item, or the dimension; ``fixed`` tells that it was written since.
    """

    mark: str
    kind: str
    field: str
    entity: str
    label: str
    about: str
    note: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """One case sent back and not yet sent up again.

    ``step`` is the open step's id, ``step_name`` its name, ``step_level`` its level; ``reason`` the words
    given, ``reason_label`` the kind of reason. ``at`` is the moment (ISO, China), ``on`` the declared date;
    days as in the household list. ``open`` tells that it was not sent up again yet. ``marks`` are in the
    order they travel; ``ready`` tells that every one was dealt with, or that something was changed where
    none was marked.
    """

    case: str
    household: str
    code: str
    head: str
    village: str
    step: str
    step_name: str
    step_level: str
    action: str
    reason: str
    reason_label: str
    by: str
    level: str
    at: str
    on: str
    due_on: str
    overdue_days: int | None
    open: bool
    marks: tuple[MarkLine, ...]
    ready: bool


@dataclass(frozen=True, slots=True)
class ResentLine:
    """One case that was sent up again here; it travels with the next package."""

    case: str
    household: str
    code: str
    head: str
    on: str


@dataclass(frozen=True, slots=True)
class Return:
    """The return a case stands on, and every field that changed since (bookkeeping left out)."""

    written: Written
    marks: tuple[MarkLine, ...]
    deltas: tuple[Delta, ...]


def returned(conn: Connection, look: Look, scope: str) -> tuple[ReturnedLine, ...]:
    """Return the cases of an area that were sent back, by deadline."""
    line = tables.case_line
    query = (
        select(line)
        .where(line.c.status == "returned")
        .where(line.c.village.startswith(significant(scope), autoescape=True))
        .order_by(line.c.due_key, line.c.sort, line.c.uid)
    )
    lines = (_line(conn, look, row) for row in conn.execute(query))
    return tuple(one for one in lines if one is not None)


def returned_line(conn: Connection, look: Look, case: str) -> ReturnedLine | None:
    """Return the latest return of one case, whether or not it was sent up again since; None without one."""
    line = tables.case_line
    row = conn.execute(select(line).where(line.c.uid == case)).first()
    return None if row is None else _line(conn, look, row)


def _line(conn: Connection, look: Look, row: Row[tuple[object, ...]]) -> ReturnedLine | None:
    sent = return_of(conn, look.policy, row.uid)
    if sent is None:
        return None
    due = parse_date(row.due_on)
    said = {key: str(value) for key, value in sent.written.body.extras.items()}
    workflow = look.policy.workflow({"pack": row.pack, "workflow": row.workflow})
    step = next((one for one in workflow.steps if one.id == row.step), None)
    reasons = {one.id: one.label for one in workflow.reasons}
    return ReturnedLine(
        case=row.uid,
        household=row.household,
        code=row.code,
        head=row.head,
        village=row.village,
        step=row.step,
        step_name="" if step is None else step.name,
        step_level="" if step is None else step.level.value,
        action=label_of(workflow, said["action"]),
        reason=said.get("reason", ""),
        reason_label=reasons.get(said.get("reason_code", ""), ""),
        by=writers(conn, [sent.written]).get(sent.written.body.actor, ""),
        level=said.get("level", ""),
        at=sent.written.at,
        on=said.get("on", ""),
        due_on=row.due_on,
        overdue_days=(look.today - due).days if due else None,
        open=row.status == "returned",
        marks=sent.marks,
        ready=all(one.fixed for one in sent.marks) if sent.marks else bool(sent.deltas),
    )


def return_of(conn: Connection, policy: Policy, case: str) -> Return | None:
    """Return the latest return of a case with what was marked and what changed since.

    None for a case that was never sent back.

    Raises:
        Refused: ``entity.unknown`` and the pack's codes.
    """
    values = rows.get(conn, Kind.CASE, case)
    written = _last_return(conn, case)
    if written is None:
        return None
    household = rows.text(values, "household")
    entities = {uid: kind for kind, uid in entities_of(conn, household)}
    uids = eids_of(conn, entities)
    seen = Seen.of(written)
    fresh = [
        one
        for one in placed_entries(conn, uids.values())
        if not seen.knows(one) and one.written.entry != written.entry
    ]
    marks = tuple(
        _mark(conn, policy, values, mark, note, fresh) for mark, note in read_marks(written.body.extras)
    )
    changed = tuple(one for one in deltas(conn, policy, household, seen) if is_told(one.kind, one.field))
    return Return(written, marks, changed)


def is_told(kind: str, field: str) -> bool:
    """Tell whether a change of this field means something to a person: no pointers, no bookkeeping."""
    definition = FIELDS[Kind(kind)].get(field)
    if kind == Kind.CASE and field in _KEPT:
        return False
    return definition is None or definition.type not in {FieldType.ID, FieldType.DIGEST}


def resent(conn: Connection, scope: str) -> tuple[ResentLine, ...]:
    """Return the cases of an area sent up again whose acts no receipt from above names yet, newest first."""
    journal, stream, ack = tables.journal, tables.stream, tables.peer_ack
    known = select(func.max(ack.c.seq)).where(ack.c.stream == stream.c.uid).scalar_subquery()
    query = (
        select(journal.c.body)
        .join(stream, stream.c.sid == journal.c.sid)
        .where(stream.c.scope.startswith(significant(scope), autoescape=True))
        .where(journal.c.seq > func.coalesce(known, 0), journal.c.state == EntryState.PROJECTED)
        .where(journal.c.body.contains('"resent":1', autoescape=True))
        .order_by(journal.c.lid.desc())
    )
    days: dict[str, str] = {}
    for text in conn.execute(query).scalars():
        body = trusted(text)
        if body.extras.get("resent") == 1:
            days.setdefault(body.entity, str(body.extras.get("on", "")))
    line = tables.case_line
    found = {row.uid: row for row in conn.execute(select(line).where(line.c.uid.in_(sorted(days))))}
    return tuple(
        ResentLine(uid, found[uid].household, found[uid].code, found[uid].head, on)
        for uid, on in days.items()
        if uid in found and found[uid].status != "returned"
    )


def _last_return(conn: Connection, case: str) -> Written | None:
    acts = [
        one
        for one in entries_of(conn, eids_of(conn, [case]).values())
        if one.state is EntryState.PROJECTED and "action" in one.body.extras
    ]
    sent = [one for one in acts if one.body.changes.get("status") == "returned"]
    return sent[-1] if sent else None


def _mark(
    conn: Connection,
    policy: Policy,
    case: Mapping[str, Value],
    mark: Mark,
    note: str,
    fresh: Iterable[Placed],
) -> MarkLine:
    about = ""
    if mark.kind == VERDICT:
        dimension = next(
            (one for one in policy.pack(rows.text(case, "pack")).dimensions if one.id == mark.field), None
        )
        about = "" if dimension is None else dimension.name
    elif mark.entity:
        kind = Kind(mark.kind)
        about = rows.text(rows.find(conn, kind, mark.entity) or {}, NAMED.get(kind, ""))
    label = f"field.{mark.kind}.{mark.field}" if mark.field and mark.kind != VERDICT else ""
    fixed = any(_answers(policy, case, mark, one.written) for one in fresh)
    return MarkLine(mark.text, mark.kind, mark.field, mark.entity, label, about, note, fixed)


def _answers(policy: Policy, case: Mapping[str, Value], mark: Mark, written: Written) -> bool:
    body = written.body
    if mark.kind != VERDICT:
        return any(
            mark.names(body.kind, body.entity, code)
            for code in body.changes
            if body.kind != Kind.CASE or code not in _KEPT
        )
    wanted = {f"case.override_{mark.field}", *rests_on(policy, case, mark.field)}
    return not wanted.isdisjoint({f"{body.kind}.{code}" for code in body.changes} | {f"{body.kind}.*"})


def rests_on(policy: Policy, case: Mapping[str, Value], dimension: str) -> frozenset[str]:
    """Return the "kind.field" references a verdict rests on; what is earned rests on all items and people."""
    for one in policy.pack(rows.text(case, "pack")).dimensions:
        if one.id == dimension:
            money = frozenset({"income.*", "expense.*", "member.*"} if one.uses_income else ())
            return money | {condition.ref for condition in one.conditions}
    return frozenset()
