"""What the pages of questionnaires are given: filling one in, and looking at finished ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.submission import Settled
    from app.queries.submissions import SubmissionLine
    from app.ui.runner import Cancelled, Report
    from app.usecases.submissions import SubmissionSheet
    from app.usecases.upgrades import Rehearsal
    from app.usecases.visits import Ahead, Visit


@dataclass(frozen=True, slots=True)
class VisitSubject:
    """A finished questionnaire that is to be changed, under its own version or the newest."""

    submission: str
    newer: bool = False


@dataclass(frozen=True, slots=True)
class SubmissionSubject:
    """What the page of finished questionnaires is opened for; the newest of the household without one."""

    household: str
    submission: str = ""


@dataclass(frozen=True, slots=True)
class VisitDesk:
    """``open(case, step)`` and the rest go through the runner.

    ``save(visit, text)`` keeps the draft's XML, from whatever thread.

    ``change`` and ``upgrade`` open a finished questionnaire, under its own version or the newest;
    ``upgrade_draft`` opens an unfinished one under the newest. ``attach(case, form, file)`` keeps a photo.
    """

    open: Callable[[str, str], Visit]
    change: Callable[[str], Visit]
    upgrade: Callable[[str], Visit]
    upgrade_draft: Callable[[Visit], Visit]
    save: Callable[[Visit, str], None]
    look_ahead: Callable[[Visit, Settled], Ahead]
    finish: Callable[[Visit, Settled], Changes]
    attach: Callable[[str, str, Path], Changes]


@dataclass(frozen=True, slots=True)
class SubmissionDesk:
    """``lines`` are the finished questionnaires of a household, newest first; ``show`` reads one.

    ``rehearse(form, report, cancelled)`` tries the newest version on all there are and changes nothing.
    ``save_orphans(submission, file)`` writes the answers without a place and returns how many.
    """

    lines: Callable[[str], tuple[SubmissionLine, ...]]
    show: Callable[[str], SubmissionSheet]
    rehearse: Callable[[str, Report, Cancelled], Rehearsal]
    save_orphans: Callable[[str, Path], int]
