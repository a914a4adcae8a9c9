"""What the pages of exchange by files are given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.queries.exchange import ImportLine, VillageLine, WaitingLine
    from app.ui.runner import Cancelled, Report


@dataclass(frozen=True, slots=True)
class Medium:
    """A folder to write to or to read from; ``removable`` for a USB stick."""

    path: Path
    removable: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What an export wrote: every file is verified and the stick may be pulled out."""

    folder: Path
    files: tuple[str, ...]
    places: tuple[str, ...]
    entries: int
    photos: int


@dataclass(frozen=True, slots=True)
class FileLine:
    """What one file brings or brought.

    ``place`` is the sender's; ``kind`` "up", "down" or "peer". ``waiting``: nobody vouches for the sender
    yet, all its ``held`` entries wait. ``conflicts`` counts those of the whole workspace afterwards.
    ``counts`` are the sender's totals by kind. ``ahead_ms`` is how far its clock runs before ours.
    ``refused`` is why the file was not taken.
    """

    path: Path
    place: str = ""
    kind: str = ""
    new: int = 0
    known: int = 0
    conflicts: int = 0
    held: int = 0
    waiting: bool = False
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    ahead_ms: int = 0
    refused: AppError | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an import, file by file, and what it touched."""

    files: tuple[FileLine, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class SharingNow:
    """How exchange stands: who delivered, what waits, what came in, whether this computer is enrolled.

    ``enrolled`` tells that somebody above vouches for this computer, ``root`` that it believes somebody at
    all (a starter file is enough to export). ``conflicts`` counts fields.
    """

    villages: tuple[VillageLine, ...]
    waiting: tuple[WaitingLine, ...]
    imports: tuple[ImportLine, ...]
    conflicts: int
    enrolled: bool
    root: str


@dataclass(frozen=True, slots=True)
class SharingDesk:
    """Export, import and the board of deliveries.

    ``media()``: where to write, sticks first, then the folder used last. ``export(kind, folder, area)``:
    kind "up", "down" or "peer"; area is one place below, "" for all. ``packages_in(folder)`` finds the
    packages lying there. ``preview`` writes nothing.
    """

    now: Callable[[], SharingNow]
    media: Callable[[], tuple[Medium, ...]]
    export: Callable[[str, Path, str, Report, Cancelled], Sent]
    packages_in: Callable[[Path], tuple[Path, ...]]
    preview: Callable[[Sequence[Path], Report, Cancelled], tuple[FileLine, ...]]
    merge: Callable[[Sequence[Path], Report, Cancelled], Taken]
