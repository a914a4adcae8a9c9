"""Copies of a workspace's database around a change of its form, so that there is a way back and forth.

In ``kept/`` beside the database:

    before-<revision>.db     as it was before a newer program brought it up to date; a program of that
                             revision can be given it back
    later-<revision>-<n>.db  what the newer program had written when somebody went back; taken in again by
                             ``app.usecases.reunions`` once a program that knows the revision opens it

Every copy is the encrypted database itself, opened by the same key. Each step leaves either the old file or
the new one in place, whatever stops it.
"""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher

from app import swap
from app.domain.errors import Refused, Unavailable
from app.storage import engine
from app.storage.cipher import disk_error
from app.storage.copying import copy_database, settle

if TYPE_CHECKING:
    from collections.abc import Generator
    from datetime import datetime
    from pathlib import Path

FOLDER = "kept"
DATABASE = "workspace.db"
LIFE = timedelta(days=90)
"""How long a copy from before stays: who has not gone back by then will not."""

_COPIES = 4  # a backup, the kept copy, the one being migrated, and room to work
_REVISION = re.compile(r"[0-9A-Za-z_]{1,40}")


def before(folder: Path, revision: str) -> Path:
    """Return where the copy from before leaving ``revision`` is kept; it may not exist."""
    return folder / FOLDER / f"before-{revision}.db"


def later(folder: Path) -> list[Path]:
    """Return what newer programs had written before somebody went back, oldest first."""
    return sorted((folder / FOLDER).glob("later-*.db"), key=lambda path: int(path.stem.rpartition("-")[2]))


def revision_of(copy: Path) -> str:
    """Return the revision in the name of a kept copy."""
    return copy.stem.split("-")[1]


def need_room(folder: Path) -> None:
    """Refuse to begin what could end on a full disk.

    Raises:
        Unavailable: ``disk.full`` (param ``needed_mb``).
    """
    needed = _COPIES * (folder / DATABASE).stat().st_size + 1_000_000
    if shutil.disk_usage(folder).free < needed:
        raise Unavailable("disk.full", needed_mb=needed // 1_000_000 + 1)


def keep(folder: Path, key: bytes, revision: str) -> Path:
    """Copy the database as it is into ``kept/``; it may be open, but nobody may be writing.

    Raises:
        Unavailable: any ``disk.…`` code.
    """
    target = before(folder, revision)
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(exist_ok=True)
        part.unlink(missing_ok=True)
        copy_database(folder / DATABASE, part, key)
        settle(part)
        swap.put_in_place(part, target)
    except OSError as error:
        raise disk_error(error) from error
    finally:
        part.unlink(missing_ok=True)
    return target


def put_in_place(fresh: Path, folder: Path) -> None:
    """Let ``fresh`` take the place of the database; nobody may have either open.

    Raises:
        Unavailable: ``workspace.busy`` when the old file's log is still there, any ``disk.…`` code.
    """
    database = folder / DATABASE
    if any(database.with_name(database.name + tail).exists() for tail in ("-wal", "-journal")):
        raise Unavailable("workspace.busy")
    try:
        settle(fresh)
        swap.put_in_place(fresh, database)
        swap.settle_folder(folder)
    except OSError as error:
        raise disk_error(error) from error


def take_back(folder: Path, key: bytes, revision: str) -> Path:
    """Give a program of ``revision`` its database back; return where the newer one was put aside.

    The caller holds the workspace's lock and nobody has the database open.

    Raises:
        Refused: ``workspace.nothing_kept`` without a copy of that revision.
        Unavailable: ``workspace.busy``, any ``disk.…`` code; nothing is changed then.
    """
    copy = before(folder, revision)
    if not copy.is_file():
        raise Refused("workspace.nothing_kept")
    need_room(folder)
    with engine.machine_errors():
        newer = _settled_revision(folder / DATABASE, key)
    aside = folder / FOLDER / f"later-{newer}-{_next_number(folder)}.db"
    fresh = folder / f"{DATABASE}.new"
    try:
        shutil.copyfile(copy, fresh)
        shutil.copyfile(folder / DATABASE, aside.with_suffix(".part"))
        settle(aside.with_suffix(".part"))
        aside.with_suffix(".part").replace(aside)
        put_in_place(fresh, folder)
    except OSError as error:
        raise disk_error(error) from error
    finally:
        fresh.unlink(missing_ok=True)
        aside.with_suffix(".part").unlink(missing_ok=True)
    return aside


def _settled_revision(database: Path, key: bytes) -> str:
    """Write a database's log into it, whatever program made it; return its revision."""
    conn = sqlcipher.connect(str(database), isolation_level=None)
    try:
        engine.prepare(conn, key)
        found = str(conn.execute("SELECT version_num FROM alembic_version").fetchone()[0])
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        conn.close()
    return found if _REVISION.fullmatch(found) else "unknown"


def _next_number(folder: Path) -> int:
    return 1 + max((int(path.stem.rpartition("-")[2]) for path in later(folder)), default=0)


def thin_out(folder: Path, now: datetime) -> None:
    """Delete copies from before that nobody went back to for ``LIFE``; what came later always stays."""
    for copy in _old(folder, now.timestamp() - LIFE.total_seconds()):
        copy.unlink(missing_ok=True)


def _old(folder: Path, limit: float) -> Generator[Path]:
    for copy in (folder / FOLDER).glob("before-*.db"):
        if copy.stat().st_mtime < limit:
            yield copy
