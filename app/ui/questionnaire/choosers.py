"""Editors of choice questions: radio buttons, a list, boxes to tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from app.ui import theme
from app.ui.parts.choices import Choice as Code
from app.ui.parts.choices import CodeInput, CodesInput
from app.ui.parts.flow import FlowLayout
from app.ui.parts.words import set_property
from app.ui.questionnaire.editors import Editor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.questionnaire.state import Choice

_CLEAR = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})


class RadioEditor(Editor):
    """A few choices side by side; digits choose, Delete clears."""

    def __init__(self) -> None:
        self.holder = QWidget()
        super().__init__(self.holder)
        self._flow = FlowLayout(theme.px(14), 0, self.holder)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QRadioButton] = {}
        self._label = ""
        self._value = ""
        self.stops = ()
        self._group.buttonClicked.connect(self._on_clicked)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Replace the buttons when the choices differ."""
        if [(c.value, c.label) for c in choices] == [(v, b.text()) for v, b in self._buttons.items()]:
            return
        for old in self._buttons.values():
            self._group.removeButton(old)
            old.hide()
            old.deleteLater()
        while self._flow.takeAt(0) is not None:
            pass
        self._buttons = {c.value: self._button(c) for c in choices}
        self.stops = tuple(self._buttons.values())
        self.show_value(self._value)
        self.holder.updateGeometry()

    def show_value(self, text: str) -> None:
        """Mark the chosen one."""
        self._value = text
        self._group.setExclusive(False)
        for value, made in self._buttons.items():
            made.setChecked(value == text)
        self._group.setExclusive(True)

    def show_state(self, state: str) -> None:
        """Mark the buttons."""
        for made in self._buttons.values():
            set_property(made, "state", state)

    def name(self, label: str) -> None:
        """Every button carries the question."""
        self._label = label
        for made in self._buttons.values():
            made.setAccessibleName(f"{label} {made.text()}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: digits choose by position, Delete clears."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        buttons = list(self._buttons.values())
        place = int(event.text()) - 1 if event.text() in set("123456789") else -1
        if 0 <= place < len(buttons):
            buttons[place].setFocus()
            buttons[place].click()
            return True
        if event.key() in _CLEAR and self._value:
            self.show_value("")
            self.edited.emit("")
            return True
        return super().eventFilter(watched, event)

    def _button(self, choice: Choice) -> QRadioButton:
        made = QRadioButton(choice.label)
        made.setProperty("code", choice.value)
        made.setAccessibleName(f"{self._label} {choice.label}")
        made.installEventFilter(self)
        self._group.addButton(made)
        self._flow.addWidget(made)
        made.show()
        return made

    def _on_clicked(self, made: QRadioButton) -> None:
        self._value = str(made.property("code"))
        self.edited.emit(self._value)
        self.left.emit()


class ListEditor(Editor):
    """One of many choices in a list that opens with Alt+Down."""

    def __init__(self) -> None:
        self.box = CodeInput()
        super().__init__(self.box)
        self._value = ""
        self.box.left_field.connect(self._on_chosen)
        self.box.currentIndexChanged.connect(self._on_index)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Replace the list when the choices differ."""
        mine = [(self.box.itemData(i), self.box.itemText(i)) for i in range(1, self.box.count())]
        if mine != [(c.value, c.label) for c in choices]:
            self.box.blockSignals(True)
            self.box.offer([Code(c.value, c.label) for c in choices])
            self.box.set_value(self._value)
            self.box.blockSignals(False)

    def show_value(self, text: str) -> None:
        """Show the chosen one."""
        self._value = text
        self.box.blockSignals(True)
        self.box.set_value(text)
        self.box.blockSignals(False)
        self.box.update()

    def _on_index(self, _index: int) -> None:
        self._tell()

    def _on_chosen(self) -> None:
        self._tell()
        self.left.emit()

    def _tell(self) -> None:
        value = self.box.value()
        if value != self._value:
            self._value = value
            self.edited.emit(value)


class TicksEditor(Editor):
    """Several of a list."""

    def __init__(self) -> None:
        self.boxes = CodesInput()
        super().__init__(self.boxes)
        self._offered: list[tuple[str, str]] = []
        self._label = ""
        self.stops = ()
        self.boxes.left_field.connect(self._on_ticked)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Replace the boxes when the choices differ."""
        wanted = [(c.value, c.label) for c in choices]
        if wanted == self._offered:
            return
        self._offered = wanted
        self.boxes.offer([Code(value, label) for value, label in wanted])
        self.boxes.setAccessibleName(self._label)
        self.stops = tuple(
            self.boxes.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        )
        self.boxes.updateGeometry()

    def show_value(self, text: str) -> None:
        """Tick the chosen ones."""
        self.boxes.set_value(text)

    def show_state(self, state: str) -> None:
        """Mark the boxes."""
        self.boxes.show_state(state)

    def name(self, label: str) -> None:
        """Every box carries the question."""
        self._label = label
        self.boxes.setAccessibleName(label)

    def _on_ticked(self) -> None:
        self.edited.emit(self.boxes.value())
        self.left.emit()
