"""What the page of the 体检 and the card of the daily backup are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.ui.checkup_words import CheckupLine
    from app.ui.runner import Cancelled, Report


@dataclass(frozen=True, slots=True)
class Looked:
    """What one 体检 found, and the same as a text for the technician."""

    lines: tuple[CheckupLine, ...]
    report: str


@dataclass(frozen=True, slots=True)
class CheckupDesk:
    """``look`` changes nothing; ``rebuild`` makes the lists anew; ``save`` writes the report to a file.

    ``back_up`` writes a backup here, or in a folder elsewhere. ``daily`` backs up what is due and returns
    what the person at the desk should know, "" mostly. ``second`` is the second place of the daily backups,
    "" for none; ``choose_second`` sets it.
    """

    look: Callable[[Report, Cancelled], Looked]
    rebuild: Callable[[], None]
    back_up: Callable[[Path | None, Report, Cancelled], Path]
    save: Callable[[Path, str], None]
    daily: Callable[[], str]
    second: Callable[[], str]
    choose_second: Callable[[Path | None], str]
