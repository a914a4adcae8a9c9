"""Small computers for the laws of merging: the real journal, store and projections over memory.

A node keeps its connection and is set back to an empty file in a fraction of a millisecond, so that
thousands of histories can be played. What it writes and reads goes through the same functions a
workspace uses; only the encrypted file and the derived lines are missing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, create_engine, func, insert, select
from sqlalchemy.pool import StaticPool

from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.person import Actor
from app.domain.trust import StreamEnd
from app.journal.authority import EntryState
from app.journal.entry import Body
from app.storage import alerts, incarnation, projector, tables
from app.storage.digest import digest
from app.storage.household_rows import Household
from app.storage.merge import Merged, StreamPart, merge, streams_of
from app.storage.tx import Tx, Writer, get_meta, set_meta

VILLAGE = "990101001201"
START_MS = 1_772_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoLines:
    """Derives nothing: the laws are about the journal and the folded rows."""

    def derive(
        self, conn: Connection, uids: Iterable[str], ready: Mapping[str, Household] | None = None
    ) -> None:
        del conn, uids, ready


@dataclass(frozen=True)
class Always:
    """Judges every entry alike; ``revoked`` maps streams of revoked devices to the entries that end them."""

    state: EntryState = EntryState.PROJECTED
    revoked: Mapping[str, Sequence[StreamEnd]] | None = None

    def of_stream(self, device: str, stream: str, scope: str) -> Callable[[int, Body], EntryState]:
        return lambda number, body: self.judged(device, stream, scope, number, body)

    def judged(self, device: str, stream: str, scope: str, number: int, body: Body) -> EntryState:
        del device, stream, scope, number, body
        return self.state

    def ends(self, device: str, stream: str) -> Sequence[StreamEnd] | None:
        del device
        return (self.revoked or {}).get(stream)


ALLOW = Always()


def values(conn: Connection) -> dict[tuple[str, str], list[str]]:
    """Return the values of every head of every field, sorted."""
    table = tables.entity
    uids = {row.eid: row.uid for row in conn.execute(select(table.c.eid, table.c.uid))}
    return {
        (uids[eid], code): sorted(str(head.value) for head in heads)
        for eid, folded in projector.fold_entities(conn, uids).items()
        for code, heads in folded.heads.items()
    }


def conflicts(conn: Connection) -> set[tuple[str, str]]:
    """Return (entity, field) of every conflict shown."""
    conflict, entity = tables.conflict, tables.entity
    query = select(entity.c.uid, conflict.c.field).join(entity, entity.c.eid == conflict.c.eid)
    return {(row.uid, row.field) for row in conn.execute(query)}


def tips(conn: Connection) -> list[int]:
    """Return how many branches each stream that was written into has."""
    table = tables.stream
    query = select(func.count()).where(table.c.head_seq > 0).group_by(table.c.uid)
    return list(conn.execute(query).scalars())


def unalerted(conn: Connection) -> int:
    """Return how many forked streams nobody here was told of."""
    told = {one.subject for one in alerts.open_alerts(conn)}
    forked = conn.execute(select(tables.stream.c.uid).where(tables.stream.c.parent_sid.is_not(None)))
    return len(set(forked.scalars()) - told)


class Node:
    """One computer; ``clock_ms`` is its own, ``wall_off`` how far it runs from the true time."""

    def __init__(self, name: str, level: Level = Level.VILLAGE, scope: str = VILLAGE) -> None:
        self.name = name
        self.actor = Actor(EntityId(name.encode().hex().ljust(32, "0")), name, level, scope)
        self.key = name.encode().ljust(32, b".")
        self.wall_ms = START_MS
        self._raw = sqlite3.connect(":memory:", check_same_thread=False)
        self.engine = create_engine("sqlite://", creator=lambda: self._raw, poolclass=StaticPool)
        self.conn = self.engine.connect()
        tables.truth.create_all(self.conn)
        tables.projections.create_all(self.conn)
        self.conn.commit()
        self._empty = self._raw.serialize()
        self.reset(b"\0" * 16)

    def reset(self, own_incarnation: bytes) -> None:
        """Be a new computer with nothing on it."""
        self.restore(self._empty)
        self.conn.execute(insert(tables.device).values(k=1, secret=b"", incarnation=own_incarnation))
        set_meta(self.conn, "sign_key", self.key.hex())
        self.conn.commit()
        self.wall_ms = START_MS

    def snapshot(self) -> bytes:
        """Return the whole file."""
        return self._raw.serialize()

    def restore(self, data: bytes) -> None:
        """Put an older file back; nobody notices but the streams."""
        self._raw.deserialize(data)

    def rotate(self) -> None:
        """Begin a new incarnation, as the witness does when it notices."""
        incarnation.rotate(self.conn)
        self.conn.commit()

    def tx(self) -> Tx:
        """Open a write; ``done`` ends it."""
        key, own = incarnation.current(self.conn)
        writer = Writer(bytes.fromhex(key), bytes.fromhex(own), self.name)
        now = _EPOCH + timedelta(milliseconds=self.wall_ms)
        return Tx(self.conn, self.actor, writer, NoLines(), now)

    def done(self, tx: Tx) -> None:
        tx.finish()
        self.conn.commit()

    def write(
        self,
        uid: EntityId,
        changed: Mapping[str, Value],
        kind: Kind = Kind.HOUSEHOLD,
        scope: str | None = None,
    ) -> str | None:
        """Record one change and return the entry's id; None when nothing would change."""
        tx = self.tx()
        entry = tx.record("household.edited", kind, uid, changed, scope=scope)
        self.done(tx)
        return entry

    def export(self, prefix: str = "") -> list[StreamPart]:
        found = streams_of(self.conn, [prefix])
        self.conn.commit()
        return found

    def take(self, parts: Iterable[StreamPart], judge: Always = ALLOW) -> Merged:
        done = merge(self.conn, parts, judge, NoLines(), self.wall_ms)
        self.conn.commit()
        return done

    def digest(self) -> str:
        return digest(self.conn)

    def ids(self) -> set[str]:
        """Return every entry in the journal."""
        return set(self.conn.execute(select(tables.journal.c.id)).scalars())

    def alerts(self) -> list[str]:
        return [str(one.kind) for one in alerts.open_alerts(self.conn)]

    @property
    def incarnation(self) -> str:
        return incarnation.current(self.conn)[1]

    @property
    def hlc(self) -> int:
        return int(get_meta(self.conn, "hlc") or 0)

    def close(self) -> None:
        self.conn.close()
        self.engine.dispose()
        self._raw.close()

    # What a random history does with a computer, see tests.journal.histories.

    def put(self, entity: str, changes: dict[str, str]) -> str:
        """Write fields anew although they may hold the same value already."""
        tx = self.tx()
        uid = EntityId(entity)
        # A writer that settles nothing: the program leaves an unchanged field out, the history does not.
        entry = tx.record("household.edited", Kind.HOUSEHOLD, uid, changes, extras={"note": "again"})
        self.done(tx)
        return str(entry)

    def pack(self) -> list[StreamPart]:
        return self.export()

    def unpack(self, parcel: list[StreamPart]) -> None:
        self.take(parcel)

    def values(self) -> dict[tuple[str, str], list[str]]:
        return values(self.conn)

    def conflicts(self) -> set[tuple[str, str]]:
        return conflicts(self.conn)

    def tips(self) -> list[int]:
        return tips(self.conn)

    def unalerted(self) -> int:
        return unalerted(self.conn)

    def rebuilt(self) -> str:
        projector.rebuild(self.conn, NoLines())
        return self.digest()
