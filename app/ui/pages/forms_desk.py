"""What the page of the questionnaires is given; beside it, because it speaks of the preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.changes import Changes
    from app.ui.questionnaire.preview import FindingLine, Previewed
    from app.usecases.forms import FormLine


@dataclass(frozen=True, slots=True)
class Examined:
    """A workbook looked at before it is published.

    ``problems`` are those of the check, ``breaking`` and ``other`` what differs from the version in use,
    one sentence each (``compared`` False: it does not open, nothing can be said); ``replaces`` is that
    version, "" for a questionnaire that is new. ``repairs`` counts the problems one click puts right.
    """

    path: Path
    form: str
    title: str
    version: str
    questions: int
    problems: tuple[FindingLine, ...] = ()
    replaces: str = ""
    compared: bool = True
    breaking: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    repairs: int = 0

    @property
    def errors(self) -> int:
        """How many problems keep it from being published."""
        return sum(one.severe for one in self.problems)


@dataclass(frozen=True, slots=True)
class FormsDesk:
    """Versions of questionnaires.

    ``examine(path)`` reads and checks a workbook, ``repair(path, target)`` writes a copy with what can be
    put right by itself, ``publish(path)`` publishes one without errors, ``withdraw(uid, reason)`` takes a
    version out of use. ``look(path)`` and ``look_at(form, hash)`` load a workbook or a version to look at.
    ``save_workbook(form, hash, target)`` gives the workbook of a version to change it.
    """

    lines: Callable[[], tuple[FormLine, ...]]
    examine: Callable[[Path], Examined]
    repair: Callable[[Path, Path], int]
    publish: Callable[[Path], Changes]
    withdraw: Callable[[str, str], Changes]
    look: Callable[[Path], Previewed]
    look_at: Callable[[str, str], Previewed]
    save_workbook: Callable[[str, str, Path], None]
