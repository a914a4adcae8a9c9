"""One file in full: who sent it, what it brings in entries, households and persons, and what to mind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.page_frame import Card, scrolled
from app.ui.parts.pill import Pill
from app.ui.parts.words import ShortLabel, words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.queries.arrival import Looked, Share
    from app.ui.parts.arrival_words import Told

_ROWS = ("new", "known", "conflicts", "held")
_COLUMNS = ("entries", "households", "persons")
_LINES, _WARNINGS = 5, 14


class ArrivalCard(Card):
    """The chosen file; ``toggled()`` asks to take it in after all, or to skip it."""

    toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        head = QHBoxLayout()
        self.name = ShortLabel("", "section")
        self._state = Pill()
        head.addWidget(self.name, 1)
        head.addWidget(self._state)
        self.column.addLayout(head)
        self._file = ShortLabel("", "muted")
        self.add(self._file)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(8))
        self._lines = [words("", "value", wrap=True) for _ in range(_LINES)]
        self._warnings = [words("", "warning", wrap=True) for _ in range(_WARNINGS)]
        self._table = self._counts()
        for part in (*self._warnings, self._table, *self._lines):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self.add(scrolled(inner), 1)
        self.toggle = button(t("arrival.skip_it"), "plain")
        self.toggle.clicked.connect(self.toggled)
        row = QHBoxLayout()
        row.addWidget(self.toggle)
        row.addStretch(1)
        self.column.addLayout(row)

    def show_file(self, title: str, file: str, told: Told, looked: Looked | None) -> None:
        """Show a file; with ``looked`` the numbers too."""
        self.name.setText(title)
        self._file.setText(file)
        self._state.say(told.state, told.tone)
        _fill(self._lines, told.lines)
        _fill(self._warnings, told.warnings)
        self._table.setVisible(looked is not None)
        if looked is not None:
            for name, share in zip(
                _ROWS, (looked.new, looked.known, looked.conflicts, looked.held), strict=True
            ):
                self._show_share(name, share)

    def show_toggle(self, text: str) -> None:
        """Name the button that takes the file in or skips it; empty hides it."""
        self.toggle.setText(text or self.toggle.text())
        self.toggle.setVisible(bool(text))

    def said(self) -> list[str]:
        """Return every line that is shown."""
        return [label.text() for label in (*self._lines, *self._warnings) if not label.isHidden()]

    def _counts(self) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        grid.setVerticalSpacing(theme.px(4))
        grid.addWidget(words(t("arrival.counts"), "label"), 0, 0)
        for column, name in enumerate(_COLUMNS, start=1):
            title = words(t(f"arrival.{name}"), "label")
            title.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(title, 0, column)
        self._cells: dict[tuple[str, str], QLabel] = {}
        for row, name in enumerate(_ROWS, start=1):
            grid.addWidget(words(t(f"arrival.row_{name}"), "value"), row, 0)
            for column, kind in enumerate(_COLUMNS, start=1):
                cell = words("", "value")
                cell.setAlignment(Qt.AlignmentFlag.AlignRight)
                self._cells[name, kind] = cell
                grid.addWidget(cell, row, column)
        grid.setColumnStretch(0, 3)
        for column in range(1, len(_COLUMNS) + 1):
            grid.setColumnStretch(column, 1)
        return table

    def _show_share(self, row: str, share: Share) -> None:
        numbers = (share.entries, share.households, share.persons)
        for kind, number in zip(_COLUMNS, numbers, strict=True):
            self._cells[row, kind].setText(f"{number:,}")


def _fill(labels: list[QLabel], texts: tuple[str, ...]) -> None:
    for number, label in enumerate(labels):
        label.setText(texts[number] if number < len(texts) else "")
        label.setVisible(number < len(texts))
