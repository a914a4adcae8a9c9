"""What an import leaves in the log: counts for the reader, and what is needed to take it back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from app.domain.parsed import is_list, is_object
from app.storage import tables
from app.storage.tx import get_meta, set_meta
from app.usecases.late_alerts import note_late_moves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.files.package import Manifest, Package
    from app.storage.household_rows import Household
    from app.storage.merge import Merged
    from app.storage.shapes import Derives


_NUMBER = "import_number"
"""Bookkeeping value: the greatest number an import ever had here."""


@dataclass(frozen=True, slots=True)
class Before:
    """How the streams of a package, and the audit, stood before it was merged."""

    streams: Mapping[int, tuple[int, str, str]]
    audit: int
    conflicts: int


class Noting:
    """Passes derivation on and remembers the households it was asked for: those an import touched."""

    def __init__(self, inner: Derives) -> None:
        self._inner = inner
        self.households: set[str] = set()

    def derive(
        self, conn: Connection, uids: Iterable[str], ready: Mapping[str, Household] = MappingProxyType({})
    ) -> None:
        """Make the derived rows of these households anew; those that are ``ready`` have none yet."""
        everything = list(uids)
        self.households.update(everything)
        self._inner.derive(conn, everything, ready)


def conflicts_now(conn: Connection) -> int:
    """Return how many fields are in conflict."""
    return int(conn.execute(select(func.count()).select_from(tables.conflict)).scalar() or 0)


def standing_before(conn: Connection, uids: Iterable[str]) -> Before:
    """Note where streams end, to be able to take an import back."""
    table = tables.stream
    query = select(table.c.sid, table.c.head_seq, table.c.head, table.c.seal)
    rows = conn.execute(query.where(table.c.uid.in_(sorted(set(uids)))))
    audit = conn.execute(select(func.max(tables.audit.c.n))).scalar()
    ends = {row.sid: (row.head_seq, row.head.hex(), row.seal) for row in rows}
    return Before(ends, int(audit or 0), conflicts_now(conn))


def export_key(manifest: Manifest) -> str:
    """Return a short name (16 hex digits) all volumes of one export have in common."""
    parts = (manifest.sender.key, str(manifest.kind), *manifest.to, str(manifest.wall_ms))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def volumes_here(conn: Connection, device: str, key: str) -> set[int]:
    """Return the numbers of the volumes of one export that were taken in."""
    table = tables.import_log
    found: set[int] = set()
    for text in conn.execute(select(table.c.summary).where(table.c.sender == device)).scalars():
        summary: object = json.loads(text)
        if is_object(summary) and summary.get("export") == key and is_list(volume := summary.get("volume")):
            found.add(int(str(volume[0])))
    return found


def log_import(
    conn: Connection, package: Package, at: str, done: Merged, before: Before, told: Mapping[str, object]
) -> int:
    """Write the row and return its number; ``at`` is ISO with zone, ``told`` goes into the summary."""
    table = tables.stream
    rows = conn.execute(select(table.c.sid, table.c.head_seq).where(table.c.sid.in_(before.streams)))
    longer = [row.sid for row in rows if row.head_seq != before.streams[row.sid][0]]
    summary = {
        **told,
        "audit": before.audit,
        "before": [[sid, *before.streams[sid]] for sid in longer],
        "export": export_key(package.manifest),
        "file": package.name,
        "unknown": done.unknown,
        "volume": list(package.manifest.volume),
        "wall": package.manifest.wall_ms,
    }
    number = 1 + max(_greatest(conn), int(get_meta(conn, _NUMBER) or 0))
    # Never given again, even when an import is taken back: papers and the audit name it.
    set_meta(conn, _NUMBER, str(number))
    conn.execute(
        insert(tables.import_log).values(
            lid=number,
            package=package.sha256,
            sender=package.sender.device,
            scope=package.sender.scope,
            at=at,
            new=done.new,
            known=done.known,
            first_lid=done.first_lid if done.new else None,
            last_lid=done.last_lid if done.new else None,
            summary=json.dumps(summary, sort_keys=True),
        )
    )
    note_late_moves(conn, done.touched, at)
    return number


def _greatest(conn: Connection) -> int:
    return int(conn.execute(select(func.max(tables.import_log.c.lid))).scalar() or 0)
