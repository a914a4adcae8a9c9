"""What the page is given on which a household splits, turns out to be one with another, or moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.domain.changes import Changes
    from app.queries.household_list import HouseholdLine
    from app.queries.late_moves import LateChange
    from app.queries.running import RunningCase
    from app.queries.ties import Tie
    from app.ui.desks.choice import Choice


@dataclass(frozen=True, slots=True)
class PersonHere:
    """A present member: ``relation`` the code, ``relation_name`` in words, ``is_head`` the head."""

    id: str
    name: str
    relation: str
    relation_name: str
    is_head: bool


@dataclass(frozen=True, slots=True)
class BelongingFile:
    """A household as it stands now; ``status`` is the code, ``papers`` what goes along when it moves.

    ``running`` are its cases under way, which stop when it is struck or put behind another. ``late`` is what
    was written about it after it had moved away and is not on the new record.
    """

    household: str
    head: str
    code: str
    village: str
    status: str
    members: tuple[PersonHere, ...]
    ties: tuple[Tie, ...]
    papers: tuple[str, ...]
    running: tuple[RunningCase, ...] = ()
    late: tuple[LateChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Splitting:
    """``going`` maps members to their relation to the new head; "" keeps the group or address."""

    going: Mapping[str, str]
    group: str
    address: str


@dataclass(frozen=True, slots=True)
class Moving:
    """Where to (12-digit village code) and when (ISO date)."""

    village: str
    on: str
    group: str
    address: str


@dataclass(frozen=True, slots=True)
class BelongingDesk:
    """Reads and acts; every act ends with the reason.

    ``find(text, household)`` looks for other households; ``unite(kept, double, bring, reason)`` brings
    members over, with their relation to the head of the kept one. ``carry(old, keys, reason)`` writes late
    changes on the new record.
    """

    file: Callable[[str], BelongingFile]
    relations: Callable[[], tuple[Choice, ...]]
    villages: Callable[[str], tuple[Choice, ...]]
    find: Callable[[str, str], tuple[HouseholdLine, ...]]
    split: Callable[[str, Splitting, str], Changes]
    unite: Callable[[str, str, Mapping[str, str], str], Changes]
    part: Callable[[str, str], Changes]
    void: Callable[[str, str], Changes]
    restore: Callable[[str, str], Changes]
    move: Callable[[str, Moving, str], Changes]
    unmove: Callable[[str, str], Changes]
    carry: Callable[[str, Sequence[str], str], Changes]
