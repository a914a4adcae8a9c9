"""A short confirmation over the page, with undo, that leaves by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN_MS = 8000


class Toast(QFrame):
    """Sits at the bottom of ``over`` for eight seconds; ``撤销`` calls the undo it was given."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("toast")
        k = theme.tokens()
        self.setStyleSheet(
            f"#toast {{ background: {k.ink}; border-radius: {theme.px(7)}px; }}"
            f"#toast QLabel {{ color: {k.card}; }} #toast QPushButton {{ color: {k.card};"
            f" border: 1px solid {k.muted}; background: {k.ink}; font-weight: 700; }}"
            f"#toast QPushButton:focus {{ border: 2px solid {k.card}; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(18), theme.px(6), theme.px(10), theme.px(6))
        row.setSpacing(theme.px(14))
        self._text = words("")
        self._undo = button(t("app.undo"))
        self._undo.clicked.connect(self._on_undo)
        row.addWidget(self._text)
        row.addWidget(self._undo)
        self._back: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self._over = over
        over.installEventFilter(self)
        self.hide()

    def say(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Show ``text``; with ``undo`` there is a button for it."""
        self._text.setText(text)
        self._back = undo
        self._undo.setVisible(undo is not None)
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: keep the place when the page area changes its size."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _on_undo(self) -> None:
        back, self._back = self._back, None
        self.hide()
        if back is not None:
            back()

    def _place(self) -> None:
        self.adjustSize()
        over = self._over
        self.move((over.width() - self.width()) // 2, over.height() - self.height() - theme.px(48))
