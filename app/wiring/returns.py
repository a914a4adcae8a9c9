"""Returned cases and changed approvals, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId
from app.ui.desks.returns import ReturnsDesk, SentAgain

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.queries.approved import Approval, ChangedLine
    from app.queries.mark_choices import MarkChoice
    from app.queries.returned import ResentLine, ReturnedLine
    from app.queries.since import Delta
    from app.wiring.room import Room


def returns_desk(room: Room) -> ReturnsDesk:
    """Return the callables of the pages of returns and changed approvals."""
    return ReturnsDesk(
        returned=partial(_returned, room),
        resent=partial(_resent, room),
        one=partial(_one, room),
        deltas=partial(_deltas, room),
        send_again=partial(_send_again, room),
        marks=partial(_marks, room),
        changed=partial(_changed, room),
        approval=partial(_approval, room),
        reconfirm=partial(_reconfirm, room),
        level=room.facts.level.value,
    )


def _returned(room: Room) -> tuple[ReturnedLine, ...]:
    from app.queries.returned import returned

    with room.read() as conn:
        return returned(conn, room.look(), room.facts.scope)


def _resent(room: Room) -> tuple[ResentLine, ...]:
    from app.queries.returned import resent

    with room.read() as conn:
        return resent(conn, room.facts.scope)


def _one(room: Room, case: str) -> ReturnedLine | None:
    from app.queries.returned import returned_line

    with room.read() as conn:
        return returned_line(conn, room.look(), case)


def _deltas(room: Room, case: str) -> tuple[Delta, ...]:
    from app.queries.returned import return_of

    with room.read() as conn:
        found = return_of(conn, room.policy, case)
    return () if found is None else found.deltas


def _send_again(room: Room, case: str, answer: str) -> SentAgain:
    from app.usecases.returns import send_again

    done = send_again(room.office, EntityId(case), answer)
    return SentAgain(done.changes, done.steps, done.waits_at, done.stopped)


def _marks(room: Room, case: str) -> tuple[MarkChoice, ...]:
    from app.queries.mark_choices import general_marks, mark_choices

    if not case:
        return general_marks()
    with room.read() as conn:
        return mark_choices(conn, room.policy, case)


def _changed(room: Room) -> tuple[ChangedLine, ...]:
    from app.queries.approved import changed_cases

    with room.read() as conn:
        return changed_cases(conn, room.facts.scope)


def _approval(room: Room, case: str) -> Approval | None:
    from app.queries.approved import approval_of

    with room.read() as conn:
        return approval_of(conn, room.policy, case)


def _reconfirm(room: Room, case: str, reason: str) -> Changes:
    from app.usecases.reconfirm import reconfirm

    return reconfirm(room.office, EntityId(case), reason)
