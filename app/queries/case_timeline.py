"""The acts on a case, read from the journal, and the timeline of its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.stage import done_steps
from app.domain.workflow import END, Verb
from app.journal.authority import EntryState
from app.queries.case_card import CaseEvent, StepState, TimelineStep
from app.queries.journal_rows import eids_of, entries_of, writers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from app.domain.calendar import Calendar
    from app.domain.stage import State
    from app.domain.workflow import Step, Workflow
    from app.queries.journal_rows import Written


def events_of(conn: Connection, workflow: Workflow, uid: str) -> tuple[CaseEvent, ...]:
    """Return the acts on a case that count, oldest first."""
    written = entries_of(conn, eids_of(conn, [uid]).values())
    acts = [one for one in written if one.state is EntryState.PROJECTED and "action" in one.body.extras]
    names = writers(conn, acts)
    return tuple(_event(workflow, one, names) for one in acts)


def _event(workflow: Workflow, written: Written, names: Mapping[str, str]) -> CaseEvent:
    said = {key: str(value) for key, value in written.body.extras.items()}
    reasons = {reason.id: reason.label for reason in workflow.reasons}
    code = said.get("reason_code", "")
    return CaseEvent(
        entry=written.entry,
        action=said["action"],
        label=label_of(workflow, said["action"]),
        from_step=_names(workflow, said.get("from", "")),
        to=_names(workflow, said.get("to", "")),
        on=said.get("on", ""),
        at=written.at,
        by=names.get(written.body.actor, ""),
        level=said.get("level", ""),
        reason=said.get("reason", ""),
        reason_label=reasons.get(code, code),
        returns=written.body.changes.get("status") == "returned",
    )


def label_of(workflow: Workflow, action: str) -> str:
    """Return the pack's word for an action id, "" for one it does not know (the opening)."""
    step, _, rest = action.rpartition(".")
    if rest in set(Verb):
        return workflow.labels.get(Verb(rest), "")
    try:
        return workflow.step(step).outcome(rest).label
    except Refused:
        return ""


def _names(workflow: Workflow, stage: str) -> str:
    names = {step.id: step.name for step in workflow.steps}
    return "、".join(names.get(step, step) for step in stage.split() if step != END)


def timeline(
    workflow: Workflow, state: State, events: Sequence[CaseEvent], calendar: Calendar, today: date
) -> tuple[TimelineStep, ...]:
    """Return the steps in the order of the pack with where each stands."""
    done = done_steps(workflow, state)
    return tuple(
        _open_step(step, state, calendar, today)
        if step.id in state.open
        else _other_step(step, state, done, events)
        for step in workflow.steps
    )


def _open_step(step: Step, state: State, calendar: Calendar, today: date) -> TimelineStep:
    due = due_of(step, state, calendar)
    late = (today - due).days if due else None
    on = due.isoformat() if due else ""
    return TimelineStep(step.id, step.short or step.name, StepState.CURRENT, "", "", on, late)


def _other_step(step: Step, state: State, done: frozenset[str], events: Sequence[CaseEvent]) -> TimelineStep:
    name = step.short or step.name
    if step.id not in done:
        return TimelineStep(step.id, name, StepState.STALE if step.id in state.stale else StepState.FUTURE)
    last = _closing(step, events)
    if last is None:
        return TimelineStep(step.id, name, StepState.DONE)
    note = " ".join(part for part in (last.label, last.by) if part)
    return TimelineStep(step.id, name, StepState.DONE, last.on, note)


def _closing(step: Step, events: Sequence[CaseEvent]) -> CaseEvent | None:
    """Return the last act that closed a step."""
    closing = {f"{step.id}.{outcome.id}" for outcome in step.outcomes if outcome.leads.is_forward}
    return next((event for event in reversed(events) if event.action in closing), None)


def due_of(step: Step, state: State, calendar: Calendar) -> date | None:
    """Return the day an open step is due, None without a limit or without a table of holidays."""
    start = state.opened_on(step.id)
    if step.limit is None or start is None:
        return None
    try:
        return calendar.add(start, step.limit.days, step.limit.day_type)
    except Refused:
        return None
