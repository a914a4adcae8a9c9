"""The alerts that stand at this computer, with names for places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.alert import AlertKind
from app.storage import alerts, tables
from app.storage.tx import get_meta

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from app.storage.alerts import Alert


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert; ``place`` is the village or office the stream is of, "" when it is about this file.

    ``own`` tells that this very computer wrote the stream; ``why`` says what the witness found: "missing",
    "machine", "path" or "nonce", the gravest first, "" for other kinds. Of a deletion ``copies`` counts the
    older copies that still hold it, ``until`` is the last day of them (ISO, "" when no day is known). Of a
    household that had moved from ``place`` ``to`` another, ``count`` are the fields that differ, ``beside``
    the records of kinds that do not go along.
    """

    n: int
    at: str
    kind: AlertKind
    place: str
    own: bool
    why: str
    copies: int = 0
    until: str = ""
    household: str = ""
    head: str = ""
    to: str = ""
    count: int = 0
    beside: int = 0


def alert_lines(conn: Connection, places: Mapping[str, str]) -> tuple[AlertLine, ...]:
    """Return the alerts nobody has set aside, oldest first."""
    device = get_meta(conn, "device")
    found: list[AlertLine] = []
    for one in alerts.open_alerts(conn):
        scope = str(one.detail.get("scope", ""))
        own = one.kind is not AlertKind.FORK or one.detail.get("device") == device
        why = str(one.detail.get("why", ""))
        copies, until = int(one.detail.get("copies", 0)), str(one.detail.get("until", ""))
        line = AlertLine(one.n, one.at, one.kind, places.get(scope, scope), own, why, copies, until)
        found.append(_moved(conn, places, line, one) if one.kind is AlertKind.LATE_MOVE else line)
    return tuple(found)


def _moved(conn: Connection, places: Mapping[str, str], line: AlertLine, one: Alert) -> AlertLine:
    table, to = tables.household_line, str(one.detail["to"])
    row = conn.execute(select(table.c.head, table.c.code).where(table.c.uid == one.subject)).first()
    head = (row.head or row.code or "") if row is not None else ""
    count, beside = int(one.detail["count"]), int(one.detail["beside"])
    here = replace(line, household=one.subject, head=head, to=places.get(to, to))
    return replace(here, count=count, beside=beside)
