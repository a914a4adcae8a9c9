"""An input for a sensitive field: a mask and ``显示`` until the value was asked for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.choices import CodeInput, CodesInput, FlagInput
from app.ui.parts.inputs import LineInput, LongInput
from app.ui.texts import t

PlainField = LineInput | LongInput | CodeInput | CodesInput | FlagInput
"""The inputs a value is typed or chosen in."""


class MaskedInput(QWidget):
    """Holds the field's own input and hides it behind a mask; ``reveal_asked()`` when it shall be shown.

    While masked its value is "" and means nothing: ask ``is_masked`` first.
    """

    left_field = Signal()
    reveal_asked = Signal()

    def __init__(self, inner: PlainField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inner = inner
        self._shade = QWidget()
        self.mask_box = QLineEdit()
        self.mask_box.setReadOnly(True)
        self.reveal = button(t("app.reveal"), "plain", "eye")
        self.reveal.clicked.connect(self.reveal_asked)
        row = QHBoxLayout(self._shade)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        row.addWidget(self.mask_box, 1)
        row.addWidget(self.reveal)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._shade)
        column.addWidget(inner)
        inner.left_field.connect(self.left_field)
        self.show_clear()

    def is_masked(self) -> bool:
        """Tell whether the value is hidden."""
        return self.inner.isHidden()

    def hide_behind(self, text: str) -> None:
        """Hide the value behind a mask."""
        self.inner.set_value("")
        self.mask_box.setText(text)
        self.inner.hide()
        self._shade.show()
        self.setFocusProxy(self.reveal)

    def show_clear(self) -> None:
        """Show the input."""
        self._shade.hide()
        self.inner.show()
        self.setFocusProxy(self.inner)

    def value(self) -> int | str:
        """Return the value of the input, "" while it is hidden."""
        return "" if self.is_masked() else self.inner.value()

    def set_value(self, value: int | str) -> None:
        """Show a value in the clear."""
        self.show_clear()
        self.inner.set_value(value)

    def problem(self) -> str:
        """Return what is wrong with the text."""
        return "" if self.is_masked() else self.inner.problem()

    def show_state(self, state: str) -> None:
        """Colour the box."""
        self.inner.show_state(state)

    def setAccessibleName(self, name: str) -> None:  # noqa: N802
        """Override: mask, button and input carry the name."""
        super().setAccessibleName(name)
        self.mask_box.setAccessibleName(name)
        self.reveal.setAccessibleName(t("detail.reveal", label=name))
        self.inner.setAccessibleName(name)
