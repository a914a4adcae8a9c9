"""The actions of a case: what can be done now, by whom, and what each still lacks.

    actions = available_actions(workflow, view, Acting(level, person, today))
    actions[0].id, .label, .fields, .missing       # "review.pass", "初审通过", …, faults with sentences

Ids are "<step>.<outcome>" for outcomes, "<step>.save|return|strike", and for the case as a whole
"withdraw", "suspend", "resume", "urgent", "reopen", "close", "resolve". Labels come from the pack.
"close" is for the end of a round and is never listed, but ``app.domain.transition.act`` takes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.correction import may_strike
from app.domain.evidence import missing
from app.domain.stage import Status, done_steps, frontier, is_split, read_state, resolving_level
from app.domain.workflow import Leads, Link, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from app.domain.evidence import CaseView
    from app.domain.fault import Fault
    from app.domain.ids import Level
    from app.domain.stage import State
    from app.domain.workflow import Outcome, Reason, Step, Workflow


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: the level, the person's entity id, and the declared date of the act."""

    level: Level
    person: str
    on: date


@dataclass(frozen=True, slots=True)
class Action:
    """One button of a case.

    ``levels`` may take it. ``fields`` are the case fields that may be given with it; ``targets`` the steps
    it may lead to where the person chooses (entries for "resolve"); ``reasons`` its reason codes. ``stale``
    tells that older evidence must be confirmed (``keep``) or entered anew. ``returns`` tells that it sends
    the case back, so that what is wrong may be marked. ``missing`` is empty when it may be taken.
    """

    id: str
    verb: Verb
    label: str
    levels: frozenset[Level]
    step: str = ""
    outcome: str = ""
    fields: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    needs_reason: bool = False
    reasons: tuple[Reason, ...] = ()
    stale: bool = False
    returns: bool = False
    missing: tuple[Fault, ...] = ()


def available_actions(workflow: Workflow, view: CaseView, acting: Acting) -> tuple[Action, ...]:
    """Return what ``acting`` may do with a case now, each with what it still lacks.

    Raises:
        Refused: ``workflow.unknown_step`` when the case belongs to another pack.
    """
    state = read_state(workflow, view.values)
    unlisted = {Verb.CLOSE, Verb.STRIKE} if view.facts.elsewhere else {Verb.CLOSE}
    return tuple(
        replace(action, missing=missing_for(workflow, action, view, acting.on))
        for action in candidate_actions(workflow, view, state)
        if acting.level in action.levels and action.verb not in unlisted
    )


def open_levels(workflow: Workflow, view: CaseView) -> frozenset[Level]:
    """Return the levels that somebody is waiting for: those of the open steps, none for a closed case."""
    if view.facts.elsewhere:
        return frozenset()
    return _levels(workflow, read_state(workflow, view.values).open)


def missing_for(workflow: Workflow, action: Action, view: CaseView, on: date) -> tuple[Fault, ...]:
    """Return what an action still lacks with the case's present values."""
    if action.verb is not Verb.ADVANCE:
        return ()
    step = workflow.step(action.step)
    return missing(step, step.outcome(action.outcome), view, read_state(workflow, view.values), on)


def candidate_actions(workflow: Workflow, view: CaseView, state: State) -> Iterator[Action]:
    """Yield every action of a case for any level, without what it lacks."""
    heads = view.facts.stage_heads
    if heads:
        yield Action(
            Verb.RESOLVE,
            Verb.RESOLVE,
            workflow.labels[Verb.RESOLVE],
            frozenset({resolving_level(workflow, heads)}),
            targets=tuple(sorted(head.entry for head in heads)),
            needs_reason=True,
        )
    if is_split(heads):
        return
    if view.facts.elsewhere:
        yield from _when_elsewhere(workflow, view, state)
        return
    if state.status.is_ended:
        yield from _when_ended(workflow, state)
    elif state.status is Status.SUSPENDED:
        yield _whole(workflow, Verb.RESUME, state)
        yield _whole(workflow, Verb.WITHDRAW, state)
        yield _whole(workflow, Verb.CLOSE, state)
    else:
        yield from _when_open(workflow, view, state)
    yield from _late_saves(workflow, state)


def _when_elsewhere(workflow: Workflow, view: CaseView, state: State) -> Iterator[Action]:
    """Yield what can still be done with the case of a household that is not written about any more."""
    if state.status.is_ended:
        return
    yield _whole(workflow, Verb.WITHDRAW, state)
    yield _whole(workflow, Verb.CLOSE, state)
    yield from _strikes(workflow, view, state)  # a record of many cases is struck for this one too


def _when_open(workflow: Workflow, view: CaseView, state: State) -> Iterator[Action]:
    done = done_steps(workflow, state)
    for step_id in state.open:
        step = workflow.step(step_id)
        stale = step_id in state.stale
        for outcome in step.outcomes:
            yield _outcome(workflow, step, outcome, stale=stale, done=done)
        if any(step_fields(step)):
            yield _of_step(workflow, Verb.SAVE, step, fields=step_fields(step))
        earlier = workflow.in_order(workflow.ancestors(step_id) & done)
        if earlier and not _chooses_return(step):
            yield _of_step(workflow, Verb.RETURN, step, targets=earlier)
    yield from _strikes(workflow, view, state)
    yield _whole(workflow, Verb.SUSPEND, state)
    yield _whole(workflow, Verb.WITHDRAW, state)
    if not state.urgent and set(frontier(workflow, done, urgent=True)) != set(state.open):
        yield _whole(workflow, Verb.URGENT, state)
    yield _whole(workflow, Verb.CLOSE, state)


def _strikes(workflow: Workflow, view: CaseView, state: State) -> Iterator[Action]:
    for step in workflow.steps:
        if step.link is not Link.NONE and may_strike(workflow, view.values, state, step):
            yield _of_step(workflow, Verb.STRIKE, step)


def _when_ended(workflow: Workflow, state: State) -> Iterator[Action]:
    if state.status is Status.CLOSED:
        return
    last = state.closed_at or workflow.order[-1:]
    targets = workflow.in_order(done_steps(workflow, state) | set(last))
    yield replace(_whole(workflow, Verb.REOPEN, state), levels=_levels(workflow, last), targets=targets)


def _late_saves(workflow: Workflow, state: State) -> Iterator[Action]:
    """Yield the recording of what follows a done step, such as the announcement after a decision."""
    for step_id in workflow.in_order(done_steps(workflow, state)):
        step = workflow.step(step_id)
        if step.late_fields:
            yield _of_step(workflow, Verb.SAVE, step, fields=step.late_fields)


def step_fields(step: Step) -> tuple[str, ...]:
    """Return the case fields that may be written at an open step, without repetition."""
    linked = () if step.link is Link.NONE else (step.link.value,)
    dated = (step.date_field,) if step.date_field else ()
    return tuple(dict.fromkeys((*step.fields, *step.people, *linked, *dated, *step.late_fields)))


def _outcome(
    workflow: Workflow, step: Step, outcome: Outcome, *, stale: bool, done: frozenset[str]
) -> Action:
    targets: tuple[str, ...] = ()
    if outcome.leads is Leads.RETURN:
        targets = (
            (outcome.target,) if outcome.target else workflow.in_order(workflow.ancestors(step.id) & done)
        )
    return Action(
        f"{step.id}.{outcome.id}",
        Verb.ADVANCE,
        outcome.label,
        frozenset({step.level}),
        step=step.id,
        outcome=outcome.id,
        fields=step_fields(step),
        targets=targets,
        needs_reason=outcome.needs_reason or outcome.leads not in _FREE,
        reasons=workflow.reasons_for(_VERB_OF.get(outcome.leads, Verb.ADVANCE)),
        stale=stale and outcome.leads.is_forward,
        returns=outcome.leads is Leads.RETURN,
    )


def _of_step(
    workflow: Workflow,
    verb: Verb,
    step: Step,
    *,
    fields: tuple[str, ...] = (),
    targets: tuple[str, ...] = (),
) -> Action:
    return Action(
        f"{step.id}.{verb}",
        verb,
        workflow.labels[verb],
        frozenset({step.level}),
        step=step.id,
        fields=fields,
        targets=targets,
        needs_reason=verb in _REASONED,
        reasons=workflow.reasons_for(verb),
        returns=verb is Verb.RETURN,
    )


def _whole(workflow: Workflow, verb: Verb, state: State) -> Action:
    return Action(
        verb,
        verb,
        workflow.labels[verb],
        _levels(workflow, state.open),
        needs_reason=verb in _REASONED,
        reasons=workflow.reasons_for(verb),
    )


def _levels(workflow: Workflow, steps: tuple[str, ...]) -> frozenset[Level]:
    return frozenset(workflow.step(step).level for step in steps)


def _chooses_return(step: Step) -> bool:
    return any(outcome.leads is Leads.RETURN and not outcome.target for outcome in step.outcomes)


_FREE = frozenset({Leads.NEXT, Leads.APPROVE, Leads.STAY})
_REASONED = frozenset(Verb) - {Verb.ADVANCE, Verb.SAVE, Verb.RESUME}
_VERB_OF = {Leads.RETURN: Verb.RETURN, Leads.WITHDRAW: Verb.WITHDRAW, Leads.SUSPEND: Verb.SUSPEND}
