"""The alerts that stand at this computer, with names for places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.alert import AlertKind
from app.storage import alerts
from app.storage.tx import get_meta

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert; ``place`` is the village or office the stream is of, "" when it is about this file.

    ``own`` tells that this very computer wrote the stream; ``why`` says what the witness found: "missing",
    "machine", "path" or "nonce", the gravest first, "" for other kinds. Of a deletion ``copies`` counts the
    older copies that still hold it, ``until`` is the last day of them (ISO, "" when no day is known).
    """

    n: int
    at: str
    kind: AlertKind
    place: str
    own: bool
    why: str
    copies: int = 0
    until: str = ""


def alert_lines(conn: Connection, places: Mapping[str, str]) -> tuple[AlertLine, ...]:
    """Return the alerts nobody has set aside, oldest first."""
    device = get_meta(conn, "device")
    found: list[AlertLine] = []
    for one in alerts.open_alerts(conn):
        scope = str(one.detail.get("scope", ""))
        own = one.kind is not AlertKind.FORK or one.detail.get("device") == device
        why = str(one.detail.get("why", ""))
        copies, until = int(one.detail.get("copies", 0)), str(one.detail.get("until", ""))
        found.append(AlertLine(one.n, one.at, one.kind, places.get(scope, scope), own, why, copies, until))
    return tuple(found)
