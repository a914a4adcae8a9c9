"""Judge every entry again when this program knows more, or judges otherwise, than the one before it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select, update

from app.domain.bound_id import is_bound
from app.domain.ids import Kind
from app.journal.authority import EntryState
from app.journal.entry import VERSION
from app.journal.fold import Folded
from app.storage import projector, tables
from app.storage.merge import reauthorise
from app.storage.reproject import first_kind, reproject
from app.storage.tx import get_meta, set_meta

if TYPE_CHECKING:
    from app.storage.restating import Authority
    from app.storage.shapes import Derives

_RULES = 2  # one more whenever authority judges otherwise
_META = "judgement"


def judgement() -> str:
    """Return a digest of what this program knows: kinds, entry version, rules of authority."""
    known = f"{_RULES} {VERSION} {' '.join(sorted(Kind))}"
    return hashlib.sha256(known.encode()).hexdigest()[:16]


def note_judgement(conn: Connection) -> None:
    """Note that every entry here was judged by this program."""
    set_meta(conn, _META, judgement())


def is_judged(conn: Connection) -> bool:
    """Tell whether every entry here was judged by a program that knows what this one knows."""
    return get_meta(conn, _META) == judgement()


def judge_all(conn: Connection, authority: Authority, deriver: Derives) -> int:
    """Judge every entry anew, project what is known by now; return how many entries changed state."""
    _settle_kinds(conn, deriver)
    changed = reauthorise(conn, authority, deriver)
    note_judgement(conn)
    return changed


def unknown_entries(conn: Connection) -> int:
    """Return how many entries of a later program are kept here until an upgrade shows them."""
    query = select(func.count()).where(tables.journal.c.state == int(EntryState.UNKNOWN))
    return int(conn.execute(query).scalar() or 0)


def _settle_kinds(conn: Connection, deriver: Derives) -> None:
    """Choose anew the kind of entities written about as several, as a merge by this program would."""
    several = conn.exec_driver_sql(
        "SELECT eid FROM journal WHERE state <> 4 "
        "GROUP BY eid HAVING count(DISTINCT json_extract(body, '$.t')) > 1"
    )
    changed: list[int] = []
    households: set[str] = set()
    for (eid,) in several.all():
        row = conn.execute(select(tables.entity).where(tables.entity.c.eid == eid)).one()
        kinds = conn.exec_driver_sql(
            "SELECT json_extract(body, '$.t') FROM journal WHERE eid = ? AND state <> 4", (eid,)
        )
        kind = first_kind(kinds.scalars())
        if is_bound(row.uid) or kind == row.kind:
            continue
        households.add(row.uid)
        if row.kind in tables.PROJECTED:
            projector.project(conn, Kind(row.kind), [(eid, row.uid, row.scope, Folded({}))])
        conn.execute(update(tables.entity).where(tables.entity.c.eid == eid).values(kind=kind))
        changed.append(eid)
    reproject(conn, changed, deriver, households)
