"""Inputs for code lists: yes or no, one of a list, several of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QHBoxLayout, QRadioButton, QWidget

from app.ui import theme
from app.ui.binding import clear
from app.ui.desks.choice import Choice
from app.ui.icons import pixmap
from app.ui.parts.flow import FlowLayout
from app.ui.parts.words import set_property
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Choice", "CodeInput", "CodesInput", "FlagInput"]


class CodeInput(QComboBox):
    """One code of a list; the wheel does not change it, so scrolling a page is harmless."""

    left_field = Signal()

    def __init__(self, choices: Sequence[Choice] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.offer(choices)
        self.activated.connect(self._on_activated)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Replace the list and keep the value when it is still there."""
        kept = self.value()
        self.clear()
        self.addItem(t("app.choose"), "")
        for choice in choices:
            self.addItem(choice.label, choice.code)
        self.set_value(kept)

    def value(self) -> str:
        """Return the code chosen; empty for none."""
        return str(self.currentData() or "")

    def set_value(self, value: int | str) -> None:
        """Show a code; one the list no longer has is kept and shown as itself."""
        index = self.findData(str(value))
        if index < 0 and str(value):
            self.addItem(str(value), str(value))
            index = self.count() - 1
        self.setCurrentIndex(max(index, 0))

    def problem(self) -> str:
        """Return nothing: a list cannot be answered wrongly."""
        return ""

    def show_state(self, state: str) -> None:
        """Colour the box: ``error``, ``warning`` or nothing."""
        set_property(self, "state", state)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Override: leave the wheel to the page."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Override: a digit chooses by position."""
        number = event.key() - Qt.Key.Key_0.value
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and 1 <= number <= min(9, self.count() - 1):
            self.setCurrentIndex(number)
            self.left_field.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: draw the arrow, which the style sheet took away."""
        super().paintEvent(event)
        size = theme.px(16)
        painter = QPainter(self)
        arrow = pixmap("chevron_down", size, theme.tokens().ink2)
        painter.drawPixmap(self.width() - size - theme.px(10), (self.height() - size) // 2, arrow)

    def _on_activated(self, _index: int) -> None:
        self.left_field.emit()


class FlagInput(QWidget):
    """Yes or no; neither until one is chosen. 1 and 0 and the arrows choose."""

    left_field = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(18))
        self._yes = QRadioButton(t("app.yes"))
        self._no = QRadioButton(t("app.no"))
        self._group = QButtonGroup(self)
        for part in (self._yes, self._no):
            self._group.addButton(part)
            part.installEventFilter(self)
            row.addWidget(part)
        row.addStretch(1)
        self.setFocusProxy(self._yes)
        self._group.buttonClicked.connect(self._on_clicked)

    def value(self) -> int | str:
        """Return 1, 0 or the empty string."""
        if self._yes.isChecked():
            return 1
        return 0 if self._no.isChecked() else ""

    def set_value(self, value: int | str) -> None:
        """Show 1, 0 or neither."""
        self._group.setExclusive(False)
        self._yes.setChecked(value == 1)
        self._no.setChecked(value == 0)
        self._group.setExclusive(True)

    def problem(self) -> str:
        """Return nothing: it cannot be answered wrongly."""
        return ""

    def show_state(self, state: str) -> None:
        """Mark the words: ``error`` or nothing."""
        for part in (self._yes, self._no):
            set_property(part, "state", state)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """Override: both answers carry the question."""
        super().setAccessibleName(name)
        self._yes.setAccessibleName(f"{name} {self._yes.text()}")
        self._no.setAccessibleName(f"{name} {self._no.text()}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: digits answer."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.text() in "10":
            answer = {"1": self._yes, "0": self._no}.get(event.text())
            if answer is not None:
                answer.setFocus()
                answer.click()
                return True
        return super().eventFilter(watched, event)

    def _on_clicked(self) -> None:
        self.left_field.emit()


class CodesInput(QWidget):
    """Several codes of a list, as check boxes that flow over lines."""

    left_field = Signal()

    def __init__(self, choices: Sequence[Choice] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(theme.px(16), 0, self)
        self._boxes: dict[str, QCheckBox] = {}
        self.offer(choices)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Replace the list and keep what was ticked."""
        kept = self.value()
        clear(self._flow)
        self._boxes = {choice.code: self._box(choice) for choice in choices}
        self.set_value(kept)
        for box in self._boxes.values():
            self.setFocusProxy(box)
            break

    def value(self) -> str:
        """Return the ticked codes, sorted and joined by one space."""
        return " ".join(sorted(code for code, box in self._boxes.items() if box.isChecked()))

    def set_value(self, value: int | str) -> None:
        """Tick the codes of a stored value; one the list no longer has gets a box of its own."""
        codes = str(value).split()
        for code in codes:
            if code not in self._boxes:
                self._boxes[code] = self._box(Choice(code, code))
        for code, box in self._boxes.items():
            box.setChecked(code in codes)

    def problem(self) -> str:
        """Return nothing: it cannot be answered wrongly."""
        return ""

    def show_state(self, state: str) -> None:
        """Mark the boxes: ``error`` or nothing."""
        for box in self._boxes.values():
            set_property(box, "state", state)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """Override: every box carries the question."""
        super().setAccessibleName(name)
        for box in self._boxes.values():
            box.setAccessibleName(f"{name} {box.text()}")

    def _box(self, choice: Choice) -> QCheckBox:
        box = QCheckBox(choice.label)
        box.clicked.connect(self._on_clicked)
        if self.accessibleName():
            box.setAccessibleName(f"{self.accessibleName()} {choice.label}")
        self._flow.addWidget(box)
        return box

    def _on_clicked(self) -> None:
        self.left_field.emit()
