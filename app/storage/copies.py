"""Older copies of the database beside it: which still hold certain entries, and until when."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlcipher3.dbapi2 as sqlcipher

from app.storage import backup, kept
from app.storage.cipher import disk_error
from app.storage.rotation import PREFIX, SUFFIX, made_on, to_keep
from app.storage.tx import CIVIL_ZONE, get_meta

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection

    from app.storage.shapes import OpenWorkspace

SECOND: Final = "second_folder"
"""Bookkeeping value: the folder of the second place of backups, "" without one."""

_AHEAD = 120  # days; the rotation has let go of everything long before
_LOOK = "look.part"


@dataclass(frozen=True, slots=True)
class Copy:
    """A file of the workspace that still holds what was deleted.

    ``kind`` is backup, second (at the second place), away (the second place cannot be reached, nobody can
    tell), before or later (see ``kept``); ``made_on`` and ``leaves_on`` are ISO dates, ""
    where no day is known.
    """

    kind: str
    name: str
    made_on: str
    leaves_on: str


def copies_holding(workspace: OpenWorkspace, entries: Collection[str]) -> tuple[Copy, ...]:
    """Return the backups and kept copies in which one of these entries still stands in full.

    ``leaves_on`` of a backup assumes that one is made every day; the last ones made by hand stay. One that
    cannot be read is listed: nobody can tell what it holds.

    Raises:
        Unavailable: any ``disk.…`` code.
    """
    if not entries:
        return ()
    try:
        return tuple(_found(workspace, frozenset(entries)))
    except OSError as error:
        raise disk_error(error) from error


def _found(workspace: OpenWorkspace, entries: frozenset[str]) -> Iterator[Copy]:
    yield from _backups(workspace, workspace.folder / backup.FOLDER, "backup", entries)
    with workspace.read() as conn:
        away = second_place(conn)
    if away is not None and away.is_dir():
        yield from _backups(workspace, away, "second", entries)
    elif away is not None:
        yield Copy("away", "", "", "")
    for path in sorted((workspace.folder / kept.FOLDER).glob("*.db")):
        if _holds(path, workspace.key, entries):
            made_on = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone(CIVIL_ZONE).date()
            is_before = path.name.startswith("before-")
            until = (made_on + kept.LIFE + timedelta(days=1)).isoformat() if is_before else ""
            yield Copy("before" if is_before else "later", path.name, made_on.isoformat(), until)


def second_place(conn: Connection) -> Path | None:
    """Return the folder of this workspace's backups at the second place, None when none was chosen."""
    chosen = get_meta(conn, SECOND)
    return Path(chosen) / away_name(get_meta(conn, "workspace") or "") if chosen else None


def away_name(workspace: str) -> str:
    """Return the name of a workspace's folder at the second place."""
    return f"八步通备份-{workspace[:8]}"


def _backups(workspace: OpenWorkspace, folder: Path, kind: str, entries: frozenset[str]) -> Iterator[Copy]:
    days = leaving_days(folder, workspace.clock.now().astimezone(CIVIL_ZONE).date())
    for path in sorted(folder.glob(f"{PREFIX}*{SUFFIX}")):
        if _backup_holds(path, workspace.key, entries):
            made, leaves = made_on(path), days.get(path)
            told = (one.isoformat() if one else "" for one in (made, leaves))
            yield Copy(kind, path.name, *told)


def leaving_days(folder: Path, today: date) -> dict[Path, date]:
    """Return the day each backup of a folder is deleted when one is made on every day from tomorrow on."""
    dated = [(day, p) for p in folder.glob(f"{PREFIX}*{SUFFIX}") if (day := made_on(p)) is not None]
    standing = list(dated)
    found: dict[Path, date] = {}
    for ahead in range(1, _AHEAD):
        day = today + timedelta(days=ahead)
        standing.append((day, folder / f"{PREFIX}{day:%Y%m%d}-to-come"))
        keep = to_keep(standing, day)
        found.update((path, day) for _, path in standing if path not in keep)
        standing = [one for one in standing if one[1] in keep]
    return {path: day for _, path in dated if (day := found.get(path)) is not None}


def _backup_holds(path: Path, key: bytes, entries: frozenset[str]) -> bool:
    look = path.parent / _LOOK
    try:
        with (
            zipfile.ZipFile(path) as archive,
            archive.open("workspace.db") as source,
            look.open("wb") as target,
        ):
            shutil.copyfileobj(source, target)
        return _holds(look, key, entries)
    except (zipfile.BadZipFile, KeyError):
        return True
    finally:
        look.unlink(missing_ok=True)


def _holds(path: Path, key: bytes, entries: frozenset[str]) -> bool:
    """Tell whether a database holds one of these entries in full; the file is not written to."""
    conn = sqlcipher.connect(f"{path.resolve().as_uri()}?immutable=1", uri=True)
    try:
        conn.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        rows = conn.execute("SELECT id FROM journal WHERE substr(body, 1, 1) <> '#'")
        return any(str(row[0]) in entries for row in rows)
    except sqlcipher.Error:
        return True
    finally:
        conn.close()
