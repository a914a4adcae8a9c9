"""The card of one household's case: facts, timeline, the next action and what is missing.

The window imports this module before its first paint: SQLAlchemy is imported inside functions only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.queries.household_list import Tag


class StepState(StrEnum):
    """Where a step of the timeline stands."""

    DONE = "done"
    CURRENT = "current"
    FUTURE = "future"
    STALE = "stale"


class VerdictResult(StrEnum):
    """The outcome of one dimension of the verdict sheet."""

    MET = "pass"
    UNMET = "fail"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as a code and its parameters; the window looks up the words."""

    code: str
    params: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class MaskedField:
    """A sensitive value as it may stand on the screen: only its mask.

    ``entity`` and ``field`` name the value for the callable that shows it on request.
    """

    kind: str
    entity: str
    field: str
    label: str
    masked: str


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One step of the timeline, in the order of the pack.

    ``on`` is the declared date (ISO) on which a done step ended, empty otherwise; ``due_on``
    and ``overdue_days`` are set for current steps with a limit (sign as in the list).
    """

    step: str
    name: str
    state: StepState
    on: str = ""
    note: str = ""
    due_on: str = ""
    overdue_days: int | None = None


@dataclass(frozen=True, slots=True)
class CaseAction:
    """Something the person at the desk may do with the case now.

    ``label`` comes from the pack. ``step`` is the step it belongs to; a page of that step is
    opened. ``needs_reason`` actions (return, reject, withdraw, suspend) ask for one first.
    """

    action: str
    label: str
    step: str
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """One field with two or more heads, with the values that stand beside each other."""

    kind: str
    entity: str
    field: str
    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One dimension of 一超过两不愁三保障 with the fields it rests on."""

    dimension: str
    name: str
    result: VerdictResult
    because: str = ""
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class CaseCard:
    """Everything the detail card shows of one household and its case.

    ``case`` is empty for a household without one; ``next_action`` is ``None`` when this
    person and level can do nothing now, and ``waits_for`` then says whose turn it is.
    Incomes are fen per head and year; ``line_fen`` is the line the case is judged by.
    """

    household: str
    case: str
    code: str
    head: str
    group: str
    size: int
    village: str = ""
    address: str = ""
    object_class: str = ""
    causes: str = ""
    changed_on: str = ""
    masked: tuple[MaskedField, ...] = ()
    tags: tuple[Tag, ...] = ()
    status: str = ""
    status_label: str = ""
    steps: tuple[TimelineStep, ...] = ()
    next_action: CaseAction | None = None
    other_actions: tuple[CaseAction, ...] = ()
    waits_for: str = ""
    missing: tuple[Said, ...] = ()
    conflicts: tuple[ConflictLine, ...] = ()
    income_per_head_fen: int | None = None
    line_fen: int | None = None
    line_demo: bool = False
    verdict: tuple[VerdictRow, ...] = ()

    @property
    def done_count(self) -> int:
        """Return how many steps of the timeline are done."""
        return sum(step.state is StepState.DONE for step in self.steps)
