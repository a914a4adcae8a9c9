"""The entities a merge meets: looked up many at a time, new ones numbered here and written together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.storage.projector import Identity, chunks, folded_entity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.journal.entry import Body
    from app.storage.projector import Fresh


class Entities:
    """Numbers entities while entries come in; ``arrived`` are the entries that count of new ones."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._known: dict[str, tuple[int, str]] = {}
        self._new: dict[str, tuple[int, str]] = {}  # uid -> number, kind
        self._next = int(conn.exec_driver_sql("SELECT max(eid) FROM entity").scalar() or 0) + 1
        self._first = self._next
        self.arrived: dict[int, list[tuple[str, Body]]] = {}

    def meet(self, uids: Iterable[str]) -> None:
        """Look these up, many at a time."""
        for chunk in chunks({uid for uid in uids if uid not in self._known}):
            marks = ", ".join("?" * len(chunk))
            found = self._conn.exec_driver_sql(
                f"SELECT uid, eid, scope FROM entity WHERE uid IN ({marks})",  # noqa: S608 -- marks only
                tuple(chunk),
            )
            self._known.update((uid, (eid, scope)) for uid, eid, scope in found)

    def number(self, body: Body, scope: str) -> int:
        """Return the local number of an entity that was looked up, a new one if there was none."""
        uid = body.entity
        found = self._known.get(uid)
        if found is None:
            found = (self._next, scope)
            self._next += 1
            self._known[uid] = found
            self._new[uid] = (found[0], body.kind)
        elif scope > found[1]:
            # Written from two scopes: the narrower one holds it, whatever arrived first.
            found = self._known[uid] = (found[0], scope)
            if found[0] < self._first:
                self._conn.exec_driver_sql("UPDATE entity SET scope = ? WHERE eid = ?", (scope, found[0]))
        return found[0]

    def note(self, eid: int, entry: str, body: Body) -> None:
        """Keep an entry that counts, if it is about a new entity."""
        if eid >= self._first:
            self.arrived.setdefault(eid, []).append((entry, body))

    def add(self, arrived: Mapping[int, list[tuple[str, Body]]]) -> list[Fresh]:
        """Write the rows of the new entities; return those whose entries ``arrived`` holds, folded."""
        fresh: list[Fresh] = []
        rows: list[tuple[int, str, str, str, bytes | None]] = []
        for uid, (eid, kind) in self._new.items():
            scope, entries = self._known[uid][1], arrived.get(eid)
            if entries is None:
                rows.append((eid, uid, kind, scope, None))
                continue
            one, digest = folded_entity(Identity(eid, uid, kind, scope), entries)
            fresh.append(one)
            rows.append((eid, uid, kind, scope, digest))
        if rows:
            self._conn.exec_driver_sql(
                "INSERT INTO entity (eid, uid, kind, scope, digest) VALUES (?, ?, ?, ?, ?)", rows
            )
        return fresh
