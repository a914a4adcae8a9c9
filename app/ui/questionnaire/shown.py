"""What is shown and never typed: computed answers, totals to read aloud, notes, foreign kinds of question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.binding import set_font
from app.ui.parts.words import ShortLabel, words
from app.ui.questionnaire.editors import Editor
from app.ui.questionnaire.markdown import plain
from app.ui.questionnaire.numbers import grouped, spoken
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.questionnaire.state import Choice


def _box() -> QWidget:
    k = theme.tokens()
    holder = QWidget()
    holder.setObjectName("computed")
    holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    holder.setStyleSheet(
        f"#computed {{ background: {k.key}; border: 1px solid {k.line}; border-radius: {theme.px(7)}px; }}"
    )
    holder.setMinimumHeight(theme.px(36))
    return holder


class ShownEditor(Editor):
    """A computed answer: shown, kept, never typed; numbers stand at the right as in their lines."""

    def __init__(self, unit: str, *, number: bool = True) -> None:
        holder = _box()
        super().__init__(holder)
        self.stops = ()
        row = QHBoxLayout(holder)
        row.setContentsMargins(theme.px(12), 0, theme.px(12), 0)
        row.setSpacing(theme.px(8))
        self.shown = ShortLabel("", "value")
        set_font(self.shown, theme.font(15, bold=number))
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        self.shown.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self._number = number
        self._labels: dict[str, str] = {}
        row.addWidget(self.shown, 1)
        if unit:
            row.addWidget(words(unit, "muted"))

    def offer(self, choices: Sequence[Choice]) -> None:
        """Learn the words of codes."""
        self._labels = {choice.value: plain(choice.label) for choice in choices}

    def show_value(self, text: str) -> None:
        """Show the value, of a choice its words."""
        if self._labels:
            text = self._labels.get(text) or t("questionnaire.comma").join(
                self._labels.get(code) or code for code in text.split()
            )
        self.shown.setText((grouped(text) if self._number else text) or "—")

    def show_state(self, state: str) -> None:
        """Nothing to colour: the line below says what is wrong."""

    def name(self, label: str) -> None:
        """Name the value."""
        self.shown.setAccessibleName(f"{label} {self.shown.text()}")


class TotalEditor(ShownEditor):
    """A total to read back to the household: large, and in words below."""

    def __init__(self, unit: str) -> None:
        super().__init__("")
        self.widget.setMinimumHeight(theme.px(76))
        row = self.widget.layout()
        while row is not None and row.count():
            row.takeAt(0)
        column = QVBoxLayout()
        column.setContentsMargins(0, theme.px(6), 0, theme.px(6))
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setSpacing(theme.px(6))
        self._unit = unit
        set_font(self.shown, theme.font(26, bold=True))
        self.shown.setProperty("role", "big")
        self.aloud = ShortLabel("", "label")
        self.aloud.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.addWidget(self.shown, 1)
        if unit:
            line.addWidget(words(unit, "label"), 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(line)
        column.addWidget(self.aloud)
        if isinstance(row, QHBoxLayout):
            row.addLayout(column)

    def show_value(self, text: str) -> None:
        """Show the total in both ways."""
        super().show_value(text)
        said = spoken(text)
        self.aloud.setText(f"{said}{self._unit}" if said else "")
        self.aloud.setVisible(bool(said))


class NoteEditor(Editor):
    """Words of the form itself; the label carries them."""

    def __init__(self) -> None:
        super().__init__(QWidget())
        self.widget.hide()
        self.stops = ()

    def show_value(self, text: str) -> None:
        """Show nothing: a note has no answer."""

    def name(self, label: str) -> None:
        """Nothing to name: the words are a label already."""


class ElsewhereEditor(ShownEditor):
    """A kind of question this program does not ask: its answer is shown and kept as it came."""

    def __init__(self) -> None:
        super().__init__("", number=False)

    def said(self) -> str:
        """Why there is nothing to type."""
        return t("questionnaire.elsewhere")
