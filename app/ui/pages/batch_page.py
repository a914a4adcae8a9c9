"""The base of the pages of steps that many households take together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from app.domain.calendar import civil_date
from app.queries.tone import Tone
from app.ui.desk import StepSubject
from app.ui.desks.batch import BatchDesk
from app.ui.parts.header import MenuButton
from app.ui.parts.page import Page
from app.ui.parts.page_frame import PageFrame
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import Changes
    from app.queries.linked import CandidateLine
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.batch import BatchDone, BatchPlace
    from app.ui.runner import Runner


class BatchPage(Page):
    """Opened for a ``StepSubject``, whose case is chosen, or from the rail.

    ``step_page`` is the name the pack gives this page.
    """

    step_page = ""

    def __init__(self, desk: Desk, runner: Runner, ask: Ask, title: str) -> None:
        super().__init__()
        self._desk, self._runner, self._ask = desk, runner, ask
        self._batch = desk.group(BatchDesk)
        self._title = title
        self._case = ""
        self._workflow = ""
        self.place: BatchPlace | None = None
        self.lines: tuple[CandidateLine, ...] = ()
        self.frame = PageFrame(title)
        self.workflows = MenuButton(t("batch.workflow"))
        self.frame.add_right(self.workflows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.back_asked.connect(self.on_back)
        self.frame.primary_asked.connect(self.on_primary)
        self.workflows.picked.connect(self._on_workflow)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.on_primary)

    def show_for(self, subject: object = None) -> None:
        """Show the step of a case, or of the round in force."""
        self._case = subject.case if isinstance(subject, StepSubject) else ""
        self.read_place()

    def on_changed(self, changes: Changes) -> None:
        """Read again what is shown."""
        if changes.touched and self.isVisible():
            self.read_place()

    def read_place(self) -> None:
        """Read where we are and everything with it."""
        work = partial(self._batch.place, self.step_page, self._case, self._workflow)
        self._runner.read(work, self._on_place, lane=(id(self), "place"))

    def on_back(self) -> None:
        """Leave; pages with two views go back to the first one."""
        self.leave()

    def leave(self) -> None:
        """Go to the page before; from the rail there is none, so home."""
        if self._case:
            self.left.emit()
        else:
            self.asked.emit("home", None)

    def on_primary(self) -> None:
        """Do the one main thing."""

    def placed(self, place: BatchPlace) -> None:
        """Read what belongs to a place; for subclasses."""

    def nowhere(self) -> None:
        """Show that no round is open; for subclasses."""

    def today(self) -> str:
        """Return today's ISO date."""
        return civil_date(self._desk.now()).isoformat()

    def chosen_case(self) -> str:
        """Return the case the page was opened for, "" for none."""
        return self._case

    def read_lines(self) -> None:
        """Read who stands at the step."""
        if self.place is not None:
            work = partial(self._batch.candidates, self.place)
            self._runner.read(work, self._on_lines, lane=(id(self), "lines"))

    def show_lines(self, lines: Sequence[CandidateLine]) -> None:
        """Show who stands at the step; for subclasses."""

    def tell_done(self, done: BatchDone) -> None:
        """Say how many were done, and in the banner who was not and why."""
        self.say(t("batch.done", number=len(done.done)))
        if done.refused:
            self.noticed.emit(refusals(done))

    def _on_place(self, place: BatchPlace | None) -> None:
        self.place = place
        if place is None:
            self.frame.show_title(self._title, t("batch.no_round"))
            self.workflows.offer((), "")
            self.frame.show_primary("")
            self.nowhere()
            return
        self._workflow = place.workflow
        self.frame.show_title(self._title, place.round_name)
        self.frame.show_pill("", Tone.NEUTRAL)
        self.workflows.offer(place.workflows, place.workflow)
        self.placed(place)

    def _on_lines(self, lines: Sequence[CandidateLine]) -> None:
        self.lines = tuple(lines)
        self.show_lines(self.lines)

    def _on_workflow(self, workflow: str) -> None:
        self._workflow, self._case = workflow, ""
        self.read_place()


def refusals(done: BatchDone) -> str:
    """Return who was left as before, and why, one after the other."""
    told = [t("batch.refused_one", head=head, why=sentence(error)) for head, error in done.refused]
    return t("batch.refused", number=len(done.refused), who=" ".join(told))
