"""A label of the form's own words: Markdown, and more lines where one does not hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.questionnaire.markdown import has_marks, plain, rich

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


class WordLabel(QLabel):
    """Wraps only while its words need it: a page of labels that all might wrap is slow to lay out."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self._source: str | None = None

    def say(self, text: str) -> None:
        """Show a text of the form."""
        if text == self._source:
            return
        self._source = text
        dressed = has_marks(text)
        self.setTextFormat(Qt.TextFormat.RichText if dressed else Qt.TextFormat.PlainText)
        self.setText(rich(text) if dressed else text)
        self._fit()

    def said(self) -> str:
        """The words without marks."""
        return plain(self._source or "")

    def minimumSizeHint(self) -> QSize:
        """Override: a few letters are enough, more lines hold the rest."""
        return QSize(self.fontMetrics().horizontalAdvance("国") * 2, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: the width decides whether one line is enough."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        words = self.said()
        long = "\n" in (self._source or "") or self.fontMetrics().horizontalAdvance(words) > self.width()
        if long != self.wordWrap():
            self.setWordWrap(long)
