"""What every page that makes a paper is given, and what the preview is opened for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.changes import Changes
    from app.domain.document import ListKind, Output, Paper

PREVIEW = "preview"
"""The page's name: ``asked.emit(PREVIEW, paper)`` shows a paper, with printing and saving."""


@dataclass(frozen=True, slots=True)
class IssuedPaper:
    """A paper with legal effect that was just made; ``document`` is its entity id."""

    changes: Changes
    paper: Paper
    document: str


@dataclass(frozen=True, slots=True)
class PapersDesk:
    """Papers to look at, papers to issue, and the audit of what left the screen.

    ``notice(publicity)``, ``certificate(case)`` and ``listing(kind, of)`` only make a paper to look at.
    ``issue(case)``, ``reprint(document, reason)`` and ``void(document, reason)`` record. ``note`` is called
    by the preview after a paper was printed or saved; other pages need not call it.
    """

    notice: Callable[[str], Paper]
    certificate: Callable[[str], Paper]
    listing: Callable[[ListKind, Sequence[str]], Paper]
    issue: Callable[[str], IssuedPaper]
    reprint: Callable[[str, str], IssuedPaper]
    void: Callable[[str, str], Changes]
    note: Callable[[Paper, Output], None]
