"""What stopped computers wrote after the last entry that counts: 待核对记录, to be looked through by hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.calendar import CHINA
from app.domain.ids import Kind
from app.domain.stage import STANDING_FIELDS
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.journal.hlc import wall_of
from app.queries import rows
from app.queries.family import household_of
from app.queries.field_value import shown
from app.queries.journal_rows import entries_of
from app.storage import tables
from app.storage.projector import fold_entities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.journal.entry import Body
    from app.queries.policy import Policy

ADOPTED, DECLINED = "adopted", "declined"
"""Extras of the entries that settle a held one; their value is its id."""


class Review(StrEnum):
    """What was decided about a held entry."""

    OPEN = "open"
    ADOPTED = ADOPTED
    DECLINED = DECLINED


@dataclass(frozen=True, slots=True)
class HeldField:
    """One field of a held entry in words: what it wrote and what stands now."""

    label: str
    text: str
    now: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One held entry; the window has the label of a field under its ``label``.

    ``head`` names the household (its code when nobody is known), ``at`` is the writer's clock (ISO, China),
    ``by`` the writer's name, ``key`` the signing key of the computer. ``of_step`` marks the act of a step.
    """

    entry: str
    entity: str
    kind: str
    household: str
    head: str
    village: str
    op: str
    at: str
    by: str
    key: str
    fields: tuple[HeldField, ...]
    review: Review
    of_step: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A held entry as the journal has it: ``eid`` is the local number of its entity."""

    entry: str
    eid: int
    key: str
    scope: str
    body: Body


def held_entries(conn: Connection, entries: Iterable[str] = ()) -> tuple[Held, ...]:
    """Return the entries beyond a revocation in the order they came in; only these, when any are named."""
    stream, journal = tables.stream, tables.journal
    columns = (journal.c.id, journal.c.eid, stream.c.key, stream.c.scope, journal.c.body)
    query = select(*columns).join(stream, stream.c.sid == journal.c.sid).order_by(journal.c.lid)
    wanted = list(entries)
    query = query.where(journal.c.state == int(EntryState.REVOKED))
    if wanted:
        query = query.where(journal.c.id.in_(wanted))
    return tuple(Held(row.id, row.eid, row.key, row.scope, trusted(row.body)) for row in conn.execute(query))


def reviews(conn: Connection, eids: Iterable[int]) -> dict[str, Review]:
    """Return what was decided, by the id of the held entry."""
    found: dict[str, Review] = {}
    for written in entries_of(conn, eids):
        if written.state is EntryState.PROJECTED:
            for review in (Review.DECLINED, Review.ADOPTED):  # adopted once is adopted
                origin = written.body.extras.get(str(review))
                if origin is not None:
                    found[str(origin)] = review
    return found


def held_lines(conn: Connection, policy: Policy) -> tuple[HeldLine, ...]:
    """Return every held entry, the open ones first, by household and clock."""
    held = held_entries(conn)
    eids = sorted({one.eid for one in held})
    decided = reviews(conn, eids)
    folds = fold_entities(conn, eids)
    names = rows.names(conn, (one.body.actor for one in held))
    lines: list[HeldLine] = []
    for one in held:
        now = folds[one.eid].values if one.eid in folds else {}
        lines.append(_line(conn, policy, one, (now, names), decided.get(one.entry, Review.OPEN)))
    return tuple(sorted(lines, key=lambda line: (line.review is not Review.OPEN, line.household, line.at)))


def open_count(conn: Connection) -> int:
    """Return how many held entries nobody decided about."""
    held = held_entries(conn)
    decided = reviews(conn, {one.eid for one in held})
    return sum(one.entry not in decided for one in held)


def _line(
    conn: Connection,
    policy: Policy,
    held: Held,
    seen: tuple[Mapping[str, Value], Mapping[str, str]],
    review: Review,
) -> HeldLine:
    now, names = seen
    body, kind = held.body, Kind(held.body.kind)
    household = household_of(conn, kind, body.entity) or str(body.changes.get("household", ""))
    row = conn.execute(select(_LINE.c.head, _LINE.c.code).where(_LINE.c.uid == household)).first()
    fields = tuple(
        HeldField(f"field.{kind}.{code}", told(value), told(now.get(code, "")))
        for code, value in sorted(body.changes.items())
        if code not in _UNSAID
        for told in [_teller(policy, (kind, code), {**now, **body.changes}, names)]
    )
    return HeldLine(
        entry=held.entry,
        entity=body.entity,
        kind=str(kind),
        household=household,
        head=(row.head or row.code or "") if row is not None else "",
        village=held.scope,
        op=body.op,
        at=wall_of(body.hlc).astimezone(CHINA).isoformat(timespec="seconds"),
        by=names.get(body.actor, ""),
        key=held.key,
        fields=fields,
        review=review,
        of_step=not body.changes.keys().isdisjoint(STANDING_FIELDS),
    )


def _teller(
    policy: Policy, field: tuple[Kind, str], case: Mapping[str, Value], names: Mapping[str, str]
) -> Callable[[Value], str]:
    """Return what puts a value of a field into words; a stage in the words of its pack."""
    kind, code = field
    if kind is not Kind.CASE or code != "stage":
        return lambda value: shown(policy, kind, code, value, names)
    steps = {step.id: step.name for step in policy.workflow(case).steps}
    return lambda value: "、".join(steps.get(step, step) for step in str(value).split())


_LINE = tables.household_line
_UNSAID = frozenset({"household", "stale", "redo", *STANDING_FIELDS}) - {"stage"}
