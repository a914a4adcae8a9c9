"""Room on a disk: ask before anything large, and keep a little in hand for the moment there is none.

The reserve is a file beside the database that says nothing. When a save finds the disk full it is given
up, so that the person can finish what is on the screen; it is made again when there is room.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from app.domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

RESERVE = "reserve.bin"
RESERVE_BYTES = 16_000_000
_PLENTY = 20 * RESERVE_BYTES  # free bytes from which on a reserve is laid in
_MB = 1_000_000
_FULL = "disk.full"


def need_room(folder: Path, needed: int) -> None:
    """Refuse to begin what could end on a full disk; ``needed`` in bytes, ``folder`` exists.

    Raises:
        Unavailable: ``disk.full_needs`` (params ``folder``, ``free_mb``, ``needed_mb``).
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        sizes = {"free_mb": free // _MB, "needed_mb": needed // _MB + 1}
        raise Unavailable("disk.full_needs", folder=str(folder), **sizes)


_HALVES = ("*.part", "kept/*.part", "backups/*.part", "backups/*.copy*", "attachments/??/*.part")


def sweep(folder: Path) -> int:
    """Delete the half files of a program that died, and return how many; the caller holds the lock."""
    halves = [path for pattern in _HALVES for path in folder.glob(pattern)]
    for path in halves:
        with suppress(OSError):  # the next start tries again
            path.unlink()
    return len(halves)


def lay_in(folder: Path) -> bool:
    """Make the reserve of a workspace when there is plenty of room; return whether it is there."""
    path = folder / RESERVE
    try:
        if path.is_file() and path.stat().st_size == RESERVE_BYTES:
            return True
        if shutil.disk_usage(folder).free < _PLENTY:
            return False
        with path.open("wb") as file:
            # Written, not only lengthened: a file with holes takes no room.
            for _ in range(RESERVE_BYTES // _MB):
                file.write(os.urandom(_MB))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            path.unlink()
        return False
    return True


def give_up(folder: Path) -> bool:
    """Delete the reserve; return whether that made room."""
    try:
        (folder / RESERVE).unlink()
    except OSError:
        return False
    return True


@contextmanager
def eased(folder: Path) -> Generator[None]:
    """Give the reserve up when a write finds the disk full, and say that the next try will do.

    Raises:
        Unavailable: ``disk.full_eased`` (param ``freed_mb``) in the place of ``disk.full``.
    """
    try:
        yield
    except Unavailable as error:
        if error.code == _FULL and give_up(folder):
            raise Unavailable("disk.full_eased", freed_mb=RESERVE_BYTES // _MB) from error
        raise
