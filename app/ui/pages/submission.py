"""Finished questionnaires of a household: to look at, to change, to bring to a newer version."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.ids import Level
from app.queries.tone import Tone
from app.ui import theme
from app.ui.desks.visit import SubmissionDesk, SubmissionSubject, VisitSubject
from app.ui.pages.submission_parts import AnswerList, OrphanCard, RehearsalCard, empty_column
from app.ui.parts.buttons import button
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame, scrolled
from app.ui.parts.words import words
from app.ui.questionnaire.titles import form_title
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.queries.submissions import SubmissionLine
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Job, Runner
    from app.usecases.submissions import SubmissionSheet
    from app.usecases.upgrades import Rehearsal

_SIDE = 264  # design pixels of the list at the left
_MINUTE = len("2026-10-07T09:30")


class SubmissionPage(Page):
    """Opened for a ``SubmissionSubject``."""

    help_key = "submission.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._submissions = desk.group(SubmissionDesk)
        self._may_write = desk.place.level is Level.VILLAGE
        self._household = ""
        self._wanted = ""
        self._job: Job | None = None
        self.sheet: SubmissionSheet | None = None
        self.frame = PageFrame(t("submission.title"))
        self.change = button(t("submission.change"), "plain", "pencil")
        self.newer = button(t("submission.newer"), "plain", "arrow_right")
        self.frame.add_button(self.newer)
        self.frame.add_button(self.change)
        self.frame.show_keys((((("Esc",), t("app.back"))),))
        self._lines = Card()
        self._lines.add(words(t("submission.all"), "section"))
        self._rows = QVBoxLayout()
        self.rehearsal = RehearsalCard()
        self.orphans = OrphanCard()
        self.answers = AnswerList()
        self._empty = EmptyState("file")
        self._lay_out()
        self.frame.back_asked.connect(self.left)
        self.change.clicked.connect(self._on_change)
        self.newer.clicked.connect(self._on_newer)
        self.rehearsal.go_asked.connect(self._on_go)
        self.rehearsal.stop_asked.connect(self._on_stop)
        self.orphans.save_asked.connect(self._on_save_orphans)

    def show_for(self, subject: object = None) -> None:
        """Show one finished questionnaire, or the newest of a household."""
        if isinstance(subject, SubmissionSubject):
            self._household, self._wanted = subject.household, subject.submission
            self.rehearsal.hide()
            self._read()

    def on_changed(self, changes: Changes) -> None:
        """Read again."""
        if changes.touched and self._household and self.isVisible():
            self._read()

    def may_leave(self) -> bool:
        """Stop a rehearsal that is on its way."""
        self._on_stop()
        return True

    def _lay_out(self) -> None:
        rows = QWidget()
        inside = QVBoxLayout(rows)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(self._rows)
        inside.addStretch(1)
        self._lines.add(scrolled(rows), 1)
        self._lines.setFixedWidth(theme.px(_SIDE))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        for part in (self._empty, self.rehearsal, self.orphans, self.answers):
            column.addWidget(part)
            part.hide()
        column.addStretch(1)
        body = QWidget()
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(theme.px(14))
        columns.addWidget(self._lines)
        columns.addWidget(scrolled(holder), 1)
        self.frame.add(body, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.frame)
        self.change.hide()
        self.newer.hide()

    def _read(self) -> None:
        work = partial(self._submissions.lines, self._household)
        self._runner.read(work, self._on_lines, lane=(id(self), "lines"))

    def _on_lines(self, lines: tuple[SubmissionLine, ...]) -> None:
        known = {line.id for line in lines}
        if self._wanted not in known:
            self._wanted = lines[0].id if lines else ""
        empty_column(self._rows)
        for line in lines:
            pick = button(_name(line), "chip")
            pick.setCheckable(True)
            pick.setChecked(line.id == self._wanted)
            pick.clicked.connect(partial(self._choose, line.id))
            self._rows.addWidget(pick)
        self._empty.setVisible(not lines)
        self._empty.say(t("submission.none"), "")
        if self._wanted:
            # Read as a write: what it says is kept the first time somebody looks.
            self._runner.run(partial(self._submissions.show, self._wanted), self._on_sheet)

    def _choose(self, uid: str) -> None:
        self._wanted = uid
        self.rehearsal.hide()
        self._read()

    def _on_sheet(self, sheet: SubmissionSheet) -> None:
        if sheet.line.id != self._wanted:
            return
        self.sheet = sheet
        line = sheet.line
        self.frame.show_title(sheet.title or line.form, told(sheet))
        self.frame.show_pill(*_pill(sheet))
        self._empty.setVisible(not line.arrived)
        self._empty.say(t("submission.no_file_title"), t("submission.no_file_text"))
        self.answers.setVisible(line.arrived)
        self.answers.show_answers(sheet.answers)
        self.orphans.show_orphans(sheet.orphans)
        may = self._may_write and line.arrived and sheet.has_form and not line.replaced_by
        self.change.setVisible(may)
        self.change.setText(t("submission.go_on") if sheet.draft_at else t("submission.change"))
        self.newer.setVisible(may and bool(sheet.newer) and not sheet.draft_at)

    def _on_change(self) -> None:
        if self.sheet is not None:
            self.asked.emit("visit", VisitSubject(self.sheet.line.id))

    def _on_newer(self) -> None:
        if self.sheet is None:
            return
        self.rehearsal.begin(self.sheet.newer)
        self.newer.setEnabled(False)
        work = partial(self._submissions.rehearse, self.sheet.line.form)
        self._job = self._runner.run_long(
            work, self._on_rehearsed, self.rehearsal.show_progress, self._on_not_rehearsed
        )
        if self._job.over:
            self._job = None

    def _on_rehearsed(self, found: Rehearsal) -> None:
        self._job = None
        self.newer.setEnabled(True)
        self.rehearsal.show_result(found)

    def _on_not_rehearsed(self, error: AppError) -> None:
        self._job = None
        self.newer.setEnabled(True)
        self.rehearsal.hide()
        self._runner.failed.emit(error)

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_go(self) -> None:
        if self.sheet is not None:
            self.asked.emit("visit", VisitSubject(self.sheet.line.id, newer=True))

    def _on_save_orphans(self) -> None:
        if self.sheet is None:
            return
        path = self._ask.save_file(t("submission.orphans_save"), t("submission.orphans_file"), "CSV (*.csv)")
        if path is not None:
            work = partial(self._submissions.save_orphans, self.sheet.line.id, path)
            self._runner.run(work, partial(self._on_orphans_saved, path.name))

    def _on_orphans_saved(self, name: str, count: int) -> None:
        self.say(t("submission.orphans_saved", name=name, count=count))


def _name(line: SubmissionLine) -> str:
    key = "submission.row_old" if line.replaced_by else "submission.row"
    return t(key, day=line.finished_on, form=form_title(line.form))


def told(sheet: SubmissionSheet) -> str:
    """Return under which version, when and by whom a questionnaire was filled in."""
    line = sheet.line
    when = line.at[:_MINUTE].replace("T", " ")
    parts = (t("submission.version", version=line.version), t("submission.at", time=when))
    return t("detail.dot").join(
        (*parts, t("submission.by", name=line.by) if line.by else t("submission.by_unknown"))
    )


def _pill(sheet: SubmissionSheet) -> tuple[str, Tone]:
    if not sheet.line.arrived:
        return t("submission.no_file_title"), Tone.RED
    if sheet.line.replaced_by:
        return t("submission.replaced_pill"), Tone.AMBER
    if not sheet.has_form:
        return t("submission.no_form"), Tone.AMBER
    return "", Tone.GREEN
