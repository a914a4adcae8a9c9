"""What the page that imports a roster is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.roster import Mapped, Problem, RosterDraft, RosterPreview
    from app.ui.runner import Cancelled, Report

    Describe = Callable[[Problem], str]


@dataclass(frozen=True, slots=True)
class RosterWish:
    """A file and how it is read; ``confirmed_old`` are 15-digit numbers somebody checked."""

    path: Path
    mapping: Mapped | None = None
    open_cases: bool = False
    confirmed_old: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RosterDesk:
    """Reads of a roster file and the import.

    ``map_header(path, sheet, row)`` counts rows from 1. ``targets`` are what a column can lead to, with
    their words. ``error_copy(wish, target, describe)`` writes the list of findings beside the marked sheet.
    """

    preview: Callable[[Path], RosterPreview]
    map_header: Callable[[Path, str, int], Mapped]
    targets: Callable[[], tuple[tuple[str, str], ...]]
    dry_run: Callable[[RosterWish], RosterDraft]
    error_copy: Callable[[RosterWish, Path, Describe], None]
    template: Callable[[Path], None]
    import_roster: Callable[[RosterWish, Report, Cancelled], Changes]
