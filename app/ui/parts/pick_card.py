"""A card with households to choose from: how many are ticked, tick all, and the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedWidget

from app.ui import theme
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.page_frame import Card
from app.ui.parts.pick_table import PickColumn, PickRow, PickTable
from app.ui.parts.words import ShortLabel, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget


class PickCard(Card):
    """``changed()`` when a tick or a typed cell changes."""

    changed = Signal()

    def __init__(self, title: str, columns: Sequence[PickColumn], none: str) -> None:
        super().__init__()
        self.head = QHBoxLayout()
        self.head.setSpacing(theme.px(10))
        self.table = PickTable(title, columns)
        self.all = QCheckBox(t("batch.all"))
        self._total = ShortLabel("", "muted")
        self.head.addWidget(words(title, "section"))
        self.head.addWidget(self._total, 1)
        self.head.addWidget(self.all)
        self.column.addLayout(self.head)
        self._empty = EmptyState("users")
        self._empty.say(none, "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self.add(self._stack, 1)
        self.all.clicked.connect(self._on_all)
        self.table.picked.connect(self._on_changed)
        self.table.typed.connect(self.changed)

    def add_to_head(self, part: QWidget) -> None:
        """Add a button beside "tick all"."""
        self.head.addWidget(part)

    def show_rows(self, rows: Sequence[PickRow]) -> None:
        """Show other households."""
        self._stack.setCurrentIndex(0 if rows else 1)
        self.all.setVisible(bool(rows))
        self.table.show_rows(rows)

    def _on_all(self, *, checked: bool = False) -> None:
        self.table.tick_all(on=checked or self.all.isChecked())

    def _on_changed(self) -> None:
        ticked, every = len(self.table.ticked()), self.table.rowCount()
        self._total.setText(t("batch.ticked", number=ticked, of=every) if every else "")
        self.all.setChecked(0 < ticked == every)
        self.changed.emit()
