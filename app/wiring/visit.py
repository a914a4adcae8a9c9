"""The questionnaires of a case, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind
from app.ui.desks.visit import SubmissionDesk, VisitDesk

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.submission import Settled
    from app.queries.submissions import SubmissionLine
    from app.ui.runner import Cancelled, Report
    from app.usecases.submissions import SubmissionSheet
    from app.usecases.upgrades import Rehearsal
    from app.usecases.visits import Ahead, Visit
    from app.wiring.room import Room

_ORPHAN_TITLES = ("label", "text", "value", "place", "version")


def visit_desk(room: Room) -> VisitDesk:
    """Return the callables of the questionnaire page."""
    return VisitDesk(
        open=partial(_open, room),
        change=partial(_change, room),
        upgrade=partial(_upgrade, room),
        upgrade_draft=partial(_upgrade_draft, room),
        save=partial(_save, room),
        look_ahead=partial(_look_ahead, room),
        finish=partial(_finish, room),
        attach=partial(_attach, room),
    )


def submission_desk(room: Room) -> SubmissionDesk:
    """Return the callables of the page of finished questionnaires."""
    return SubmissionDesk(
        lines=partial(_lines, room),
        show=partial(_show, room),
        rehearse=partial(_rehearse, room),
        save_orphans=partial(_save_orphans, room),
    )


def _step_of(room: Room, case: str, wanted: str) -> tuple[str, str]:
    """Return a step of a case with its questionnaire: the one of this name or form, an open one first.

    Without such a step, as for the page of a step that asks nothing, any open step that asks; else the first.
    """
    from app.domain.stage import read_state
    from app.queries import rows

    with room.read() as conn:
        values = rows.get(conn, Kind.CASE, case)
    workflow = room.policy.workflow(values)
    here = read_state(workflow, values).open
    asking = [step for step in workflow.steps if step.questionnaire]
    asking.sort(key=lambda step: (wanted not in {step.id, step.questionnaire}, step.id not in here))
    return asking[0].id, asking[0].questionnaire


def _with_marks(room: Room, visit: Visit) -> Visit:
    from dataclasses import replace

    from app.usecases.visit_marks import highlights

    return replace(visit, marks=highlights(room.office, visit.case))


def _open(room: Room, case: str, step: str) -> Visit:
    from app.usecases.visits import open_visit

    return _with_marks(room, open_visit(room.office, EntityId(case), _step_of(room, case, step)[1]))


def _change(room: Room, submission: str) -> Visit:
    from app.usecases.submissions import change_submission

    return _with_marks(room, change_submission(room.office, submission))


def _upgrade(room: Room, submission: str) -> Visit:
    from app.usecases.upgrades import upgrade_submission

    return _with_marks(room, upgrade_submission(room.office, submission))


def _upgrade_draft(room: Room, visit: Visit) -> Visit:
    from app.usecases.upgrades import upgrade_draft

    return _with_marks(room, upgrade_draft(room.office, visit.case, visit.form))


def _save(room: Room, visit: Visit, text: str) -> None:
    from app.usecases.visits import save_draft

    save_draft(room.office, visit, text)


def _look_ahead(room: Room, visit: Visit, settled: Settled) -> Ahead:
    from app.usecases.visits import look_ahead

    return look_ahead(room.office, visit, settled)


def _finish(room: Room, visit: Visit, settled: Settled) -> Changes:
    from app.usecases.visits import finish_visit

    return finish_visit(room.office, visit, settled)


def _attach(room: Room, case: str, form: str, path: Path) -> Changes:
    from app.usecases.attachments import attach

    return attach(room.office, EntityId(case), _step_of(room, case, form)[0], path)


def _lines(room: Room, household: str) -> tuple[SubmissionLine, ...]:
    from app.queries.submissions import submission_lines

    with room.read() as conn:
        return submission_lines(conn, household=household)


def _show(room: Room, submission: str) -> SubmissionSheet:
    from app.usecases.submissions import show_submission

    return show_submission(room.office, submission)


def _rehearse(room: Room, form: str, report: Report, cancelled: Cancelled) -> Rehearsal:
    from app.usecases.forms import current_form
    from app.usecases.office import Watch
    from app.usecases.upgrades import rehearse

    office = room.office
    return rehearse(office, form, current_form(office, form), Watch(report, cancelled))


def _save_orphans(room: Room, submission: str, path: Path) -> int:
    from app.ui.texts import t
    from app.usecases.submissions import save_orphans

    titles = [t(f"submission.orphan_{name}") for name in _ORPHAN_TITLES]
    return save_orphans(room.office, submission, titles, path)
