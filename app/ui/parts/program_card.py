"""The card about the program itself: its version, update, way back and self-check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.page_frame import Card
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.ui.desks.program import ProgramState


class ProgramCard(Card):
    """``update_asked()``, ``back_asked(version)``, ``check_asked()``, ``restart_asked()`` when pressed."""

    restart_asked = Signal()
    update_asked = Signal()
    back_asked = Signal(str)
    check_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("program.title"), "section"))
        self._why = words("", "muted", wrap=True)
        self.add(self._why)
        self._state = words("", "value", wrap=True)
        self.add(self._state)
        self.update_now = button(t("program.update"), "plain", "usb")
        self.back = button("", "plain", "undo")
        self.check = button(t("program.check"), "plain", "shield")
        self.restart = button(t("program.restart"), "primary")
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        for part in (self.restart, self.update_now, self.back, self.check):
            row.addWidget(part)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addStretch(1)
        self._previous = ""
        self.back.hide()
        self.restart.hide()
        self.restart.clicked.connect(self.restart_asked)
        self.update_now.clicked.connect(self.update_asked)
        self.back.clicked.connect(self._on_back)
        self.check.clicked.connect(self.check_asked)

    def show_state(self, state: ProgramState) -> None:
        """Show which version runs and what can be done."""
        self._previous = state.previous
        self._state.setText(t("program.version", version=state.version))
        self._why.setText(t(state.why_not) if state.why_not else t("program.why"))
        self.update_now.setEnabled(not state.why_not)
        self.back.setVisible(bool(state.previous) and not state.why_not)
        self.back.setText(t("program.back", version=state.previous))
        if state.pending:
            self.show_next(state.pending)

    def show_next(self, version: str) -> None:
        """Say that another version starts the next time."""
        self._state.setText(t("program.next", version=version))
        self.restart.show()
        self.update_now.hide()
        self.back.hide()

    def show_busy(self, *, busy: bool) -> None:
        """Take no second wish while one is being fulfilled."""
        for part in (self.update_now, self.back, self.check):
            part.setEnabled(not busy)

    def _on_back(self) -> None:
        self.back_asked.emit(self._previous)
