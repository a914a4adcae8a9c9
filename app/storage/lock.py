"""One program per workspace: an operating-system lock on a small file beside the database."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from app.domain.errors import Refused, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "workspace.lock"


class WorkspaceLock:
    """Held from open to close; the system drops it by itself when the program dies."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            Refused: ``workspace.in_use`` when another program holds it.
            Unavailable: ``disk.read_only`` when the folder cannot be written.
        """
        try:
            self._descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unavailable("disk.read_only") from error
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise Refused("workspace.in_use") from error

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._descriptor)

    @staticmethod
    def forget(folder: Path) -> None:
        """Delete the lock's file, of a folder that holds no workspace after all."""
        (folder / _NAME).unlink(missing_ok=True)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
