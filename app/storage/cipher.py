"""Key one raw SQLCipher connection, and tell what the machine says.

The quick reader uses this before SQLAlchemy is imported: nothing heavy is imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import AppError, Unavailable

if TYPE_CHECKING:
    import sqlite3

_CACHE_KIB = 48 * 1024
_BUSY_MS = 5000


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
