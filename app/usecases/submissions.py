"""Finished questionnaires: look at one, change it, save what has no place any more.

show_submission(office, uid)       # questions and answers, with the version it was filled in with
change_submission(office, uid)     # an open questionnaire; finishing it makes a new submission
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.ids import EntityId
from app.files.workbook_save import save_workbook
from app.queries.submissions import SubmissionLine, blob_of, submission_line
from app.questionnaire.answers import Answer, answers_of, from_json, to_json
from app.questionnaire.corefields import cells
from app.questionnaire.editing import begin_edit
from app.questionnaire.engine import Engine
from app.questionnaire.upgrade import Orphan, orphans_of
from app.storage.answers import find_answers, keep_answers
from app.usecases.core_records import Base
from app.usecases.forms import current_form, form_of, model_of
from app.usecases.visit_drafts import read_draft, subject
from app.usecases.visits import Visit, now_of, open_visit, standing_visit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.files.form_in import FormFile
    from app.usecases.office import Office

_BOM = "\ufeff"  # Excel takes a CSV without it for the local encoding
_FORMULA = frozenset("=+-@\t\r")


@dataclass(frozen=True, slots=True)
class SubmissionSheet:
    """A finished questionnaire to look at.

    ``title`` is the form's, "" when its version is not here (``has_form`` False): names stand for labels.
    ``answers`` and ``orphans`` are empty while its XML has not arrived. ``newer`` is the form's newer version, ""
    without one, ``draft_at`` that a change of it (or another draft of the case) is begun.
    """

    line: SubmissionLine
    title: str
    has_form: bool
    answers: tuple[Answer, ...]
    orphans: tuple[Orphan, ...]
    newer: str
    draft_at: str


def show_submission(office: Office, uid: str) -> SubmissionSheet:
    """Return a finished questionnaire; what it says is kept, so that looking again costs nothing.

    Raises:
        Refused: ``entity.unknown``.
    """
    with office.workspace.read() as conn:
        line = submission_line(conn, uid)
        data = blob_of(conn, uid) if line.arrived else b""
    form = _form_here(office, line)
    model = model_of(form) if form is not None else None
    draft = read_draft(office, subject(line.form, line.case))
    return SubmissionSheet(
        line=line,
        title=model.title if model is not None else "",
        has_form=form is not None,
        answers=_answers(office, line, form, data) if data else (),
        orphans=orphans_of(data) if data else (),
        newer=_newer(office, line),
        draft_at=draft.at if draft is not None else "",
    )


def _form_here(office: Office, line: SubmissionLine) -> FormFile | None:
    try:
        return form_of(office, line.form, line.form_hash)
    except Refused:
        # Its version has not come here: it is shown raw.
        return None


def _newer(office: Office, line: SubmissionLine) -> str:
    """Return the version answers are given under now if it is another one, else ""."""
    try:
        form = current_form(office, line.form)
    except Refused:
        # No version of it is here at all.
        return ""
    return form.version if form.hash != line.form_hash else ""


def _answers(office: Office, line: SubmissionLine, form: FormFile | None, data: bytes) -> tuple[Answer, ...]:
    version = form.hash if form is not None else ""
    with office.workspace.read() as conn:
        kept = find_answers(conn, line.id, line.blob, version)
    if kept is not None:
        return from_json(kept)
    found = answers_of(model_of(form) if form is not None else None, data)
    with office.workspace.bookkeeping() as conn:
        keep_answers(conn, line.id, line.blob, version, to_json(found))
    return found


def change_submission(office: Office, uid: str) -> Visit:
    """Open a finished questionnaire to change it, under its own version; a draft of the case comes first.

    Raises:
        Refused: ``entity.unknown``, ``submission.replaced``, ``submission.no_file``,
            ``questionnaire.unknown_form``, ``questionnaire.unknown_version``.
    """
    with office.workspace.read() as conn:
        line = submission_line(conn, uid)
    case = EntityId(line.case)
    if read_draft(office, subject(line.form, line.case)) is not None:
        return open_visit(office, case, line.form)
    if line.replaced_by:
        raise Refused("submission.replaced")
    form = form_of(office, line.form, line.form_hash)
    with office.workspace.read() as conn:
        original = blob_of(conn, uid)
    engine = Engine(model_of(form), now_of(office), original)
    before = begin_edit(engine, original)
    said = cells(engine)
    visit, _ = standing_visit(office, case, form, engine)
    return replace(visit, base=Base(said, said), replaces=uid, original=original, before=before)


def save_orphans(office: Office, uid: str, titles: Sequence[str], path: Path) -> int:
    """Write the answers of a submission that have no place any more as a CSV file; return how many.

    ``titles`` head its five columns: question, answer in words, value, place, version.

    Raises:
        Refused: ``entity.unknown``, ``submission.no_file``, ``submission.no_orphans``.
        Unavailable: ``workbook.cannot_write`` (param ``file``).
    """
    with office.workspace.read() as conn:
        orphans = orphans_of(blob_of(conn, uid))
    if not orphans:
        raise Refused("submission.no_orphans")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(titles)
    writer.writerows(
        [_harmless(text) for text in (one.label, one.text, one.value, one.ref, one.version)]
        for one in orphans
    )
    save_workbook(path, (_BOM + out.getvalue()).encode())
    with office.workspace.write(office.actor) as tx:
        tx.audit("orphans", uid, {"file": path.name, "count": len(orphans)})
    return len(orphans)


def _harmless(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in _FORMULA else text
