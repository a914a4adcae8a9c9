"""Hand finished questionnaires and blank ones over to the phone world, untouched bytes as they came.

summary = check_export(office, SubmissionQuery(form="visit"))        # how much would leave
export_submissions(office, SubmissionQuery(form="visit"), Path("/media/stick"), zipped=True)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.ids import Kind, Value
from app.domain.region import is_within
from app.files.odk_out import (
    SUBMISSION,
    Looker,
    OdkFile,
    OdkInstance,
    OdkWritten,
    form_folder,
    instance_place,
    safe_name,
    write_tree,
    write_zip,
)
from app.files.odk_submission import ORIGINAL
from app.queries import rows
from app.queries.phone_submissions import ExchangeLine, State, SubmissionQuery, list_submissions, read_blob
from app.storage.tx import CIVIL_ZONE
from app.usecases.attachments import store_of
from app.usecases.forms import current_form
from app.usecases.office import Watch
from app.usecases.phone_plan import instance_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from app.files.attachments import AttachmentStore
    from app.usecases.office import Office

_ALONE = Watch()


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """What would leave this computer: submissions of how many households, files, bytes.

    ``waiting`` belong to no household yet, ``replaced`` are earlier versions of edited ones;
    ``without_content`` and ``files_missing`` have not arrived here and stay behind.
    """

    submissions: int
    households: int
    waiting: int
    replaced: int
    files: int
    size: int
    without_content: int
    files_missing: int


def check_export(office: Office, query: SubmissionQuery) -> ExportSummary:
    """Return what ``export_submissions`` would write.

    Raises:
        Refused: ``region.outside`` (param ``place``).
    """
    with office.workspace.read() as conn:
        return _chosen(office, conn, query).summary


def export_submissions(
    office: Office, query: SubmissionQuery, folder: Path, *, zipped: bool = False, watch: Watch = _ALONE
) -> OdkWritten:
    """Write the submissions of a query to ``folder``; it goes into the audit.

    Raises:
        Refused: ``phone.nothing_to_export``, ``region.outside``, ``work.cancelled``.
        BadInput: ``attachment.damaged``.
        Unavailable: the codes of ``write_tree`` and ``write_zip``; nothing half written stays.
    """
    with office.workspace.read() as conn:
        chosen = _chosen(office, conn, query)
        if not chosen.instances:
            raise Refused("phone.nothing_to_export")
        done = _write(office, folder, query.form or "submissions", chosen.instances, zipped, watch)
    with office.workspace.write(office.actor) as tx:
        detail: dict[str, Value] = {
            "file": done.target.name,
            "submissions": chosen.summary.submissions,
            "households": chosen.summary.households,
        }
        tx.audit("export", "submissions", detail)
    return done


def export_blank(
    office: Office, form_id: str, folder: Path, *, zipped: bool = False, watch: Watch = _ALONE
) -> OdkWritten:
    """Write a blank form for phones: ``forms/<form>.xml`` and its lists in ``forms/<form>-media``.

    Raises:
        Refused: ``questionnaire.unknown_form`` (param ``form``), ``work.cancelled``.
        Unavailable: the codes of ``write_tree`` and ``write_zip``.
    """
    form = current_form(office, form_id)
    name = f"{form.id}-{form.version}"
    instance = form_folder(form.id, name, form.xform, form.media)
    return _write(office, folder, f"{name}-blank", [instance], zipped, watch)


def _write(
    office: Office,
    folder: Path,
    name: str,
    instances: list[OdkInstance],
    zipped: bool,
    watch: Watch,
) -> OdkWritten:
    look = Looker(watch.report, watch.cancelled)
    if not zipped:
        return write_tree(folder, instances, look)
    day = office.workspace.clock.now().astimezone(CIVIL_ZONE)
    return write_zip(folder / f"{safe_name(name)}-{day:%Y%m%d}.zip", instances, look)


@dataclass(frozen=True, slots=True)
class _Chosen:
    instances: list[OdkInstance]
    summary: ExportSummary


def _chosen(office: Office, conn: Connection, query: SubmissionQuery) -> _Chosen:
    own = office.actor.scope
    if query.scope and not is_within(own, query.scope):
        raise Refused("region.outside", place=query.scope)
    lines = [one for one in list_submissions(conn, query) if is_within(own, one.place)]
    ready = [one for one in lines if one.has_content]
    store = store_of(office)
    found = [_instance(conn, store, one) for one in ready]
    instances = [one for one, _ in found]
    files = [file for one in instances for file in one.files]
    summary = ExportSummary(
        submissions=len(ready),
        households=len({one.household for one in ready} - {""}),
        waiting=sum(one.household == "" for one in ready),
        replaced=sum(one.state is State.REPLACED for one in ready),
        files=len(files) - len(ready),
        size=sum(file.size for file in files),
        without_content=len(lines) - len(ready),
        files_missing=sum(missing for _, missing in found),
    )
    return _Chosen(instances, summary)


def _instance(conn: Connection, store: AttachmentStore, line: ExchangeLine) -> tuple[OdkInstance, int]:
    """Return the folder of a submission and how many of its files are not here."""
    xml = _content(conn, line.blob)
    values = {"instance_id": line.instance_id, "origin": line.origin, "blob": line.blob}
    place = instance_place(line.form, instance_of(conn, values), line.blob)
    files, missing = [OdkFile(SUBMISSION, len(xml), partial(_content, conn, line.blob))], 0
    for _, file in rows.where(conn, Kind.ATTACHMENT, submission=line.uid):
        name, digest = rows.text(file, "name"), rows.text(file, "file")
        if name == ORIGINAL:
            continue
        if store.has(digest):
            files.append(
                OdkFile(name.replace("/", "_"), rows.number(file, "size"), partial(store.get, digest))
            )
        else:
            missing += 1
    return OdkInstance(place, tuple(files)), missing


def _content(conn: Connection, blob: str) -> bytes:
    return read_blob(conn, blob) or b""
