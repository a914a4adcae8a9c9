"""A household moved, and then came what the old village had written before it knew: say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.alert import AlertKind
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.region import township_of
from app.queries import rows
from app.queries.late_moves import late_changes, moved_homes
from app.storage import alerts
from app.storage.tx import get_meta
from app.usecases.policy import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

_BESIDE = (Kind.INCOME, Kind.EXPENSE, Kind.CONDITIONS, Kind.SUBMISSION, Kind.ATTACHMENT)
"""What belongs to a household and does not go along when it moves."""


def note_late_moves(conn: Connection, touched: Iterable[tuple[Kind, EntityId]], at: str) -> None:
    """Raise an alert for each household that moved away and was written about by what just came in.

    The office that could act is told: the township of both villages, the county where they lie in two. A
    village does not see the new record. The same is not told again while the alert stands.
    """
    level = get_meta(conn, "level")
    moved = moved_homes(conn) if level != Level.VILLAGE else {}
    fresh = {uid for _, uid in touched} if moved else set[EntityId]()
    for old, new in moved.items():
        beside = sum(uid in fresh for kind in _BESIDE for uid, _ in rows.where(conn, kind, household=old))
        people = any(uid in fresh for uid, _ in rows.where(conn, Kind.MEMBER, household=old))
        if not (beside or people or old in fresh):
            continue
        left, to = _village(conn, old), _village(conn, new)
        if level == Level.COUNTY and township_of(left) == township_of(to):
            continue
        count = len(late_changes(conn, shipped(), old))
        if count or beside:
            detail: dict[str, Value] = {"count": count, "beside": beside, "scope": left, "to": to}
            alerts.add(conn, AlertKind.LATE_MOVE, old, detail, at)


def _village(conn: Connection, household: str) -> str:
    return rows.text(rows.get(conn, Kind.HOUSEHOLD, household), "village")
