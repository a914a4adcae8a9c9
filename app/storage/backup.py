"""Back up a workspace into one file and restore it, anywhere, with the same passphrase.

The file is a ZIP of the encrypted database (made by the backup interface while the program works),
the drafts, ``keys.json`` and the list of attachments; every part is encrypted or without personal data.
Attachments lie beside it, one folder a workspace: two of them may share a stick.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.errors import BadInput, Refused
from app.domain.ids import Kind
from app.domain.parsed import is_list, is_object
from app.storage import place, tables
from app.storage.cipher import disk_error
from app.storage.copying import copy_database, is_whole, settle
from app.storage.room import need_room
from app.storage.rotation import PREFIX, SUFFIX, moment, thin_out
from app.storage.tx import CIVIL_ZONE, get_meta
from app.swap import put_in_place, settle_folder
from app.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from app.storage.shapes import OpenWorkspace

FOLDER = "backups"
ATTACHMENTS = "attachments"
_MEMBERS = ("workspace.db", "drafts.db", "keys.json", "attachments.json")
_REQUIRED = frozenset({"workspace.db", "keys.json"})
_DRAFTS = "drafts.db"
_LIST = "attachments.json"


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A written and verified backup; ``size`` in bytes."""

    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself without a passphrase; nothing about any person.

    ``at`` is ISO with zone, ``missing`` how many of its ``photos`` do not lie beside it. A file of a
    version before 0.4.0 tells its day only: its counts are -1, its names "".
    """

    at: str
    workspace: str = ""
    level: str = ""
    scope: str = ""
    place: str = ""
    program: str = ""
    entries: int = -1
    households: int = -1
    persons: int = -1
    photos: int = -1
    missing: int = 0


def back_up(workspace: OpenWorkspace, *, reason: str, folder: Path | None = None) -> BackupFile:
    """Write one backup file; into the workspace's own folder unless another is given.

    Raises:
        Unavailable: ``disk.full``, ``disk.read_only`` or ``backup.not_verified``.
    """
    own = workspace.folder / FOLDER
    target = folder or own
    about = _about(workspace)
    photos = target / (ATTACHMENTS if folder is None else attachments_name(about.workspace))
    now = workspace.clock.now().astimezone(CIVIL_ZONE)
    name = f"{PREFIX}{now:%Y%m%d-%H%M%S}-{reason}{SUFFIX}"
    try:
        target.mkdir(parents=True, exist_ok=True)
        _need_space(workspace.folder / "workspace.db", target)
        path = _write(workspace, target / name, photos, about)
    except OSError as error:
        raise disk_error(error) from error
    if folder is None:
        thin_out(own, now.date(), path)
    return BackupFile(path, path.stat().st_size)


def attachments_name(workspace: str) -> str:
    """Return the name of the folder a workspace's attachments lie in beside a backup elsewhere."""
    return f"{ATTACHMENTS}-{workspace[:8]}"


def _need_space(database: Path, target: Path) -> None:
    need_room(target, 2 * database.stat().st_size + 1_000_000)


def _about(workspace: OpenWorkspace) -> About:
    with workspace.read() as conn:
        scope = get_meta(conn, "scope") or ""
        places = json.loads(get_meta(conn, "places") or "{}")
        return About(
            at=workspace.clock.now().astimezone(CIVIL_ZONE).isoformat(timespec="seconds"),
            workspace=get_meta(conn, "workspace") or "",
            level=get_meta(conn, "level") or "",
            scope=scope,
            place=str(places.get(scope, "")),
            program=VERSION,
            entries=conn.execute(select(func.count()).select_from(tables.journal)).scalar() or 0,
            households=_entities(conn, Kind.HOUSEHOLD),
            persons=_entities(conn, Kind.MEMBER),
            photos=len(_listing(workspace.folder / ATTACHMENTS)),
        )


def _entities(conn: Connection, kind: Kind) -> int:
    # Not the projections: while an older workspace is brought up to date there may be none.
    table = tables.entity
    return conn.execute(select(func.count()).where(table.c.kind == kind)).scalar() or 0


def _write(workspace: OpenWorkspace, path: Path, photos: Path, about: About) -> Path:
    copy, part = path.with_suffix(".copy"), path.with_suffix(".part")
    try:
        # Attachments first: a backup that stands there has all it lists.
        copy_attachments(workspace.folder / ATTACHMENTS, photos)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            # Both databases may be in use; what was last saved may still stand in their logs.
            for name in ("workspace.db", _DRAFTS):
                if (workspace.folder / name).exists():
                    copy.unlink(missing_ok=True)
                    copy_database(workspace.folder / name, copy, workspace.key)
                    archive.write(copy, name)
            if (workspace.folder / "keys.json").exists():
                archive.write(workspace.folder / "keys.json", "keys.json")
            listed = {"about": asdict(about), "files": _listing(workspace.folder / ATTACHMENTS)}
            archive.writestr(_LIST, json.dumps(listed, ensure_ascii=False))
        settle(part)
        verify(part)
        put_in_place(part, path)
        settle_folder(path.parent)
    finally:
        for half in (copy, part, copy.with_name(f"{copy.name}-journal")):
            half.unlink(missing_ok=True)
    return path


def _listing(folder: Path) -> list[dict[str, str | int]]:
    if not folder.is_dir():
        return []
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return [{"name": file.relative_to(folder).as_posix(), "size": file.stat().st_size} for file in files]


def copy_attachments(source: Path, target: Path) -> None:
    """Copy encrypted attachments not there yet: they never change, so a name once copied is done."""
    for file in sorted(source.rglob("*")) if source.is_dir() else ():
        goal = target / file.relative_to(source)
        if file.is_file() and not goal.exists():
            goal.parent.mkdir(parents=True, exist_ok=True)
            part = goal.with_suffix(".part")
            try:
                shutil.copyfile(file, part)
                settle(part)
                put_in_place(part, goal)
            finally:
                part.unlink(missing_ok=True)


def verify(path: Path) -> None:
    """Read every byte of a backup back.

    Raises:
        BadInput: ``backup.missing``, ``backup.damaged``, ``backup.not_ours``, each with the file's name.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            bad = archive.testzip()
    except FileNotFoundError as error:
        raise BadInput("backup.missing", file=path.name) from error
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
        copy_attachments(_photos_beside(path, _listed(path)), folder / ATTACHMENTS)
        with zipfile.ZipFile(path) as archive:
            # The key file last: with a database alone nothing can be opened by mistake.
            for name in sorted(set(archive.namelist()) - {_LIST}, reverse=True):
                with archive.open(name) as source, (folder / name).open("xb") as target:
                    shutil.copyfileobj(source, target)
                settle(folder / name)
        settle_folder(folder)
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


def describe(path: Path) -> About:
    """Return what a backup says of itself.

    Raises:
        BadInput: as ``verify``.
    """
    verify(path)
    listed = _listed(path)
    beside = _photos_beside(path, listed)
    files = listed.get("files", [])
    names = [str(one.get("name", "")) for one in (files if is_list(files) else ()) if is_object(one)]
    missing = sum(not (beside / name).is_file() for name in names)
    told = listed.get("about")
    if not is_object(told):
        at = moment(path)
        return About(at.isoformat() if at else "", photos=len(names), missing=missing)
    return About(
        at=str(told.get("at", "")),
        workspace=str(told.get("workspace", "")),
        level=str(told.get("level", "")),
        scope=str(told.get("scope", "")),
        place=str(told.get("place", "")),
        program=str(told.get("program", "")),
        entries=_number(told.get("entries")),
        households=_number(told.get("households")),
        persons=_number(told.get("persons")),
        photos=_number(told.get("photos")),
        missing=missing,
    )


def _listed(path: Path) -> dict[str, object]:
    """Return the list of a backup; versions before 0.4.0 wrote the files alone."""
    with zipfile.ZipFile(path) as archive:
        if _LIST not in archive.namelist():
            return {}
        try:
            found: object = json.loads(archive.read(_LIST))
        except ValueError as error:
            raise BadInput("backup.damaged", file=path.name) from error
    return found if is_object(found) else {"files": found}


def _photos_beside(path: Path, listed: Mapping[str, object]) -> Path:
    told = listed.get("about")
    own = path.parent / attachments_name(str(told.get("workspace", ""))) if is_object(told) else path
    return own if own.is_dir() else path.parent / ATTACHMENTS


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def prove(path: Path, workspace: OpenWorkspace) -> None:
    """Open a backup's database on trial with the key of the workspace it is of.

    Raises:
        BadInput: as ``verify``, or ``backup.damaged`` when the database inside is not whole.
        Unavailable: any ``disk.…`` code.
    """
    verify(path)
    trial = workspace.folder / "backup-on-trial.part"
    try:
        with zipfile.ZipFile(path) as archive, archive.open("workspace.db") as source:
            need_room(workspace.folder, archive.getinfo("workspace.db").file_size)
            with trial.open("wb") as target:
                shutil.copyfileobj(source, target)
        if not is_whole(trial, workspace.key):
            raise BadInput("backup.damaged", file=path.name)
    except OSError as error:
        raise disk_error(error) from error
    finally:
        trial.unlink(missing_ok=True)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
