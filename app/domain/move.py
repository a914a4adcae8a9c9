"""What each act writes: the stage it leads to, and what becomes stale on the way back.

Called by ``app.domain.transition`` after its checks; nothing is refused here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.calendar import parse_date
from app.domain.evidence import has_evidence
from app.domain.given import target_of
from app.domain.stage import Status, done_before, done_steps, frontier, pair_text, read_stage, stage_text
from app.domain.workflow import Leads, Link, Verb

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from app.domain.action import Action
    from app.domain.evidence import CaseView
    from app.domain.given import Given
    from app.domain.ids import Value
    from app.domain.stage import StageHead, State
    from app.domain.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Turn:
    """All that an act looks at."""

    workflow: Workflow
    view: CaseView  # with the given fields merged in
    state: State
    action: Action
    given: Given
    on: date


def fields_of(turn: Turn) -> dict[str, Value]:
    """Return the case fields an act writes besides those given with it."""
    return _ACTS[turn.action.verb](turn)


def _advance(turn: Turn) -> dict[str, Value]:
    step = turn.workflow.step(turn.action.step)
    outcome = step.outcome(turn.action.outcome)
    fields: dict[str, Value] = {step.outcome_field: outcome.id} if step.outcome_field else {}
    fields |= outcome.sets
    if outcome.reason_field:
        fields[outcome.reason_field] = turn.given.reason or turn.given.reason_code
    return fields | _LED[outcome.leads](turn)


def _save(turn: Turn) -> dict[str, Value]:
    """A new meeting, notice or certificate takes the place of the stale one; a draw is no evidence itself."""
    step, stale = turn.workflow.step(turn.action.step), turn.state.stale
    if step.id not in stale or step.link in {Link.NONE, Link.SAMPLE}:
        return {}
    return {"stale": " ".join(sorted(stale - {step.id}))} if turn.given.fields.get(step.link.value) else {}


def _nothing(turn: Turn) -> dict[str, Value]:  # noqa: ARG001 -- one shape for all acts
    return {}


def _forward(turn: Turn) -> dict[str, Value]:
    state, step = turn.state, turn.action.step
    done = done_steps(turn.workflow, state) | {step}
    opened = frontier(turn.workflow, done, urgent=state.urgent)
    fields = _stand(turn, opened, Status.ACTIVE if opened else Status.APPROVED)
    if step in state.stale:
        fields["stale"] = " ".join(sorted(state.stale - {step}))
    if step in (state.redo or {}):
        fields["redo"] = pair_text({key: old for key, old in (state.redo or {}).items() if key != step})
    return fields


def _return(turn: Turn) -> dict[str, Value]:
    return go_back(turn, target_of(turn.action, turn.given))


def go_back(turn: Turn, to: str) -> dict[str, Value]:
    """Return the fields of going back: later evidence is kept and marked stale."""
    workflow, state = turn.workflow, turn.state
    done = done_steps(workflow, state)
    after = workflow.descendants(to)
    left = done - {to} - workflow.descendants(to, urgent=state.urgent)
    touched = {step for step in after if step in done or has_evidence(workflow.step(step), turn.view.values)}
    fields = _stand(turn, frontier(workflow, left, urgent=state.urgent), Status.RETURNED)
    fields["stale"] = " ".join(sorted((state.stale | touched) - {to}))
    return fields


def _stand(turn: Turn, open_steps: tuple[str, ...], status: Status) -> dict[str, Value]:
    """Return the four fields of a stage; a step that stays open keeps its first day."""
    state = turn.state
    days = {step: state.opened_on(step) if step in state.open else turn.on for step in open_steps}
    stage_on = turn.on if open_steps != state.open or state.stage_on is None else state.stage_on
    return {
        "stage": stage_text(open_steps),
        "status": status.value,
        "stage_on": stage_on.isoformat(),
        "opened": pair_text({step: day.isoformat() for step, day in days.items() if day}),
    }


def _end(turn: Turn, status: Status) -> dict[str, Value]:
    return {**_stand(turn, (), status), "closed_stage": stage_text(turn.state.open), "suspended_on": ""}


def _reject(turn: Turn) -> dict[str, Value]:
    return _end(turn, Status.REJECTED)


def _withdraw(turn: Turn) -> dict[str, Value]:
    return _end(turn, Status.WITHDRAWN)


def _refuse(turn: Turn) -> dict[str, Value]:
    return _end(turn, Status.REFUSED)


def _close(turn: Turn) -> dict[str, Value]:
    return _end(turn, Status.CLOSED)


def _suspend(turn: Turn) -> dict[str, Value]:
    return {**_stand(turn, turn.state.open, Status.SUSPENDED), "suspended_on": turn.on.isoformat()}


def _resume(turn: Turn) -> dict[str, Value]:
    """Return the fields of going on: the days of rest do not count against the deadlines."""
    since = parse_date(turn.view.values.get("suspended_on"))
    rest = turn.on - since if since else timedelta()
    days = {step: turn.state.opened_on(step) for step in turn.state.open}
    fields = _stand(turn, turn.state.open, Status.ACTIVE)
    fields["opened"] = pair_text({step: (day + rest).isoformat() for step, day in days.items() if day})
    return {**fields, "suspended_on": ""}


def _urgent(turn: Turn) -> dict[str, Value]:
    done = done_steps(turn.workflow, turn.state)
    reason = turn.given.reason or turn.given.reason_code
    stage = _stand(turn, frontier(turn.workflow, done, urgent=True), turn.state.status)
    return {**stage, "urgent": 1, "urgent_reason": reason}


def _strike(turn: Turn) -> dict[str, Value]:
    step = turn.workflow.step(turn.action.step)
    back = go_back(turn, step.id) if step.id not in turn.state.open else {}
    return {**back, step.link.value: ""}


def _reopen(turn: Turn) -> dict[str, Value]:
    return {**_return(turn), "closed_stage": ""}


def _resolve(turn: Turn) -> dict[str, Value]:
    taken = next(
        head for head in turn.view.facts.stage_heads if head.entry == target_of(turn.action, turn.given)
    )
    open_steps = read_stage(turn.workflow, taken.stage)
    status = Status(taken.status) if taken.status else turn.state.status
    fields = _stand(turn, open_steps, status)
    if taken.stage_on:
        fields["stage_on"] = taken.stage_on
    return {
        **fields,
        "opened": taken.opened or fields["opened"],
        # What the other side wrote about an end or a rest does not hold for the one that stands.
        "closed_stage": taken.closed_stage if status.is_ended else "",
        "suspended_on": taken.suspended_on if status is Status.SUSPENDED else "",
        "stale": _stale_left(turn, taken, open_steps),
        "redo": taken.redo,
    }


def _stale_left(turn: Turn, taken: StageHead, open_steps: tuple[str, ...]) -> str:
    """Return the stale steps of the stage that is taken: none of them is done there."""
    workflow = turn.workflow
    reached = open_steps or read_stage(workflow, taken.closed_stage)
    done = done_before(workflow, reached, urgent=turn.state.urgent)
    return " ".join(sorted(set(taken.stale.split()) - done))


_LED: dict[Leads, Callable[[Turn], dict[str, Value]]] = {
    Leads.NEXT: _forward,
    Leads.APPROVE: _forward,
    Leads.STAY: _nothing,
    Leads.RETURN: _return,
    Leads.REJECT: _reject,
    Leads.WITHDRAW: _withdraw,
    Leads.SUSPEND: _suspend,
    Leads.REFUSE: _refuse,
}
_ACTS: dict[Verb, Callable[[Turn], dict[str, Value]]] = {
    Verb.ADVANCE: _advance,
    Verb.SAVE: _save,
    Verb.RETURN: _return,
    Verb.WITHDRAW: _withdraw,
    Verb.SUSPEND: _suspend,
    Verb.RESUME: _resume,
    Verb.URGENT: _urgent,
    Verb.STRIKE: _strike,
    Verb.REOPEN: _reopen,
    Verb.CLOSE: _close,
    Verb.RESOLVE: _resolve,
}
