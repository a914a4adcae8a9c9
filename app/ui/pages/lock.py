"""The page before a locked window, and the one for another person to sit down: only a passphrase is asked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.door_frame import DoorFrame
from app.ui.parts.passphrase import PassphraseInput
from app.ui.parts.words import words
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.domain.errors import AppError
    from app.ui.desk import Desk, LockDesk
    from app.ui.runner import Runner


class LockPage(DoorFrame):
    """``opened(Desk)`` when a passphrase was right; ``left()`` from a switch that is given up."""

    opened = Signal(object)
    left = Signal()

    def __init__(
        self, lock: LockDesk, runner: Runner, *, switching: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(460, parent)
        self._lock, self._runner = lock, runner
        self._switching = switching
        kind = "switch" if switching else "locked"
        self.passphrase = PassphraseInput(t("unlock.passphrase"))
        self._line = words(t("unlock.chinese"), "muted", wrap=True)
        self._line.setMinimumHeight(theme.px(40))
        self.open_button = button(t(f"people.{kind}_open"), "primary", large=True)
        self.back_button = button(t("people.switch_back"))
        self.back_button.setVisible(switching)
        label = words(t("unlock.passphrase"), "label")
        label.setBuddy(self.passphrase)
        self.card.add(words(t(f"people.{kind}_title"), "title"))
        self.card.add(words(t(f"people.{kind}_why"), "muted", wrap=True))
        self.card.column.addSpacing(theme.px(8))
        for part in (label, self.passphrase, self._line, self.open_button, self.back_button):
            self.card.add(part)
        self.open_button.clicked.connect(self._on_open)
        self.passphrase.returnPressed.connect(self._on_open)
        self.back_button.clicked.connect(self._on_back)
        QShortcut(QKeySequence("Esc"), self, self._on_back)
        self.passphrase.setFocus()

    def message(self) -> str:
        """Return the line under the field."""
        return self._line.text()

    def _on_open(self) -> None:
        text = self.passphrase.value()
        if text and self.open_button.isEnabled():
            self._say(t("unlock.opening"), "muted", enabled=False)
            self._runner.run(
                partial(self._lock.enter, text, self._switching), self._on_opened, self._on_failed
            )

    def _on_opened(self, desk: Desk) -> None:
        self.passphrase.clear()
        self.opened.emit(desk)

    def _on_failed(self, error: AppError) -> None:
        self._say(sentence(error), "error", enabled=True)
        self.passphrase.setFocus()
        self.passphrase.selectAll()

    def _on_back(self) -> None:
        if self._switching and self.open_button.isEnabled():
            self.left.emit()

    def _say(self, text: str, role: str, *, enabled: bool) -> None:
        self._line.setProperty("role", role)
        self._line.style().unpolish(self._line)
        self._line.style().polish(self._line)
        self._line.setText(text)
        self.open_button.setEnabled(enabled)
        self.passphrase.setReadOnly(not enabled)
