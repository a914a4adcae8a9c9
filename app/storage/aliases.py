"""Second registrations that point at each other: one of them must stand, whoever wrote last.

Two computers may each say of one pair that the other one is the double. Joined, both would be hidden and
the family lost; so of a circle the household with the smallest id stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.ids import Kind
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

_CHUNK = 400


def with_partners(conn: Connection, uids: Iterable[str]) -> list[str]:
    """Return these households and all that are joined to them as second registrations, sorted."""
    table = tables.PROJECTED[Kind.HOUSEHOLD]
    found: set[str] = set()
    fresh = set(uids)
    while fresh:
        found |= fresh
        batch, partners = sorted(fresh), set[str]()
        for start in range(0, len(batch), _CHUNK):
            chunk = batch[start : start + _CHUNK]
            theirs = select(table.c.uid).where(table.c.alias_of.in_(chunk))
            ours = select(table.c.alias_of).where(table.c.uid.in_(chunk), table.c.alias_of > "")
            partners |= {str(uid) for query in (theirs, ours) for uid in conn.execute(query).scalars()}
        fresh = partners - found
    return sorted(found)


def stands(conn: Connection, uid: str) -> bool:
    """Tell whether a second registration stands all the same: it is the smallest of a circle."""
    circle = [uid]
    while target := _target(conn, circle[-1]):
        if target == uid:
            return uid == min(circle)
        if target in circle:
            return False  # it points into a circle that it is no part of
        circle.append(target)
    return False


def _target(conn: Connection, uid: str) -> str:
    table = tables.PROJECTED[Kind.HOUSEHOLD]
    query = select(table.c.alias_of).where(table.c.uid == uid, table.c.status == "alias")
    return str(conn.execute(query).scalar() or "")
