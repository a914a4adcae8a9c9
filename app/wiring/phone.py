"""Questionnaires from phones, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId
from app.ui.desks.phone import CaseChoice, FormName, Handed, PhoneDesk, PhoneNow
from app.wiring.sharing import media, remember

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.domain.changes import Changes
    from app.ui.runner import Cancelled, Report
    from app.usecases.phone_claims import Claimed
    from app.usecases.phone_exports import ExportSummary
    from app.usecases.phone_imports import PhoneImport
    from app.usecases.phone_plan import ImportCheck
    from app.wiring.room import Room

_FOUND = 50  # cases offered for one search


def phone_desk(room: Room) -> PhoneDesk:
    """Return the callables of the exchange with phones."""
    return PhoneDesk(
        now=partial(_now, room),
        forms=partial(_forms, room),
        media=media,
        preview=partial(_preview, room),
        take=partial(_take, room),
        summary=partial(_summary, room),
        export=partial(_export, room),
        blank=partial(_blank, room),
        search=partial(_search, room),
        claim=partial(_claim, room),
        void=partial(_void, room),
    )


def _now(room: Room) -> PhoneNow:
    from app.queries.phone_submissions import SubmissionQuery, list_submissions

    with room.read() as conn:
        lines = list_submissions(conn, SubmissionQuery(scope=room.facts.scope))
    return PhoneNow(lines, _forms(room))


def _forms(room: Room) -> tuple[FormName, ...]:
    from app.usecases.forms import form_lines

    return tuple(FormName(one.form, one.title) for one in form_lines(room.office) if one.current)


def _preview(room: Room, paths: Sequence[Path], report: Report, cancelled: Cancelled) -> ImportCheck:
    from app.usecases.office import Watch
    from app.usecases.phone_imports import check_import

    return check_import(room.office, paths, Watch(report, cancelled))


def _take(room: Room, paths: Sequence[Path], report: Report, cancelled: Cancelled) -> PhoneImport:
    from app.usecases.office import Watch
    from app.usecases.phone_imports import import_submissions

    done = import_submissions(room.office, paths, Watch(report, cancelled))
    remember(paths[0].parent)
    return done


def _summary(room: Room, form: str) -> ExportSummary:
    from app.queries.phone_submissions import SubmissionQuery
    from app.usecases.phone_exports import check_export

    return check_export(room.office, SubmissionQuery(form=form))


def _export(
    room: Room, form: str, folder: Path, zipped: bool, report: Report, cancelled: Cancelled
) -> Handed:
    from app.queries.phone_submissions import SubmissionQuery
    from app.usecases.office import Watch
    from app.usecases.phone_exports import export_submissions

    watch = Watch(report, cancelled)
    done = export_submissions(room.office, SubmissionQuery(form=form), folder, zipped=zipped, watch=watch)
    remember(folder)
    return Handed(done.target, done.written, done.same)


def _blank(room: Room, form: str, folder: Path) -> Handed:
    from app.usecases.phone_exports import export_blank

    done = export_blank(room.office, form, folder)
    return Handed(done.target, done.written, done.same)


def _search(room: Room, text: str) -> tuple[CaseChoice, ...]:
    from app.domain.ids import Kind
    from app.domain.stage import read_state
    from app.queries import rows
    from app.queries.household_list import ListQuery, lines, list_ids
    from app.usecases.phone_matching import open_cases

    found: list[CaseChoice] = []
    with room.read() as conn:
        query = ListQuery(scope=room.facts.scope, text=text)
        for line in lines(conn, room.look(), list_ids(conn, room.look(), query)[:_FOUND]):
            for case in open_cases(conn, room.office, line.household):
                values = rows.get(conn, Kind.CASE, case)
                workflow = room.policy.workflow(values)
                step = "、".join(workflow.step(one).name for one in read_state(workflow, values).open)
                found.append(CaseChoice(case, line.head, line.code, line.group, step))
    return tuple(found)


def _claim(room: Room, submission: str, case: str, reason: str) -> Claimed:
    from app.usecases.phone_claims import claim_submission

    return claim_submission(room.office, EntityId(submission), EntityId(case), reason)


def _void(room: Room, submission: str, reason: str) -> Changes:
    from app.usecases.phone_claims import void_submissions

    return void_submissions(room.office, [EntityId(submission)], reason)
