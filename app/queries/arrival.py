"""What a package would bring, read against what is here: how far streams are known, what entities hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from app.domain.ids import Kind
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.storage import tables
from app.storage.projector import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

    from app.domain.errors import AppError
    from app.journal.entry import Body

_CHUNK = 400


class CertificateState(StrEnum):
    """Whether anybody vouches for a sender; an expired one is told, its records count all the same."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a package: so many entries, about so many households and persons."""

    entries: int = 0
    households: int = 0
    persons: int = 0


@dataclass(frozen=True, slots=True)
class Double:
    """A person who comes in one household and is present in another: ``reason`` "id_number" or "name_born".

    Names are masked; ``code`` and ``place`` are of the household that is here (or comes in another file).
    """

    reason: str
    name: str
    coming_place: str
    place: str
    head: str
    code: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What one file would bring; nothing was written.

    ``refused`` is why it cannot be taken in; then only ``file`` counts. ``package`` is the SHA-256 of the
    file, ``sender`` a device, ``person`` the last who wrote there ("" unknown), ``until`` the ISO date its
    certificate ends. ``written_at``, ``first_at`` and ``last_at`` are ISO moments in China, the latter two
    of the new entries; ``seen_at`` is when this very file was taken in before. ``ahead_ms`` and
    ``behind_ms`` tell how wrong the sender's clock is. ``conflicts.entries`` counts fields, ``added``
    households never seen before, ``unknown`` entries a later program can show. ``missing`` counts files
    that are named and neither here nor in any of the files looked at, ``volumes`` the parts of this export
    that have not come.
    """

    file: str
    refused: AppError | None = None
    package: str = ""
    scope: str = ""
    kind: str = ""
    sender: str = ""
    person: str = ""
    certificate: CertificateState = CertificateState.VALID
    until: str = ""
    written_at: str = ""
    first_at: str = ""
    last_at: str = ""
    seen_at: str = ""
    ahead_ms: int = 0
    behind_ms: int = 0
    new: Share = Share()
    known: Share = Share()
    conflicts: Share = Share()
    held: Share = Share()
    added: int = 0
    unknown: int = 0
    forked: int = 0
    missing: int = 0
    volume: tuple[int, int] = (1, 1)
    volumes: tuple[int, ...] = ()
    doubles: tuple[Double, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an incoming stream is known here; ``forks`` when it then goes another way than ours.

    ``parts`` are the stretches (stream row, up to which number) that hold what is known.
    """

    known: int
    forks: bool
    parts: tuple[tuple[int, int], ...]


def reach(conn: Connection, uid: str, ids: Sequence[str]) -> Reach:
    """Return how much of a stream (its entry ids from number 1 on) is here."""
    table = tables.stream
    rows = conn.execute(select(table).where(table.c.uid == uid).order_by(table.c.sid)).all()
    main = next((row for row in rows if row.parent_sid is None), None)
    if main is None:
        return Reach(0, forks=False, parts=())
    common = _common(conn, main.sid, 0, main.head_seq, ids)
    stem = ((main.sid, common),)
    if common in (len(ids), main.head_seq):
        return Reach(common, forks=False, parts=stem)
    for branch in rows:
        if branch.parent_sid == main.sid and branch.fork_seq == common:
            found = _common(conn, branch.sid, common, branch.head_seq, ids)
            if found in (len(ids), branch.head_seq):
                return Reach(found, forks=False, parts=(*stem, (branch.sid, found)))
    return Reach(common, forks=True, parts=stem)


def _common(conn: Connection, sid: int, start: int, head_seq: int, ids: Sequence[str]) -> int:
    """Return the greatest number up to which our row and the incoming ids agree; agreement is a prefix."""
    low, high = start, min(head_seq, len(ids))
    if low >= high or _agrees(conn, sid, high, ids):
        return max(low, high)
    high -= 1
    while low < high:
        middle = (low + high + 1) // 2
        if _agrees(conn, sid, middle, ids):
            low = middle
        else:
            high = middle - 1
    return low


def _agrees(conn: Connection, sid: int, number: int, ids: Sequence[str]) -> bool:
    table = tables.journal
    query = select(table.c.id).where(table.c.sid == sid, table.c.seq == number)
    return bool(conn.execute(query).scalar() == ids[number - 1])


def known_share(conn: Connection, parts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Return how many households and persons the known stretches are about."""
    journal, entity = tables.journal, tables.entity
    wanted = [and_(journal.c.sid == sid, journal.c.seq <= upto) for sid, upto in parts]
    if not wanted:
        return 0, 0
    query = (
        select(entity.c.kind, func.count(entity.c.eid.distinct()).label("n"))
        .join(journal, journal.c.eid == entity.c.eid)
        .where(entity.c.kind.in_((Kind.HOUSEHOLD, Kind.MEMBER)), or_(*wanted))
        .group_by(entity.c.kind)
    )
    found = {row.kind: row.n for row in conn.execute(query)}
    return found.get(Kind.HOUSEHOLD, 0), found.get(Kind.MEMBER, 0)


def entries_here(conn: Connection, uids: Iterable[str]) -> dict[str, list[tuple[str, Body]]]:
    """Return the projected entries of those of the entities that are here."""
    entity, journal = tables.entity, tables.journal
    names: dict[int, str] = {}
    wanted = sorted(uids)
    for at in range(0, len(wanted), _CHUNK):
        query = select(entity.c.eid, entity.c.uid).where(entity.c.uid.in_(wanted[at : at + _CHUNK]))
        names.update((row.eid, row.uid) for row in conn.execute(query))
    found: dict[str, list[tuple[str, Body]]] = {uid: [] for uid in names.values()}
    for chunk in chunks(sorted(names)):
        query = select(journal.c.eid, journal.c.id, journal.c.body).where(
            journal.c.eid.in_(chunk), journal.c.state == EntryState.PROJECTED
        )
        for row in conn.execute(query):
            found[names[row.eid]].append((row.id, trusted(row.body)))
    return found


def blobs_here(conn: Connection, names: Iterable[str]) -> set[str]:
    """Return those of the names ("sha256:<hex>") whose content is in the database."""
    table = tables.blob
    wanted, found = sorted(names), set[str]()
    for at in range(0, len(wanted), _CHUNK):
        query = select(table.c.hash).where(table.c.hash.in_(wanted[at : at + _CHUNK]))
        found |= set(conn.execute(query).scalars())
    return found


@dataclass(frozen=True, slots=True)
class Registered:
    """A present member of a household that is in the lists."""

    household: str
    name: str
    id_number: str
    born: str
    village: str
    head: str
    code: str


def registered(conn: Connection, numbers: Iterable[str], names: Iterable[str]) -> list[Registered]:
    """Return the present members with one of these identity numbers or (normalised) names."""
    member, key = tables.PROJECTED[Kind.MEMBER], tables.search_key
    found: dict[int, Registered] = {}
    for chunk in _cut(numbers):
        found.update(_members(conn, member.c.id_number.in_(chunk)))
    for chunk in _cut(names):
        villages = select(tables.village_count.c.village)  # the index begins with it
        named = select(key.c.eid).where(key.c.village.in_(villages), key.c.name_norm.in_(chunk))
        found.update(_members(conn, member.c.eid.in_(named)))
    return list(found.values())


def _cut(items: Iterable[str]) -> Iterable[list[str]]:
    everything = sorted(items)
    return (everything[at : at + _CHUNK] for at in range(0, len(everything), _CHUNK))


def _members(conn: Connection, which: ColumnElement[bool]) -> dict[int, Registered]:
    member, line = tables.PROJECTED[Kind.MEMBER], tables.household_line
    query = (
        select(member.c.eid, member.c.household, member.c.name, member.c.id_number, member.c.born, line)
        .join(line, line.c.uid == member.c.household)
        .where(which, func.coalesce(member.c.status, "").in_(("", "present")))
        .where(line.c.status.in_(("", "active")))
    )
    return {row.eid: _registered(row) for row in conn.execute(query)}


def _registered(row: Row[tuple[object, ...]]) -> Registered:
    return Registered(
        row.household,
        row.name or "",
        row.id_number or "",
        row.born or "",
        row.village,
        row.head,
        row.code,
    )
