"""The right panel: computed results, open problems to jump to, last year's answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.binding import maybe
from app.ui.parts.buttons import button
from app.ui.parts.page_frame import scrolled
from app.ui.parts.words import ShortLabel, key_cap, rule, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Hint:
    """One open problem: the question, what is wrong, its path."""

    title: str
    sentence: str
    ref: str


@dataclass(frozen=True, slots=True)
class Live:
    """A computed result worth seeing all the time: its name, value with unit, and arithmetic."""

    title: str
    value: str
    arithmetic: str


class HintButton(QAbstractButton):
    """A problem; a click or Enter goes there."""

    def __init__(self, hint: Hint, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hint = hint
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{hint.title} {hint.sentence}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        column.setSpacing(theme.px(2))
        title = words(hint.title, "error", wrap=True)
        title.setStyleSheet(f"font-weight: 700; font-size: {theme.px(14)}px;")
        said = words(hint.sentence, "muted", wrap=True)
        for part in (title, said):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)

    def sizeHint(self) -> QSize:
        """Override: as the words need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: a red-tinted card."""
        k = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(k.red_tint))
        painter.setPen(QPen(QColor(k.red), 2.0 if self.hasFocus() else 0.6))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(7), theme.px(7))


class HintsPanel(QFrame):
    """``jumped(ref)`` asks for a question, ``reuse_asked()`` for last year's answers."""

    jumped = Signal(str)
    reuse_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFixedWidth(theme.px(262))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(14), theme.px(16), theme.px(14))
        column.setSpacing(theme.px(8))
        self._live = QVBoxLayout()
        self._live.setSpacing(theme.px(2))
        column.addLayout(self._live)
        self._line = rule()
        column.addWidget(self._line)
        head = QHBoxLayout()
        head.addWidget(words(t("questionnaire.hints"), "section"))
        head.addStretch(1)
        head.addWidget(key_cap("F8"))
        head.addWidget(words(t("questionnaire.next_problem"), "muted"))
        column.addLayout(head)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, theme.px(4), 0)
        self._list.setSpacing(theme.px(8))
        self._before = QVBoxLayout()
        self._before.setSpacing(theme.px(6))
        column.addWidget(scrolled(inner), 1)
        self.reuse = button(t("questionnaire.reuse"))
        self.reuse.clicked.connect(self.reuse_asked)
        column.addWidget(self.reuse)
        self._shown: tuple[tuple[Hint, ...], tuple[tuple[str, str], ...]] | None = None
        self._lives: tuple[Live, ...] | None = None
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []

    def count(self) -> int:
        """How many problems are listed."""
        return len(self._shown[0]) if self._shown is not None else 0

    def show_live(self, lives: Sequence[Live]) -> None:
        """Show the computed results."""
        if tuple(lives) == self._lives:
            return
        self._lives = tuple(lives)
        if len(lives) != len(self._rows):
            _empty(self._live)
            self._rows = [self._add_live() for _ in lives]
        for live, (title, value, arithmetic) in zip(lives, self._rows, strict=True):
            title.setText(live.title)
            value.setText(live.value)
            value.setAccessibleName(f"{live.title} {live.value}")
            arithmetic.setText(live.arithmetic)
        self._line.setVisible(bool(lives))

    def _add_live(self) -> tuple[QLabel, QLabel, QLabel]:
        title, value, arithmetic = words("", "label"), words("", "section"), words("", "muted", wrap=True)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(value)
        self._live.addLayout(head)
        self._live.addWidget(arithmetic)
        return title, value, arithmetic

    def show_hints(self, hints: Sequence[Hint], before: Sequence[tuple[str, str]]) -> None:
        """Show the open problems and last year's answers of this section."""
        if (tuple(hints), tuple(before)) == self._shown:
            return
        self._shown = (tuple(hints), tuple(before))
        _empty(self._list)
        for hint in hints:
            made = HintButton(hint)
            made.clicked.connect(self._on_clicked)
            self._list.addWidget(made)
        if not hints:
            self._list.addWidget(words(t("questionnaire.no_problem"), "muted", wrap=True))
        if before:
            self._list.addWidget(rule())
            self._list.addWidget(words(t("questionnaire.last_year"), "section"))
            for label, value in before:
                self._list.addLayout(_pair(label, value))
        self._list.addStretch(1)
        self.reuse.setVisible(bool(before))

    def _on_clicked(self) -> None:
        made = self.sender()
        if isinstance(made, HintButton):
            self.jumped.emit(made.hint.ref)


def _pair(label: str, value: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(ShortLabel(label, "muted"), 1)
    row.addWidget(words(value, "value"))
    return row


def _empty(layout: QVBoxLayout | QHBoxLayout) -> None:
    while (item := maybe(layout.takeAt(0))) is not None:
        widget, inner = maybe(item.widget()), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner, (QVBoxLayout, QHBoxLayout)):
            _empty(inner)
