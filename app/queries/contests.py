"""Fields whose writes disagree, as values: the sides, and what stood there before they parted.

The words for them are made in ``app.queries.conflicts``; what they have in common in ``conflict_patterns``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.ids import Kind
from app.domain.region import significant
from app.domain.settling import Side
from app.domain.stage import STANDING_FIELDS
from app.journal.authority import EntryState
from app.queries.family import household_of
from app.queries.journal_rows import entries_of
from app.queries.origins import devices_of
from app.storage import tables
from app.storage.projector import chunks, fold_entities

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from app.queries.journal_rows import Written

STAGE = "stage"
_WITH_STAGE = frozenset({"stale", "redo"})  # written by the act that writes the stage, settled with it


@dataclass(frozen=True, slots=True)
class Contest:
    """One field of one entity with two or more heads that differ.

    ``sides`` are sorted by entry id; ``base`` is the newest write all of them have seen, None when they
    share none. Of a case's standing one field speaks for all that were written together.
    """

    kind: Kind
    entity: str
    field: str
    household: str
    sides: tuple[Side, ...]
    base: Written | None

    @property
    def of_stage(self) -> bool:
        """Tell whether an act of the case settles it, not a choice of values."""
        return self.kind is Kind.CASE and self.field in STANDING_FIELDS


def eids_within(conn: Connection, scope: str) -> list[int]:
    """Return the local numbers of the entities of an area (a 12-digit code) that have a conflict."""
    conflict, entity = tables.conflict, tables.entity
    query = (
        select(conflict.c.eid)
        .distinct()
        .join(entity, entity.c.eid == conflict.c.eid)
        .where(entity.c.scope.startswith(significant(scope), autoescape=True))
    )
    return list(conn.execute(query).scalars())


def contests(conn: Connection, eids: Iterable[int]) -> tuple[list[Contest], dict[str, Written]]:
    """Return the conflicts of these entities, and every entry about them by id."""
    numbers = _in_conflict(conn, eids)
    folds = fold_entities(conn, numbers)
    written = {one.entry: one for one in entries_of(conn, numbers)}
    devices = devices_of(conn, written.values())
    found: list[Contest] = []
    for eid, (uid, kind) in numbers.items():
        household = household_of(conn, kind, uid)
        mine = {one.entry: one for one in written.values() if one.eid == eid}
        for code in _told(kind, folds[eid].conflicts):
            heads = [written[head.entry] for head in folds[eid].heads[code]]
            sides = tuple(_side(one, code, devices) for one in heads)
            found.append(Contest(kind, uid, code, household, sides, _base(mine, code, heads)))
    return found, written


def _told(kind: Kind, fields: Iterable[str]) -> Iterator[str]:
    """Yield the fields to decide: what an act wrote together is decided together."""
    disputed = list(fields)
    together = [code for code in disputed if kind is Kind.CASE and code in STANDING_FIELDS]
    with_it = _WITH_STAGE if STAGE in together else frozenset[str]()
    spoken_for = with_it.union(together)
    speaker = STAGE if STAGE in together else next(iter(together), "")
    for code in disputed:
        if code == speaker or code not in spoken_for:
            yield code


def _side(written: Written, code: str, devices: Mapping[str, str]) -> Side:
    body = written.body
    return Side(written.entry, body.changes[code], body.actor, devices.get(written.entry, ""), body.hlc)


def _base(entries: Mapping[str, Written], code: str, heads: list[Written]) -> Written | None:
    """Return the newest projected write of a field that every head descends from."""
    common = _before(entries, code, heads[0])
    for head in heads[1:]:
        common &= _before(entries, code, head)
    shared = [entries[entry] for entry in common if entries[entry].state is EntryState.PROJECTED]
    writes = [one for one in shared if code in one.body.changes]
    return max(writes, key=lambda one: (one.body.hlc, one.entry), default=None)


def _before(entries: Mapping[str, Written], code: str, head: Written) -> set[str]:
    found: set[str] = set()
    waiting = list(head.body.parents.get(code, ()))
    while waiting:
        entry = waiting.pop()
        if entry in entries and entry not in found:
            found.add(entry)
            waiting += entries[entry].body.parents.get(code, ())
    return found


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
