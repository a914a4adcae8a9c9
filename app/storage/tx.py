"""One write: load folded values, record entries, keep every projection in step.

Writes are buffered and flushed together; any read through the transaction flushes first, so a use
case always sees its own writes and a bulk import still inserts in batches.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select, update

from app.domain.bound_id import bound_id
from app.domain.changes import Changes
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Value
from app.domain.stage import TOGETHER
from app.journal import chain, hlc
from app.journal.authority import EntryState, refuse_misplaced, refuse_unpermitted
from app.journal.entry import Body, encode, parse
from app.journal.fold import EMPTY, Folded
from app.storage import projector, tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.domain.person import Actor
    from app.storage.shapes import Derives

CIVIL_ZONE = timezone(timedelta(hours=8))
_BATCH = 400  # entries written together
_KINDS = frozenset(str(kind) for kind in Kind)
_HOUSEHOLD_CHILDREN = frozenset(
    {
        *(Kind.MEMBER, Kind.INCOME, Kind.EXPENSE, Kind.CONDITIONS, Kind.CASE),
        *(Kind.SUBMISSION, Kind.HIT, Kind.ATTACHMENT, Kind.DOCUMENT),
    }
)


@dataclass(slots=True)
class _Stream:
    sid: int
    uid: str
    seq: int
    head: bytes


@dataclass(slots=True)
class _Entity:
    eid: int
    kind: Kind
    scope: str
    folded: Folded


@dataclass(frozen=True, slots=True)
class Writer:
    """What the workspace knows about this device; ``sign_key`` is its public key."""

    sign_key: bytes
    incarnation: bytes
    device: str


@dataclass(slots=True)
class _Buffer:
    entities: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    journal: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    dirty: set[str] = field(default_factory=set[str])
    households: set[str] = field(default_factory=set[str])


def append_audit(conn: Connection, row: Mapping[str, str]) -> None:
    """Chain one row (at, person, action, subject, detail) to the audit of this workspace."""
    last = conn.execute(
        select(tables.audit.c.n, tables.audit.c.link).order_by(tables.audit.c.n.desc()).limit(1)
    ).first()
    before = last.link if last else ""
    text = json.dumps([before, *(row[key] for key in sorted(row))], ensure_ascii=False)
    link = hashlib.sha256(text.encode()).hexdigest()
    conn.execute(insert(tables.audit).values(**row, n=(last.n if last else 0) + 1, link=link))


class Tx:
    """One open write transaction; made by ``Workspace.write``.

    ``today`` is the civil date in Asia/Shanghai, ``now`` an aware datetime.
    """

    def __init__(
        self, conn: Connection, actor: Actor, writer: Writer, deriver: Derives, now: datetime
    ) -> None:
        self.conn = conn
        self.actor = actor
        self.now = now
        self.today: date = now.astimezone(CIVIL_ZONE).date()
        self._writer = writer
        self._deriver = deriver
        self._streams: dict[str, _Stream] = {}
        self._entities: dict[str, _Entity] = {}
        self._buffer = _Buffer()
        self._households: set[str] = set()
        self._fresh: set[str] = set()  # ids made here: no need to look whether they exist
        self._entries: list[str] = []
        self._touched: dict[tuple[Kind, EntityId], None] = {}
        self._hlc = int(self._meta("hlc", "0"))
        self._next_eid = _greatest(conn, "entity", "eid") + 1

    @property
    def changes(self) -> Changes:
        """The entries recorded so far; durable once the ``with`` block has ended."""
        return Changes(tuple(self._entries), tuple(self._touched))

    def new_id(self, kind: Kind | None = None, scope: str | None = None) -> EntityId:
        """Return a fresh entity id, bound to ``kind`` and ``scope`` (12 digits, or the actor's) if given."""
        random = secrets.token_bytes(16)
        uid = bound_id(kind, scope or self.actor.scope, random[:8]) if kind else EntityId(random.hex())
        self._fresh.add(uid)
        return uid

    def load(self, kind: Kind, uid: str) -> dict[str, Value]:
        """Return the folded values of an entity, this transaction's writes included.

        Raises:
            Refused: ``entity.unknown`` when there is none of this kind.
        """
        found = self._entity(uid)
        if found is None or found.kind is not kind or found.folded.is_gone:
            raise Refused("entity.unknown", kind=str(kind))
        return found.folded.values

    def folded(self, uid: str) -> Folded:
        """Return the heads of an entity; empty when it is unknown."""
        found = self._entity(uid)
        return EMPTY if found is None else found.folded

    def scope_of(self, uid: str) -> str:
        """Return the 12-digit scope an entity was born in.

        Raises:
            Refused: ``entity.unknown``.
        """
        found = self._entity(uid)
        if found is None:
            raise Refused("entity.unknown", kind="")
        return found.scope

    def kind_of(self, uid: str) -> Kind:
        """Return the kind of an entity.

        Raises:
            Refused: ``entity.unknown``.
        """
        found = self._entity(uid)
        if found is None:
            raise Refused("entity.unknown", kind="")
        return found.kind

    def children(self, kind: Kind, code: str, uid: Value) -> list[tuple[EntityId, dict[str, Value]]]:
        """Return the entities of ``kind`` whose field ``code`` holds ``uid``, oldest id first.

        Void ones are left out.
        """
        self.flush()
        table = tables.PROJECTED[kind]
        rows = self.conn.execute(select(table).where(table.c[code] == uid).order_by(table.c.eid)).mappings()
        found = [(EntityId(row["uid"]), projector.row_values(row)) for row in rows]
        return [(eid, values) for eid, values in found if not values.get("void")]

    def record(
        self,
        op: str,
        kind: Kind,
        uid: EntityId,
        changed: Mapping[str, Value],
        *,
        scope: str | None = None,
        extras: Mapping[str, Value] | None = None,
    ) -> str | None:
        """Append one entry about one entity; return its id, None when nothing would change.

        ``changed`` holds field codes and their new values; a field that already has this one value
        is left out, but for the standing of a case, which is written whole. ``scope`` (12 digits) is
        needed for a new entity outside the actor's own scope.

        Raises:
            Refused: the codes of ``refuse_unpermitted`` when the actor's level may not write this.
        """
        known = self._entity(uid)
        if known is None:
            known = self._new_entity(uid, kind, scope or self.actor.scope)
        fields = _differing(known.folded, kind, changed)
        if not fields and not extras:
            return None
        body = Body(
            actor=self.actor.person,
            entity=uid,
            kind=str(kind),
            op=op,
            hlc=self._tick(),
            nonce=secrets.token_hex(12),
            changes=fields,
            parents=known.folded.parents(fields),
            extras=extras or {},
        )
        refuse_unpermitted(self.actor.level, body)
        refuse_misplaced(known.scope, body)
        entry = self._append(known, body)
        # Before and after: a member who changes household concerns both.
        self._touch(kind, uid, known.folded.values)
        known.folded = known.folded.with_write(entry, body)
        self._touch(kind, uid, known.folded.values)
        if len(self._buffer.journal) >= _BATCH:
            self.flush()
        return entry

    def put_blob(self, data: bytes) -> str:
        """Keep content too long for an entry; return "sha256:<hex>"."""
        name = "sha256:" + hashlib.sha256(data).hexdigest()
        if self.conn.execute(select(tables.blob.c.hash).where(tables.blob.c.hash == name)).first() is None:
            self.conn.execute(insert(tables.blob).values(hash=name, data=data))
        return name

    def audit(self, action: str, subject: str, detail: Mapping[str, Value]) -> None:
        """Add a row to this workspace's audit: who printed, saved or exported what, for whom."""
        row = {
            "at": self.now.isoformat(timespec="seconds"),
            "person": self.actor.person,
            "action": action,
            "subject": subject,
            "detail": json.dumps(dict(detail), ensure_ascii=False, sort_keys=True),
        }
        append_audit(self.conn, row)

    def set_meta(self, key: str, value: str) -> None:
        """Write one bookkeeping value of this workspace."""
        set_meta(self.conn, key, value)

    def flush(self) -> None:
        """Write buffered entries and the rows of the entities they are about.

        The derived lines (lists, board, search) wait for the end of the transaction: no rule reads them.
        """
        buffer, self._buffer = self._buffer, _Buffer()
        self._households |= buffer.households
        if not buffer.journal:
            return
        if buffer.entities:
            self.conn.execute(insert(tables.entity), buffer.entities)
        self.conn.execute(insert(tables.journal), buffer.journal)
        for stream in self._streams.values():
            head = update(tables.stream).where(tables.stream.c.sid == stream.sid)
            self.conn.execute(head.values(head_seq=stream.seq, head=stream.head))
        by_kind: dict[Kind, list[tuple[int, str, str, Folded]]] = {}
        for uid in sorted(buffer.dirty):
            found = self._entities[uid]
            by_kind.setdefault(found.kind, []).append((found.eid, uid, found.scope, found.folded))
        for kind, rows in by_kind.items():
            projector.project(self.conn, kind, rows)
        # Small heaps: freeing a hundred thousand objects at once would stop the window.
        if len(self._entities) > _BATCH:
            self._entities.clear()

    def finish(self) -> None:
        """Flush and write the clock; called once by the workspace before COMMIT."""
        self.flush()
        self._deriver.derive(self.conn, sorted(self._households))
        self._households.clear()
        if self._entries:
            self.set_meta("hlc", str(self._hlc))
            self.set_meta("wall", self.now.isoformat(timespec="seconds"))  # what the start-up check compares

    def _tick(self) -> int:
        self._hlc = hlc.tick(self._hlc, int(self.now.timestamp() * 1000))
        return self._hlc

    def _meta(self, key: str, default: str) -> str:
        return get_meta(self.conn, key) or default

    def _append(self, known: _Entity, body: Body) -> str:
        stream = self._streams.get(known.scope) or self._open_stream(known.scope)
        parse(data := encode(body))  # what no other computer would take in must not begin here
        stream.seq += 1
        stream.head = chain.link(stream.head, stream.uid, stream.seq, data)
        entry = chain.entry_id(stream.head)
        self._buffer.journal.append(
            {
                "sid": stream.sid,
                "seq": stream.seq,
                "id": entry,
                "eid": known.eid,
                "state": int(EntryState.PROJECTED),
                "body": data.decode(),
            }
        )
        self._entries.append(entry)
        return entry

    def _touch(self, kind: Kind, uid: EntityId, values: Mapping[str, Value]) -> None:
        self._touched[kind, uid] = None
        self._buffer.dirty.add(uid)
        if kind is Kind.HOUSEHOLD:
            self._buffer.households.add(uid)
        elif kind in _HOUSEHOLD_CHILDREN and values.get("household"):
            self._buffer.households.add(str(values["household"]))

    def _entity(self, uid: str) -> _Entity | None:
        found = self._entities.get(uid)
        if found is None and uid not in self._fresh:
            query = select(tables.entity.c.eid, tables.entity.c.kind, tables.entity.c.scope)
            row = self.conn.execute(query.where(tables.entity.c.uid == uid)).first()
            if row is None or row.kind not in _KINDS:
                return None
            folded = projector.fold_entity(self.conn, row.eid)
            found = self._entities[uid] = _Entity(row.eid, Kind(row.kind), row.scope, folded)
        return found

    def _new_entity(self, uid: EntityId, kind: Kind, scope: str) -> _Entity:
        eid = self._next_eid
        self._next_eid += 1
        self._fresh.discard(uid)
        self._buffer.entities.append({"eid": eid, "uid": uid, "kind": str(kind), "scope": scope})
        self._entities[uid] = found = _Entity(eid, kind, scope, EMPTY)
        return found

    def _open_stream(self, scope: str) -> _Stream:
        uid = chain.stream_id(self._writer.sign_key, self._writer.incarnation, scope)
        table = tables.stream
        row = self.conn.execute(select(table).where(table.c.uid == uid, table.c.parent_sid.is_(None))).first()
        if row is None:
            head = chain.genesis(uid)
            added = self.conn.execute(
                insert(table).values(
                    uid=uid,
                    device=self._writer.device,
                    scope=scope,
                    head_seq=0,
                    head=head,
                    key=self._writer.sign_key.hex(),
                    incarnation=self._writer.incarnation.hex(),
                    seal="",
                )
            )
            (sid,) = added.inserted_primary_key or (0,)
            stream = _Stream(int(sid), uid, 0, head)
        else:
            stream = _Stream(row.sid, uid, row.head_seq, row.head)
        self._streams[scope] = stream
        return stream


def _differing(folded: Folded, kind: Kind, changed: Mapping[str, Value]) -> dict[str, Value]:
    """Return the fields that change; the standing of a case is written whole when its stage is."""
    whole = TOGETHER if kind is Kind.CASE and "stage" in changed else frozenset[str]()
    return {
        code: value for code, value in changed.items() if code in whole or not _holds(folded, code, value)
    }


def _holds(folded: Folded, code: str, value: Value) -> bool:
    heads = folded.heads.get(code)
    if heads is None:
        return value == ""
    return len(heads) == 1 and heads[0].value == value and type(heads[0].value) is type(value)


def _greatest(conn: Connection, table: str, column: str) -> int:
    found = conn.exec_driver_sql(f"SELECT max({column}) FROM {table}").scalar()  # noqa: S608 -- names are constants of ours
    return int(found or 0)


def get_meta(conn: Connection, key: str) -> str | None:
    """Return one bookkeeping value, None when it was never written."""
    query = select(tables.meta.c.value).where(tables.meta.c.key == key)
    found: str | None = conn.execute(query).scalar()
    return found


def set_meta(conn: Connection, key: str, value: str) -> None:
    """Write one bookkeeping value."""
    done = conn.execute(update(tables.meta).where(tables.meta.c.key == key).values(value=value))
    if done.rowcount == 0:
        conn.execute(insert(tables.meta).values(key=key, value=value))


def touched_households(rows: Iterable[tuple[Kind, str, Mapping[str, Value]]]) -> set[str]:
    """Return the households whose derived rows depend on these projected entities."""
    found: set[str] = set()
    for kind, uid, values in rows:
        if kind is Kind.HOUSEHOLD:
            found.add(uid)
        elif kind in _HOUSEHOLD_CHILDREN and values.get("household"):
            found.add(str(values["household"]))
    return found
