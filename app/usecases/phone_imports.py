"""Take in questionnaires filled in on phones: a look first, then all that are good in one write.

    check = check_import(office, [Path("instances.zip")])      # changes nothing
    done = import_submissions(office, [Path("instances.zip")])

The received bytes are kept as they came. What names its household is put down to it at once, through the
same rules as a visit finished here; the rest waits to be claimed (``phone_claims``).
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.domain.changes import Changes
from app.domain.errors import AppError, BadInput
from app.domain.ids import EntityId, Kind, Value
from app.files.odk_submission import ORIGINAL, reading
from app.questionnaire.corefields import own_amounts
from app.usecases.attachments import store_of
from app.usecases.forms import model_of
from app.usecases.office import Watch
from app.usecases.phone_matching import Carried, with_member_ids
from app.usecases.phone_plan import ImportCheck, Planned, Standing, Steps, plan_batch
from app.usecases.phone_records import apply_answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from app.files.odk_submission import OdkBatch, OdkSubmission
    from app.storage.tx import Tx
    from app.usecases.office import Office

_ALONE = Watch()


@dataclass(frozen=True, slots=True)
class PhoneImport:
    """What an import did; ``submissions`` are the new ones, as ``void_submissions`` takes them back.

    When nothing was new nothing was written: ``changes`` is empty and ``check`` says why.
    """

    changes: Changes
    check: ImportCheck
    submissions: tuple[EntityId, ...]


def check_import(office: Office, paths: Sequence[Path], watch: Watch = _ALONE) -> ImportCheck:
    """Return what ``import_submissions`` would do with these files, folders and ZIP files.

    Raises:
        Refused: ``work.cancelled``.
    """
    with reading(paths) as batch:
        steps = Steps(watch, 2 * len(batch.submissions))
        plan = _planned(office, batch, steps)
        steps.finish()
        return _checked(batch, plan)


def import_submissions(office: Office, paths: Sequence[Path], watch: Watch = _ALONE) -> PhoneImport:
    """Record every new submission of a batch in one write; known, conflicting and bad ones are left out.

    Raises:
        Refused: ``work.cancelled`` (nothing was written), and the codes of ``apply_answers`` when two
            submissions of the batch cannot both be put down.
        Unavailable: ``attachment.not_written``.
    """
    with reading(paths) as batch:
        steps = Steps(watch, 3 * len(batch.submissions))
        plan = _planned(office, batch, steps)
        wanted = [one for one in plan if one.line.standing in {Standing.NEW, Standing.MEDIA}]
        ready = list(_with_media(office, wanted, batch))
        check = _checked(batch, plan)
        if not ready:
            steps.finish()
            return PhoneImport(Changes(), check, ())
        made: dict[str, EntityId] = {}
        with office.workspace.write(office.actor) as tx:
            for one, files in ready:
                steps.take()
                if one.line.standing is Standing.NEW:
                    uid = _record(tx, office, one, made)
                else:
                    uid = EntityId(one.uid)
                _record_media(tx, uid, files)
            tx.audit("import", "submissions", {"new": len(made), "files": " ".join(p.name for p in paths)})
        steps.finish()
    return PhoneImport(tx.changes, check, tuple(made.values()))


def _checked(batch: OdkBatch, plan: Iterable[Planned]) -> ImportCheck:
    lines = tuple(one.line for one in plan)
    return ImportCheck(lines, tuple(batch.problems), tuple(batch.skipped))


def _planned(office: Office, batch: OdkBatch, steps: Steps) -> list[Planned]:
    """Return the plan of a batch, each submission that has a place put down for a trial."""
    tried: list[Planned] = []
    for one in plan_batch(office, batch, steps):
        steps.take()
        tried.append(_tried(office, one))
    return tried


class _OnlyLooking(Exception):
    """Ends a trial write."""


def _tried(office: Office, one: Planned) -> Planned:
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
        return replace(one, line=line)


def _record(tx: Tx, office: Office, one: Planned, made: dict[str, EntityId]) -> EntityId:
    scope = tx.scope_of(one.line.case) if one.line.case else None
    uid = tx.new_id(Kind.SUBMISSION, scope)
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
    tx.record("submission.received", Kind.SUBMISSION, uid, fields, scope=scope)
    if line.case:
        tx.flush()  # a member another submission of the batch has just brought is known by now
        answers = with_member_ids(tx.conn, line.household, one.answers)
        own = own_amounts(model_of(one.form)) if one.form is not None else frozenset[str]()
        apply_answers(tx, office, uid, Carried(answers, one.finished, own))
    made[head.instance_id or str(fields["blob"])] = uid
    return uid


@dataclass(frozen=True, slots=True)
class _Kept:
    name: str
    digest: str
    size: int


def _with_media(
    office: Office, wanted: Iterable[Planned], batch: OdkBatch
) -> Iterator[tuple[Planned, list[_Kept]]]:
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


def _record_media(tx: Tx, submission: EntityId, files: Sequence[_Kept]) -> None:
    if not files:
        return
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
        tx.record(
            "attachment.received", Kind.ATTACHMENT, tx.new_id(Kind.ATTACHMENT, scope), fields, scope=scope
        )
