"""Take whole streams into the journal: set union, forks kept, projections brought up to date.

The caller owns the transaction and has verified the package. Nothing is renumbered and nothing is
dropped: a stream that comes back different from ours becomes a second branch beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, func, insert, select, update

from app.domain.alert import AlertKind
from app.domain.errors import BadInput
from app.domain.ids import EntityId, Kind, Value
from app.journal import chain, hlc, redaction
from app.journal.authority import EntryState
from app.journal.entry import Body, trusted
from app.storage import alerts, branches, incarnation, tables
from app.storage import redaction as deleting
from app.storage.entities import Entities
from app.storage.projector import BATCH
from app.storage.reproject import reproject
from app.storage.restating import deletions, restate, restated
from app.storage.tx import CIVIL_ZONE, get_meta, set_meta

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.storage.restating import Authority
    from app.storage.shapes import Derives


@dataclass(frozen=True, slots=True)
class StreamPart:
    """One whole stream (or one whole branch of a forked one): entry bytes from number 1 on.

    ``key`` and ``incarnation`` (hex) give, with ``scope``, the uid; ``seal`` is the writing device's
    signature over the head, passed on as it came; ``sid`` our own row of it, 0 for what comes in.
    ``links`` and ``bodies`` (None for a line that was not read, or of which only the digest is left) are what
    the reader found in the lines, if it kept it.
    """

    uid: str
    device: str
    scope: str
    entries: Sequence[bytes]
    key: str = ""
    incarnation: str = ""
    seal: str = ""
    sid: int = 0
    links: Sequence[bytes] = ()
    bodies: Sequence[Body | None] = ()

    def read(self, start: int) -> Sequence[Body | None]:
        """Return what the entries after the first ``start`` say, None where only the digest is left."""
        bodies = self.bodies[start:]
        if bodies and None not in bodies:
            return bodies
        return [self.body(number) for number in range(start + 1, len(self.entries) + 1)]

    def body(self, number: int) -> Body | None:
        """Return what entry ``number`` says, None when only its digest is left."""
        found = self.bodies[number - 1] if self.bodies else None
        if found is not None:
            return found
        line = self.entries[number - 1]
        return None if redaction.is_reduced(line) else trusted(line)


@dataclass(frozen=True, slots=True)
class Fork:
    """A stream that goes two ways (or came back to us); ``number`` is the first entry that differs."""

    stream: str
    device: str
    scope: str
    number: int

    def detail(self) -> dict[str, Value]:
        """Return what an alert tells of it."""
        return {"device": self.device, "number": self.number, "scope": self.scope}


_REDACTED = int(EntryState.REDACTED)
_NOT_FACT = frozenset({EntryState.UNAUTHORISED, EntryState.REVOKED})


@dataclass(slots=True)
class Merged:
    """What a merge did; ``touched`` lists (kind, uid) of entities with new entries.

    ``restored`` counts entries known only by their digest that came in whole; ``deleted`` the redactions
    among the new ones; ``withheld`` all entries here that are only digests with nothing to say why.
    ``forked`` lists streams that got another branch, ``returned`` those of our present incarnation that came
    back with entries we did not have: this device writes under another incarnation from then on.
    """

    new: int = 0
    known: int = 0
    held: int = 0
    unknown: int = 0
    forked: list[Fork] = field(default_factory=list[Fork])
    returned: list[Fork] = field(default_factory=list[Fork])
    touched: list[tuple[Kind, EntityId]] = field(default_factory=list[tuple[Kind, EntityId]])
    first_lid: int = 0
    last_lid: int = 0
    restored: int = 0
    deleted: int = 0
    withheld: int = 0


def merge(
    conn: Connection, parts: Iterable[StreamPart], authority: Authority, deriver: Derives, wall_ms: int
) -> Merged:
    """Add every entry we lack, then fold and derive what they touch.

    Raises:
        BadInput: ``package.count_mismatch`` when a stream does not add up afterwards.
    """
    done = Merged(first_lid=_last_lid(conn) + 1)
    worker = _Merge(conn, authority, done, int(get_meta(conn, "hlc") or 0), wall_ms)
    for part in parts:
        worker.take(part)
    done.last_lid = _last_lid(conn)
    set_meta(conn, "hlc", str(worker.clock))
    worker.check_counts()
    restated = worker.apply_revocations()
    # What came in just now needs no second reading, unless something was taken back.
    fresh = worker.entities.add(folded=not restated and not worker.redactions)
    if worker.redactions:
        fresh = iter(list(fresh))  # a redaction is carried out where its entity stands
    deleting.carry_out(conn, worker.redactions)
    done.deleted, done.withheld = len(worker.redactions), deleting.withheld(conn)
    _tell(conn, done, wall_ms)
    entities = worker.entities
    done.touched = reproject(conn, sorted(worker.eids), deriver, entities.households, (fresh, entities.first))
    return done


def _tell(conn: Connection, done: Merged, wall_ms: int) -> None:
    """Alert the person here of forks; when our own stream came back with more, never write into it again."""
    at = datetime.fromtimestamp(wall_ms / 1000, CIVIL_ZONE).isoformat(timespec="seconds")
    ours = {one.stream for one in done.returned}
    for one in done.returned:
        alerts.add(conn, AlertKind.OWN_STREAM_RETURNED, one.stream, one.detail(), at)
    for one in done.forked:
        if one.stream not in ours:
            alerts.add(conn, AlertKind.FORK, one.stream, one.detail(), at)
    if done.returned:
        incarnation.rotate(conn)


class _Merge:
    """The state of one merge."""

    def __init__(
        self, conn: Connection, authority: Authority, done: Merged, clock: int, wall_ms: int
    ) -> None:
        self.conn = conn
        self.clock = clock
        self.eids: set[int] = set()
        self.redactions: list[tuple[str, Body]] = []  # those that count
        self._gone = deleting.gone(conn)
        self._authority = authority
        self._done = done
        self._wall_ms = wall_ms
        self._own = incarnation.current(conn)
        self._sids: set[int] = set()
        self._uids: set[str] = set()
        self._judge = authority.of_stream("", "", "")
        self.entities = Entities(conn)

    def take(self, part: StreamPart) -> None:
        self._judge = self._authority.of_stream(part.device, part.uid, part.scope)
        ids = list(part.links) or list(redaction.links(part.uid, part.entries))
        if not ids:
            return
        self._make_whole(part, ids)
        before = self._done.new
        found = branches.longest(self.conn, branches.of_stream(self.conn, part.uid), ids)
        if found is None:
            self._append(self._new_row(part, None, 0), part, ids, 0)
        else:
            row, common = found
            self._done.known += common
            # What goes another way than the row it agrees with the longest is a branch of that row.
            forks = common < min(row.head, len(ids))
            self._append(self._new_row(part, row.sid, common) if forks else row.sid, part, ids, common)
            if forks:
                self._done.forked.append(Fork(part.uid, part.device, part.scope, common + 1))
        if self._done.new > before:
            self._uids.add(part.uid)
            if (part.key, part.incarnation) == self._own:
                self._done.returned.append(Fork(part.uid, part.device, part.scope, len(ids)))

    def _new_row(self, part: StreamPart, parent: int | None, fork: int) -> int:
        added = self.conn.execute(
            insert(tables.stream).values(
                uid=part.uid,
                device=part.device,
                scope=part.scope,
                parent_sid=parent,
                fork_seq=fork if parent is not None else None,
                head_seq=fork,
                head=b"",
                key=part.key,
                incarnation=part.incarnation,
                seal=part.seal,
            )
        )
        return int((added.inserted_primary_key or (0,))[0])

    def _append(self, sid: int, part: StreamPart, ids: list[bytes], start: int) -> None:
        if start == len(ids):
            return
        bodies = part.read(start)
        for number in range(start, len(ids), BATCH):
            some = slice(number, number + BATCH)
            self._append_some(sid, part, number, ids[some], bodies[number - start : number - start + BATCH])
        head = update(tables.stream).where(tables.stream.c.sid == sid)
        self.conn.execute(head.values(head_seq=len(ids), head=ids[-1], seal=part.seal))
        self._done.new += len(ids) - start
        self._sids.add(sid)

    def _append_some(
        self, sid: int, part: StreamPart, start: int, links: list[bytes], bodies: Sequence[Body | None]
    ) -> None:
        """Write the entries after number ``start`` that have these links."""
        known = [body for body in bodies if body is not None]
        self.entities.meet(body.entity for body in known)
        self.clock = hlc.receive(self.clock, (body.hlc for body in known), self._wall_ms)
        rows: list[tuple[int, int, str, int, int, str]] = []
        for number, (link, body) in enumerate(zip(links, bodies, strict=True), start + 1):
            entry, line = chain.entry_id(link), part.entries[number - 1]
            eid, state = deleting.NOWHERE, _REDACTED
            if body is not None:
                eid, state = self._judged(part.scope, entry, body, self._judge(number, body))
            kept = redaction.reduced(line) if state == _REDACTED else line
            rows.append((sid, number, entry, eid, state, kept.decode()))
        self.eids.update(row[3] for row in rows if row[3] != deleting.NOWHERE)
        self.conn.exec_driver_sql(
            "INSERT INTO journal (sid, seq, id, eid, state, body) VALUES (?, ?, ?, ?, ?, ?)", rows
        )

    def _judged(self, scope: str, entry: str, body: Body, state: EntryState) -> tuple[int, int]:
        """Return the entity number and the state of an incoming entry that was judged by itself."""
        eid = self.entities.number(body, scope)
        is_redaction = body.op == redaction.OP and redaction.is_redaction(body)
        if state is not EntryState.PROJECTED:
            self._done.held += state in _NOT_FACT
            self._done.unknown += state is EntryState.UNKNOWN
        if entry in self._gone and not is_redaction:
            return eid, _REDACTED
        if state is not EntryState.PROJECTED:
            return eid, int(state)
        self.entities.note(eid, entry, body)
        if is_redaction:
            self.redactions.append((entry, body))
        return eid, 0

    def _make_whole(self, part: StreamPart, ids: list[bytes]) -> None:
        """Take the bodies of entries we know only by their digest, unless they were lawfully deleted."""
        for lid, number, entry in deleting.reduced_rows(self.conn, part.uid):
            is_known = number > len(ids) or chain.entry_id(ids[number - 1]) != entry
            if is_known or entry in self._gone or redaction.is_reduced(part.entries[number - 1]):
                continue
            body = trusted(part.entries[number - 1])
            self.entities.meet([body.entity])
            self.clock = hlc.receive(self.clock, [body.hlc], self._wall_ms)
            eid, state = self._judged(part.scope, entry, body, self._judge(number, body))
            self.eids.add(eid)
            deleting.make_whole(self.conn, lid, (eid, state, part.entries[number - 1].decode()))
            self._done.restored += 1

    def apply_revocations(self) -> bool:
        """Judge the streams of revoked devices again: what came in may be the entry a revocation names.

        Tell whether any entry is judged otherwise.
        """
        changed = [
            one
            for uid in sorted(self._uids)
            for one in restated(self.conn, uid, self._authority, only_revoked=True)
        ]
        if not changed:
            return False
        restate(self.conn, changed)
        self.eids |= {one.eid for one in changed}
        struck = deletions(changed, counts=False)
        deleting.take_back(self.conn, struck)
        left = {entry for entry, _ in struck}
        self.redactions = [one for one in self.redactions if one[0] not in left]
        self.redactions += deletions(changed, counts=True)
        return True

    def check_counts(self) -> None:
        for sid in self._sids:
            row = self.conn.execute(select(tables.stream).where(tables.stream.c.sid == sid)).one()
            query = select(func.count()).where(tables.journal.c.sid == sid)
            if self.conn.execute(query).scalar() != row.head_seq - (row.fork_seq or 0):
                raise BadInput("package.count_mismatch", stream=row.uid)


def reauthorise(conn: Connection, authority: Authority, deriver: Derives) -> int:
    """Judge every entry again under a changed trust document; return how many changed state."""
    names = conn.execute(select(tables.stream.c.uid).distinct().order_by(tables.stream.c.uid))
    changed = [one for uid in names.scalars().all() for one in restated(conn, uid, authority)]
    if changed:
        restate(conn, changed)
        deleting.take_back(conn, deletions(changed, counts=False))
        deleting.carry_out(conn, deletions(changed, counts=True))
        reproject(conn, sorted({one.eid for one in changed}), deriver)
    return len(changed)


def streams_of(conn: Connection, scope_prefixes: Sequence[str]) -> list[StreamPart]:
    """Return every stream and branch whose scope begins with one of the prefixes, whole."""
    found: list[StreamPart] = []
    for row in conn.execute(select(tables.stream).order_by(tables.stream.c.uid, tables.stream.c.sid)).all():
        if not row.scope.startswith(tuple(scope_prefixes)):
            continue
        part = StreamPart(
            row.uid, row.device, row.scope, _bodies(conn, row), row.key, row.incarnation, row.seal, row.sid
        )
        found.append(part)
    return found


def _bodies(conn: Connection, row: Row[tuple[object, ...]]) -> list[bytes]:
    """Return the entries of a row from number 1 on, those of its stem first."""
    table = tables.journal
    rows = branches.of_stream(conn, row.uid)
    found: list[bytes] = []
    for sid, last in branches.path(rows, row.sid, row.head_seq):
        query = select(table.c.body).where(table.c.sid == sid, table.c.seq <= last).order_by(table.c.seq)
        found += [body.encode() for body in conn.execute(query).scalars()]
    return found


def _last_lid(conn: Connection) -> int:
    return int(conn.execute(select(func.max(tables.journal.c.lid))).scalar() or 0)
