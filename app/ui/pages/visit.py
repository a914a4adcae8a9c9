"""The visit questionnaire over the whole page: kept as it is filled in, finished into the records."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.submission import Settled
from app.queries.tone import Tone
from app.questionnaire.upgrade import orphans_of
from app.ui.desk import StepSubject
from app.ui.desks.visit import VisitDesk, VisitSubject
from app.ui.pages.visit_files import VisitFiles
from app.ui.pages.visit_settling import settle, told_income, with_reason
from app.ui.parts.buttons import button
from app.ui.parts.page import Page
from app.ui.parts.page_frame import PageFrame
from app.ui.parts.pill import Pill
from app.ui.questionnaire.autosave import Autosave
from app.ui.questionnaire.titles import form_title
from app.ui.questionnaire.view import QuestionnaireView
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner
    from app.usecases.visits import Ahead, Visit


class VisitPage(Page):
    """Opened for a ``StepSubject``, or a ``VisitSubject`` for a finished questionnaire to be changed.

    Every answer is in the draft file as soon as it is typed.
    """

    help_key = "visit.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._desk, self._runner, self._ask = desk, runner, ask
        self._visits = desk.group(VisitDesk)
        self._subject: object = None
        self.visit: Visit | None = None
        self.view: QuestionnaireView | None = None
        self._keeper: Autosave | None = None
        self.files: VisitFiles | None = None
        self.frame = PageFrame()
        self.saved = Pill()
        self.frame.add_right(self.saved)
        self.later = button(t("visit.later"))
        self.newer = button(t("visit.newer"))
        for part in (self.newer, self.later):
            self.frame.add_button(part)
        self.newer.hide()
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.frame.add(self._holder, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.back_asked.connect(self.left)
        self.later.clicked.connect(self.left)
        self.newer.clicked.connect(self._on_newer)
        self.frame.primary_asked.connect(self._on_primary)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_primary)
        self._show_keys()

    def show_for(self, subject: object = None) -> None:
        """Open the questionnaire of a ``StepSubject``'s case where it was left, or a finished one."""
        if isinstance(subject, StepSubject):
            work = partial(self._visits.open, subject.case, subject.step)
        elif isinstance(subject, VisitSubject):
            opens = self._visits.upgrade if subject.newer else self._visits.change
            work = partial(opens, subject.submission)
        else:
            return
        self._subject = subject
        self._drop()
        self.frame.show_title("", "")
        self._runner.run(work, self._on_opened)

    def _show_keys(self) -> None:
        self.frame.show_keys(
            (
                (("Enter",), t("step.key_next")),
                (("Shift+Enter",), t("visit.key_before")),
                (("Ctrl+Z",), t("app.undo")),
                (("F8",), t("visit.key_problem")),
            )
        )

    def may_leave(self) -> bool:
        """Keep what was filled in."""
        self.save()
        return True

    def rest(self) -> bool:
        """Keep the draft; tell whether it is on the disk."""
        return self._keeper is None or self._keeper.flush()

    def wake(self) -> None:
        """Open the draft as it now is."""
        if self.view is not None:
            self.show_for(self._subject)

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

    def _touch(self) -> None:
        if self._keeper is not None:
            self._keeper.touch()

    def _on_saved(self) -> None:
        self.saved.say(t("visit.saved", time=self._desk.now().strftime("%H:%M:%S")), Tone.GREEN)

    def _on_not_saved(self, error: AppError) -> None:
        """Say so at once; typing goes on and the draft is tried again by itself."""
        self._runner.failed.emit(error)
        self.saved.say(t("visit.not_saved"), Tone.RED)

    def _on_opened(self, visit: Visit) -> None:
        self._drop()
        self.visit = visit
        keep = partial(self._visits.attach, visit.case, visit.form)
        self.files = VisitFiles(keep, self._runner, self._ask, lambda: self._desk.now().strftime("%H%M%S"))
        self.files.lost.connect(self._on_not_attached)
        self.view = QuestionnaireView(
            visit.engine, visit.previous, self._ask, self.files.files(), visit.marks
        )
        self._keep_drafts(visit, self.view)
        self.view.section_shown.connect(self._on_section)
        self.view.finished.connect(self._on_finished)
        self._column.addWidget(self.view)
        self.frame.show_title(visit.head, form_title(visit.form))
        self.newer.setVisible(bool(visit.newer))
        if visit.upgraded and not visit.draft_at:
            self._touch()  # brought over is as good as typed
        self.saved.say(_standing(visit), Tone.BLUE)
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

    def _on_newer(self) -> None:
        """Bring the unfinished questionnaire to the newest version."""
        visit = self.visit
        if visit is None:
            return
        text = t("visit.newer_text", old=visit.version.version, new=visit.newer)
        if self._ask.confirm(t("visit.newer"), text, t("visit.newer_verb")):
            self._touch()  # it must be in the draft file to be brought over
            self.save()
            self._runner.run(partial(self._visits.upgrade_draft, visit), self._on_brought_over)

    def _on_brought_over(self, visit: Visit) -> None:
        self._on_opened(visit)
        self._touch()
        count = sum(orphan.asked for orphan in orphans_of(visit.engine.to_xml(everything=True)))
        self.say(t("visit.brought_over", count=count) if count else t("visit.brought_over_all"))

    def _on_finished(self) -> None:
        if self.visit is None:
            return
        self.save()
        self._runner.run(partial(self._visits.look_ahead, self.visit, Settled()), self._on_ahead)

    def _on_ahead(self, ahead: Ahead) -> None:
        settled = settle(self._ask, self.visit, ahead) if self.visit is not None else None
        if self.visit is None or settled is None:
            return
        if settled.left:
            # Who left changes the household itself: look once more before it is written.
            work = partial(self._visits.look_ahead, self.visit, settled)
            self._runner.run(work, partial(self._finish, settled))
        else:
            self._finish(settled, ahead)

    def _finish(self, settled: Settled, ahead: Ahead) -> None:
        reasoned = with_reason(self._ask, settled, ahead)
        if self.visit is not None and reasoned is not None:
            work = partial(self._visits.finish, self.visit, reasoned)
            self._runner.run(work, partial(self._on_kept, ahead))

    def _on_kept(self, ahead: Ahead, _changes: Changes) -> None:
        if ahead.income_differs:
            self._ask.tell(t("visit.income"), told_income(ahead))
        self.say(t("visit.unchanged") if ahead.unchanged else t("visit.kept"))
        self._drop()
        self.left.emit()


def _standing(visit: Visit) -> str:
    """Return what kind of questionnaire is open, "" for a fresh one."""
    if visit.draft_at:
        return t("visit.resumed")
    if visit.upgraded:
        return t("visit.upgrading", version=visit.version.version)
    return t("visit.changing") if visit.replaces else ""
