"""Take in questionnaires filled in on phones: a look first, then all that are good in one write.

    check = check_import(office, [Path("instances.zip")])      # changes nothing
    done = import_submissions(office, [Path("instances.zip")])

The received bytes are kept as they came. What names its household is put down to it at once, through the
same rules as a visit finished here; the rest waits to be claimed (``phone_claims``).
"""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.errors import AppError, BadInput, Refused
from app.domain.ids import EntityId, Kind, Value
from app.files.odk_submission import ORIGINAL, read_head, reading
from app.queries import rows
from app.queries.submissions import read_blob
from app.usecases.attachments import store_of
from app.usecases.forms import form_by_version
from app.usecases.office import Watch
from app.usecases.phone_matching import Found, find_place, read_answers, with_member_ids
from app.usecases.visits import apply_answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Connection

    from app.domain.changes import Changes
    from app.files.form_in import FormFile
    from app.files.odk_submission import OdkBatch, OdkSubmission
    from app.questionnaire.corefields import CoreAnswer
    from app.storage.tx import Tx
    from app.usecases.office import Office

_ALONE = Watch()


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
class PhoneImport:
    """What an import did; ``submissions`` are the new ones, as ``void_submissions`` takes them back."""

    changes: Changes
    check: ImportCheck
    submissions: tuple[EntityId, ...]


@dataclass(frozen=True, slots=True)
class _Planned:
    line: ImportLine
    odk: OdkSubmission
    uid: str  # of the submission that is here already
    replaced: str
    form: FormFile | None
    answers: tuple[CoreAnswer, ...]
    finished: date | None


def check_import(office: Office, paths: Sequence[Path], watch: Watch = _ALONE) -> ImportCheck:
    """Return what ``import_submissions`` would do with these files, folders and ZIP files.

    Raises:
        Refused: ``work.cancelled``.
    """
    with reading(paths) as batch:
        return _checked(batch, _planned(office, batch, watch))


def import_submissions(office: Office, paths: Sequence[Path], watch: Watch = _ALONE) -> PhoneImport:
    """Record every new submission of a batch in one write; known, conflicting and bad ones are left out.

    Raises:
        Refused: ``phone.nothing`` when none is new, ``work.cancelled`` (nothing was written), and the codes
            of ``apply_answers`` when two submissions of the batch cannot both be put down.
        Unavailable: ``attachment.not_written``.
    """
    with reading(paths) as batch:
        plan = _planned(office, batch, watch)
        wanted = [one for one in plan if one.line.standing in {Standing.NEW, Standing.MEDIA}]
        ready = list(_with_media(office, wanted, batch))
        check = _checked(batch, plan)
        if not ready:
            raise Refused("phone.nothing")
        made: dict[str, EntityId] = {}
        with office.workspace.write(office.actor) as tx:
            for one, files in ready:
                if one.line.standing is Standing.NEW:
                    uid = _record(tx, office, one, made)
                else:
                    uid = EntityId(one.uid)
                _record_media(tx, uid, files)
            tx.audit("import", "submissions", {"new": len(made), "files": " ".join(p.name for p in paths)})
    return PhoneImport(tx.changes, check, tuple(made.values()))


def _checked(batch: OdkBatch, plan: Iterable[_Planned]) -> ImportCheck:
    lines = tuple(one.line for one in plan)
    return ImportCheck(lines, tuple(batch.problems), tuple(batch.skipped))


def _planned(office: Office, batch: OdkBatch, watch: Watch) -> list[_Planned]:
    """Judge every submission; those edited from another of the batch come after it."""
    ordered = _in_order(batch.submissions)
    plan: list[_Planned] = []
    inside: dict[str, bytes] = {}
    with office.workspace.read() as conn:
        here = _Here(conn, {one.head.form for one in ordered})
        for done, one in enumerate(ordered):
            watch.report(done, len(ordered))
            if watch.cancelled():
                raise Refused("work.cancelled")
            plan.append(_plan_one(office, conn, here, one, inside))
    plan = [_tried(office, one) for one in plan]
    watch.report(len(ordered), len(ordered))
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
) -> _Planned:
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
        return _Planned(replace(line, why=why), one, uid, replaced, form, (), None)
    try:
        carried = read_answers(office, form, one.xml)
    except AppError as error:
        return _Planned(replace(line, why=error), one, uid, replaced, form, (), None)
    before = rows.find(conn, Kind.SUBMISSION, replaced) or {}
    place = find_place(conn, office, carried.answers, one.head.case or rows.text(before, "case"))
    line = replace(line, household=place.household, case=place.case, head=place.head, why=_why(place))
    answers = with_member_ids(conn, place.household, carried.answers) if place.case else ()
    return _Planned(line, one, uid, replaced, form, answers, carried.finished)


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


class _OnlyLooking(Exception):
    """Ends a trial write."""


def _tried(office: Office, one: _Planned) -> _Planned:
    """Put one submission down for a trial: how many records it touches, or why it cannot be put down."""
    if not one.line.case:
        return one
    touched = 0
    try:
        with office.workspace.write(office.actor) as tx:
            _record(tx, office, one, {})
            touched = len(tx.changes.touched) - 2  # itself and the case
            raise _OnlyLooking  # noqa: TRY301 -- leaving the block undoes the trial
    except _OnlyLooking:
        return replace(one, line=replace(one.line, changes=touched))
    except AppError as error:
        line = replace(one.line, household="", case="", why=error)
        return replace(one, line=line, answers=())


def _record(tx: Tx, office: Office, one: _Planned, made: dict[str, EntityId]) -> EntityId:
    uid = tx.new_id()
    head, line = one.odk.head, one.line
    finished = min(one.finished or tx.today, tx.today)
    fields: dict[str, Value] = {
        "household": line.household,
        "case": line.case,
        "form": head.form,
        "form_version": one.form.version if one.form is not None else head.version,
        "form_hash": one.form.hash if one.form is not None else "",
        "blob": tx.put_blob(one.odk.xml),
        "finished_on": finished.isoformat(),
        "origin": head.origin,
        "instance_id": head.instance_id,
        "replaces": made.get(head.replaced, "") or one.replaced,
    }
    scope = tx.scope_of(line.case) if line.case else None
    tx.record("submission.received", Kind.SUBMISSION, uid, fields, scope=scope)
    if line.case:
        apply_answers(tx, office, uid, one.answers)
    made[head.instance_id or str(fields["blob"])] = uid
    return uid


@dataclass(frozen=True, slots=True)
class _Kept:
    name: str
    digest: str
    size: int


def _with_media(
    office: Office, wanted: Iterable[_Planned], batch: OdkBatch
) -> Iterator[tuple[_Planned, list[_Kept]]]:
    """Yield the submissions all of whose files can be read; the others are problems of the batch."""
    for one in wanted:
        try:
            yield one, _keep_media(office, one.odk)
        except BadInput as error:
            batch.problems.append(error)


def _keep_media(office: Office, one: OdkSubmission) -> list[_Kept]:
    """Put the files of a submission into the store, as they came; content without a record harms nobody."""
    store = store_of(office)
    found = [(file.name, file.source.read()) for file in one.media]
    if one.original:
        found.append((ORIGINAL, one.original))
    return [_Kept(name, store.put(data), len(data)) for name, data in found]


def _record_media(tx: Tx, submission: EntityId, files: Iterable[_Kept]) -> None:
    have = {values.get("name", "") for _, values in tx.children(Kind.ATTACHMENT, "submission", submission)}
    for file in files:
        if file.name in have:
            continue
        fields: dict[str, Value] = {
            "submission": submission,
            "name": file.name,
            "file": file.digest,
            "size": file.size,
            "mime": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        }
        scope = tx.scope_of(submission)
        tx.record("attachment.received", Kind.ATTACHMENT, tx.new_id(), fields, scope=scope)


def digest_of(data: bytes) -> str:
    """Return "sha256:<hex>"."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
