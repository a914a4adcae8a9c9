"""Parts of the pages of enrolment: the eight digits in large type, numbered steps, two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.page_frame import Card, scrolled
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.desks.enrol import Granted

_HALF = 4


def grouped(code: str) -> str:
    """Return eight digits in two groups, as they are read aloud."""
    return f"{code[:_HALF]} {code[_HALF:]}".strip()


class CodeLabel(QLabel):
    """Eight digits large enough to be compared across a desk."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        k = theme.tokens()
        self.setStyleSheet(f"font-size: {theme.px(44)}px; font-weight: 700; color: {k.primary};")
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAccessibleName(t("enrol.own_code"))

    def show_code(self, code: str) -> None:
        """Show other digits."""
        self.setText(grouped(code))


class Steps(QWidget):
    """Numbered sentences."""

    def __init__(self, texts: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(12))
        grid.setColumnStretch(1, 1)
        for row, text in enumerate(texts):
            number = words(str(row + 1), "section")
            number.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
            number.setFixedWidth(theme.px(24))
            grid.addWidget(number, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words(text, "value", wrap=True), row, 1, Qt.AlignmentFlag.AlignTop)


def released(granted: Granted) -> str:
    """Tell what became of the packages that waited; nothing when none did."""
    text = ""
    if granted.packages:
        text += t("enrol.released", packages=granted.packages, entries=granted.entries)
    if granted.failed:
        text += t("enrol.not_released", packages=granted.failed)
    return text


def page_body(left: QWidget, right: QWidget) -> QWidget:
    """Return two cards side by side; in each of them all can be reached in large type, too."""
    body = QWidget()
    row = QHBoxLayout(body)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(14))
    for side in (left, right):
        row.addWidget(_reachable(side) if isinstance(side, Card) else side, 1)
    return body


def _reachable(card: Card) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(card)
    return scrolled(holder)
