"""Several cards in one place, chosen by chips above them."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button


class Tabs(QWidget):
    """A row of chips and below it the card of the chosen one; with a single card there is no row."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        self._bar = QWidget()
        self._row = QHBoxLayout(self._bar)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(8))
        self._row.addStretch(1)
        self._stack = QStackedWidget()
        column.addWidget(self._bar)
        column.addWidget(self._stack, 1)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.chips: dict[str, QPushButton] = {}
        self._cards: dict[str, QWidget] = {}

    def add(self, name: str, text: str, card: QWidget) -> None:
        """Add a card; the first one is chosen."""
        chip = button(text, "chip")
        chip.setCheckable(True)
        chip.setChecked(not self.chips)
        chip.clicked.connect(partial(self.choose, name))
        self._group.addButton(chip)
        self._row.insertWidget(len(self.chips), chip)
        self._stack.addWidget(card)
        self.chips[name], self._cards[name] = chip, card
        self._bar.setVisible(len(self.chips) > 1)

    def offer(self, name: str, text: str, *, wanted: bool = True) -> None:
        """Name a chip anew, or take it away while there is nothing behind it."""
        self.chips[name].setText(text)
        self.chips[name].setVisible(wanted)
        if not wanted and self.chosen() == name:
            self.choose(next(iter(self.chips)))
        self._bar.setVisible(sum(not chip.isHidden() for chip in self.chips.values()) > 1)

    def choose(self, name: str) -> None:
        """Show a card."""
        self.chips[name].setChecked(True)
        self._stack.setCurrentWidget(self._cards[name])

    def chosen(self) -> str:
        """Return the name of the card shown."""
        return next(name for name, card in self._cards.items() if card is self._stack.currentWidget())
