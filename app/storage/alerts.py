"""Alerts: what the person at this computer must be told and sets aside when it is dealt with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select, update

from app.domain.alert import AlertKind
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import Value


@dataclass(frozen=True, slots=True)
class Alert:
    """One open alert; ``at`` is ISO with zone, ``subject`` names a stream or this workspace."""

    n: int
    at: str
    kind: AlertKind
    subject: str
    detail: Mapping[str, Value]


def add(conn: Connection, kind: AlertKind, subject: str, detail: Mapping[str, Value], at: str) -> None:
    """Add an alert; one that says the same and still stands is not repeated."""
    table = tables.alert
    text = json.dumps(dict(detail), ensure_ascii=False, sort_keys=True)
    same = (table.c.kind == kind) & (table.c.subject == subject) & (table.c.detail == text)
    if conn.execute(select(table.c.n).where(same, table.c.seen_at == "")).first() is None:
        row = {"at": at, "kind": str(kind), "subject": subject, "detail": text, "seen_at": ""}
        conn.execute(insert(table).values(row))


def open_alerts(conn: Connection) -> tuple[Alert, ...]:
    """Return the alerts nobody has set aside, oldest first."""
    table = tables.alert
    rows = conn.execute(select(table).where(table.c.seen_at == "").order_by(table.c.n))
    return tuple(
        Alert(row.n, row.at, AlertKind(row.kind), row.subject, json.loads(row.detail)) for row in rows
    )


def withdraw(conn: Connection, kind: AlertKind, subject: str) -> None:
    """Take back what was told of a subject and nobody has read: it is not so any more."""
    table = tables.alert
    same = (table.c.kind == kind) & (table.c.subject == subject)
    conn.execute(delete(table).where(same, table.c.seen_at == ""))


def set_aside(conn: Connection, n: int, at: str) -> bool:
    """Note that somebody has read alert ``n``; return False when no such alert stands."""
    table = tables.alert
    done = conn.execute(update(table).where(table.c.n == n, table.c.seen_at == "").values(seen_at=at))
    return done.rowcount > 0
