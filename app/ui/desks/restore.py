"""What the page of the restored backup is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.ui.runner import Cancelled, Report


@dataclass(frozen=True, slots=True)
class BackupAbout:
    """What a backup file says before its passphrase is given.

    ``on`` is the moment in words, "" when unknown; ``place`` "" and counts -1 in a file of an older version.
    ``missing`` of its ``photos`` do not lie in the ``folder`` of that name beside it. ``ahead`` tells that
    the moment lies after today: the clock it comes from was wrong.
    """

    path: Path
    on: str
    place: str
    households: int
    persons: int
    photos: int
    missing: int
    folder: str
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class RestoreDesk:
    """What restoring needs.

    ``found`` lists backups on this computer and on the sticks plugged in, the newest first, those dated after
    today last. ``restore`` takes the file and its passphrase, opens the workspace in a new folder and returns
    its desk; what was here stays beside it.
    """

    found: Callable[[], Sequence[Path]]
    look: Callable[[Path], BackupAbout]
    restore: Callable[[Path, str, Report, Cancelled], object]
