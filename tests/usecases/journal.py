"""What stands in a workspace's journal, for tests that nothing or exactly something was written."""

from __future__ import annotations

from sqlalchemy import select

from app.journal.entry import trusted
from app.storage import tables
from app.storage.digest import digest


def bodies(office):
    """Every entry, oldest first."""
    with office.workspace.read() as conn:
        found = [trusted(row) for row in conn.execute(select(tables.journal.c.body)).scalars()]
    return sorted(found, key=lambda body: body.hlc)


def ops(office):
    """The operation of every entry, oldest first."""
    return [body.op for body in bodies(office)]


def audited(office):
    """Action, subject and detail of the audit rows, oldest first."""
    audit = tables.audit
    with office.workspace.read() as conn:
        query = select(audit.c.action, audit.c.subject, audit.c.detail).order_by(audit.c.n)
        return [tuple(row) for row in conn.execute(query)]


def standing(office):
    """What would differ if anything had been written: number of entries and digest."""
    with office.workspace.read() as conn:
        return len(bodies(office)), digest(conn, office.actor.scope)
