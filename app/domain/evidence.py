"""What a step still lacks: fields of the case, people, records around it.

``CaseFacts`` are counts and flags about the rows around a case, computed by ``app.queries.case_facts``; an
evidence rule of a pack names one of them. ``missing`` returns faults whose ``field`` is where to jump.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from app.domain.fault import error
from app.domain.workflow import EvidenceKind, Link

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.domain.fault import Fault
    from app.domain.ids import Value
    from app.domain.stage import StageHead, State
    from app.domain.workflow import Evidence, Outcome, Step


CONFLICTS = "conflicts"
"""The ``field`` of the fault that asks to settle conflicts first: no field of the case."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known around a case; flags are 1 or 0.

    ``meeting_counts`` and ``publicity_counts`` tell that the linked record has no fault; ``majority_agrees``
    and ``majority_disagrees`` what the votes come to. ``attachments`` counts by step. ``stage_heads`` are
    the writes of the stage when two disagree, else empty.
    """

    members: int = 0
    unidentified: int = 0  # members without a usable ID number
    duplicates: int = 0  # members found in another household too
    no_labour: int = 0  # whole household without labour
    income_items: int = 0
    conditions: int = 0  # living conditions recorded
    submissions: int = 0
    verdicts_failed: int = 0
    verdicts_unchecked: int = 0
    hits: int = 0
    hits_open: int = 0
    hits_veto: int = 0
    meeting_counts: int = 0
    majority_agrees: int = 0
    majority_disagrees: int = 0
    publicity_counts: int = 0
    publicity_to: date | None = None
    objections: int = 0
    objections_open: int = 0
    sample_drawn: int = 0
    in_sample: int = 0
    sample_waiting: int = 0  # in the sample, without a result
    certificate_valid: int = 0
    attachments: Mapping[str, int] = field(default_factory=dict[str, int])
    stage_heads: tuple[StageHead, ...] = ()
    conflicts: int = 0  # fields of the household, its people, items and papers whose writes disagree
    elsewhere: int = 0  # the household was struck, moved away or is a second registration

    def count(self, fact: str) -> int:
        """Return the count or flag an evidence rule names (one of ``FACT_NAMES``)."""
        value = getattr(self, fact)
        return value if isinstance(value, int) else 0


FACT_NAMES = frozenset(f.name for f in fields(CaseFacts)) - {
    "publicity_to",
    "attachments",
    "stage_heads",
    "conflicts",
    "elsewhere",
}
"""The counts and flags a pack may speak of."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the engine sees it: its folded fields and the facts around it."""

    values: Mapping[str, Value]
    facts: CaseFacts = field(default_factory=CaseFacts)


def missing(step: Step, outcome: Outcome, case: CaseView, state: State, on: date) -> tuple[Fault, ...]:
    """Return what ``outcome`` of ``step`` still lacks on ``on``; empty when it may be taken.

    Codes: ``workflow.missing``, ``workflow.people`` (param ``needs``), ``workflow.publicity_until`` (param
    ``until``) and ``workflow.redo``, each with a param ``what``, a label of the pack; and
    ``workflow.conflicts`` (param ``number``), whose ``what`` is the step's name.
    """
    found = [
        _fault(evidence, step, case)
        for evidence in step.evidence
        if _applies(evidence, outcome, case.values) and not _holds(evidence, step, case, on)
    ]
    if outcome.leads.is_forward:
        found += _people(step, case.values) + _redo(step, case.values, state)
        # Nobody vouches for a household of which two different things are said.
        if case.facts.conflicts:
            found.append(error("workflow.conflicts", CONFLICTS, number=case.facts.conflicts, what=step.name))
    return tuple(found)


def has_evidence(step: Step, values: Mapping[str, Value]) -> bool:
    """Tell whether anything was written at a step."""
    linked = {step.link.value} - {""}
    return any(values.get(code, "") != "" for code in {*step.fields, *step.people, *linked})


def _applies(evidence: Evidence, outcome: Outcome, values: Mapping[str, Value]) -> bool:
    if evidence.when_field and values.get(evidence.when_field, "") != evidence.when_value:
        return False
    return outcome.id in evidence.outcomes if evidence.outcomes else outcome.leads.is_forward


def _fault(evidence: Evidence, step: Step, case: CaseView) -> Fault:
    until = case.facts.publicity_to
    if evidence.kind is EvidenceKind.PUBLICITY_OVER and until is not None and case.facts.publicity_counts:
        return error("workflow.publicity_until", Link.PUBLICITY, until=until.isoformat(), what=evidence.label)
    empty = [code for code in evidence.fields if case.values.get(code, "") == ""]
    place = next(iter(empty or evidence.fields), step.link.value)
    return error("workflow.missing", place, what=evidence.label)


def _people(step: Step, values: Mapping[str, Value]) -> list[Fault]:
    people = [values.get(code, "") for code in step.people]
    if "" not in people and len(set(people)) == len(people):
        return []
    empty = next((code for code in step.people if values.get(code, "") == ""), step.people[-1])
    return [error("workflow.people", empty, needs=len(people), what=step.people_label or step.name)]


def _redo(step: Step, values: Mapping[str, Value], state: State) -> list[Fault]:
    old = (state.redo or {}).get(step.id)
    if old is None or values.get(step.link.value, "") != old:
        return []
    return [error("workflow.redo", step.link.value, what=step.name)]


def _holds(evidence: Evidence, step: Step, view: CaseView, on: date) -> bool:
    values = [view.values.get(code, "") for code in evidence.fields]
    match evidence.kind:
        case EvidenceKind.FILLED:
            return "" not in values
        case EvidenceKind.ANY:
            return any(value not in {"", 0} for value in values)
        case EvidenceKind.EQUALS:
            return set(values) == {evidence.value}
        case EvidenceKind.FACT:
            return _in_bounds(view.facts.count(evidence.fact), evidence)
        case EvidenceKind.ATTACHMENT:
            return _in_bounds(view.facts.attachments.get(step.id, 0), evidence)
        case _:  # the notice is over
            last = view.facts.publicity_to
            return bool(view.facts.publicity_counts) and last is not None and on > last


def _in_bounds(count: int, evidence: Evidence) -> bool:
    return count >= evidence.at_least and (evidence.at_most is None or count <= evidence.at_most)
