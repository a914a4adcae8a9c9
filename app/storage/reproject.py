"""Bring the projections of touched entities up to date, and the households they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from app.domain.ids import EntityId, Kind
from app.journal.fold import EMPTY, Folded
from app.storage import projector, tables
from app.storage.tx import touched_households

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.storage.projector import Fresh
    from app.storage.shapes import Derives

_KINDS = frozenset(str(kind) for kind in Kind)


def reproject(
    conn: Connection, eids: Sequence[int], deriver: Derives, fresh: Sequence[Fresh] = ()
) -> list[tuple[Kind, EntityId]]:
    """Fold these entities anew and derive the households they belong to; return those of known kinds.

    ``fresh`` are those among them that stand folded already and have no rows yet.
    """
    touched: list[tuple[Kind, EntityId]] = []
    whole, households = whole_families(conn, fresh)
    _add_fresh(conn, fresh, touched)
    ready = {one.eid for one in fresh}
    for chunk in projector.chunks(eid for eid in eids if eid not in ready):
        rows = conn.execute(select(tables.entity).where(tables.entity.c.eid.in_(chunk))).all()
        folds = projector.fold_entities(conn, chunk)
        by_kind: dict[Kind, list[tuple[int, str, str, Folded]]] = {}
        for row in rows:
            if row.kind in _KINDS:
                folded = folds.get(row.eid, EMPTY)
                by_kind.setdefault(Kind(row.kind), []).append((row.eid, row.uid, row.scope, folded))
        for kind, found in by_kind.items():
            # As it stood before: what moved away, or counts no longer, concerns that household too.
            households |= _households_of(conn, kind, [eid for eid, *_ in found])
            projector.project(conn, kind, found)
            touched += [(kind, EntityId(uid)) for _, uid, _, _ in found]
            households |= touched_households((kind, uid, folded.values) for _, uid, _, folded in found)
    deriver.derive(conn, sorted(households), whole)
    return touched


def whole_families(conn: Connection, fresh: Sequence[Fresh]) -> tuple[list[Fresh], set[str]]:
    """Return the entities of households all of which is fresh, and the other households that are touched.

    Asked before the fresh ones have their rows: what stands there under a new household came before it.
    """
    known = [one for one in fresh if one.kind in _KINDS]
    touched = touched_households((Kind(one.kind), one.uid, one.values) for one in known)
    mixed = touched - {one.uid for one in known if one.kind == Kind.HOUSEHOLD}
    for kind in _BELONGING:
        for chunk in projector.chunks(sorted(touched - mixed)):
            marks = ", ".join("?" * len(chunk))
            query = f'SELECT DISTINCT household FROM "p_{kind}" WHERE household IN ({marks})'  # noqa: S608 -- names are constants of ours
            mixed |= {str(uid) for (uid,) in conn.exec_driver_sql(query, tuple(chunk))}
    homes = touched - mixed
    whole = [
        one
        for one in known
        if (one.uid if one.kind == Kind.HOUSEHOLD else one.values.get("household")) in homes
    ]
    return whole, mixed


_BELONGING = tuple(kind for kind, table in tables.PROJECTED.items() if "household" in table.c)


def _add_fresh(conn: Connection, fresh: Iterable[Fresh], touched: list[tuple[Kind, EntityId]]) -> None:
    by_kind: dict[str, list[Fresh]] = {}
    for one in fresh:
        by_kind.setdefault(one.kind, []).append(one)
    for name, found in by_kind.items():
        if name in _KINDS:
            projector.add(conn, Kind(name), found)
            touched += [(Kind(name), EntityId(one.uid)) for one in found]


def _households_of(conn: Connection, kind: Kind, eids: list[int]) -> set[str]:
    table = tables.PROJECTED[kind]
    if kind is Kind.HOUSEHOLD or "household" not in table.c:
        return set()
    query = select(table.c.uid, table.c.household).where(table.c.eid.in_(eids))
    return touched_households((kind, row.uid, {"household": row.household}) for row in conn.execute(query))
