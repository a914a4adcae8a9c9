"""Appraisal meetings, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind
from app.ui.desks.meetings import MeetingsDesk
from app.wiring.batch import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.changes import Changes
    from app.domain.ids import Value
    from app.domain.meeting import QuorumRule
    from app.queries.meeting import MeetingLine
    from app.ui.desks.batch import BatchDone
    from app.wiring.room import Room


def meetings_desk(room: Room) -> MeetingsDesk:
    """Return the callables of the meetings page."""
    return MeetingsDesk(
        meetings=partial(_meetings, room),
        rules=partial(_rules, room),
        record=partial(_record, room),
        conclude=partial(_conclude, room),
        strike=partial(_strike, room),
    )


def _meetings(room: Room, round_id: str) -> Sequence[MeetingLine]:
    from app.queries.meeting import meetings

    with room.read() as conn:
        return meetings(conn, room.policy, round_id)


def _rules(room: Room, round_id: str) -> Sequence[QuorumRule]:
    from app.queries import rows

    with room.read() as conn:
        return room.policy.pack(str(rows.get(conn, Kind.ROUND, round_id)["pack"])).quorum


def _record(room: Room, meeting: Mapping[str, Value], votes: Mapping[str, Mapping[str, Value]]) -> Changes:
    from app.usecases.meetings import record_meeting

    return record_meeting(room.office, meeting, {EntityId(case): vote for case, vote in votes.items()})


def _conclude(room: Room, meeting: str) -> BatchDone:
    from app.usecases.meetings import conclude_meeting

    return told(room, conclude_meeting(room.office, EntityId(meeting)))


def _strike(room: Room, meeting: str, reason: str) -> Changes:
    from app.usecases.meetings import strike_meeting

    return strike_meeting(room.office, EntityId(meeting), reason)
