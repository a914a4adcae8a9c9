"""The rows of a roster: chips for a few, a list with back and forth for many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button, icon_button
from app.ui.parts.flow import FlowLayout
from app.ui.parts.words import words
from app.ui.questionnaire.combos import SearchBox
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CHIPS = 14
"""More rows than this stand in a list to search in."""


class RowStrip(QWidget):
    """``chosen(index)`` when the person asks for another row."""

    chosen = Signal(int)

    def __init__(self, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = what
        self._titles: list[str] = []
        self._at = -1
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._few = QWidget()
        self._flow = FlowLayout(theme.px(8), theme.px(6), self._few)
        self._chips: list[QPushButton] = []
        self._list = self._many()
        column.addWidget(self._few)
        column.addWidget(self._list)

    def _many(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        self.box = SearchBox()
        self.box.setAccessibleName(self._what)
        self.box.setMaximumWidth(theme.px(260))
        self.box.activated.connect(self._on_box)
        self.box.finder.activated.connect(self._on_found)
        self.back = icon_button("arrow_left", t("questionnaire.row_before"))
        self.forth = icon_button("arrow_right", t("questionnaire.row_after"))
        self.back.clicked.connect(self._on_back)
        self.forth.clicked.connect(self._on_forth)
        self._count = words("", "muted")
        for part in (self.back, self.box, self.forth, self._count):
            row.addWidget(part)
        row.addStretch(1)
        return holder

    def show_rows(self, titles: Sequence[str], at: int) -> None:
        """Show other rows; the one at ``at`` is open."""
        self._at = at
        if list(titles) != self._titles:
            self._titles = list(titles)
            many = len(titles) > MOST_CHIPS
            self._few.setVisible(not many)
            self._list.setVisible(many)
            self._show_chips([] if many else titles)
            if many:
                self.box.offer([(str(i), f"{i} {title}") for i, title in enumerate(titles, 1)])
        for index, chip in enumerate(self._chips):
            chip.setChecked(index == at)
        self.box.setCurrentIndex(at)
        self.back.setEnabled(at > 0)
        self.forth.setEnabled(at + 1 < len(titles))
        self._count.setText(t("questionnaire.row_place", number=at + 1, count=len(titles)))
        self.updateGeometry()

    def _show_chips(self, titles: Sequence[str]) -> None:
        while len(self._chips) > len(titles):
            old = self._chips.pop()
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        while len(self._chips) < len(titles):
            chip = button("", "chip")
            chip.setCheckable(True)
            chip.setProperty("row", len(self._chips))
            chip.clicked.connect(self._on_chip)
            self._flow.addWidget(chip)
            self._chips.append(chip)
        for chip, title in zip(self._chips, titles, strict=True):
            if chip.text() != title:
                chip.setText(title)
                chip.setAccessibleName(t("questionnaire.row_of", what=self._what, title=title))
                chip.updateGeometry()

    def _on_chip(self) -> None:
        chip = self.sender()
        if isinstance(chip, QPushButton):
            chip.setChecked(True)
            self.chosen.emit(int(chip.property("row")))

    def _on_box(self, index: int) -> None:
        if index >= 0:
            self.chosen.emit(index)

    def _on_found(self, shown: str) -> None:
        self._on_box(self.box.findText(shown))

    def _on_back(self) -> None:
        self.chosen.emit(self._at - 1)

    def _on_forth(self) -> None:
        self.chosen.emit(self._at + 1)
