"""Labelled fields in two or three columns, each with one line below for a hint or what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.binding import below
from app.ui.parts.inputs import NumberInput
from app.ui.parts.words import ShortLabel, set_role, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import Value
    from app.ui.parts.field_input import AnyInput


@dataclass(slots=True, eq=False)
class _Cell:
    input: AnyInput
    line: QLabel
    hint: str
    required: bool
    problem: str = ""
    warning: str = ""


class FormGrid(QWidget):
    """Fields by name; Enter goes to the next one, Shift+Enter back.

    ``edited(name)`` is emitted when a field was left, ``finished()`` by Enter on the last field.
    Nothing here blocks leaving a field; ``problems()`` is asked when the page is sent.
    """

    edited = Signal(str)
    finished = Signal()

    def __init__(self, columns: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(18))
        self._grid.setVerticalSpacing(theme.px(6))
        self._columns = columns
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
            self._grid.setColumnMinimumWidth(column, theme.px(120))
        self._next = (0, 0)
        self._cells: dict[str, _Cell] = {}

    def add(
        self, name: str, label: str, field: AnyInput, *, span: int = 1, required: bool = False, hint: str = ""
    ) -> None:
        """Add a field; it goes to the next line when ``span`` columns are not left in this one."""
        span = min(span, self._columns)
        row, column = self._next
        if column + span > self._columns:
            row, column = row + 1, 0
        line = ShortLabel(hint, "muted")
        cell = _Cell(field, line, hint, required)
        self._cells[name] = cell
        self._grid.addWidget(self._framed(label, cell), row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        self._next = (row, column + span)
        field.setAccessibleName(label)
        field.left_field.connect(_Left(self, name).tell)
        for part in _parts(field):
            part.installEventFilter(self)

    def section(self, title: str, remark: str = "") -> None:
        """Begin a new part of the form with a headline over all columns."""
        row = self._next[0] + (1 if self._next[1] else 0)
        head = QWidget()
        inner = QHBoxLayout(head)
        inner.setContentsMargins(0, theme.px(4) if row else 0, 0, 0)
        inner.setSpacing(theme.px(10))
        inner.addWidget(words(title, "section"))
        inner.addWidget(words(remark, "muted"), 1)
        self._grid.addWidget(head, row, 0, 1, self._columns)
        self._next = (row + 1, 0)

    def field(self, name: str) -> AnyInput:
        """Return the input of a field."""
        return self._cells[name].input

    def values(self) -> dict[str, Value]:
        """Return every field's value by name."""
        return {name: cell.input.value() for name, cell in self._cells.items()}

    def fill(self, values: Mapping[str, Value]) -> None:
        """Show stored values; fields without one are emptied, marks are taken away."""
        for name, cell in self._cells.items():
            cell.input.set_value(values.get(name, ""))
            cell.problem = cell.warning = ""
            self._show_line(cell)

    def set_problem(self, name: str, text: str) -> None:
        """Mark a field red with a sentence that says how to put it right; empty clears it."""
        self._cells[name].problem = text
        self._show_line(self._cells[name])

    def set_warning(self, name: str, text: str) -> None:
        """Mark a field amber; it does not hinder sending."""
        self._cells[name].warning = text
        self._show_line(self._cells[name])

    def check(self) -> tuple[str, ...]:
        """Check every field by itself, mark what is wrong and return the names of those."""
        for cell in self._cells.values():
            cell.problem = _fault(cell)
            self._show_line(cell)
        return self.problems()

    def problems(self) -> tuple[str, ...]:
        """Return the names of the fields marked red."""
        return tuple(name for name, cell in self._cells.items() if cell.problem)

    def next_problem(self, *, backwards: bool = False) -> None:
        """Put the cursor into the next field that is marked."""
        names = [name for name, cell in self._cells.items() if cell.problem or cell.warning]
        if not names:
            return
        here = self._focused()
        order = list(self._cells)
        at = order.index(here) if here in order else (len(order) if backwards else -1)
        ahead = [n for n in names if (order.index(n) < at if backwards else order.index(n) > at)]
        chosen = (ahead or names)[-1 if backwards else 0]
        self.focus(chosen)

    def focus(self, name: str) -> None:
        """Put the cursor into a field."""
        self._cells[name].input.setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: Enter moves on; in a box of several lines only Ctrl+Enter does."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or isinstance(watched, QPushButton):
            return super().eventFilter(watched, event)
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if ctrl != isinstance(watched, QPlainTextEdit):
            return super().eventFilter(watched, event)
        self._step(backwards=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        return True

    def on_left(self, name: str) -> None:
        """Check one field when the cursor left it; only what is written wrongly is marked."""
        cell = self._cells[name]
        cell.problem = cell.input.problem()
        self._show_line(cell)
        self.edited.emit(name)

    def _step(self, *, backwards: bool) -> None:
        names = [
            name for name, cell in self._cells.items() if cell.input.isEnabled() and cell.input.isVisible()
        ]
        here = self._focused()
        at = names.index(here) if here in names else -1
        to = at - 1 if backwards else at + 1
        if 0 <= to < len(names):
            self.focus(names[to])
        elif not backwards:
            self._cells[here].input.clearFocus()
            self.finished.emit()

    def _focused(self) -> str:
        for name, cell in self._cells.items():
            if any(part.hasFocus() for part in _parts(cell.input)):
                return name
        return ""

    def _framed(self, label: str, cell: _Cell) -> QWidget:
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        top = QHBoxLayout()
        top.setSpacing(theme.px(4))
        name = words(label, "label")
        name.setBuddy(cell.input)
        top.addWidget(name)
        if cell.required:
            star = words("*", "error")
            star.setAccessibleName(t("app.required"))
            top.addWidget(star)
        top.addStretch(1)
        column.addLayout(top)
        column.addWidget(cell.input)
        cell.line.setMinimumHeight(theme.px(20))
        column.addWidget(cell.line)
        return frame

    def _show_line(self, cell: _Cell) -> None:
        role = "error" if cell.problem else "warning" if cell.warning else "muted"
        set_role(cell.line, role)
        cell.line.setText(cell.problem or cell.warning or cell.hint)
        cell.input.show_state("" if role == "muted" else role)


class _Left(QObject):
    """Carries the name of a field to the form when it was left."""

    def __init__(self, form: FormGrid, name: str) -> None:
        super().__init__(form)
        self._form = form
        self._name = name

    def tell(self) -> None:
        self._form.on_left(self._name)


def _parts(field: QWidget) -> list[QWidget]:
    return [field, *below(field, QWidget)]


def _fault(cell: _Cell) -> str:
    wrong = cell.input.problem()
    if wrong or not cell.required:
        return wrong
    if cell.input.value() != "":
        return ""
    return t("app.required_number" if isinstance(cell.input, NumberInput) else "app.required_empty")
