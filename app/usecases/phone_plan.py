"""What a batch of questionnaires from phones would bring: new, known, in conflict, and whose they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.errors import AppError, BadInput, Refused
from app.domain.ids import Kind
from app.files.odk_submission import read_head
from app.queries import rows
from app.queries.phone_submissions import read_blob
from app.usecases.forms import form_by_version
from app.usecases.phone_matching import find_place, read_answers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Connection

    from app.files.form_in import FormFile
    from app.files.odk_submission import OdkBatch, OdkSubmission
    from app.questionnaire.corefields import CoreAnswer
    from app.usecases.office import Office, Watch
    from app.usecases.phone_matching import Found


class Standing(StrEnum):
    """What an import does with one submission."""

    NEW = "new"
    KNOWN = "known"  # the very bytes are here
    MEDIA = "media"  # known, and attachments come that were missing
    CONFLICT = "conflict"  # the same id with other bytes; left out


class FormStanding(StrEnum):
    """What this workspace knows of the form."""

    KNOWN = "known"
    VERSION = "version"  # the form, not this version
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One submission of a batch.

    ``household``, ``case`` and ``head`` say whom it goes to; when empty ``why`` says what hinders and the
    submission waits to be claimed. ``changes`` counts the records its answers would touch. ``missing``
    names attachments that did not come; ``completed`` that namespaces of the surrounding file were added;
    ``row`` is the line in a combined file. ``replaces`` tells that it was edited from one that is here.
    """

    file: str
    row: int
    form: str
    version: str
    instance_id: str
    origin: str
    standing: Standing
    form_standing: FormStanding
    media: int
    missing: tuple[str, ...]
    completed: bool
    replaces: bool
    household: str = ""
    case: str = ""
    head: str = ""
    changes: int = 0
    why: AppError | None = None


@dataclass(frozen=True, slots=True)
class ImportCheck:
    """What an import would do; ``problems`` name file and line, ``skipped`` files belong to nothing."""

    lines: tuple[ImportLine, ...]
    problems: tuple[BadInput, ...]
    skipped: tuple[str, ...]

    def count(self, standing: Standing) -> int:
        """Return how many submissions stand so."""
        return sum(line.standing is standing for line in self.lines)


@dataclass(frozen=True, slots=True)
class Planned:
    """One submission and all that is known of it; ``uid`` is that of the one that is here already."""

    line: ImportLine
    odk: OdkSubmission
    uid: str  # of the submission that is here already
    replaced: str
    form: FormFile | None
    answers: tuple[CoreAnswer, ...]
    finished: date | None


class Steps:
    """Tells progress over the phases of an import and stops where the person asked to."""

    def __init__(self, watch: Watch, of: int) -> None:
        self._watch = watch
        self._of = of
        self._done = 0

    def take(self) -> None:
        """Begin the next step."""
        self._watch.report(self._done, self._of)
        if self._watch.cancelled():
            raise Refused("work.cancelled")
        self._done += 1

    def finish(self) -> None:
        """Say that all is done."""
        self._watch.report(self._of, self._of)


def plan_batch(office: Office, batch: OdkBatch, steps: Steps) -> list[Planned]:
    """Judge every submission by reading alone; those edited from another of the batch come after it.

    Raises:
        Refused: ``work.cancelled``.
    """
    ordered = _in_order(batch.submissions)
    plan: list[Planned] = []
    inside: dict[str, bytes] = {}
    with office.workspace.read() as conn:
        here = _Here(conn, {one.head.form for one in ordered})
        for one in ordered:
            steps.take()
            plan.append(_plan_one(office, conn, here, one, inside))
    return plan


def _in_order(submissions: Iterable[OdkSubmission]) -> list[OdkSubmission]:
    waiting = sorted(submissions, key=lambda one: (one.file, one.row))
    ids = {one.head.instance_id for one in waiting} - {""}
    found: list[OdkSubmission] = []
    placed: set[str] = set()
    while waiting:
        ready = [one for one in waiting if one.head.replaced not in ids - placed]
        ready = ready or waiting  # they name each other in a ring: then as they came
        found += ready
        placed |= {one.head.instance_id for one in ready}
        waiting = [one for one in waiting if one not in ready]
    return found


class _Here:
    """The submissions this workspace holds, by instance id and by content."""

    def __init__(self, conn: Connection, forms: set[str]) -> None:
        self.by_instance: dict[str, tuple[str, str]] = {}
        self.by_blob: dict[str, str] = {}
        self._conn = conn
        for form in sorted(forms):
            for uid, values in rows.where(conn, Kind.SUBMISSION, form=form):
                blob = rows.text(values, "blob")
                self.by_blob[blob] = uid
                self.by_instance[instance_of(conn, values)] = (uid, blob)
        self.by_instance.pop("", None)

    def media(self, uid: str) -> set[str]:
        """Return the names of the attachments a submission has."""
        return {rows.text(v, "name") for _, v in rows.where(self._conn, Kind.ATTACHMENT, submission=uid)}


def instance_of(conn: Connection, submission: rows.Values) -> str:
    """Return the instance id of a recorded submission, "" when its content has none or is not here."""
    said = rows.text(submission, "instance_id")
    if said or submission.get("origin"):
        return said
    data = read_blob(conn, rows.text(submission, "blob"))
    try:
        return read_head(data).instance_id if data else ""
    except BadInput:
        return ""  # not readable as a phone's file: it is nobody's twin


def _plan_one(
    office: Office, conn: Connection, here: _Here, one: OdkSubmission, inside: dict[str, bytes]
) -> Planned:
    standing, uid = _standing(here, one, inside)
    form, form_standing = _form(office, one)
    replaced = here.by_instance.get(one.head.replaced, ("", ""))[0]
    line = ImportLine(
        file=one.file,
        row=one.row,
        form=one.head.form,
        version=one.head.version,
        instance_id=one.head.instance_id,
        origin=one.head.origin,
        standing=standing,
        form_standing=form_standing,
        media=len(one.media),
        missing=one.missing,
        completed=one.completed,
        replaces=bool(one.head.replaced) and (bool(replaced) or one.head.replaced in inside),
    )
    if standing is not Standing.NEW or form is None:
        known = form_standing is FormStanding.UNKNOWN
        code = "phone.unknown_form" if known else "phone.unknown_version"
        why = Refused(code) if standing is Standing.NEW else None
        return Planned(replace(line, why=why), one, uid, replaced, form, (), None)
    try:
        carried = read_answers(office, form, one.xml)
    except AppError as error:
        return Planned(replace(line, why=error), one, uid, replaced, form, (), None)
    before = rows.find(conn, Kind.SUBMISSION, replaced) or {}
    place = find_place(conn, office, carried.answers, one.head.case or rows.text(before, "case"))
    line = replace(line, household=place.household, case=place.case, head=place.head, why=_why(place))
    return Planned(line, one, uid, replaced, form, carried.answers, carried.finished)


def _why(place: Found) -> AppError | None:
    return Refused(place.why) if place.why else None


def _standing(here: _Here, one: OdkSubmission, inside: dict[str, bytes]) -> tuple[Standing, str]:
    digest = digest_of(one.xml)
    instance = one.head.instance_id
    known = here.by_blob.get(digest) or ""
    if known:
        names = {file.name for file in one.media}
        return (Standing.MEDIA if names - here.media(known) else Standing.KNOWN), known
    if instance in here.by_instance:
        return Standing.CONFLICT, here.by_instance[instance][0]
    twin = inside.setdefault(instance or digest, one.xml)
    if twin is one.xml:
        return Standing.NEW, ""
    return (Standing.KNOWN if twin == one.xml else Standing.CONFLICT), ""


def _form(office: Office, one: OdkSubmission) -> tuple[FormFile | None, FormStanding]:
    try:
        form = form_by_version(office, one.head.form, one.head.version)
    except Refused:
        return None, FormStanding.UNKNOWN
    return form, FormStanding.VERSION if form is None else FormStanding.KNOWN


def digest_of(data: bytes) -> str:
    """Return "sha256:<hex>"."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
