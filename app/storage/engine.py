"""SQLAlchemy over SQLCipher: keying, pragmas, explicit transactions, machine errors."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event, exc

from app.domain.errors import AppError, Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Generator

_CACHE_KIB = 48 * 1024
_BUSY_MS = 5000
WRITE = {"babutong_write": True}
"""Execution options that make a transaction begin IMMEDIATE."""


def prepare(connection: sqlite3.Connection, key: bytes) -> None:
    """Key one raw connection and set every pragma the house relies on.

    Raises:
        Unavailable: ``workspace.no_cipher`` when the driver is not SQLCipher.
    """
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    cursor.execute("PRAGMA cipher_log_level = NONE")
    if not cursor.execute("PRAGMA cipher_version").fetchone():
        raise Unavailable("workspace.no_cipher")
    for pragma in (
        "foreign_keys = ON",
        "journal_mode = WAL",
        "synchronous = FULL",
        f"busy_timeout = {_BUSY_MS}",
        "temp_store = MEMORY",
        f"cache_size = -{_CACHE_KIB}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def open_engine(path: Path, key: bytes) -> Engine:
    """Return an engine for the encrypted file; nothing is read until first use."""
    engine = create_engine(
        f"sqlite:///{path}", module=sqlcipher, connect_args={"check_same_thread": False, "timeout": 5.0}
    )

    @event.listens_for(engine, "connect", insert=True)
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        # Without this the driver commits behind our back before DDL.
        connection.isolation_level = None
        prepare(connection, key)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("babutong_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


_BY_MESSAGE = (
    ("disk is full", "disk.full"),
    ("disk I/O error", "disk.failing"),
    ("readonly database", "disk.read_only"),
    ("unable to open", "disk.read_only"),
    ("database is locked", "workspace.busy"),
    ("file is not a database", "workspace.damaged"),
    ("malformed", "workspace.damaged"),
)


def machine_error(error: BaseException) -> AppError | None:
    """Return the user's error for what the machine said, None when it is our bug."""
    text = str(error)
    for part, code in _BY_MESSAGE:
        if part in text:
            return Unavailable(code)
    return None


@contextmanager
def machine_errors() -> Generator[None]:
    """Turn errors of the machine into ``Unavailable``; let bugs through untouched."""
    try:
        yield
    except (exc.DBAPIError, sqlcipher.Error, sqlite3.Error) as error:
        known = machine_error(error)
        if known is None:
            raise
        raise known from error


def refuse_shared_place(path: Path) -> None:
    """Refuse to keep a live database on a USB stick, FAT or network share.

    Raises:
        Refused: ``workspace.place_unsafe`` with the file system's name.
    """
    kind = _file_system(path)
    if kind in {"vfat", "exfat", "msdos", "nfs", "nfs4", "cifs", "smb3", "fuseblk"}:
        raise Refused("workspace.place_unsafe", system=kind)


def _file_system(path: Path) -> str:
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    best, kind = "", ""
    target = str(path.resolve())
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _device, point, system, *_rest = line.split(" ")
        inside = target == point or target.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, system
    return kind
