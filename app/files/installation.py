"""The versions of the program on this computer, and the small files that say which one starts.

The launcher reads the same files with a few lines of shell or of its own script, so their form is fixed:
one line each, replaced in one step. Source: docs/decisions/0011-installed-tree.md.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app import paths
from app.swap import put_in_place
from app.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = "versions"
UNPACKING = ".unpacking"
_CURRENT, _PREVIOUS, _CHANNEL = "current", "previous", "channel"
_TRIAL, _TRIAL_STARTED = "trial", "trial-started"


class Channel(StrEnum):
    """Who replaces versions: the program itself, or the system's package."""

    PORTABLE = "portable"
    WINDOWS = "windows"
    DEB = "deb"


@dataclass(frozen=True, slots=True)
class Installation:
    """One root folder as it stands; ``previous`` is "" when there is no other version that could start."""

    root: Path
    channel: Channel
    current: str
    previous: str
    running: str = VERSION

    @property
    def is_ours_to_update(self) -> bool:
        """Tell whether the program replaces its versions itself, and may write where they lie."""
        return self.channel is not Channel.DEB and os.access(self.root / VERSIONS, os.W_OK)

    def folder(self, version: str) -> Path:
        """Return the folder of a version; it may not exist."""
        return self.root / VERSIONS / version


def find(root: Path | None = None) -> Installation | None:
    """Return the installation this program runs from, None for a source checkout."""
    root = root or paths.install_root()
    if root is None:
        return None
    previous = _line(root / _PREVIOUS)
    current = _line(root / _CURRENT)
    if previous == current or not _can_start(root, previous):
        previous = ""
    channel = _line(root / _CHANNEL)
    known = channel if channel in set(Channel) else Channel.DEB  # unknown: nobody's to change
    return Installation(root, Channel(known), current, previous)


def why_not(here: Installation | None) -> str:
    """Return the code that says why this program does not replace itself, "" when it does."""
    if here is None:
        return "update.from_source"
    if here.channel is Channel.DEB:
        return "update.by_package"
    return "" if here.is_ours_to_update else "update.root_read_only"


def is_newer(one: str, other: str) -> bool:
    """Tell whether version ``one`` came after ``other``; numbers count as numbers."""
    return _key(one) > _key(other)


def _key(version: str) -> tuple[tuple[int, str], ...]:
    parts = re.findall(r"\d+|[A-Za-z]+", version)
    # The end counts as 0, so that 1.2rc1 comes before 1.2 and 1.2 before 1.2.1.
    return (*((int(part), "") if part.isdigit() else (-1, part) for part in parts), (0, ""))


def switch(installation: Installation, version: str) -> None:
    """Let ``version``, complete in its folder, start from now on; its first start is a trial.

    The order matters: whatever stops it, a version that starts is named.

    Raises:
        OSError: nothing is switched then.
    """
    root = installation.root
    (root / _TRIAL_STARTED).unlink(missing_ok=True)
    _put(root / _TRIAL, version)
    _put(root / _PREVIOUS, installation.running)
    _put(root / _CURRENT, version)


def go_back(installation: Installation) -> str:
    """Let the previous version start from now on; return it.

    Raises:
        OSError: nothing is switched then.
    """
    root = installation.root
    for name in (_TRIAL, _TRIAL_STARTED):
        (root / name).unlink(missing_ok=True)
    _put(root / _CURRENT, installation.previous)
    return installation.previous


def confirm(installation: Installation) -> None:
    """End the trial of the running version: its window is on the screen.

    Raises:
        OSError: the trial goes on; the next start of this version is taken for a second try.
    """
    if _line(installation.root / _TRIAL) == installation.running:
        # The mark of the start first: alone it means nothing.
        (installation.root / _TRIAL_STARTED).unlink(missing_ok=True)
        (installation.root / _TRIAL).unlink(missing_ok=True)


def clear(installation: Installation) -> None:
    """Delete versions that are neither running nor named, and what an interrupted update left.

    What cannot be deleted, such as a version another window still runs on Windows, waits for the next time.
    """
    stay = {installation.running, installation.current, installation.previous}
    for folder in (installation.root / VERSIONS).iterdir():
        if folder.name not in stay and folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)


def launcher(installation: Installation) -> Path:
    """Return what starts the program, whichever version that is."""
    name = "babutong.exe" if installation.channel is Channel.WINDOWS else "babutong"
    return installation.root / name


def _can_start(root: Path, version: str) -> bool:
    return bool(version) and (root / VERSIONS / version / paths.MANIFEST).is_file()


def _line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""  # a file that is not there or not ours names nothing
    return lines[0].strip() if lines else ""


def _put(path: Path, line: str) -> None:
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8", newline="\n") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())
    put_in_place(fresh, path)
