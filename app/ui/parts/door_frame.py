"""The frame of what comes before the workspace: a card in the middle under the program's name."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.icons import pixmap
from app.ui.parts.page_frame import Card
from app.ui.parts.words import words
from app.ui.texts import t


class DoorFrame(QFrame):
    """A page with one card of ``width`` design pixels; fill ``card``."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(20), theme.px(20), theme.px(20), theme.px(20))
        mark = QLabel()
        mark.setPixmap(pixmap("shield", theme.px(40), theme.tokens().primary))
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        head.addStretch(1)
        head.addWidget(mark)
        head.addWidget(words(t("app.name"), "big"))
        head.addStretch(1)
        self.card = Card()
        self.card.setFixedWidth(theme.px(width))
        self.card.column.setContentsMargins(theme.px(30), theme.px(26), theme.px(30), theme.px(24))
        column.addStretch(2)
        column.addLayout(head)
        column.addSpacing(theme.px(14))
        column.addLayout(_centred(self.card))
        column.addStretch(3)
        column.addLayout(_centred(words(t("unlock.local"), "muted")))


def _centred(part: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(part)
    row.addStretch(1)
    return row
