"""Back up a workspace into one file and restore it, anywhere, with the same passphrase.

The file is a ZIP of the encrypted database (made by the backup interface while the program works),
the drafts, ``keys.json`` and the list of attachments; every part is encrypted or without personal data.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.domain.errors import BadInput, Refused, Unavailable
from app.storage import place
from app.storage.cipher import disk_error
from app.storage.copying import copy_database, settle
from app.storage.tx import CIVIL_ZONE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.storage.shapes import OpenWorkspace

SUFFIX = ".hhbak"
FOLDER = "backups"
ATTACHMENTS = "attachments"
_MEMBERS = ("workspace.db", "drafts.db", "keys.json", "attachments.json")
_REQUIRED = frozenset({"workspace.db", "keys.json"})
_DAILY, _WEEKLY, _LATEST = 7, 4, 3
_DRAFTS = "drafts.db"


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
        raise disk_error(error) from error
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
        # Attachments first: a backup that stands there has all it lists.
        _copy_attachments(workspace.folder / ATTACHMENTS, path.parent / ATTACHMENTS)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            # Both databases may be in use; what was last saved may still stand in their logs.
            for name in ("workspace.db", _DRAFTS):
                if (workspace.folder / name).exists():
                    copy.unlink(missing_ok=True)
                    copy_database(workspace.folder / name, copy, workspace.key)
                    archive.write(copy, name)
            if (workspace.folder / "keys.json").exists():
                archive.write(workspace.folder / "keys.json", "keys.json")
            archive.writestr("attachments.json", json.dumps(_listing(workspace.folder / ATTACHMENTS)))
        settle(part)
        verify(part)
        part.replace(path)
    finally:
        for half in (copy, part, copy.with_name(f"{copy.name}-journal")):
            half.unlink(missing_ok=True)
    return path


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
            try:
                shutil.copyfile(file, part)
                part.replace(goal)
            finally:
                part.unlink(missing_ok=True)


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
        Refused: ``workspace.exists`` when the folder already holds a workspace, or what is left of one;
            the codes of ``place.refuse_unsafe``.
        BadInput: as ``verify``.
        Unavailable: any ``disk.…`` code; nothing is left behind then.
    """
    refuse_folder(folder)
    verify(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _copy_attachments(path.parent / ATTACHMENTS, folder / ATTACHMENTS)
        with zipfile.ZipFile(path) as archive:
            # The key file last: with a database alone nothing can be opened by mistake.
            for name in sorted(set(archive.namelist()) - {"attachments.json"}, reverse=True):
                with archive.open(name) as source, (folder / name).open("xb") as target:
                    shutil.copyfileobj(source, target)
                settle(folder / name)
    except OSError as error:
        for name in _MEMBERS:
            (folder / name).unlink(missing_ok=True)
        raise disk_error(error) from error


def refuse_folder(folder: Path) -> None:
    """Refuse a folder that cannot hold a workspace, or holds one already, or what is left of one.

    Raises:
        Refused: the codes of ``place.refuse_unsafe``, ``workspace.exists``.
    """
    place.refuse_unsafe(folder)
    left = ("workspace.db*", "drafts.db*", "keys.json")
    if any(True for pattern in left for _ in folder.glob(pattern)):
        raise Refused("workspace.exists")


def key_file(path: Path) -> bytes:
    """Return the ``keys.json`` of a backup.

    Raises:
        BadInput: as ``verify``.
    """
    verify(path)
    with zipfile.ZipFile(path) as archive:
        return archive.read("keys.json")


def _thin_out(folder: Path) -> None:
    """Keep the newest backup of each of the last 7 days and of 4 earlier weeks, and the newest 3 in any case.

    Files that carry no date of ours are left alone.
    """
    dated = [(day, path) for path in folder.glob(f"backup-*{SUFFIX}") if (day := made_on(path)) is not None]
    newest = sorted(dated, key=lambda one: one[1].name, reverse=True)
    keep = to_keep(newest)
    for _, path in newest:
        if path not in keep:
            path.unlink()


def to_keep(newest: Sequence[tuple[date, Path]]) -> set[Path]:
    """Return which of these backups (day, file; the newest first) the rotation keeps."""
    daily: dict[date, Path] = {}
    for day, path in newest:
        daily.setdefault(day, path)
    days = list(daily)
    weekly: dict[tuple[int, int], Path] = {}
    for day in days[_DAILY:]:
        year, week, _ = day.isocalendar()
        weekly.setdefault((year, week), daily[day])
    keep = {daily[day] for day in days[:_DAILY]} | set(list(weekly.values())[:_WEEKLY])
    return keep | {path for _, path in newest[:_LATEST]}


def made_on(path: Path) -> date | None:
    """Return the day in a backup's name, None when it carries none of ours."""
    try:
        return date.fromisoformat(path.name.split("-")[1])
    except (ValueError, IndexError):
        return None


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
