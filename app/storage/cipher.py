"""Key one raw SQLCipher connection, and tell what the machine says.

The quick reader uses this before SQLAlchemy is imported: nothing heavy is imported here.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import AppError, BadInput, Unavailable
from app.swap import HeldError

if TYPE_CHECKING:
    import sqlite3

_CACHE_KIB = 48 * 1024
_ROOMY_KIB = 160 * 1024
_BUSY_MS = 5000
_PAGE = 4096
PRAGMAS = (
    "foreign_keys = ON",
    "journal_mode = WAL",
    "synchronous = FULL",
    f"busy_timeout = {_BUSY_MS}",
    "temp_store = MEMORY",
    f"cache_size = -{_CACHE_KIB}",
)
"""What every connection is told once it has its key."""
ROOMY, USUAL = f"PRAGMA cache_size = -{_ROOMY_KIB}", f"PRAGMA cache_size = -{_CACHE_KIB}"
"""For work that writes every table anew: pages that are written twice would go to the disk in between."""
_PLAIN_HEADER = b"SQLite format 3\0"


def check_file(path: Path) -> None:
    """Look at a database before it is opened, so that an unusable one is never touched.

    Raises:
        BadInput: ``workspace.missing``, ``workspace.not_encrypted`` (param ``file``).
        Unavailable: ``workspace.damaged`` (cut off, or empty), ``disk.failing``.
    """
    if not path.is_file():
        raise BadInput("workspace.missing", file=path.parent.name)
    try:
        with path.open("rb") as file:
            start = file.read(len(_PLAIN_HEADER))
        size = path.stat().st_size
    except OSError as error:
        raise Unavailable("disk.failing") from error
    if start == _PLAIN_HEADER:
        raise BadInput("workspace.not_encrypted", file=path.name)
    if size < _PAGE:  # a whole one with a torn end may still be made good from its log
        raise Unavailable("workspace.damaged")


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
    for pragma in PRAGMAS:
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


_BY_NUMBER = {
    errno.ENOSPC: "disk.full",
    errno.EDQUOT: "disk.full",
    errno.EFBIG: "disk.full",
    errno.EIO: "disk.failing",
    errno.ENODEV: "disk.failing",
}


def disk_error(error: OSError) -> AppError:
    """Return the user's error for a file that could not be written: full, failing, held or read-only."""
    if isinstance(error, HeldError):
        return Unavailable("disk.held", file=Path(error.filename).name)
    return Unavailable(_BY_NUMBER.get(error.errno or 0, "disk.read_only"))


def machine_error(error: BaseException) -> AppError | None:
    """Return the user's error for what the database said, None when it is our bug."""
    text = str(error)
    for part, code in _BY_MESSAGE:
        if part in text:
            return Unavailable(code)
    return None
