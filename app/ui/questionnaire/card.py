"""The card in the middle: the section's title above, the scrolled page below."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button
from app.ui.parts.page_frame import scrolled
from app.ui.parts.words import ShortLabel, rule, words
from app.ui.texts import t


class SectionCard(QFrame):
    """Title, a remark, what the star means, the button of the folded hints; one page at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QWidget()
        head.setFixedHeight(theme.px(56))
        line = QHBoxLayout(head)
        line.setContentsMargins(theme.px(24), 0, theme.px(20), 0)
        line.setSpacing(theme.px(10))
        self._title = words("", "title")
        self.remark = ShortLabel("", "muted")
        self.fold = button("", "chip")
        for part in (
            self._title,
            self.remark,
            words(t("questionnaire.star"), "error"),
            words(t("questionnaire.star_means"), "muted"),
            self.fold,
        ):
            line.addWidget(part, 1 if part is self.remark else 0)
        self._page = QVBoxLayout()
        self._page.setContentsMargins(theme.px(24), theme.px(8), theme.px(10), theme.px(8))
        self._area: QScrollArea | None = None
        column.addWidget(head)
        column.addWidget(rule())
        column.addLayout(self._page, 1)

    def show_page(self, title: str, page: QWidget) -> None:
        """Put another page in place of the one before."""
        self._title.setText(title)
        if self._area is not None:
            self._page.removeWidget(self._area)
            self._area.hide()
            self._area.deleteLater()
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, theme.px(6), theme.px(14), theme.px(12))
        column.addWidget(page)
        column.addStretch(1)
        self._area = scrolled(holder)
        self._page.addWidget(self._area)

    def reveal(self, widget: QWidget) -> None:
        """Scroll until a widget of the page is seen."""
        if self._area is not None and self._area.isAncestorOf(widget):
            self._area.ensureWidgetVisible(widget, 0, theme.px(80))
