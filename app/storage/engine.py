"""SQLAlchemy over SQLCipher: keying, pragmas, explicit transactions, machine errors."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event, exc

from app.domain.errors import Refused
from app.storage.cipher import machine_error, prepare

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["WRITE", "machine_error", "machine_errors", "open_engine", "prepare", "refuse_shared_place"]

WRITE = {"babutong_write": True}
"""Execution options that make a transaction begin IMMEDIATE."""


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
