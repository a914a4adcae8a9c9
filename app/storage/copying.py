"""Copy a database that may be in use, and make sure that bytes are on the disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher

from app.storage import engine

if TYPE_CHECKING:
    from pathlib import Path


def copy_database(source: Path, target: Path, key: bytes) -> None:
    """Copy an encrypted database through the backup interface, its log included; ``target`` must be new.

    Raises:
        Unavailable: what the machine said.
    """
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


def is_whole(path: Path, key: bytes) -> bool:
    """Tell whether a copied database opens with ``key`` and every page of it is authentic."""
    conn = sqlcipher.connect(str(path))
    try:
        conn.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        conn.execute("PRAGMA cipher_log_level = NONE")
        if conn.execute("PRAGMA cipher_integrity_check").fetchall():
            return False
        found = conn.execute("SELECT count(*) FROM stream").fetchone()
        return found is not None and conn.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlcipher.Error:
        return False
    finally:
        conn.close()


def settle(path: Path) -> None:
    """Make sure a file's bytes are on the disk and not only on their way.

    Raises:
        OSError: they are not.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())
