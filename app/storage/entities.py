"""The entities a merge meets: looked up many at a time, new ones numbered here and written together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.domain.ids import Kind
from app.journal.fold import EMPTY
from app.storage import projector
from app.storage.household_rows import Fresh
from app.storage.projector import BATCH, chunks, folded_values
from app.storage.reproject import KINDS, home_of, households_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from app.journal.entry import Body


class _Met(NamedTuple):
    """Local number, area and kind of an entity."""

    eid: int
    scope: str
    kind: str


class Entities:
    """Numbers entities while entries come in.

    ``households`` are those that lost an entity which turned out to be of another kind.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._met: dict[str, _Met] = {}
        self._new: list[str] = []
        self._next = self._first = int(conn.exec_driver_sql("SELECT max(eid) FROM entity").scalar() or 0) + 1
        self._arrived: dict[int, list[tuple[str, Body]]] = {}
        self.households: set[str] = set()

    def meet(self, uids: Iterable[str]) -> None:
        """Look these up, many at a time."""
        for chunk in chunks({uid for uid in uids if uid not in self._met}):
            marks = ", ".join("?" * len(chunk))
            query = f"SELECT uid, eid, scope, kind FROM entity WHERE uid IN ({marks})"  # noqa: S608 -- marks only
            for uid, *found in self._conn.exec_driver_sql(query, tuple(chunk)):
                self._met[uid] = _Met(*found)

    def number(self, body: Body, scope: str) -> int:
        """Return the local number of an entity that was looked up, a new one if there was none."""
        uid = body.entity
        found = self._met.get(uid)
        if found is None:
            eid = self._next
            self._met[uid] = _Met(eid, scope, body.kind)
            self._new.append(uid)
            self._next += 1
            return eid
        eid, home, kind = found
        if home != scope or kind != body.kind:
            self._settle(found, uid, (scope, body.kind))
        return eid

    def _settle(self, found: _Met, uid: str, other: tuple[str, str]) -> None:
        home = home_of(uid, found[1:], other)
        if home != found[1:]:
            self._met[uid] = _Met(found.eid, *home)
            if found.eid < self._first:
                self._rewrite(self._met[uid], uid, found.kind)

    def note(self, eid: int, entry: str, body: Body) -> None:
        """Keep an entry that counts, if it is about a new entity."""
        if eid >= self._first:
            arrived = self._arrived.get(eid)
            if arrived is None:
                self._arrived[eid] = [(entry, body)]
            else:
                arrived.append((entry, body))

    @property
    def first(self) -> int:
        """The least number a new entity may have."""
        return self._first

    def add(self, *, folded: bool) -> Iterator[list[Fresh]]:
        """Write the rows of the new entities; if ``folded``, yield those with entries that count, folded."""
        for start in range(0, len(self._new), BATCH):
            fresh: list[Fresh] = []
            rows: list[tuple[int, str, str, str, bytes | None]] = []
            for uid in self._new[start : start + BATCH]:
                eid, scope, kind = self._met[uid]
                digest = None
                if folded and eid in self._arrived:
                    values, folds, digest = folded_values(self._arrived.pop(eid))
                    fresh.append(Fresh(eid, uid, kind, scope, values, folds))
                rows.append((eid, uid, kind, scope, digest))
            self._conn.exec_driver_sql(
                "INSERT INTO entity (eid, uid, kind, scope, digest) VALUES (?, ?, ?, ?, ?)", rows
            )
            yield fresh

    def _rewrite(self, found: _Met, uid: str, before: str) -> None:
        """Change where a known entity is at home, and take away the row of the kind it was held for."""
        self._conn.exec_driver_sql(
            "UPDATE entity SET scope = ?, kind = ? WHERE eid = ?", (found.scope, found.kind, found.eid)
        )
        if found.kind != before and before in KINDS:
            self.households |= households_of(self._conn, Kind(before), [found.eid])
            projector.project(self._conn, Kind(before), [(found.eid, uid, found.scope, EMPTY)])
