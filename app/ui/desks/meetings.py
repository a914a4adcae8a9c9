"""What the page of appraisal meetings is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.domain.changes import Changes
    from app.domain.ids import Value
    from app.domain.meeting import QuorumRule
    from app.queries.meeting import MeetingLine
    from app.ui.desks.batch import BatchDone


@dataclass(frozen=True, slots=True)
class MeetingsDesk:
    """``rules(round)`` are the pack's quorum rules; ``record(meeting, votes)`` maps cases to their votes."""

    meetings: Callable[[str], Sequence[MeetingLine]]
    rules: Callable[[str], Sequence[QuorumRule]]
    record: Callable[[Mapping[str, Value], Mapping[str, Mapping[str, Value]]], Changes]
    conclude: Callable[[str], BatchDone]
    strike: Callable[[str, str], Changes]
