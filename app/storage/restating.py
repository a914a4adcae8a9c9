"""Entries whose state is another one after a certificate, a revocation or the entry it names has arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from sqlalchemy import select

from app.journal import redaction
from app.journal.authority import EntryState
from app.journal.entry import Body, trusted
from app.storage import branches, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection

    from app.domain.trust import StreamEnd


class Authority(Protocol):
    """The judgement of entries."""

    def of_stream(self, device: str, stream: str, scope: str) -> Callable[[int, Body], EntryState]:
        """Return what tells whether an entry (its number, what it says) may be projected.

        Revocations by branch are for the caller.
        """
        ...

    def ends(self, device: str, stream: str) -> Sequence[StreamEnd] | None:
        """Return the entries up to which a stream of a revoked device is believed; None: not revoked."""
        ...


class Restated(NamedTuple):
    """An entry whose state is another by now."""

    state: EntryState
    lid: int
    eid: int
    entry: str
    body: Body


def restate(conn: Connection, changed: Iterable[Restated]) -> None:
    """Write the states; the caller projects the entities afterwards."""
    rows = [(int(one.state), one.lid) for one in changed]
    conn.exec_driver_sql("UPDATE journal SET state = ? WHERE lid = ?", rows)


def deletions(changed: Iterable[Restated], *, counts: bool) -> list[tuple[str, Body]]:
    """Return the redactions among them that count from now on, or that do not any more."""
    return [
        (one.entry, one.body)
        for one in changed
        if redaction.is_redaction(one.body) and (one.state is EntryState.PROJECTED) is counts
    ]


def restated(
    conn: Connection, uid: str, authority: Authority, *, only_revoked: bool = False
) -> list[Restated]:
    """Return each entry of a stream whose state is another by now."""
    table = tables.journal
    rows = branches.of_stream(conn, uid)
    changed: list[Restated] = []
    for row in conn.execute(select(tables.stream).where(tables.stream.c.uid == uid)).all():
        ends = authority.ends(row.device, uid)
        if ends is None and only_revoked:
            continue
        last = row.head_seq if ends is None else branches.believed(conn, rows, row.sid, ends)
        judge = authority.of_stream(row.device, uid, row.scope)
        query = select(table.c.lid, table.c.seq, table.c.id, table.c.eid, table.c.state, table.c.body)
        for entry in conn.execute(query.where(table.c.sid == row.sid)):
            if entry.state == EntryState.REDACTED:
                continue
            body = trusted(entry.body)
            state = judge(entry.seq, body)
            if state is EntryState.PROJECTED and entry.seq > last:
                state = EntryState.REVOKED
            if state != entry.state:
                changed.append(Restated(state, entry.lid, entry.eid, entry.id, body))
    return changed
