"""The page of lawful deletion, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind
from app.ui.desks.deletion import DeletionDesk, DeletionOrder, HomePeople

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.deletion import Reach
    from app.domain.document import Paper
    from app.queries.deletion_plan import DeletionPlan
    from app.queries.deletions import Deletion
    from app.usecases.deletions import Deleted
    from app.wiring.room import Room


def deletion_desk(room: Room) -> DeletionDesk:
    """Return the callables of lawful deletion."""
    return DeletionDesk(
        people=partial(_people, room),
        preview=partial(_preview, room),
        delete=partial(_delete, room),
        listing=partial(_listing, room),
        slip=partial(_slip, room),
        today=partial(_today, room),
    )


def _people(room: Room, household: str) -> HomePeople:
    from app.queries import rows

    with room.read() as conn:
        home = rows.get(conn, Kind.HOUSEHOLD, household)
        members = rows.where(conn, Kind.MEMBER, household=household)
    members.sort(key=lambda one: (one[1].get("relation") != "01", one[0]))
    people = tuple((uid, rows.text(values, "name")) for uid, values in members)
    return HomePeople(rows.text(home, "code"), people)


def _preview(room: Room, reach: Reach, root: str, years: int) -> DeletionPlan:
    from app.usecases.deletions import preview

    return preview(room.office, reach, EntityId(root), years)


def _delete(room: Room, order: DeletionOrder) -> Deleted:
    from app.usecases.deletions import Order, Override, delete

    override = Override(order.passphrase, order.reason) if order.passphrase else None
    what = Order(order.reach, EntityId(order.root), order.request, order.ticked, override)
    return delete(room.office, what, order.confirmed)


def _listing(room: Room) -> Sequence[Deletion]:
    from app.usecases.deletions import listing

    return listing(room.office)


def _slip(room: Room, request: str) -> Paper:
    from app.usecases.deletions import slip

    return slip(room.office, request)


def _today(room: Room) -> str:
    return room.look().today.isoformat()
