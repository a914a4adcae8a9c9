"""What the window may do with the program itself: update it, go back, let it check itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.domain.errors import AppError
    from app.ui.runner import Cancelled, Report


@dataclass(frozen=True, slots=True)
class ProgramState:
    """The version running, the one before ("" without one), and why this program cannot replace itself.

    ``why_not`` is the code of a sentence, "" when it can; ``pending`` another version that starts next.
    """

    version: str
    previous: str = ""
    why_not: str = ""
    pending: str = ""


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An update whose signature is right: versions, and megabytes it takes on the disk."""

    path: Path
    running: str
    version: str
    megabytes: int


@dataclass(frozen=True, slots=True)
class Returned:
    """The version that starts next; with ``trouble`` the same one as now, and the workspace is closed."""

    version: str
    trouble: AppError | None = None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One thing the self-check looked at: what it is, whether it is well, and what is said of it."""

    title: str
    ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class ProgramDesk:
    """Callables about the program; ``found`` lists update files on the sticks plugged in.

    ``install`` backs the open workspace up, ``go_back`` closes it: the program has to ``restart`` after.
    """

    state: Callable[[], ProgramState]
    found: Callable[[], Sequence[Path]]
    look: Callable[[Path], OfferLine]
    install: Callable[[OfferLine, Report, Cancelled], str]
    go_back: Callable[[], Returned]
    restart: Callable[[], None]
    check: Callable[[Report, Cancelled], Sequence[CheckLine]]
