"""What the pages of conflicts and of a household's history are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.domain.changes import Changes
    from app.domain.ids import Value
    from app.queries.case_card import ConflictLine
    from app.queries.conflict_patterns import Pattern
    from app.ui.desks.choice import Choice


@dataclass(frozen=True, slots=True)
class Settled:
    """How one conflict is to be settled: all in one, by the head ``take`` (an entry id), or by ``value``."""

    entity: str
    field: str
    take: str = ""
    value: Value = ""
    combine: bool = False


@dataclass(frozen=True, slots=True)
class ConflictsDesk:
    """Conflicts of the desk's area, grouped by household, and their settlement in one go.

    ``choices(kind, field)`` are the codes of the field's list. ``resolve`` settles all or nothing.
    ``settle_stage(case, entry, reason)`` takes the case's action "resolve": the step of ``entry`` counts.
    ``revise(entity, field, entry)`` decides a settled field anew for a value that lost. ``patterns`` are the
    disputes that repeat, ``adopt(pattern, side)`` settles one of them. ``places`` names areas by 12-digit
    code, ``level`` is the desk's own.
    """

    lines: Callable[[], tuple[ConflictLine, ...]]
    choices: Callable[[str, str], tuple[Choice, ...]]
    resolve: Callable[[Sequence[Settled]], Changes]
    settle_stage: Callable[[str, str, str], Changes]
    revise: Callable[[str, str, str], Changes]
    patterns: Callable[[], tuple[Pattern, ...]]
    adopt: Callable[[str, str], Changes]
    places: Mapping[str, str]
    level: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One value written to one field: when (ISO, China), by whom, which field, in words, and how it stands.

    ``state`` is "current", "head" (in conflict), "past" or "held"; ``about`` names the member, item or round
    the field belongs to, "" for the household itself.
    """

    entry: str
    at: str
    by: str
    kind: str
    about: str
    label: str
    text: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HistoryDesk:
    """Everything written about a household, the newest first; ``title(household)`` names it."""

    lines: Callable[[str], tuple[HistoryLine, ...]]
    title: Callable[[str], str]
