"""Where a copy of every daily backup goes: the folder, a button to choose it, one to have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.words import ShortLabel
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.ui.desks.checkup import CheckupDesk
    from app.ui.runner import Runner


class SecondPlace(QWidget):
    """``chosen(str)`` with the folder, "" for none, once it is kept; ``pick`` asks for one under a title."""

    chosen = Signal(str)

    def __init__(self, desk: CheckupDesk, runner: Runner, pick: Callable[[str], Path | None]) -> None:
        super().__init__()
        self._desk, self._runner, self._pick = desk, runner, pick
        self._state = ShortLabel("", "muted")
        self.choose = button(t("backup.second_choose"), "plain", "folder")
        self.none = button(t("backup.second_none"), "quiet")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        column.addWidget(self._state)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        row.addWidget(self.choose)
        row.addWidget(self.none)
        row.addStretch(1)
        column.addLayout(row)
        self.choose.clicked.connect(self._on_choose)
        self.none.clicked.connect(self._on_none)

    def read(self) -> None:
        """Read what was chosen."""
        self._runner.read(self._desk.second, self._show, lane=(id(self), "second"))

    def text(self) -> str:
        """Return the line that says where."""
        return self._state.text()

    def _show(self, folder: str) -> None:
        self._state.setText(t("backup.second_at", folder=folder) if folder else t("backup.second_nowhere"))
        self.none.setVisible(bool(folder))

    def _on_choose(self) -> None:
        folder = self._pick(t("backup.second_title"))
        if folder is not None:
            self._runner.run(lambda: self._desk.choose_second(folder), self._on_kept)

    def _on_none(self) -> None:
        self._runner.run(lambda: self._desk.choose_second(None), self._on_kept)

    def _on_kept(self, folder: str) -> None:
        self._show(folder)
        self.chosen.emit(folder)
