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
    """A sentence as a code and its parameters; the window looks up the words.

    ``field`` is the case field to jump to, "" when there is none.
    """

    code: str
    params: tuple[tuple[str, str | int], ...] = ()
    field: str = ""


@dataclass(frozen=True, slots=True)
class MaskedField:
    """A sensitive value as it may stand on the screen: only its mask.

    ``entity`` and ``field`` name the value for the callable that shows it on request. ``label`` is the key
    of its name in the window's tables, "field.<kind>.<code>".
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
    ``reasons`` and ``targets`` are choices as (code, words); ``fields`` the case fields that may be given
    with it. ``stale`` asks to confirm older evidence; ``missing`` is empty when it may be taken. ``returns``
    tells that it sends the case back, so that what is wrong may be marked. ``warning`` is to be read before.
    """

    action: str
    label: str
    step: str
    needs_reason: bool = False
    reasons: tuple[tuple[str, str], ...] = ()
    targets: tuple[tuple[str, str], ...] = ()
    fields: tuple[str, ...] = ()
    stale: bool = False
    missing: tuple[Said, ...] = ()
    is_forward: bool = False
    returns: bool = False
    warning: Said | None = None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One act on a case as the journal keeps it.

    ``label`` is the pack's word for the action, "" for the opening; ``from_step`` and ``to`` hold names of
    steps. ``on`` is the declared date, ``at`` the moment by the writer's clock (both ISO, in China);
    ``by`` the person's name, "" when unknown here; ``returns`` tells that it sent the case back.
    """

    entry: str
    action: str
    label: str
    from_step: str
    to: str
    on: str
    at: str
    by: str
    level: str
    reason: str = ""
    reason_label: str = ""
    returns: bool = False


@dataclass(frozen=True, slots=True)
class ConflictHead:
    """One of the values that stand beside each other: the entry that wrote it, by whom, when and where.

    ``here``, ``copy``, ``scope``, ``proxy``, ``step``, ``paper``, ``form`` and ``on`` are as in
    ``app.queries.origins.Origin``.
    """

    entry: str
    text: str
    by: str
    at: str
    device: str = ""
    here: bool = False
    copy: bool = False
    scope: str = ""
    proxy: bool = False
    step: str = ""
    paper: str = ""
    form: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """One field with two or more heads, with the values (in words, masked) that stand beside each other.

    ``label`` is a key as in ``MaskedField``; ``head`` the name of the head of the household concerned,
    "" for what belongs to none. ``of_stage`` conflicts are settled by the case's action "resolve", by
    ``level``. ``base`` is what stood there before the writers parted, None when they share nothing.
    ``combined`` is all values in one, in words, "" where they cannot be combined; ``about`` names the member
    or item. ``rule`` is the rule of ``app.domain.settling`` the conflict falls under.
    """

    kind: str
    entity: str
    field: str
    label: str
    values: tuple[str, ...]
    heads: tuple[ConflictHead, ...] = ()
    household: str = ""
    head: str = ""
    village: str = ""
    of_stage: bool = False
    level: str = ""
    code: str = ""
    about: str = ""
    base: ConflictHead | None = None
    combined: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One dimension of 一超过两不愁三保障 with the fields it rests on.

    ``because`` is the reason of a person's override. ``rests_on`` are "kind.field" references with their
    values in words ("" = empty); ``computed`` is what the fields alone give.
    """

    dimension: str
    name: str
    result: VerdictResult
    because: str = ""
    overridden: bool = False
    computed: VerdictResult = VerdictResult.UNCHECKED
    rests_on: tuple[tuple[str, str], ...] = ()
    standard: str = ""
    no_line: bool = False


@dataclass(frozen=True, slots=True)
class CaseCard:
    """Everything the detail card shows of one household and its case.

    ``case`` is empty for a household without one; ``next_action`` is ``None`` when this
    person and level can do nothing now, and ``waits_for`` then holds the levels whose turn it is, joined by
    one space ("township"). Incomes are fen per head and year; ``line_fen`` is the line the case is judged by.
    ``notes`` are the pack's remarks on the open steps; ``changed_since`` tells that what an approval saw has
    changed (审批时的内容已改变); ``changed_on`` is the moment of the last write (ISO).
    ``elsewhere`` tells that the household stands in no list any more: void, alias or moved.
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
    workflow: str = ""
    round: str = ""
    stage: tuple[str, ...] = ()
    urgent: bool = False
    changed_since: bool = False
    notes: tuple[str, ...] = ()
    events: tuple[CaseEvent, ...] = ()
    elsewhere: str = ""

    @property
    def was_returned(self) -> bool:
        """Tell whether the case was ever sent back."""
        return any(event.returns for event in self.events)

    @property
    def done_count(self) -> int:
        """Return how many steps of the timeline are done."""
        return sum(step.state is StepState.DONE for step in self.steps)
