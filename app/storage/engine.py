"""SQLAlchemy over SQLCipher: keying, pragmas, explicit transactions, machine errors."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event, exc

from app.storage.cipher import machine_error, prepare

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator
    from pathlib import Path

    from sqlalchemy import CursorResult

__all__ = ["WRITE", "machine_error", "machine_errors", "open_engine", "plain_rows", "prepare"]

WRITE = {"babutong_write": True}
"""Execution options that make a transaction begin IMMEDIATE."""


def open_engine(path: Path, key: bytes) -> Engine:
    """Return an engine for the encrypted file; nothing is read until first use."""
    engine = create_engine(
        f"sqlite:///{path}",
        module=sqlcipher,
        connect_args={"check_same_thread": False, "timeout": 5.0},
        hide_parameters=True,  # the text of an error goes to the log and to the screen
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
    except (exc.DBAPIError, sqlcipher.Error) as error:
        known = machine_error(error)
        if known is None:
            raise
        raise known from error


def plain_rows(result: CursorResult[Any]) -> list[tuple[Any, ...]]:
    """Return the driver's own tuples: of hundreds of thousands SQLAlchemy's rows would cost too much."""
    cursor: Any = result.cursor
    return list(cursor.fetchall())
