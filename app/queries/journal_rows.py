"""Journal entries of some entities with who wrote them and when; for histories and timelines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.calendar import CHINA
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.journal.hlc import wall_of
from app.queries import rows
from app.storage import tables
from app.storage.projector import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from app.journal.entry import Body


@dataclass(frozen=True, slots=True)
class Written:
    """One entry: its id, local entity number, whether it counts, and what it says."""

    entry: str
    eid: int
    state: EntryState
    body: Body

    @property
    def at(self) -> str:
        """When it was written by the writer's clock: ISO to the second, in China."""
        return _moment(self.body.hlc)


def eids_of(conn: Connection, uids: Iterable[str]) -> dict[str, int]:
    """Return the local numbers of entities by id; unknown ones are left out."""
    found: dict[str, int] = {}
    wanted = sorted(set(uids) - {""})
    for start in range(0, len(wanted), 400):
        query = select(tables.entity.c.uid, tables.entity.c.eid)
        part = query.where(tables.entity.c.uid.in_(wanted[start : start + 400]))
        found.update((row.uid, row.eid) for row in conn.execute(part))
    return found


def entries_of(conn: Connection, eids: Iterable[int]) -> list[Written]:
    """Return every entry about these entities in the order of the clock, whatever its state.

    Of a lawfully deleted one the redaction is there instead.
    """
    table = tables.journal
    found: list[Written] = []
    for chunk in chunks(eids):
        query = select(table.c.id, table.c.eid, table.c.state, table.c.body).where(table.c.eid.in_(chunk))
        query = query.where(table.c.state != EntryState.REDACTED)
        for entry, eid, state, body in conn.execute(query):
            found.append(Written(entry, eid, EntryState(state), trusted(body)))
    return sorted(found, key=lambda written: (written.body.hlc, written.entry))


def moment_of(conn: Connection, lid: int) -> str:
    """Return when the entry with this local number was written (ISO, in China), "" when there is none.

    Of a lawfully deleted entry no clock is left; the last whole one before it in its stream speaks for it.
    """
    table = tables.journal
    stream = select(table.c.sid).where(table.c.lid == lid).scalar_subquery()
    whole = (table.c.lid <= lid, table.c.sid == stream, table.c.state != EntryState.REDACTED)
    query = select(table.c.body).where(*whole).order_by(table.c.seq.desc()).limit(1)
    body = conn.execute(query).scalar()
    return _moment(trusted(body).hlc) if body is not None else ""


def _moment(reading: int) -> str:
    return wall_of(reading).astimezone(CHINA).isoformat(timespec="seconds")


def writers(conn: Connection, entries: Iterable[Written]) -> dict[str, str]:
    """Return the names of the persons who wrote these entries, by person id."""
    return rows.names(conn, (written.body.actor for written in entries))
