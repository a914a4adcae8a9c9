"""The digest two workspaces compare to know they hold the same facts."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, select

from app.storage import tables


def digest(conn: Connection, prefix: str = "", *, without: str = "") -> str:
    """Return the SHA-256 over every projected entity whose scope begins with ``prefix``, in uid order.

    It covers kind, uid and, per field, its heads (entry id and value); nothing derived or local. ``without``
    leaves out what only the device of that id has written about.
    """
    table = tables.entity
    query = select(table.c.uid, table.c.kind, table.c.digest).order_by(table.c.uid)
    if without:
        journal, stream = tables.journal, tables.stream
        others = select(journal.c.eid).join(stream, stream.c.sid == journal.c.sid)
        query = query.where(table.c.eid.in_(others.where(stream.c.device != without)))
    if prefix:
        query = query.where(table.c.scope.startswith(prefix, autoescape=True))
    total = hashlib.sha256()
    for uid, kind, heads in conn.execute(query):
        if heads is not None and heads != _NOTHING:
            total.update(f"{kind} {uid} ".encode() + heads)
    return total.hexdigest()


# The fold of an entity none of whose entries is projected: held entries leave no trace here.
_NOTHING = hashlib.sha256(b"{}").digest()
