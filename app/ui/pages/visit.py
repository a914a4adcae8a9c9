"""The visit questionnaire over the whole page: kept as it is filled in, finished into the records."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.queries.tone import Tone
from app.ui.desk import StepSubject
from app.ui.desks.visit import VisitDesk
from app.ui.pages.visit_files import VisitFiles
from app.ui.parts.buttons import button
from app.ui.parts.page import Page
from app.ui.parts.page_frame import PageFrame
from app.ui.parts.pill import Pill
from app.ui.questionnaire.autosave import Autosave
from app.ui.questionnaire.view import QuestionnaireView
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner
    from app.usecases.visits import Visit


class VisitPage(Page):
    """Opened for a ``StepSubject``; every answer is in the draft file as soon as it is typed."""

    help_key = "visit.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._desk, self._runner, self._ask = desk, runner, ask
        self._visits = desk.group(VisitDesk)
        self.visit: Visit | None = None
        self.view: QuestionnaireView | None = None
        self._keeper: Autosave | None = None
        self.files: VisitFiles | None = None
        self.frame = PageFrame()
        self.saved = Pill()
        self.frame.add_right(self.saved)
        self.later = button(t("visit.later"))
        self.frame.add_button(self.later)
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.frame.add(self._holder, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.back_asked.connect(self.left)
        self.later.clicked.connect(self.left)
        self.frame.primary_asked.connect(self._on_primary)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_primary)
        self.frame.show_keys(
            (
                (("Enter",), t("step.key_next")),
                (("Shift+Enter",), t("visit.key_before")),
                (("Ctrl+Z",), t("app.undo")),
                (("F8",), t("visit.key_problem")),
            )
        )

    def show_for(self, subject: object = None) -> None:
        """Open the questionnaire of a ``StepSubject``'s case where it was left."""
        if isinstance(subject, StepSubject):
            self._drop()
            self.frame.show_title("", "")
            self._runner.run(partial(self._visits.open, subject.case), self._on_opened)

    def may_leave(self) -> bool:
        """Keep what was filled in."""
        self.save()
        return True

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go to the next problem of the form."""
        if self.view is not None:
            (self.view.previous_problem if backwards else self.view.next_problem)()

    def save(self) -> None:
        """Keep the draft before going on, if it is not kept already."""
        if self._keeper is not None:
            self._keeper.flush()

    def _keep_drafts(self, visit: Visit, view: QuestionnaireView) -> None:
        keeper = Autosave(view.draft_xml, partial(self._visits.save, visit), self._runner.read, view)
        view.changed.connect(keeper.touch)
        view.left_field.connect(keeper.hurry)
        keeper.saved.connect(self._on_saved)
        keeper.failed.connect(self._on_not_saved)
        self._keeper = keeper

    def _on_saved(self) -> None:
        self.saved.say(t("visit.saved", time=self._desk.now().strftime("%H:%M:%S")), Tone.GREEN)

    def _on_not_saved(self, error: AppError) -> None:
        """Say so at once; typing goes on and the draft is tried again by itself."""
        self._runner.failed.emit(error)
        self.saved.say(t("visit.not_saved"), Tone.RED)

    def _on_opened(self, visit: Visit) -> None:
        self._drop()
        self.visit = visit
        keep = partial(self._visits.attach, visit.case)
        self.files = VisitFiles(keep, self._runner, self._ask, lambda: self._desk.now().strftime("%H%M%S"))
        self.files.lost.connect(self._on_not_attached)
        self.view = QuestionnaireView(visit.engine, visit.previous, self._ask, self.files.files())
        self._keep_drafts(visit, self.view)
        self.view.section_shown.connect(self._on_section)
        self.view.finished.connect(self._on_finished)
        self._column.addWidget(self.view)
        self.frame.show_title(visit.head, t("visit.panel"))
        if visit.draft_at:
            self.saved.say(t("visit.resumed"), Tone.BLUE)
        else:
            self.saved.say("", Tone.GREEN)
        self._on_section()
        self.view.focus_first()

    def _drop(self) -> None:
        """Take the form before away."""
        if self._keeper is not None:
            self._keeper.stop()
        self._keeper = None
        if self.view is not None:
            self.view.hide()
            self._column.removeWidget(self.view)
            self.view.deleteLater()
        self.view = self.visit = None
        self.frame.show_primary("")

    def _on_not_attached(self, ref: str, error: AppError) -> None:
        """Take the name back out of the form: the file was not kept."""
        self._runner.failed.emit(error)
        if self.view is not None:
            self.view.answer(ref, "")

    def _on_section(self) -> None:
        if self.view is not None:
            self.frame.show_primary(self.view.primary_text())

    def _on_primary(self) -> None:
        if self.view is not None:
            self.view.go_on()

    def _on_finished(self) -> None:
        if self.visit is None:
            return
        self.save()
        self._runner.run(partial(self._visits.finish, self.visit), self._on_kept)

    def _on_kept(self, _changes: Changes) -> None:
        self.say(t("visit.kept"))
        self._drop()
        self.left.emit()
