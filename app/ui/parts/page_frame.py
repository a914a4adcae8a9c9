"""The frame of a working page: title bar with back, body, sticky footer with keys and buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.queries.tone import Tone
from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.pill import Pill
from app.ui.parts.status_bar import KeyHints
from app.ui.parts.words import ShortLabel, rule, set_property
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.parts.status_bar import KeyHint


class PageFrame(QWidget):
    """Back, title, subtitle and pill above; the body; key caps, buttons and the one primary below.

    ``back_asked`` comes from the back button, ``primary_asked`` from the primary button.
    """

    back_asked = Signal()
    primary_asked = Signal()

    def __init__(self, title: str = "", parent: QWidget | None = None, *, back: bool = True) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._title = ShortLabel(title, "title")
        self._subtitle = ShortLabel("", "muted")
        self._pill = Pill()
        self._right = QHBoxLayout()
        self._buttons = QHBoxLayout()
        self._keys = KeyHints()
        self.primary = button("", "primary")
        self.primary.hide()
        self.primary.clicked.connect(self.primary_asked)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(theme.px(20), theme.px(16), theme.px(20), theme.px(14))
        self._body.setSpacing(theme.px(14))
        column.addWidget(self._top(back=back))
        column.addLayout(self._body, 1)
        self._footer = self._bottom()
        column.addWidget(self._footer)

    def show_title(self, title: str, subtitle: str = "") -> None:
        """Say what the page is about."""
        self._title.setText(title)
        self._subtitle.setText(subtitle)

    def show_pill(self, text: str, tone: Tone = Tone.AMBER) -> None:
        """Show a status beside the title; empty hides it."""
        self._pill.say(text, tone)

    def show_keys(self, hints: Sequence[KeyHint]) -> None:
        """Show the keys that matter on this page."""
        self._keys.show_hints(hints)

    def show_primary(self, text: str, *, enabled: bool = True) -> None:
        """Name the primary button; empty hides it."""
        self.primary.setText(text)
        self.primary.setVisible(bool(text))
        self.primary.setEnabled(enabled)

    def add(self, part: QWidget, stretch: int = 0) -> None:
        """Add a part to the body."""
        self._body.addWidget(part, stretch)

    def add_right(self, part: QWidget) -> None:
        """Add a button or pill at the right of the title bar."""
        self._right.addWidget(part)

    def add_button(self, part: QPushButton) -> None:
        """Add a secondary button to the footer, left of the primary one."""
        self._buttons.addWidget(part)

    def hide_footer(self) -> None:
        """Take the footer away on pages without buttons."""
        self._footer.hide()

    def _top(self, *, back: bool) -> QFrame:
        bar = QFrame()
        bar.setProperty("role", "header")
        bar.setFixedHeight(theme.px(60))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(12 if back else 22), 0, theme.px(20), 0)
        row.setSpacing(theme.px(10))
        if back:
            leave = button(t("app.back"), "quiet", "arrow_left")
            leave.clicked.connect(self.back_asked)
            row.addWidget(leave)
            row.addWidget(rule(vertical=True))
            row.addSpacing(theme.px(6))
        row.addWidget(self._title)
        row.addWidget(self._subtitle)
        row.addSpacing(theme.px(8))
        row.addWidget(self._pill)
        row.addStretch(1)
        self._right.setSpacing(theme.px(10))
        row.addLayout(self._right)
        return bar

    def _bottom(self) -> QFrame:
        bar = QFrame()
        bar.setProperty("role", "footer")
        bar.setFixedHeight(theme.px(60))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(20), 0, theme.px(20), 0)
        row.setSpacing(theme.px(10))
        row.addWidget(self._keys)
        row.addStretch(1)
        self._buttons.setSpacing(theme.px(10))
        row.addLayout(self._buttons)
        row.addWidget(self.primary)
        return bar


class Card(QFrame):
    """A white card with a column inside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.px(22), theme.px(18), theme.px(22), theme.px(18))
        self.column.setSpacing(theme.px(10))

    def add(self, part: QWidget, stretch: int = 0) -> None:
        """Add a part at the bottom."""
        self.column.addWidget(part, stretch)


def scrolled(inner: QWidget) -> QScrollArea:
    """Return ``inner`` in an area that scrolls up and down and follows the cursor's field."""
    from PySide6.QtCore import Qt

    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    set_property(inner, "role", "clear")
    area.setWidget(inner)
    area.viewport().setAutoFillBackground(False)
    return area


def card_column(width: int, *cards: QWidget) -> QScrollArea:
    """Return cards one below the other in an area ``width`` design pixels wide that scrolls up and down."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(14))
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    area = scrolled(inner)
    area.setFixedWidth(theme.px(width))
    return area
