"""Returned cases: put right, and sent up again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind
from app.domain.stage import Status, read_state
from app.queries.returned import return_of
from app.usecases.cases import ready_outcome, take_action
from app.usecases.office import need_inside

if TYPE_CHECKING:
    from datetime import date

    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.domain.workflow import Step
    from app.storage.tx import Tx
    from app.usecases.office import Office


@dataclass(frozen=True, slots=True)
class Resent:
    """What sending up again did: the names of the steps closed, and where the case stands now.

    ``waits_at`` is the name of the step that is open now, "" when the case has ended; ``stopped`` is what
    that step still lacks when it is our own, None when the case waits for another level.
    """

    changes: Changes
    steps: tuple[str, ...]
    waits_at: str
    stopped: AppError | None


def send_again(office: Office, case: EntityId, answer: str = "", on: date | None = None) -> Resent:
    """Close the steps of this level again, as far as nothing is missing; older evidence is confirmed.

    ``answer`` says what was put right; without it every mark must have been dealt with.

    Raises:
        Refused: ``entity.unknown``, ``region.outside``, ``returned.not_returned``, ``returned.marks_left``
            (param ``number``), ``returned.not_yours`` (it is another level's turn), and what the
            step the case was sent back to still lacks.
    """
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.CASE, case)
        need_inside(tx, tx.scope_of(case))
        if read_state(office.policy.workflow(values), values).status is not Status.RETURNED:
            raise Refused("returned.not_returned")
        sent = return_of(tx.conn, office.policy, case)
        left = sum(not one.fixed for one in sent.marks) if sent is not None else 0
        if left and not answer.strip():
            raise Refused("returned.marks_left", number=left)
        closed: list[str] = []
        stopped: AppError | None = None
        while step := _own_step(tx, office, case):
            try:
                action = ready_outcome(tx, office, case, step, on)
            except Refused as error:
                if not closed:
                    raise
                stopped = error
                break
            take_action(tx, office, case, action, {"keep": 1, "resent": 1, "reason": answer.strip()}, on)
            closed.append(step.name)
        if not closed:
            raise Refused("returned.not_yours")
        now = tx.load(Kind.CASE, case)
        workflow = office.policy.workflow(now)
        waiting = read_state(workflow, now).open
    return Resent(tx.changes, tuple(closed), workflow.step(waiting[0]).name if waiting else "", stopped)


def _own_step(tx: Tx, office: Office, case: EntityId) -> Step | None:
    """Return the first open step of the actor's level."""
    values = tx.load(Kind.CASE, case)
    workflow = office.policy.workflow(values)
    steps = (workflow.step(one) for one in read_state(workflow, values).open)
    return next((step for step in steps if step.level is tx.actor.level), None)
