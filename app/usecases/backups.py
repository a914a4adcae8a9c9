"""Back up the open workspace; restore a backup into a new folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.crypto import keyslots
from app.storage import backup
from app.usecases import workspaces

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.calendar import Clock
    from app.storage.backup import BackupFile
    from app.usecases.office import Office


def back_up(office: Office, folder: Path | None = None) -> BackupFile:
    """Write one backup file, into ``folder`` or the workspace's own; it goes into the audit.

    Raises:
        Unavailable: ``disk.full``, ``disk.read_only``.
    """
    return back_up_for(office, "manual", folder)


def back_up_for(office: Office, reason: str, folder: Path | None = None) -> BackupFile:
    """Do the same with another word in the file's name: what is about to be done ("update", "return").

    Raises:
        Unavailable: ``disk.full``, ``disk.read_only``.
    """
    made = backup.back_up(office.workspace, reason=reason, folder=folder)
    with office.workspace.write(office.actor) as tx:
        # One in the workspace's own folder dies with the computer and answers no "when was the last one".
        action = "backup_here" if folder is None else "backup"
        detail = {
            "file": made.path.name,
            "folder": str(made.path.parent),
            "sha256": backup.digest_of(made.path),
        }
        tx.audit(action, "workspace", detail)
    return made


def restore(path: Path, folder: Path, passphrase: str, clock: Clock) -> None:
    """Unpack a backup into a new folder and open it once, so that a wrong passphrase is found now.

    Raises:
        Refused: ``workspace.exists``, ``keys.wrong_passphrase``, the codes of ``place.refuse_unsafe``.
        BadInput: ``backup.damaged``, ``backup.not_ours``, ``keys.damaged``.
        Unavailable: any ``disk.…`` code.
    """
    backup.refuse_folder(folder)
    keyslots.unlock(keyslots.read_key_file(backup.key_file(path)), passphrase)  # before anything is unpacked
    backup.restore(path, folder)
    workspaces.close(workspaces.unlock(folder, passphrase, clock))
