"""Which entities belong to a household: it, its children, and the children of its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


def entities_of(conn: Connection, household: str) -> Iterator[tuple[Kind, str]]:
    """Yield kind and id of a household and all that belongs to it, void ones included, each once."""
    yield Kind.HOUSEHOLD, household
    cases = _children(conn, Kind.CASE, "household", household)
    seen = {household}
    for kind, fields in FIELDS.items():
        found = _children(conn, kind, "household", household) if "household" in fields else []
        if "case" in fields:
            found += [uid for case in cases for uid in _children(conn, kind, "case", case)]
        for uid in found:
            if uid not in seen:
                seen.add(uid)
                yield kind, uid


def household_of(conn: Connection, kind: Kind, uid: str) -> str:
    """Return the household an entity belongs to, directly or through its case; "" for all others."""
    if kind is Kind.HOUSEHOLD:
        return uid
    table = tables.PROJECTED[kind]
    if "household" in FIELDS[kind]:
        own = conn.execute(select(table.c.household).where(table.c.uid == uid)).scalar()
        if own:
            return str(own)
    if "case" not in FIELDS[kind]:
        return ""
    case = tables.PROJECTED[Kind.CASE]
    query = select(case.c.household).join(table, table.c.case == case.c.uid).where(table.c.uid == uid)
    return str(conn.execute(query).scalar() or "")


def _children(conn: Connection, kind: Kind, code: str, uid: str) -> list[str]:
    table = tables.PROJECTED[kind]
    return list(conn.execute(select(table.c.uid).where(table.c[code] == uid).order_by(table.c.uid)).scalars())
