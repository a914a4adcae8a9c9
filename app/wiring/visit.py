"""The visit questionnaire, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind
from app.ui.desks.visit import VisitDesk

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.changes import Changes
    from app.usecases.visits import Visit
    from app.wiring.room import Room


def visit_desk(room: Room) -> VisitDesk:
    """Return the callables of the questionnaire page."""
    return VisitDesk(
        open=partial(_open, room),
        save=partial(_save, room),
        finish=partial(_finish, room),
        attach=partial(_attach, room),
    )


def _step_of(room: Room, case: str) -> tuple[str, str]:
    """Return the open step of a case that has a questionnaire, and its form; the first such step else."""
    from app.domain.stage import read_state
    from app.queries import rows

    with room.read() as conn:
        values = rows.get(conn, Kind.CASE, case)
    workflow = room.policy.workflow(values)
    here = read_state(workflow, values).open
    asking = [step for step in workflow.steps if step.questionnaire]
    step = next((step for step in asking if step.id in here), asking[0])
    return step.id, step.questionnaire


def _open(room: Room, case: str) -> Visit:
    from app.usecases.visits import open_visit

    return open_visit(room.office, EntityId(case), _step_of(room, case)[1])


def _save(room: Room, visit: Visit, text: str) -> None:
    from app.usecases.visits import save_draft

    save_draft(room.office, visit, text)


def _finish(room: Room, visit: Visit) -> Changes:
    from app.usecases.visits import finish_visit

    return finish_visit(room.office, visit)


def _attach(room: Room, case: str, path: Path) -> Changes:
    from app.usecases.attachments import attach

    return attach(room.office, EntityId(case), _step_of(room, case)[0], path)
