"""Strips that stay in view above the pages: writing for a village (代录), or looking at the demonstration."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.ui import theme
from app.ui.icons import pixmap
from app.ui.parts.buttons import button
from app.ui.parts.words import words
from app.ui.texts import t


class Strip(QFrame):
    """A sentence with one button; ``left()`` when the button is pressed."""

    left = Signal()

    def __init__(self, sentence: str, way: tuple[str, str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sign_name, label, icon = way
        self.setObjectName("proxy")
        k = theme.tokens()
        self.setStyleSheet(
            f"#proxy {{ background: {k.amber_tint}; border: 0; border-bottom: 1px solid {k.amber}; }}"
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(20), theme.px(4), theme.px(12), theme.px(4))
        row.setSpacing(theme.px(10))
        sign = QLabel()
        sign.setPixmap(pixmap(sign_name, theme.px(18), k.amber))
        self.back = button(label, "plain", icon)
        self.back.clicked.connect(self.left)
        row.addWidget(sign)
        row.addWidget(words(sentence, "label"), 1)
        row.addWidget(self.back)


class ProxyStrip(Strip):
    """Names the village written for; its button leads back to the own desk."""

    def __init__(self, village: str, parent: QWidget | None = None) -> None:
        way = ("pencil", t("app.proxy_back"), "arrow_left")
        super().__init__(t("app.proxy", village=village), way, parent)


class DemoStrip(Strip):
    """Says that these people are made up; its button begins one's own work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(t("app.demo"), ("play", t("app.demo_start"), "arrow_right"), parent)
