"""The line at the bottom: where the data is, a reminder, and the keys that matter now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.ui import theme
from app.ui.binding import clear
from app.ui.icons import pixmap
from app.ui.parts.words import key_cap, words

if TYPE_CHECKING:
    from collections.abc import Sequence

KeyHint = tuple[tuple[str, ...], str]
"""The keys of one hint and what they do: ``(("↑", "↓"), "选户")``."""


class KeyHints(QWidget):
    """A row of key caps with their meaning."""

    def __init__(self, hints: Sequence[KeyHint] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(6))
        self.show_hints(hints)

    def show_hints(self, hints: Sequence[KeyHint]) -> None:
        """Replace the hints."""
        clear(self._row)
        for keys, meaning in hints:
            self._row.addWidget(key_cap(" ".join(keys)))
            self._row.addWidget(words(meaning, "muted"))
            self._row.addSpacing(theme.px(8))


class StatusBar(QFrame):
    """32 pixels: state on the left, keys on the right."""

    def __init__(self, hints: Sequence[KeyHint] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "footer")
        self.setFixedHeight(theme.px(34))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(22), 0, theme.px(14), 0)
        row.setSpacing(theme.px(8))
        self._state = words("", "muted")
        self._icon = QLabel()
        self._icon.setPixmap(pixmap("usb", theme.px(16), theme.tokens().amber))
        self._reminder = words("", "warning")
        self._keys = KeyHints(hints)
        row.addWidget(self._state)
        row.addSpacing(theme.px(14))
        row.addWidget(self._icon)
        row.addWidget(self._reminder)
        row.addStretch(1)
        row.addWidget(self._keys)
        self.remind("")

    def show_state(self, text: str) -> None:
        """Say where the data is and whether all is well."""
        self._state.setText(text)

    def remind(self, text: str) -> None:
        """Show an amber reminder; empty takes it away."""
        self._reminder.setText(text)
        self._reminder.setVisible(bool(text))
        self._icon.setVisible(bool(text))

    def show_hints(self, hints: Sequence[KeyHint]) -> None:
        """Replace the key hints."""
        self._keys.show_hints(hints)
