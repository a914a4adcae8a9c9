"""What a page shows when it has nothing to show: why, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.icons import pixmap
from app.ui.parts.words import words

_WIDTH = 440


class EmptyState(QWidget):
    """An icon, a headline, one sentence and a few buttons, in the middle."""

    def __init__(self, icon: str = "table", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        self._icon = QLabel()
        self._icon.setPixmap(pixmap(icon, theme.px(44), theme.tokens().field))
        self._title = words("", "section")
        self._text = words("", "muted", wrap=True)
        self._text.setFixedWidth(theme.px(_WIDTH))
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.px(10))
        column.addStretch(1)
        for part in (self._icon, self._title, self._text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.px(6))
        column.addLayout(self._row)
        column.addStretch(1)
        self._row.addStretch(1)
        self._row.addStretch(1)

    def say(self, title: str, text: str) -> None:
        """Show other words."""
        self._title.setText(title)
        self._text.setText(text)
        # In the middle of a column a wrapped label gets one line's height unless it insists on more.
        self._text.setFixedHeight(max(0, self._text.heightForWidth(theme.px(_WIDTH))))
        self._text.setVisible(bool(text))

    def add(self, action: QPushButton) -> None:
        """Add a button to the row."""
        self._row.insertWidget(self._row.count() - 1, action)
