"""What the pages of exchange by files are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.document import Paper
    from app.domain.errors import AppError
    from app.queries.arrival import Looked
    from app.queries.exchange import ImportLine, VillageLine, WaitingLine
    from app.queries.import_undo import UndoExtent
    from app.queries.receipts import Safety
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
class Found:
    """Files of ours, dropped or in a folder: data packages, and others with the page they are for."""

    packages: tuple[Path, ...]
    others: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file that was looked at; ``place`` is the sender's."""

    path: Path
    place: str
    looked: Looked


@dataclass(frozen=True, slots=True)
class TakenLine:
    """What one file brought.

    ``waiting``: nobody vouches for the sender yet, all its ``held`` entries wait. ``conflicts`` are fields
    newly in conflict. ``number`` is the import's in the log, ``released`` how many packages that had waited
    were read in because of it. ``refused`` is why the file was not taken. ``unknown`` are new entries a later
    program can show.
    """

    path: Path
    place: str = ""
    new: int = 0
    known: int = 0
    conflicts: int = 0
    held: int = 0
    households: int = 0
    persons: int = 0
    waiting: bool = False
    number: int = 0
    released: int = 0
    refused: AppError | None = None
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an import, file by file, what it touched, and its numbers in the log, latest first.

    ``brought`` are the numbers of those that had anything new.
    """

    files: tuple[TakenLine, ...]
    changes: Changes
    numbers: tuple[int, ...]
    brought: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SharingNow:
    """How exchange stands: who delivered, what waits, what came in, whether this computer is enrolled.

    ``enrolled`` tells that somebody above vouches for this computer, ``root`` that it believes somebody at
    all (a starter file is enough to export). ``conflicts`` counts fields. ``safety`` tells what of this
    computer's own records others hold, ``above`` names the office it speaks of; ``today`` is the civil date.
    ``warning`` is to be read before an export, "" mostly.
    """

    villages: tuple[VillageLine, ...]
    waiting: tuple[WaitingLine, ...]
    imports: tuple[ImportLine, ...]
    conflicts: int
    enrolled: bool
    root: str
    safety: Safety
    above: str
    today: date
    warning: str = ""


@dataclass(frozen=True, slots=True)
class SharingDesk:
    """Export, import and the board of deliveries.

    ``media()``: where to write, sticks first, then the folder used last. ``export(kind, folder, area)``:
    kind "up", "down" or "peer"; area is one place below, "" for all. ``find(paths)`` sorts files and folders.
    ``preview`` writes nothing; ``merge`` takes in what was looked at, ``leave`` forgets it. ``undo_check``
    and ``undo`` take import numbers. ``summary(numbers)`` and ``receipt(village)`` make papers.
    """

    now: Callable[[], SharingNow]
    media: Callable[[], tuple[Medium, ...]]
    export: Callable[[str, Path, str, Report, Cancelled], Sent]
    find: Callable[[Sequence[Path]], Found]
    preview: Callable[[Sequence[Path], Report, Cancelled], tuple[FileLine, ...]]
    merge: Callable[[Sequence[Path], Report, Cancelled], Taken]
    leave: Callable[[], None]
    undo_check: Callable[[Sequence[int]], UndoExtent]
    undo: Callable[[Sequence[int]], Changes]
    summary: Callable[[Sequence[int]], Paper]
    receipt: Callable[[str], Paper]
