"""Bring the projections of touched entities up to date, and the households they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select, update

from app.domain.bound_id import fits, is_bound
from app.domain.ids import EntityId, Kind
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.journal.fold import EMPTY, Folded
from app.storage import projector, tables
from app.storage.tx import touched_households

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from app.storage.household_rows import Fresh
    from app.storage.shapes import Derives

KINDS = frozenset(str(kind) for kind in Kind)
"""The kinds we know."""


def reproject(
    conn: Connection,
    eids: Sequence[int],
    deriver: Derives,
    besides: Iterable[str] = (),
    fresh: tuple[Iterable[Sequence[Fresh]], int] = ((), 0),
) -> list[tuple[Kind, EntityId]]:
    """Fold these entities anew and derive the households they belong to; return those of known kinds.

    ``besides`` are households to be derived anew in any case; ``fresh`` the entities that stand folded and
    have no rows yet, in batches, and the least number one of them may have.
    """
    touched: list[tuple[Kind, EntityId]] = []
    ready: set[int] = set()
    households = projector.add_whole(conn, deriver, _noted(fresh[0], touched, ready), fresh[1])
    households.update(besides)
    for chunk in projector.chunks(eid for eid in eids if eid not in ready):
        rows = conn.execute(select(tables.entity).where(tables.entity.c.eid.in_(chunk))).all()
        folds = projector.fold_entities(conn, chunk)
        by_kind: dict[Kind, list[tuple[int, str, str, Folded]]] = {}
        for row in rows:
            if row.kind in KINDS:
                folded = folds.get(row.eid, EMPTY)
                by_kind.setdefault(Kind(row.kind), []).append((row.eid, row.uid, row.scope, folded))
        for kind, found in by_kind.items():
            # As it stood before: what moved away, or counts no longer, concerns that household too.
            households |= households_of(conn, kind, [eid for eid, *_ in found])
            projector.project(conn, kind, found)
            touched += [(kind, EntityId(uid)) for _, uid, _, _ in found]
            households |= touched_households((kind, uid, folded.values) for _, uid, _, folded in found)
    deriver.derive(conn, households)
    return touched


def _noted(
    batches: Iterable[Sequence[Fresh]], touched: list[tuple[Kind, EntityId]], ready: set[int]
) -> Iterator[Sequence[Fresh]]:
    for fresh in batches:
        touched += [(Kind(one.kind), EntityId(one.uid)) for one in fresh if one.kind in KINDS]
        ready.update(one.eid for one in fresh)
        yield fresh


def home_of(uid: str, one: tuple[str, str], other: tuple[str, str]) -> tuple[str, str]:
    """Return of which area and kind an entity is that was written about for two, whatever came first.

    The id says it; an old one does not, and then the greatest area and the first kind hold.
    """
    if is_bound(uid):
        for scope, kind in (one, other):
            if fits(uid, kind, scope):
                return scope, kind
    return max(one[0], other[0]), first_kind((one[1], other[1]))


def settle_homes(conn: Connection, eids: Iterable[int]) -> None:
    """Choose area and kind of entities anew from the entries that are left, some having been taken back."""
    journal, stream, entity = tables.journal, tables.stream, tables.entity
    for chunk in projector.chunks(eids):
        query = (
            select(journal.c.eid, entity.c.uid, entity.c.kind, stream.c.scope, journal.c.body)
            .join(stream, stream.c.sid == journal.c.sid)
            .join(entity, entity.c.eid == journal.c.eid)
            .where(journal.c.eid.in_(chunk), journal.c.state != EntryState.REDACTED)
        )
        homes: dict[int, tuple[str, str]] = {}
        before: dict[int, tuple[str, str]] = {}
        for row in conn.execute(query):
            came = (row.scope, trusted(row.body).kind)
            homes[row.eid] = home_of(row.uid, homes.get(row.eid, came), came)
            before[row.eid] = (row.uid, row.kind)
        for eid, (scope, kind) in homes.items():
            uid, old = before[eid]
            conn.execute(update(entity).where(entity.c.eid == eid).values(scope=scope, kind=kind))
            if kind != old and old in KINDS:
                projector.project(conn, Kind(old), [(eid, uid, scope, EMPTY)])


def first_kind(kinds: Iterable[str]) -> str:
    """Return the kind of an entity that was written about as several: those we know come first."""
    return min(kinds, key=lambda kind: (kind not in KINDS, kind))


def households_of(conn: Connection, kind: Kind, eids: list[int]) -> set[str]:
    """Return the households to which the rows of these entities belong as they stand."""
    table = tables.PROJECTED[kind]
    if kind is Kind.HOUSEHOLD:
        return set(conn.execute(select(table.c.uid).where(table.c.eid.in_(eids))).scalars())
    if "household" not in table.c:
        return set()
    query = select(table.c.uid, table.c.household).where(table.c.eid.in_(eids))
    return touched_households((kind, row.uid, {"household": row.household}) for row in conn.execute(query))
