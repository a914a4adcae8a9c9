"""The household list: the query, the line it shows and the counts of its chips.

The window imports this module before its first paint: SQLAlchemy is imported inside functions only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How loudly a tag speaks; the window turns it into a colour."""

    NEUTRAL = "neutral"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Chip(StrEnum):
    """The quick filters above the list."""

    ALL = "all"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    DRAFT = "draft"
    STALE = "stale"
    CONFLICT = "conflict"


class Sort(StrEnum):
    """Orders of the list; every one ends with the household code, so that it is total."""

    DUE = "due"
    CODE = "code"
    HEAD = "head"
    GROUP = "group"
    SIZE = "size"
    INCOME = "income"


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What the list shall show.

    ``scope`` is a 12-digit code (a township or county code means every village in it);
    ``round`` empty means the round now open; ``workflow`` empty means households whether or not
    they have a case; ``step`` empty means every step. ``text`` is what was typed in the search
    box: digits seek household codes and ends of ID numbers, letters seek initials, Chinese
    characters names.
    """

    scope: str = ""
    round: str = ""
    workflow: str = ""
    step: str = ""
    chip: Chip = Chip.ALL
    text: str = ""
    sort: Sort = Sort.DUE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """A short coloured word beside a household: main cause, class, urgency."""

    text: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class HouseholdLine:
    """One row of the list.

    ``number`` is the local row number the id array holds (never exported); ``household`` and
    ``case`` are entity ids, ``case`` empty when there is none. ``overdue_days`` counts civil
    days past ``due_on``: positive = overdue, 0 = due today, negative = days left, ``None`` =
    no limit. ``filled`` of ``fields`` answers of the visit form are given (0 of 0 = not
    begun). ``income_fen`` is the income per head in fen, ``None`` when it cannot be told.
    """

    number: int
    household: str
    case: str
    code: str
    head: str
    group: str
    size: int
    village: str = ""
    step: str = ""
    step_name: str = ""
    status: str = ""
    due_on: str = ""
    overdue_days: int | None = None
    tags: tuple[Tag, ...] = ()
    conflicts: int = 0
    income_fen: int | None = None
    filled: int = 0
    fields: int = 0
    person: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class ChipCount:
    """How many lines a chip would leave; chips without lines are left out, ``ALL`` never is."""

    chip: Chip
    total: int
