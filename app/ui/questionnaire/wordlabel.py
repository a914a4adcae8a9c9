"""A label of the form's own words: Markdown, and more lines where one does not hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.ui import theme
from app.ui.questionnaire.markdown import has_marks, plain, rich
from app.ui.texts import t

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
        self._star = False

    def say(self, text: str, *, star: bool = False) -> None:
        """Show a text of the form; a star after it means that an answer is needed."""
        if (text, star) == (self._source, self._star):
            return
        self._source, self._star = text, star
        dressed = star or has_marks(text)
        shown = rich(text) if dressed else text
        if star:
            shown += f' <span style="color:{theme.tokens().red}">{t("questionnaire.star")}</span>'
        self.setTextFormat(Qt.TextFormat.RichText if dressed else Qt.TextFormat.PlainText)
        self.setText(shown)
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
        words = self.said() + (" *" if self._star else "")
        long = "\n" in (self._source or "") or self.fontMetrics().horizontalAdvance(words) > self.width()
        if long != self.wordWrap():
            self.setWordWrap(long)
