"""What an import leaves in the log: counts for the reader, and what is needed to take it back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.files.package import Package
    from app.storage.merge import Merged


@dataclass(frozen=True, slots=True)
class Before:
    """How the streams of a package, and the audit, stood before it was merged."""

    streams: Mapping[int, tuple[int, str, str]]
    audit: int


def standing_before(conn: Connection, uids: Iterable[str]) -> Before:
    """Note where streams end, to be able to take an import back."""
    table = tables.stream
    query = select(table.c.sid, table.c.head_seq, table.c.head, table.c.seal)
    rows = conn.execute(query.where(table.c.uid.in_(sorted(set(uids)))))
    audit = conn.execute(select(func.max(tables.audit.c.n))).scalar()
    return Before({row.sid: (row.head_seq, row.head.hex(), row.seal) for row in rows}, int(audit or 0))


def log_import(
    conn: Connection, package: Package, at: str, done: Merged, before: Before, told: Mapping[str, object]
) -> None:
    """Write the row; ``at`` is ISO with zone, ``told`` goes into the summary."""
    table = tables.stream
    rows = conn.execute(select(table.c.sid, table.c.head_seq).where(table.c.sid.in_(before.streams)))
    longer = [row.sid for row in rows if row.head_seq != before.streams[row.sid][0]]
    summary = {
        **told,
        "audit": before.audit,
        "before": [[sid, *before.streams[sid]] for sid in longer],
        "file": package.name,
        "volume": list(package.manifest.volume),
        "wall": package.manifest.wall_ms,
    }
    conn.execute(
        insert(tables.import_log).values(
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
