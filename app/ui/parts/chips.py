"""Quick filters above the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.queries.household_list import Chip
from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.texts import t

if TYPE_CHECKING:
    from app.queries.household_list import ChipCount


class Chips(QWidget):
    """One checkable chip per filter that has lines; ``chosen(Chip)`` when one is pressed."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(8))
        self._row.addStretch(1)
        # The chips that do not fit leave, so the row must not insist on its width.
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._chips: dict[Chip, QPushButton] = {}
        self._group.buttonClicked.connect(self._on_clicked)

    def show_counts(self, counts: tuple[ChipCount, ...], chosen: Chip) -> None:
        """Show the chips with their counts; the chosen one stays even without lines."""
        totals = {count.chip: count.total for count in counts}
        for chip in Chip:
            if (chip in totals or chip is chosen) and chip not in self._chips:
                self._chips[chip] = self._made(chip)
        for chip, made in self._chips.items():
            total = totals.get(chip, 0)
            made.setText(t(f"list.chip_{chip}", number=total))
            made.setProperty("wanted", bool(total) or chip is chosen or chip is Chip.ALL)
            made.setChecked(chip is chosen)
        self._fit()

    def _made(self, chip: Chip) -> QPushButton:
        made = button("", "chip")
        made.setCheckable(True)
        self._group.addButton(made)
        before = sum(list(Chip).index(other) < list(Chip).index(chip) for other in self._chips)
        self._row.insertWidget(before, made)
        return made

    def resizeEvent(self, event: object) -> None:  # noqa: ARG002
        """Override: chips that do not fit leave, the last ones first; the chosen one stays."""
        self._fit()

    def _fit(self) -> None:
        room = self.width()
        wanted = [made for made in self._chips.values() if made.property("wanted")]
        need = {made: made.sizeHint().width() + self._row.spacing() for made in wanted}
        for made in reversed(wanted):
            if sum(need.values()) <= room + self._row.spacing():
                break
            if not made.isChecked():
                need.pop(made)
        for made in self._chips.values():
            made.setVisible(made in need)

    def _on_clicked(self, pressed: QAbstractButton) -> None:
        for chip, made in self._chips.items():
            if made is pressed:
                self.chosen.emit(chip)
