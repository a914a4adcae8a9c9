"""Where a case stands, read from its fields and written back to them.

state = read_state(workflow, case_values)
state.open            # ids of the open steps in pack order, () for a closed case
done_steps(workflow, state)
opening_fields(workflow, today)        # for a new case
standing(workflow, heads)              # the earlier of two stages in conflict
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.calendar import parse_date
from app.domain.workflow import END

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from app.domain.ids import Level, Value
    from app.domain.workflow import Workflow


class Status(StrEnum):
    """How a case stands as a whole."""

    ACTIVE = "active"
    RETURNED = "returned"  # active, after a return
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"  # the household did not agree
    APPROVED = "approved"
    CLOSED = "closed"  # with its round, unfinished

    @property
    def is_ended(self) -> bool:
        """Tell whether no step is open any more."""
        return self not in {Status.ACTIVE, Status.RETURNED, Status.SUSPENDED}


@dataclass(frozen=True, slots=True)
class State:
    """The standing of a case.

    ``open`` and ``closed_at`` are in pack order; ``opened`` is the day each open step began; ``stale`` steps
    have evidence older than a return; ``redo`` maps a step to the record that may not be used again.
    """

    open: tuple[str, ...]
    status: Status
    stage_on: date | None = None
    opened: Mapping[str, date] | None = None
    stale: frozenset[str] = frozenset()
    redo: Mapping[str, str] | None = None
    urgent: bool = False
    closed_at: tuple[str, ...] = ()

    def opened_on(self, step: str) -> date | None:
        """Return the day a step began; the day of the stage where the step's own is not known."""
        return (self.opened or {}).get(step, self.stage_on)


STATE_FIELDS = ("stage", "status", "stage_on", "opened", "stale", "redo", "urgent", "closed_stage")
"""The fields ``read_state`` reads."""


def read_state(workflow: Workflow, values: Mapping[str, Value]) -> State:
    """Return where a case stands; a case without a stage stands at the first steps.

    Raises:
        Refused: ``workflow.unknown_step`` when the stage names a step of another pack.
    """
    stage = str(values.get("stage", ""))
    status = str(values.get("status", ""))
    opened = {step: parse_date(day) for step, day in _pairs(values, "opened").items()}
    return State(
        open=read_stage(workflow, stage) if stage else frontier(workflow, frozenset()),
        status=Status(status) if status in set(Status) else Status.ACTIVE,
        stage_on=parse_date(values.get("stage_on")),
        opened={step: day for step, day in opened.items() if day is not None},
        stale=frozenset(str(values.get("stale", "")).split()),
        redo=_pairs(values, "redo"),
        urgent=values.get("urgent") == 1,
        closed_at=read_stage(workflow, str(values.get("closed_stage", ""))),
    )


def read_stage(workflow: Workflow, stage: str) -> tuple[str, ...]:
    """Return the open steps of a stage text in pack order; none for "end".

    Raises:
        Refused: ``workflow.unknown_step``.
    """
    steps = [] if stage == END else stage.split()
    for step in steps:
        workflow.step(step)
    return workflow.in_order(steps)


def stage_text(steps: Collection[str]) -> str:
    """Return the value of ``stage``: sorted codes joined by one space, "end" for none."""
    return " ".join(sorted(steps)) or END


def pair_text(pairs: Mapping[str, str]) -> str:
    """Return "key=value" pairs sorted and joined by one space."""
    return " ".join(f"{key}={value}" for key, value in sorted(pairs.items()))


def opening_fields(workflow: Workflow, on: date) -> dict[str, Value]:
    """Return the fields with which a case begins."""
    first = frontier(workflow, frozenset())
    return {
        "workflow": workflow.id,
        "stage": stage_text(first),
        "status": Status.ACTIVE.value,
        "stage_on": on.isoformat(),
        "opened": pair_text(dict.fromkeys(first, on.isoformat())),
    }


def frontier(workflow: Workflow, done: Collection[str], *, urgent: bool = False) -> tuple[str, ...]:
    """Return the steps that are open when ``done`` are done, in pack order."""
    prerequisites = workflow.prerequisites(urgent=urgent)
    return tuple(
        step for step, after in prerequisites.items() if step not in done and all(a in done for a in after)
    )


def done_steps(workflow: Workflow, state: State) -> frozenset[str]:
    """Return the steps that are neither open nor to be done only after an open one.

    Of a closed case: as it was when it was closed; of an approved one every step.
    """
    return done_before(workflow, state.open or state.closed_at, urgent=state.urgent)


def done_before(workflow: Workflow, open_steps: Collection[str], *, urgent: bool = False) -> frozenset[str]:
    """Return the steps that are done when these are open."""
    undone = set(open_steps)
    for step in open_steps:
        undone |= workflow.descendants(step, urgent=urgent)
    return frozenset(workflow.order) - undone


def first_step(workflow: Workflow, stage: str) -> str:
    """Return the first open step of a stage in pack order, "end" for none.

    Raises:
        Refused: ``workflow.unknown_step``.
    """
    return next(iter(read_stage(workflow, stage)), END)


@dataclass(frozen=True, slots=True)
class StageHead:
    """One of several writes of a case's stage: the entry that wrote it and what stood beside it then."""

    entry: str
    stage: str
    status: str = ""
    stage_on: str = ""
    opened: str = ""
    closed_stage: str = ""
    suspended_on: str = ""
    stale: str = ""
    redo: str = ""


TOGETHER = frozenset({"stage", "status", "stage_on", "opened"})
"""Fields every move writes, changed or not: a head of one must have its own of the others beside it."""

STANDING_FIELDS = ("stage", "status", "stage_on", "opened", "closed_stage", "suspended_on")
"""Fields in which writes of a case's stage can disagree; only an act of the case settles them."""


def standing(workflow: Workflow, heads: Sequence[StageHead]) -> StageHead:
    """Return the head that stands: the earlier stage in pack order, then the smaller entry id.

    ``heads`` holds at least one. Raises as ``read_stage``.
    """
    return min(heads, key=lambda head: (_place(workflow, head.stage), head.entry))


def resolving_level(workflow: Workflow, heads: Sequence[StageHead]) -> Level:
    """Return the level that resolves a conflict of stages: the one that owns the later step.

    An ended stage counts as the last step of the pack.
    """
    latest = max(_place(workflow, head.stage) for head in heads)
    return workflow.steps[min(latest, len(workflow.steps) - 1)].level


def is_split(heads: Sequence[StageHead]) -> bool:
    """Tell whether writes of the stage disagree about where the case stands; dates alone do not split it."""
    return len({(head.stage, head.status) for head in heads}) > 1


def _place(workflow: Workflow, stage: str) -> int:
    steps = read_stage(workflow, stage)
    return workflow.order.index(steps[0]) if steps else len(workflow.order)


def _pairs(values: Mapping[str, Value], code: str) -> dict[str, str]:
    parts = (part.partition("=") for part in str(values.get(code, "")).split())
    return {key: value for key, mark, value in parts if mark}
