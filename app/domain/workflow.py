"""The definition of a workflow: a graph of steps with prerequisites, and what may be read off it.

A workflow is data of a policy pack (``app.files.pack_in`` reads it). Nothing here changes a case:

* ``app.domain.stage``      where a case stands (open, done and stale steps, two stages in conflict)
* ``app.domain.evidence``   ``CaseFacts`` and what is still missing
* ``app.domain.action``     ``available_actions``: the buttons of a case, each with what it lacks
* ``app.domain.transition`` ``act``: the fields and extras of one transition, or ``Refused``
* ``app.domain.deadline``   ``due_on``
* ``app.domain.correction`` what a correction re-opens, and which records may still be struck
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.calendar import DayType
from app.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from app.domain.ids import Level, Value

END = "end"
"""The stage of a case with no open step."""


class Leads(StrEnum):
    """What an outcome does to the case."""

    NEXT = "next"  # the step is done
    APPROVE = "approve"  # the step is done and this is the decision of the case
    STAY = "stay"  # recorded, the step stays open
    RETURN = "return"  # back to an earlier step
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    REFUSE = "refuse"  # the household does not agree

    @property
    def is_forward(self) -> bool:
        """Tell whether the step is done by this outcome, so that its evidence must be complete."""
        return self in {Leads.NEXT, Leads.APPROVE}


class Verb(StrEnum):
    """What can be done to a case; the pack has a label for each."""

    ADVANCE = "advance"  # an outcome of an open step
    SAVE = "save"  # fill in a step without closing it
    RETURN = "return"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    RESUME = "resume"
    URGENT = "urgent"
    STRIKE = "strike"
    REOPEN = "reopen"  # a closed case, by the level that closed it
    CLOSE = "close"  # with its round
    RESOLVE = "resolve"  # two stages in conflict
    CORRECT = "correct"  # a correction of the data, see app.domain.correction


class EvidenceKind(StrEnum):
    """How a piece of evidence is looked for."""

    FILLED = "filled"  # every one of ``fields`` holds something
    ANY = "any"  # at least one of ``fields`` holds something other than no (0)
    EQUALS = "equals"  # ``fields`` all hold ``value``
    FACT = "fact"  # a count or flag of CaseFacts lies in at_least..at_most
    ATTACHMENT = "attachment"  # at least ``at_least`` attachments of the step
    PUBLICITY_OVER = "publicity_over"  # posted, and the period has run out


class Link(StrEnum):
    """The record shared by many households that a step points at; the name of the case's field."""

    NONE = ""
    MEETING = "meeting"
    PUBLICITY = "publicity"
    SAMPLE = "sample_in"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of days, natural or working; a limit of None elsewhere means there is none."""

    days: int
    day_type: DayType = DayType.NATURAL


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a step needs before it can be closed.

    ``label`` completes "还差：…". It is needed for forward outcomes, or only for those in ``outcomes``;
    with ``when_field`` only if that field holds ``when_value``.
    """

    kind: EvidenceKind
    label: str
    fields: tuple[str, ...] = ()
    value: Value = ""
    fact: str = ""
    at_least: int = 0
    at_most: int | None = None
    outcomes: tuple[str, ...] = ()
    when_field: str = ""
    when_value: Value = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a step can end; ``id`` is written to the step's outcome field.

    ``target`` is the step an outcome with RETURN leads to; empty lets the person choose. ``sets`` are further
    fields it writes; ``reason_field`` takes the reason as well.
    """

    id: str
    label: str
    leads: Leads
    target: str = ""
    needs_reason: bool = False
    sets: tuple[tuple[str, Value], ...] = ()
    reason_field: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark shown at a step when a fact is at least one; it never blocks."""

    fact: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who acts, what may be written, what is needed and how it can end.

    ``after`` are its prerequisites. ``people`` are the case fields that must hold different persons;
    their number is the number of people needed (``people_label`` says who). ``fields`` are the case fields
    written at this step;
    ``late_fields`` those that may still be written when it is done (an announcement after a decision).
    ``limit`` counts from the day the step opened. ``publicity`` names the pack's publicity rule.
    ``page`` names the window page that serves it.
    """

    id: str
    name: str
    short: str
    level: Level
    page: str
    after: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    people_label: str = ""
    fields: tuple[str, ...] = ()
    late_fields: tuple[str, ...] = ()
    outcome_field: str = ""
    date_field: str = ""
    link: Link = Link.NONE
    publicity: str = ""
    questionnaire: str = ""
    limit: Limit | None = None
    evidence: tuple[Evidence, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    notes: tuple[Note, ...] = ()

    def outcome(self, outcome_id: str) -> Outcome:
        """Return the outcome with this id.

        Raises:
            Refused: ``workflow.no_such_action``.
        """
        for outcome in self.outcomes:
            if outcome.id == outcome_id:
                return outcome
        raise Refused("workflow.no_such_action", action=f"{self.id}.{outcome_id}")


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code for actions of these verbs, for instance why a file goes back."""

    id: str
    label: str
    verbs: tuple[Verb, ...]


@dataclass(frozen=True, slots=True)
class ReopenRule:
    """What a correction does once step ``after`` is done.

    ``when`` holds ``ChangeKind`` codes (app.domain.correction). ``to`` is the step to go back to;
    empty means a warning only. ``redo`` are steps whose record must be made anew afterwards.
    """

    when: tuple[str, ...]
    after: str
    to: str = ""
    redo: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """A named graph of steps in pack order, which is also their order on screen.

    ``urgent_skip`` are the steps that need not be done first on the urgent path; they are made up
    afterwards, and the case ends only when they are. ``labels`` are the names of the verbs.
    """

    id: str
    name: str
    steps: tuple[Step, ...]
    labels: Mapping[Verb, str]
    reasons: tuple[Reason, ...] = ()
    reopen: tuple[ReopenRule, ...] = ()
    urgent_skip: tuple[str, ...] = ()
    total_limit: Limit | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """Ids of the steps in pack order."""
        return tuple(step.id for step in self.steps)

    def step(self, step_id: str) -> Step:
        """Return the step with this id.

        Raises:
            Refused: ``workflow.unknown_step`` (param ``step``), for instance of another pack.
        """
        for step in self.steps:
            if step.id == step_id:
                return step
        raise Refused("workflow.unknown_step", step=step_id)

    def in_order(self, steps: Collection[str]) -> tuple[str, ...]:
        """Return these steps in pack order."""
        return tuple(step for step in self.order if step in steps)

    def prerequisites(self, *, urgent: bool = False) -> dict[str, tuple[str, ...]]:
        """Return what must be done before each step; on the urgent path skipped steps are looked through."""
        plain = {step.id: step.after for step in self.steps}
        if not urgent:
            return plain
        return {
            step: after if step in self.urgent_skip else self.in_order(self._looked_through(after, plain))
            for step, after in plain.items()
        }

    def _looked_through(self, after: tuple[str, ...], plain: Mapping[str, tuple[str, ...]]) -> set[str]:
        found: set[str] = set()
        for step in after:
            found |= self._looked_through(plain[step], plain) if step in self.urgent_skip else {step}
        return found

    def descendants(self, step_id: str, *, urgent: bool = False) -> frozenset[str]:
        """Return the steps that can only be done after this one."""
        prerequisites = self.prerequisites(urgent=urgent)
        found: set[str] = set()
        grown = {step_id}
        while grown:
            grown = {step for step, after in prerequisites.items() if grown & set(after)} - found
            found |= grown
        return frozenset(found)

    def ancestors(self, step_id: str) -> frozenset[str]:
        """Return the steps that must be done before this one, directly or not."""
        return frozenset(step for step in self.order if step_id in self.descendants(step))

    def reasons_for(self, verb: Verb) -> tuple[Reason, ...]:
        """Return the reason codes that fit a verb."""
        return tuple(reason for reason in self.reasons if verb in reason.verbs)
