"""The strip that stays in view while a township writes for a village (代录)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.ui import theme
from app.ui.icons import pixmap
from app.ui.parts.buttons import button
from app.ui.parts.words import words
from app.ui.texts import t


class ProxyStrip(QFrame):
    """Names the village written for; ``left()`` by the way back to the own desk."""

    left = Signal()

    def __init__(self, village: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("proxy")
        k = theme.tokens()
        self.setStyleSheet(
            f"#proxy {{ background: {k.amber_tint}; border: 0; border-bottom: 1px solid {k.amber}; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(20), theme.px(4), theme.px(12), theme.px(4))
        row.setSpacing(theme.px(10))
        sign = QLabel()
        sign.setPixmap(pixmap("pencil", theme.px(18), k.amber))
        self.back = button(t("app.proxy_back"), "plain", "arrow_left")
        self.back.clicked.connect(self.left)
        row.addWidget(sign)
        row.addWidget(words(t("app.proxy", village=village), "label"), 1)
        row.addWidget(self.back)
