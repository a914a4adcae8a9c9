"""Back up a workspace into one file and restore it, anywhere, with the same passphrase.

The file is a ZIP of the encrypted database (made by the backup interface while the program works),
the drafts, ``keys.json`` and the list of attachments; every part is encrypted or without personal data.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher

from app.domain.errors import BadInput, Refused, Unavailable
from app.storage import engine
from app.storage.tx import CIVIL_ZONE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from app.storage.shapes import OpenWorkspace

SUFFIX = ".hhbak"
FOLDER = "backups"
ATTACHMENTS = "attachments"
_MEMBERS = ("workspace.db", "drafts.db", "keys.json", "attachments.json")
_REQUIRED = frozenset({"workspace.db", "keys.json"})
_KEEP = 11  # 7 daily + 4 weekly
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A written and verified backup; ``size`` in bytes."""

    path: Path
    size: int


def back_up(workspace: OpenWorkspace, *, reason: str, folder: Path | None = None) -> BackupFile:
    """Write one backup file; into the workspace's own folder unless another is given.

    Raises:
        Unavailable: ``disk.full``, ``disk.read_only`` or ``backup.not_verified``.
    """
    own = workspace.folder / FOLDER
    target = folder or own
    stamp = workspace.clock.now().astimezone(CIVIL_ZONE).strftime("%Y%m%d-%H%M%S")
    name = f"backup-{stamp}-{reason}{SUFFIX}"
    try:
        target.mkdir(parents=True, exist_ok=True)
        _need_space(workspace.folder / "workspace.db", target)
        path = _write(workspace, target / name)
    except OSError as error:
        raise engine.machine_error(error) or Unavailable("disk.read_only") from error
    if folder is None:
        _thin_out(own)
    return BackupFile(path, path.stat().st_size)


def _need_space(database: Path, target: Path) -> None:
    needed = 2 * database.stat().st_size + 1_000_000
    free = shutil.disk_usage(target).free
    if free < needed:
        raise Unavailable("disk.full", needed_mb=needed // 1_000_000 + 1)


def _write(workspace: OpenWorkspace, path: Path) -> Path:
    copy, part = path.with_suffix(".copy"), path.with_suffix(".part")
    try:
        _copy_database(workspace.folder / "workspace.db", copy, workspace.key)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            archive.write(copy, "workspace.db")
            for extra in ("drafts.db", "keys.json"):
                if (workspace.folder / extra).exists():
                    archive.write(workspace.folder / extra, extra)
            archive.writestr("attachments.json", json.dumps(_listing(workspace.folder / ATTACHMENTS)))
        _settle(part)
        verify(part)
        part.replace(path)
    finally:
        copy.unlink(missing_ok=True)
        part.unlink(missing_ok=True)
    _copy_attachments(workspace.folder / ATTACHMENTS, path.parent / ATTACHMENTS)
    return path


def _copy_database(source: Path, target: Path, key: bytes) -> None:
    with engine.machine_errors():
        from_ = sqlcipher.connect(str(source))
        to = sqlcipher.connect(str(target))
        try:
            engine.prepare(from_, key)
            to.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            from_.backup(to)
        finally:
            to.close()
            from_.close()


def _settle(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _listing(folder: Path) -> list[dict[str, str | int]]:
    if not folder.is_dir():
        return []
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return [{"name": file.relative_to(folder).as_posix(), "size": file.stat().st_size} for file in files]


def _copy_attachments(source: Path, target: Path) -> None:
    """Copy encrypted attachments not there yet: they never change, so a name once copied is done."""
    for file in sorted(source.rglob("*")) if source.is_dir() else ():
        goal = target / file.relative_to(source)
        if file.is_file() and not goal.exists():
            goal.parent.mkdir(parents=True, exist_ok=True)
            part = goal.with_suffix(".part")
            shutil.copyfile(file, part)
            part.replace(goal)


def verify(path: Path) -> None:
    """Read every byte of a backup back.

    Raises:
        BadInput: ``backup.damaged`` with the file's name, ``backup.not_ours``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            bad = archive.testzip()
    except (OSError, zipfile.BadZipFile) as error:
        raise BadInput("backup.damaged", file=path.name) from error
    if bad is not None:
        raise BadInput("backup.damaged", file=path.name)
    if not names >= _REQUIRED or not names <= set(_MEMBERS):
        raise BadInput("backup.not_ours", file=path.name)


def restore(path: Path, folder: Path) -> None:
    """Unpack a backup into a new folder; the database opens with the passphrase it always had.

    Raises:
        Refused: ``workspace.exists`` when the folder already holds a workspace.
        BadInput: as ``verify``.
    """
    if (folder / "workspace.db").exists():
        raise Refused("workspace.exists")
    verify(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name != "attachments.json":
                    (folder / name).write_bytes(archive.read(name))
        _copy_attachments(path.parent / ATTACHMENTS, folder / ATTACHMENTS)
    except OSError as error:
        raise engine.machine_error(error) or Unavailable("disk.read_only") from error


def _thin_out(folder: Path) -> None:
    """Keep the newest backup of each of the last 7 days and 4 further weeks; delete nothing else."""
    kept: dict[str, Path] = {}
    for path in sorted(folder.glob(f"backup-*{SUFFIX}"), reverse=True):
        day = path.name.split("-")[1]
        kept.setdefault(day, path)
    keep = set(list(kept.values())[:_KEEP])
    for path in _surplus(folder.glob(f"backup-*{SUFFIX}"), keep):
        path.unlink()


def _surplus(found: Iterable[Path], keep: set[Path]) -> list[Path]:
    # The newest files of today always stay, whatever their reason.
    everything = sorted(found, reverse=True)
    return [path for path in everything[3:] if path not in keep]


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
