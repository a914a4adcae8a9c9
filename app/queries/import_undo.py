"""May a whole import still be taken back, and what would go with it?

It may until something here was written on its entries or an export from here carried them. Written on
means: in the same stream or on the same entity, naming one of its entities or entries, or about a
household the import concerns; the strict reading, because a decision rests on the whole household.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.errors import Refused
from app.domain.ids import Kind
from app.domain.parsed import is_list, is_object
from app.domain.region import is_within, significant
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_NAMED = 5  # households a refusal names
_WAYS = ("up", "down", "peer", "boot")


@dataclass(frozen=True, slots=True)
class StreamBefore:
    """How a stream stood before an import: number and link (hex) of its last entry, and its seal."""

    sid: int
    head_seq: int
    head: str
    seal: str


@dataclass(frozen=True, slots=True)
class ImportedRange:
    """One import as the log keeps it.

    ``first`` and ``last`` are the local numbers of its entries; ``before`` the streams it made longer,
    ``audit`` the last row of the audit by then.
    """

    number: int
    package: str
    scope: str
    at: str
    first: int
    last: int
    before: tuple[StreamBefore, ...]
    audit: int


@dataclass(frozen=True, slots=True)
class UndoExtent:
    """What goes when imports are taken back: so many entries, about so many households and persons.

    ``numbers`` are theirs in the log, the latest first; ``scopes`` the senders'.
    """

    numbers: tuple[int, ...]
    scopes: tuple[str, ...]
    entries: int
    households: int
    persons: int


def undo_extent(conn: Connection, numbers: Sequence[int]) -> UndoExtent:
    """Return what would go with these imports.

    Raises:
        Refused: the codes of ``undoable``.
    """
    ordered = tuple(sorted(set(numbers), reverse=True))
    rows = [undoable(conn, number, ordered) for number in ordered]
    concerned = [_Concerned(conn, row) for row in rows]
    homes = {home for one in concerned for home in one.households}
    persons = {eid for one in concerned for eid in one.persons()}
    scopes = tuple(dict.fromkeys(row.scope for row in rows))
    entries = sum(row.last - row.first + 1 for row in rows)
    return UndoExtent(ordered, scopes, entries, len(homes), len(persons))


def undoable(conn: Connection, number: int, beside: Collection[int] = ()) -> ImportedRange:
    """Return the log row of an import that may be taken back, if need be after those ``beside`` it.

    Raises:
        Refused: ``imports.unknown``, ``imports.nothing_new``, ``imports.before_update`` (taken in by an
            older program), ``imports.own_records``, ``imports.erased``, ``imports.exported`` (params
            ``place``, ``at``), ``imports.later_first`` (``number``, ``at``), ``imports.built_upon``
            (``number``, ``households``) or ``imports.built_upon_otherwise``.
    """
    row = imported_range(conn, number)
    _refuse_own(conn, row)
    _refuse_erased(conn, row)
    _refuse_exported(conn, row)
    _refuse_built_upon(conn, row, beside)
    return row


def imported_range(conn: Connection, number: int) -> ImportedRange:
    """Return the log row of an import that brought something.

    Raises:
        Refused: ``imports.unknown``, ``imports.nothing_new``, ``imports.before_update``.
    """
    table = tables.import_log
    row = conn.execute(select(table).where(table.c.lid == number)).first()
    if row is None:
        raise Refused("imports.unknown", number=number)
    if not row.new:
        raise Refused("imports.nothing_new")
    summary: object = json.loads(row.summary)
    if not is_object(summary) or not is_list(before := summary.get("before")):
        raise Refused("imports.before_update")
    return ImportedRange(
        number=row.lid,
        package=row.package,
        scope=row.scope,
        at=row.at,
        first=row.first_lid,
        last=row.last_lid,
        before=tuple(_before(one) for one in before if is_list(one)),
        audit=int(str(summary.get("audit", 0))),
    )


def _before(stored: list[object]) -> StreamBefore:
    sid, seq, head, seal = stored
    return StreamBefore(int(str(sid)), int(str(seq)), str(head), str(seal))


def _refuse_own(conn: Connection, row: ImportedRange) -> None:
    """Refuse when this computer got back its own latest entries: without them it would write a fork."""
    stream, journal = tables.stream, tables.journal
    incarnation = conn.execute(select(tables.device.c.incarnation)).scalar_one().hex()
    query = (
        select(stream.c.sid)
        .join(journal, journal.c.sid == stream.c.sid)
        .where(journal.c.lid.between(row.first, row.last), stream.c.incarnation == incarnation)
    )
    if conn.execute(query.limit(1)).first() is not None:
        raise Refused("imports.own_records")


def _refuse_erased(conn: Connection, row: ImportedRange) -> None:
    journal = tables.journal
    query = select(journal.c.lid).join(tables.gone, tables.gone.c.by == journal.c.id)
    if conn.execute(query.where(journal.c.lid.between(row.first, row.last)).limit(1)).first() is not None:
        raise Refused("imports.erased")


def _refuse_exported(conn: Connection, row: ImportedRange) -> None:
    stream, journal, audit = tables.stream, tables.journal, tables.audit
    query = select(stream.c.scope).distinct().join(journal, journal.c.sid == stream.c.sid)
    scopes = conn.execute(query.where(journal.c.lid.between(row.first, row.last))).scalars().all()
    exports = select(audit.c.at, audit.c.subject, audit.c.detail).where(
        audit.c.n > row.audit, audit.c.action == "export", audit.c.subject.in_(_WAYS)
    )
    for at, way, text in conn.execute(exports.order_by(audit.c.n)):
        detail: object = json.loads(text)
        area = str(detail.get("scope", "")) if is_object(detail) else ""
        if any(carried(way, area, scope) for scope in scopes):
            raise Refused("imports.exported", place=area, at=at)


def carried(way: str, area: str, scope: str) -> bool:
    """Tell whether an export (``_WAYS``) about an area carries the streams of a scope."""
    inside = scope.startswith(significant(area))
    return inside or (way != "up" and is_within(scope, area))


def _refuse_built_upon(conn: Connection, row: ImportedRange, beside: Collection[int]) -> None:
    built = _built_upon(conn, row)
    built.imports.difference_update(beside)
    if built.own and built.households:
        raise Refused(
            "imports.built_upon",
            number=len(built.households),
            households=_names(conn, sorted(built.households)[:_NAMED]),
        )
    if built.own:
        raise Refused("imports.built_upon_otherwise")
    if built.imports:
        table = tables.import_log
        latest = max(built.imports)
        at = conn.execute(select(table.c.at).where(table.c.lid == latest)).scalar() or ""
        raise Refused("imports.later_first", number=latest, at=at)


@dataclass(slots=True)
class _Built:
    """What rests on an import: entries written here, later imports, and the households concerned."""

    own: bool = False
    imports: set[int] = field(default_factory=set[int])
    households: set[str] = field(default_factory=set[str])


class _Concerned:
    """The streams, entities, entries and households of an import."""

    def __init__(self, conn: Connection, row: ImportedRange) -> None:
        self._conn = conn
        self._row = row
        journal, entity, stream = tables.journal, tables.entity, tables.stream
        query = (
            select(journal.c.sid, journal.c.eid, journal.c.id, entity.c.uid)
            .join(entity, entity.c.eid == journal.c.eid)
            .where(journal.c.lid.between(row.first, row.last))
        )
        self.sids: set[int] = set()
        self.eids: set[int] = set()
        self.names: set[str] = set()
        for sid, eid, entry, uid in conn.execute(query):
            self.sids.add(sid)
            self.eids.add(eid)
            self.names |= {entry, uid}
        # A branch that leaves one of these streams may leave it at an entry of the import.
        self.sids |= set(
            conn.execute(select(stream.c.sid).where(stream.c.parent_sid.in_(self.sids))).scalars()
        )
        self.households = frozenset(households_by_entity(conn, row.first, row.last).values())

    def persons(self) -> set[int]:
        member, journal = tables.PROJECTED[Kind.MEMBER], tables.journal
        query = select(member.c.eid).distinct().join(journal, journal.c.eid == member.c.eid)
        return set(
            self._conn.execute(query.where(journal.c.lid.between(self._row.first, self._row.last))).scalars()
        )

    def later(self) -> Iterator[tuple[int, str]]:
        """Yield the local number and the household ("" without one) of every entry that rests on it."""
        journal = tables.journal
        query = select(journal.c.lid, journal.c.sid, journal.c.eid, journal.c.body)
        rows = self._conn.execute(query.where(journal.c.lid > self._row.last).order_by(journal.c.lid))
        homes = households_by_entity(self._conn, self._row.last + 1, None)
        for row in rows:
            home = homes.get(row.eid, "")
            if home in self.households or self._rests(row.sid, row.eid, row.body):
                yield row.lid, home

    def _rests(self, sid: int, eid: int, body: str) -> bool:
        return sid in self.sids or eid in self.eids or not self.names.isdisjoint(_ID.findall(body))


def _built_upon(conn: Connection, row: ImportedRange) -> _Built:
    built = _Built()
    table = tables.import_log
    query = select(table.c.first_lid, table.c.last_lid, table.c.lid).where(table.c.first_lid > row.last)
    ranges = [tuple(found) for found in conn.execute(query.order_by(table.c.first_lid))]
    starts = [first for first, _, _ in ranges]
    for lid, household in _Concerned(conn, row).later():
        at = bisect_right(starts, lid) - 1
        if at >= 0 and lid <= ranges[at][1]:
            built.imports.add(ranges[at][2])
            continue
        built.own = True
        if household:
            built.households.add(household)
    return built


def households_by_entity(conn: Connection, first: int, last: int | None) -> Mapping[int, str]:
    """Return, of the entities with entries in a range of local numbers, the household each is about."""
    journal = tables.journal
    inside = journal.c.lid >= first if last is None else journal.c.lid.between(first, last)
    found: dict[int, str] = {}
    for kind in Kind:
        table = tables.PROJECTED[kind]
        column = table.c.uid if kind is Kind.HOUSEHOLD else table.c.get("household")
        if column is None:
            continue
        query = select(table.c.eid, column).distinct().join(journal, journal.c.eid == table.c.eid)
        found.update((eid, home) for eid, home in conn.execute(query.where(inside)) if home)
    return found


def _names(conn: Connection, uids: list[str]) -> str:
    line = tables.household_line
    query = select(line.c.head, line.c.code).where(line.c.uid.in_(uids)).order_by(line.c.sort)
    return "、".join(f"{head}（{code}）" if code else head for head, code in conn.execute(query))
