"""Put a finished file in its place in one step, also while a virus scanner has its fingers on it.

On Windows another program that holds the old or the new file open makes the replacement fail; scanners and
search indexes let go within a second or two.
"""

from __future__ import annotations

import os
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between two tries


class HeldError(PermissionError):
    """Another program holds a file; ``filename`` names it."""


def put_in_place(part: Path, target: Path) -> None:
    """Let ``part`` take the place of ``target``; both on the same disk.

    Raises:
        HeldError: when it was refused for a second and a half; both files are as they were.
        OSError: for any other reason.
    """
    for wait in _WAITS:
        try:
            part.replace(target)
        except PermissionError:
            Event().wait(wait)
        else:
            return
    try:
        part.replace(target)
    except PermissionError as error:
        raise HeldError(error.errno, error.strerror, str(target)) from error


def settle_folder(folder: Path) -> None:
    """Make sure that names given and taken in a folder are on the disk; Windows has no such call and no need.

    Raises:
        OSError: they are not.
    """
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
