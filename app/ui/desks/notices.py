"""What the page of public notices is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.domain.changes import Changes
    from app.domain.ids import Value
    from app.domain.objection import Answer
    from app.queries.publicity import ObjectionLine, PublicityLine
    from app.ui.desks.batch import BatchDone


@dataclass(frozen=True, slots=True)
class PeriodShown:
    """How long a notice would hang; ISO dates, ``first`` is the first day that counts.

    ``natural`` tells natural from working days; ``unknown_year`` is the year without a holiday table, 0 when
    all is known. ``place`` is where the pack has it posted.
    """

    days: int
    natural: bool
    posted: str
    first: str
    last: str
    unknown_year: int
    place: str


@dataclass(frozen=True, slots=True)
class Posting:
    """When, where and by whom a notice was posted; ``on`` is an ISO date."""

    publicity: str
    on: str
    where: str
    by: str


@dataclass(frozen=True, slots=True)
class NoticesDesk:
    """``period(case, day)`` before anything is printed; ``contacts(round)`` as on the latest notice."""

    notices: Callable[[str], Sequence[PublicityLine]]
    objections: Callable[[str], Sequence[ObjectionLine]]
    period: Callable[[str, str], PeriodShown]
    contacts: Callable[[str], Mapping[str, Value]]
    plan: Callable[[Sequence[str], str, Mapping[str, Value]], Changes]
    post: Callable[[Posting], Changes]
    take_down: Callable[[str, str, str], Changes]
    conclude: Callable[[str], BatchDone]
    strike: Callable[[str, str], Changes]
    object: Callable[[str, str, Mapping[str, Value]], Changes]
    settle: Callable[[str, Answer], Changes]
