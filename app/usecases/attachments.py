"""Photos and scans: made small, cleaned of where and when they were taken, kept encrypted."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from app.crypto.sealed_file import open_file, seal_file
from app.domain.errors import BadInput, Refused, Unavailable
from app.domain.ids import EntityId, Kind, Value
from app.storage.backup import ATTACHMENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.changes import Changes
    from app.usecases.office import Office

MAX_BYTES = 20_000_000
_KINDS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}


def attach(
    office: Office,
    case: EntityId,
    step: str,
    path: Path,
    caption: str = "",
    shrink: Callable[[bytes], bytes] | None = None,
) -> Changes:
    """Attach a photo or PDF to a step of a case.

    ``shrink`` re-encodes a picture (smaller, without its hidden data); the window brings it.

    Raises:
        BadInput: ``attachment.not_readable``, ``attachment.too_large`` (param ``limit_mb``) or
            ``attachment.unknown_type``; all with param ``file``.
        Unavailable: ``disk.full``.
    """
    data = _read(path)
    mime = next((m for start, m in _KINDS.items() if data.startswith(start)), "")
    if not mime:
        raise BadInput("attachment.unknown_type", file=path.name)
    if shrink is not None and mime.startswith("image/"):
        data, mime = shrink(data), "image/jpeg"
    digest = hashlib.sha256(data).hexdigest()
    _keep(office, digest, data)
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.CASE, case)
        fields: dict[str, Value] = {
            "household": values["household"],
            "case": case,
            "step": step,
            "file": f"sha256:{digest}",
            "size": len(data),
            "mime": mime,
            "caption": caption.strip(),
            "taken_on": tx.today.isoformat(),
        }
        tx.record("attachment.added", Kind.ATTACHMENT, tx.new_id(), fields, scope=tx.scope_of(case))
    return tx.changes


def remove_attachment(office: Office, attachment: EntityId, reason: str) -> Changes:
    """Strike an attachment; the file stays for the record and is no longer shown.

    Raises:
        Refused: ``workflow.reason_needed``.
    """
    with office.workspace.write(office.actor) as tx:
        tx.load(Kind.ATTACHMENT, attachment)
        if not reason.strip():
            raise Refused("workflow.reason_needed")
        extras: dict[str, Value] = {"reason": reason.strip()}
        tx.record("attachment.struck", Kind.ATTACHMENT, attachment, {"void": 1}, extras=extras)
    return tx.changes


def read_attachment(office: Office, digest: str) -> bytes:
    """Return the bytes of an attachment by its "sha256:<hex>".

    Raises:
        Unavailable: ``attachment.not_here`` when the file has not arrived yet.
        BadInput: ``crypto.damaged`` and the like when it is not what was kept.
    """
    path = office.workspace.folder / ATTACHMENTS / digest.removeprefix("sha256:")
    if not path.exists():
        raise Unavailable("attachment.not_here")
    return open_file(office.workspace.key, path.read_bytes())


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput("attachment.too_large", file=path.name, limit_mb=MAX_BYTES // 1_000_000)
        return path.read_bytes()
    except OSError as error:
        raise BadInput("attachment.not_readable", file=path.name) from error


def _keep(office: Office, digest: str, data: bytes) -> None:
    folder = office.workspace.folder / ATTACHMENTS
    goal = folder / digest
    if goal.exists():
        return
    part = goal.with_suffix(".part")
    try:
        folder.mkdir(exist_ok=True)
        part.write_bytes(seal_file(office.workspace.key, data, secrets.token_bytes))
        part.replace(goal)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unavailable("disk.full") from error
