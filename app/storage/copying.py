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


def settle(path: Path) -> None:
    """Make sure a file's bytes are on the disk and not only on their way.

    Raises:
        OSError: they are not.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())
