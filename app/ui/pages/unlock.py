"""The unlock page: the first thing painted, so it imports nothing heavy; then who is at the desk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.binding import later
from app.ui.parts.buttons import button
from app.ui.parts.door_frame import DoorFrame
from app.ui.parts.passphrase import PassphraseInput
from app.ui.parts.progress_strip import ProgressStrip
from app.ui.parts.words import words
from app.ui.texts import sentence, t
from app.ui.updating import Updating

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.errors import AppError
    from app.ui.ask import Ask
    from app.ui.desk import Desk, Door
    from app.ui.desks.program import ProgramState
    from app.ui.runner import Job, Runner

_KEPT = "workspace.newer_schema_kept"


class UnlockPage(DoorFrame):
    """Asks for the passphrase; ``opened(Desk)`` when the workspace is open and a person chosen.

    ``forgot_asked()`` comes from who cannot answer, ``restore_asked()`` when a backup is to take its place.
    """

    opened = Signal(object)
    restore_asked = Signal()
    forgot_asked = Signal()

    def __init__(self, door: Door, runner: Runner, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(460, parent)
        self._door = door
        self._runner = runner
        self.updating = Updating(door.program, runner, ask, self)
        self._desk: Desk | None = None
        self._stack = QStackedWidget()
        self.card.add(self._stack)
        self._stack.addWidget(self._ask_page())
        self._people = QWidget()
        self._people_column = QVBoxLayout(self._people)
        self._people_column.setContentsMargins(0, 0, 0, 0)
        self._people_column.setSpacing(theme.px(8))
        self._stack.addWidget(self._people)
        self.passphrase.setFocus()

    def _ask_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        self.passphrase = PassphraseInput(t("unlock.passphrase"))
        self._line = words(t("unlock.chinese"), "muted", wrap=True)
        self._line.setMinimumHeight(theme.px(40))
        self.open_button = button(t("unlock.open"), "primary", large=True)
        self.open_button.clicked.connect(self._on_open)
        self.passphrase.returnPressed.connect(self._on_open)
        column.addWidget(words(t("unlock.title"), "title"))
        column.addWidget(words(t("unlock.where", folder=self._door.where), "muted", wrap=True))
        column.addSpacing(theme.px(8))
        label = words(t("unlock.passphrase"), "label")
        label.setBuddy(self.passphrase)
        self.kept_button = button(t("program.unlock_kept"), "plain", "undo")
        self.kept_button.clicked.connect(self._on_kept)
        self.kept_button.hide()
        for part in (label, self.passphrase, self._line, self.open_button, self.kept_button):
            column.addWidget(part)
        column.addLayout(self._program_row())
        column.addWidget(self._strip)
        return page

    def _program_row(self) -> QHBoxLayout:
        """Update and way back also here: a program that cannot open the workspace must not be the end."""
        self.update_button = button(t("program.update"), "link")
        self.back_button = button("", "link")
        self.restore_button = button(t("restore.link"), "link")
        self.restore_button.clicked.connect(self.restore_asked)
        self.forgot_button = button(t("unlock.forgot"), "link")
        self.forgot_button.setVisible(self._door.forgot is not None)
        self.forgot_button.clicked.connect(self.forgot_asked)
        self._strip = ProgressStrip()
        self._strip.hide()
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.forgot_button)
        for part in (self.update_button, self.back_button):
            part.hide()
            row.addWidget(part)
        row.addWidget(self.restore_button)
        row.addStretch(1)
        self.update_button.clicked.connect(self.updating.update)
        self.updating.waiting.connect(self._strip.follow)
        self.updating.waiting.connect(self._on_program_busy)
        self.updating.waited.connect(partial(self._show_program_busy, busy=False))
        self.updating.installed.connect(self._on_installed)
        self.updating.progressed.connect(self._strip.on_progress)
        self.updating.waited.connect(self._strip.finish)
        self.updating.failed.connect(self._on_failed)
        later(self, self._read_state)  # not before the first paint
        return row

    def _read_state(self) -> None:
        self._runner.read(self._door.program.state, self._on_state, lane=(id(self), "program"))

    def _on_state(self, state: ProgramState) -> None:
        can = not state.why_not and not state.pending
        self.update_button.setVisible(can)
        self.back_button.setVisible(can and bool(state.previous))
        self.back_button.setText(t("program.back", version=state.previous))
        self.back_button.clicked.connect(partial(self.updating.go_back, state.previous))

    def _on_program_busy(self, job: Job, _text: str) -> None:
        self._show_program_busy(busy=not job.over)

    def _show_program_busy(self, *, busy: bool) -> None:
        for part in (self.update_button, self.back_button):
            part.setEnabled(not busy)

    def _on_installed(self, version: str) -> None:
        self.update_button.hide()
        self.back_button.hide()
        self._line.setText(t("program.next", version=version))

    def _on_kept(self) -> None:
        self._try(self._door.unlock_kept)

    def message(self) -> str:
        """Return the line under the field."""
        return self._line.text()

    def try_passphrase(self, text: str) -> None:
        """Open with a passphrase that was just set."""
        self.passphrase.setText(text)
        self._on_open()

    def show_desk(self, desk: Desk) -> None:
        """Let one of several people say who they are; with one person go straight on."""
        self._desk = desk
        if desk.person is not None or not desk.people:
            self.opened.emit(desk)
            return
        self._people_column.addWidget(words(t("unlock.who"), "title"))
        self._people_column.addWidget(words(t("unlock.who_why"), "muted", wrap=True))
        for person in desk.people:
            text = t("unlock.person", name=person.name, position=person.position)
            choose = button(text if person.position else person.name, "plain", "person", large=True)
            choose.clicked.connect(partial(self._on_person, person.id))
            self._people_column.addWidget(choose)
        self._stack.setCurrentWidget(self._people)
        first = self._people.findChild(QPushButton)
        if first is not None:
            first.setFocus()

    def _on_open(self) -> None:
        self._try(self._door.unlock)

    def _try(self, unlock: Callable[[str], Desk]) -> None:
        text = self.passphrase.value()
        if not text or not self.open_button.isEnabled():
            return
        self._busy(t("unlock.opening"), enabled=False)
        self._runner.run(partial(unlock, text), self._on_unlocked, self._on_failed)

    def _on_unlocked(self, desk: Desk) -> None:
        self._busy("", enabled=True)
        self.passphrase.clear()
        self.show_desk(desk)

    def _on_failed(self, error: AppError) -> None:
        self._busy(sentence(error), enabled=True)
        self.kept_button.setVisible(error.code == _KEPT)
        self.passphrase.setFocus()
        self.passphrase.selectAll()

    def _busy(self, text: str, *, enabled: bool) -> None:
        self._line.setProperty("role", "error" if enabled else "muted")
        self._line.style().unpolish(self._line)
        self._line.style().polish(self._line)
        self._line.setText(text)
        self.open_button.setEnabled(enabled)
        self.passphrase.setReadOnly(not enabled)

    def _on_person(self, person: str) -> None:
        if self._desk is not None:
            self._runner.run(partial(self._desk.use_person, person), self.opened.emit)
