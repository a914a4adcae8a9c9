"""Photos and scans of a case: kept small, clean of hidden data, encrypted."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from app.domain.errors import BadInput, Refused
from app.domain.ids import EntityId, Kind, Value
from app.files.attachments import AttachmentStore, prepared
from app.storage import redaction
from app.storage.backup import ATTACHMENTS
from app.usecases.office import need_inside

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.changes import Changes
    from app.usecases.office import Office

MAX_BYTES = 40_000_000


def store_of(office: Office) -> AttachmentStore:
    """Return the folder of encrypted files of a workspace."""
    folder = office.workspace.folder / ATTACHMENTS
    return AttachmentStore(folder, office.workspace.key, secrets.token_bytes)


def attach(office: Office, case: EntityId, step: str, path: Path, caption: str = "") -> Changes:
    """Attach a photo or PDF to a step of a case.

    Raises:
        BadInput: ``attachment.not_readable``, ``attachment.too_large``, ``attachment.not_a_picture``; all
            with param ``file``.
        Refused: ``entity.unknown``, ``region.outside``, ``workflow.unknown_step`` (param ``step``),
            ``attachment.deleted`` (param ``file``): this very picture was lawfully deleted.
        Unavailable: ``attachment.not_written``.
    """
    found = prepared(_read(path), path.name)
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.CASE, case)
        need_inside(tx, tx.scope_of(case))
        office.policy.workflow(values).step(step)
        digest = store_of(office).put(found.data)
        if digest in redaction.gone(tx.conn):  # nobody else would take it
            store_of(office).remove(digest)
            raise Refused("attachment.deleted", file=path.name)
        fields: dict[str, Value] = {
            "household": values["household"],
            "case": case,
            "step": step,
            "file": digest,
            "size": len(found.data),
            "mime": found.mime,
            "caption": caption.strip(),
            "taken_on": tx.today.isoformat(),
        }
        scope = tx.scope_of(case)
        tx.record("attachment.added", Kind.ATTACHMENT, tx.new_id(Kind.ATTACHMENT, scope), fields, scope=scope)
    return tx.changes


def remove_attachment(office: Office, attachment: EntityId, reason: str) -> Changes:
    """Strike an attachment; the file stays for the record and is no longer shown.

    Raises:
        Refused: ``workflow.reason_needed``, ``entity.unknown``, ``region.outside``.
    """
    with office.workspace.write(office.actor) as tx:
        tx.load(Kind.ATTACHMENT, attachment)
        need_inside(tx, tx.scope_of(attachment))
        if not reason.strip():
            raise Refused("workflow.reason_needed")
        extras: dict[str, Value] = {"reason": reason.strip()}
        tx.record("attachment.struck", Kind.ATTACHMENT, attachment, {"void": 1}, extras=extras)
    return tx.changes


def read_attachment(office: Office, digest: str) -> bytes:
    """Return the bytes of an attachment by its "sha256:<hex>".

    Raises:
        BadInput: ``attachment.missing`` when the file has not arrived yet, ``attachment.damaged``.
    """
    return store_of(office).get(digest)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput("attachment.too_large", file=path.name)
        return path.read_bytes()
    except OSError as error:
        raise BadInput("attachment.not_readable", file=path.name) from error
