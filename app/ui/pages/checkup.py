"""体检: whether what is here is whole, backed up and sent; and for each finding what to do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.queries.tone import Tone
from app.ui import theme
from app.ui.checkup_words import Act, State
from app.ui.desks.checkup import CheckupDesk
from app.ui.parts.buttons import button
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame, scrolled
from app.ui.parts.pill import Pill
from app.ui.parts.words import rule, words
from app.ui.runner import CANCELLED
from app.ui.texts import t

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.errors import AppError
    from app.ui.ask import Ask
    from app.ui.checkup_words import CheckupLine
    from app.ui.desk import Desk
    from app.ui.desks.checkup import Looked
    from app.ui.runner import Runner

_TONES = {State.BAD: Tone.RED, State.NOTE: Tone.AMBER, State.GOOD: Tone.GREEN}
_PILL, _TITLE = 92, 160  # design pixels of the two columns at the left


class FindingRow(QWidget):
    """One finding; ``asked(Act)`` when its button is pressed."""

    asked = Signal(object)

    def __init__(self, line: CheckupLine) -> None:
        super().__init__()
        self.line = line
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.px(6), 0, theme.px(6))
        row.setSpacing(theme.px(14))
        pill = Pill(t(f"check.{line.state}"), _TONES[line.state])
        box = QWidget()
        box.setFixedWidth(theme.px(_PILL))
        inner = QHBoxLayout(box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(pill)
        inner.addStretch(1)
        title = words(line.title, "label", wrap=True)
        title.setFixedWidth(theme.px(_TITLE))
        told = QVBoxLayout()
        told.setSpacing(theme.px(2))
        told.addWidget(words(line.text, "value", wrap=True))
        if line.advice:
            told.addWidget(words(line.advice, "muted", wrap=True))
        row.addWidget(box)
        row.addWidget(title)
        row.addLayout(told, 1)
        self.button: QPushButton | None = None
        if line.act is not Act.NONE:
            self.button = button(t(f"checkup.{line.act}"))
            self.button.clicked.connect(partial(self.asked.emit, line.act))
            row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)


class CheckupPage(Page):
    """The findings of the last 体检, the worst first; it begins by itself at the first visit."""

    help_key = "checkup.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._checkup = desk.group(CheckupDesk)
        self._looked: Looked | None = None
        self._is_busy = False
        self.rows: list[FindingRow] = []
        self.frame = PageFrame(t("checkup.title"))
        self.frame.show_title(t("checkup.title"), t("checkup.why"))
        self.save = button(t("checkup.save"), "plain", "file")
        self.frame.add_button(self.save)
        self._empty = EmptyState("shield")
        self._card = Card()
        self._area: QScrollArea | None = None
        self.frame.add(self._card, 1)
        self.frame.add(self._empty, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._look)
        self.save.clicked.connect(self._on_save)
        self._show(None)

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Begin at the first visit; later what was found stays until somebody asks again."""
        if self._looked is None and not self._is_busy:
            self._look()

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go to the next finding with a button."""
        buttons = [row.button for row in self.rows if row.button is not None]
        if buttons:
            buttons[-1 if backwards else 0].setFocus()

    def _look(self) -> None:
        if self._is_busy:
            return
        self._is_busy = True
        self.frame.show_primary(t("checkup.again"), enabled=False)
        job = self._runner.run_long(
            self._checkup.look, self._on_looked, self.progressed.emit, self._on_look_failed
        )
        if not job.over:
            self.waiting.emit(job, t("checkup.running"))

    def _on_looked(self, looked: Looked) -> None:
        self._ended()
        self._looked = looked
        self._show(looked)

    def _on_look_failed(self, error: AppError) -> None:
        self._ended()
        self.frame.show_primary(t("checkup.start"))
        if error.code == CANCELLED:
            self._empty.say(t("checkup.stopped"), t("checkup.why"))
        else:
            self._runner.failed.emit(error)

    def _ended(self) -> None:
        self._is_busy = False
        self.waited.emit()

    def _show(self, looked: Looked | None) -> None:
        self._empty.setVisible(looked is None)
        self._card.setVisible(looked is not None)
        self.save.setEnabled(looked is not None)
        self.frame.show_primary(t("checkup.start" if looked is None else "checkup.again"))
        if looked is None:
            self._empty.say(t("checkup.idle"), t("checkup.why"))
            return
        self._show_rows(looked)
        bad = sum(line.state is State.BAD for line in looked.lines)
        notes = sum(line.state is State.NOTE for line in looked.lines)
        if bad:
            self.frame.show_pill(t("checkup.some_bad", count=bad), Tone.RED)
        elif notes:
            self.frame.show_pill(t("checkup.some_notes", count=notes), Tone.AMBER)
        else:
            self.frame.show_pill(t("checkup.all_good"), Tone.GREEN)

    def _show_rows(self, looked: Looked) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.px(8), 0)
        column.setSpacing(0)
        self.rows = [FindingRow(line) for line in looked.lines]
        for number, row in enumerate(self.rows):
            if number:
                column.addWidget(rule())
            row.asked.connect(self._on_asked)
            column.addWidget(row)
        column.addStretch(1)
        if self._area is not None:
            self._card.column.removeWidget(self._area)
            self._area.hide()
            self._area.deleteLater()
        self._area = scrolled(inner)
        self._card.add(self._area, 1)

    def _on_asked(self, act: Act) -> None:
        if act is Act.SHARING:
            self.asked.emit("sharing", None)
        elif act is Act.RENEW:
            self.asked.emit("enrol_ask", None)
        elif act is Act.REBUILD:
            self._runner.run(self._checkup.rebuild, self._on_rebuilt)
        else:
            self._back_up()

    def _on_rebuilt(self, _nothing: object) -> None:
        self.say(t("checkup.rebuilt"))

    def _back_up(self) -> None:
        folder = self._ask.folder(t("settings.backup_folder"))
        if folder is None:
            return
        job = self._runner.run_long(
            partial(self._checkup.back_up, folder), self._on_backed_up, self.progressed.emit, self._on_failed
        )
        self.waiting.emit(job, t("settings.backing_up"))

    def _on_backed_up(self, path: Path) -> None:
        self.waited.emit()
        self.say(t("settings.backed_up", name=path.name))

    def _on_failed(self, error: AppError) -> None:
        self.waited.emit()
        self._runner.failed.emit(error)

    def _on_save(self) -> None:
        if self._looked is None:
            return
        pattern = f"{t('checkup.pattern')} (*.txt)"
        path = self._ask.save_file(t("checkup.save"), t("checkup.report_name"), pattern)
        if path is not None:
            work = partial(self._checkup.save, path, self._looked.report)
            self._runner.read(work, partial(self._on_saved, path))

    def _on_saved(self, path: Path, _nothing: object) -> None:
        self.say(t("checkup.saved", name=path.name))
