"""Finished questionnaires: look at one, change it, save what has no place any more.

show_submission(office, uid)       # questions and answers, with the version it was filled in with
change_submission(office, uid)     # an open questionnaire; finishing it makes a new submission
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.fields import FIELDS
from app.domain.identity import mask_field, mask_id
from app.domain.ids import EntityId, Kind
from app.files.workbook_save import save_workbook
from app.queries.submissions import SubmissionLine, blob_of, submission_line
from app.questionnaire.answers import Answer, answers_of, from_json, to_json
from app.questionnaire.corefields import KNOWN, cells
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

_KINDS = frozenset(str(kind) for kind in Kind)
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z-])\d{11,19}[Xx]?(?![0-9A-Za-z-])")  # identity, telephone, account
_BOM = "\ufeff"  # Excel takes a CSV without it for the local encoding
_FORMULA = frozenset("=+-@\t\r")


@dataclass(frozen=True, slots=True)
class SubmissionSheet:
    """A finished questionnaire to look at.

    ``title`` is the form's, "" when its version is not here (``has_form`` False): names stand for labels.
    ``answers`` and ``orphans`` are empty while its XML has not arrived; sensitive values in them are masked
    unless they were asked for in the clear. ``newer`` is the form's newer version, "" without one,
    ``draft_at`` when a draft of the case was last saved, "" without one.
    """

    line: SubmissionLine
    title: str
    has_form: bool
    answers: tuple[Answer, ...]
    orphans: tuple[Orphan, ...]
    newer: str
    draft_at: str


def show_submission(office: Office, uid: str, *, clear: bool = False) -> SubmissionSheet:
    """Return a finished questionnaire; what it says is kept, so that looking again costs nothing.

    ``clear`` shows sensitive values as they are and notes it in the audit.

    Raises:
        Refused: ``entity.unknown``.
    """
    with office.workspace.read() as conn:
        line = submission_line(conn, uid)
        data = blob_of(conn, uid) if line.arrived else b""
    form = _form_here(office, line)
    model = model_of(form) if form is not None else None
    draft = read_draft(office, subject(line.form, line.case))
    answers = _answers(office, line, form, data) if data else ()
    orphans = orphans_of(data) if data else ()
    if clear:
        with office.workspace.write(office.actor) as tx:
            tx.audit("reveal", uid, {"kind": "submission"})
    return SubmissionSheet(
        line=line,
        title=model.title if model is not None else "",
        has_form=form is not None,
        answers=answers if clear else tuple(_masked(one) for one in answers),
        orphans=orphans if clear else tuple(_masked_orphan(one) for one in orphans),
        newer=_newer(office, line),
        draft_at=draft.at if draft is not None else "",
    )


def _masked(answer: Answer) -> Answer:
    """Hide what is sensitive: by the field it is tied to, and long numbers wherever they stand."""
    kind, _, code = answer.core.removeprefix(KNOWN).partition(".")
    known = FIELDS[Kind(kind)].get(code) if kind in _KINDS else None
    if known is not None and known.sensitive:
        hidden = mask_field(code, answer.value)
        return replace(answer, value=hidden, text=hidden)
    return replace(
        answer,
        value=_stars(answer.value),
        text=_stars(answer.text),
        items=tuple(_masked(one) for one in answer.items),
        rows=tuple(tuple(_masked(one) for one in row) for row in answer.rows),
    )


def _masked_orphan(orphan: Orphan) -> Orphan:
    return replace(orphan, value=_stars(orphan.value), text=_stars(orphan.text))


def _stars(text: str) -> str:
    return _LONG_NUMBER.sub(lambda found: mask_id(found[0]), text)


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
