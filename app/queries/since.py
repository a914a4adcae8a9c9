"""What was written about a household after somebody saw it: before, now, by whom and when.

    text = saw(conn, household)                    # what is seen now, to be kept with an act
    Seen.of(written).knows(entry)                  # whether the act's writer had an entry
    deltas(conn, policy, household, Seen.of(act))  # Delta, field by field

An act names the last entry of every stream it had: exact whatever the clocks say. Acts of older programs have
no such list; for them the writer's clock decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.journal.fold import fold, winner
from app.queries import rows
from app.queries.conflicts import NAMED
from app.queries.family import entities_of
from app.queries.field_value import shown
from app.queries.journal_rows import Written, eids_of
from app.storage import tables
from app.storage.projector import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from app.domain.ids import Kind
    from app.journal.fold import Head
    from app.queries.policy import Policy


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with its place in the journal: the stream's id and its number there."""

    written: Written
    stream: str
    number: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What an act's writer had before them: the last number by stream, or all up to a clock reading."""

    streams: Mapping[str, int]
    hlc: int
    entry: str

    @classmethod
    def of(cls, act: Written) -> Seen:
        """Return what the writer of an act had."""
        pairs = (one.partition("=") for one in str(act.body.extras.get("saw", "")).split())
        streams = {stream: int(number) for stream, _, number in pairs if number.isdecimal()}
        return cls(streams, act.body.hlc, act.entry)

    @property
    def is_exact(self) -> bool:
        """Tell whether the act named what it had."""
        return bool(self.streams)

    def knows(self, one: Placed) -> bool:
        """Tell whether an entry was before the writer's eyes."""
        if self.is_exact:
            return one.number <= self.streams.get(one.stream, 0)
        return one.written.body.hlc < self.hlc


@dataclass(frozen=True, slots=True)
class Delta:
    """One field that changed since; texts are in words, sensitive ones masked, "" for an empty field.

    ``entry``, ``by``, ``level`` and ``at`` (ISO, China) are the last write's; ``about`` names the member or
    item; ``fresh`` tells that the entity itself came later.
    """

    kind: str
    entity: str
    field: str
    label: str
    about: str
    before: str
    now: str
    by: str
    at: str
    entry: str
    fresh: bool = False


def saw(conn: Connection, household: str) -> str:
    """Return the streams that speak of a household with the last number of each, as an act keeps it."""
    journal, stream = tables.journal, tables.stream
    last: dict[str, int] = {}
    for chunk in chunks(eids_of(conn, (uid for _, uid in entities_of(conn, household))).values()):
        query = (
            select(stream.c.uid, func.max(journal.c.seq).label("seq"))
            .join(stream, stream.c.sid == journal.c.sid)
            .where(journal.c.eid.in_(chunk))
            .group_by(stream.c.uid)
        )
        for row in conn.execute(query):
            last[row.uid] = max(row.seq, last.get(row.uid, 0))
    return " ".join(f"{uid}={number}" for uid, number in sorted(last.items()))


def placed_entries(conn: Connection, eids: Iterable[int]) -> list[Placed]:
    """Return the projected entries of these entities with their places, in the order of the clock."""
    journal, stream = tables.journal, tables.stream
    found: list[Placed] = []
    for chunk in chunks(eids):
        query = (
            select(journal.c.id, journal.c.eid, journal.c.body, journal.c.seq, stream.c.uid)
            .join(stream, stream.c.sid == journal.c.sid)
            .where(journal.c.eid.in_(chunk), journal.c.state == EntryState.PROJECTED)
        )
        for entry, eid, body, number, uid in conn.execute(query):
            found.append(Placed(Written(entry, eid, EntryState.PROJECTED, trusted(body)), uid, number))
    return sorted(found, key=lambda one: (one.written.body.hlc, one.written.entry))


def deltas(conn: Connection, policy: Policy, household: str, seen: Seen) -> tuple[Delta, ...]:
    """Return every field of a household and of what belongs to it whose value is another one now."""
    return changed_in(conn, policy, list(entities_of(conn, household)), seen)


def changed_in(
    conn: Connection, policy: Policy, entities: Sequence[tuple[Kind, str]], seen: Seen
) -> tuple[Delta, ...]:
    """Return the same of these entities (kind and id), in their order."""
    eids = eids_of(conn, (uid for _, uid in entities))
    by_eid: dict[int, list[Placed]] = {}
    for one in placed_entries(conn, eids.values()):
        by_eid.setdefault(one.written.eid, []).append(one)
    names = rows.names(conn, (p.written.body.actor for found in by_eid.values() for p in found))
    found: list[Delta] = []
    for kind, uid in entities:
        found += _deltas(policy, kind, uid, by_eid.get(eids.get(uid, 0), []), seen, names)
    return tuple(found)


def _deltas(
    policy: Policy, kind: Kind, uid: str, placed: list[Placed], seen: Seen, names: Mapping[str, str]
) -> Iterable[Delta]:
    old = fold((p.written.entry, p.written.body) for p in placed if seen.knows(p))
    new = fold((p.written.entry, p.written.body) for p in placed)
    written = {p.written.entry: p.written for p in placed}
    about = str(new.values.get(NAMED.get(kind, ""), ""))
    for code, heads in new.heads.items():
        before, head = old.heads.get(code, ()), winner(heads)
        if _same(before, heads) or head.entry == seen.entry:
            continue
        was = winner(before).value if before else ""
        by = written[head.entry]
        yield Delta(
            str(kind),
            uid,
            code,
            f"field.{kind}.{code}",
            about,
            shown(policy, kind, code, was, names),
            shown(policy, kind, code, head.value, names),
            names.get(by.body.actor, ""),
            by.at,
            head.entry,
            fresh=not old.heads,
        )


def _same(before: Sequence[Head], now: Sequence[Head]) -> bool:
    """Tell whether a field holds what it held: an emptied field nobody had filled says nothing new."""
    return ({head.value for head in before} or {""}) == {head.value for head in now}
