"""The card in the middle: the section's title above, the scrolled page below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button, icon_button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.page_frame import scrolled
from app.ui.parts.words import ShortLabel, rule, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence


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
        self.languages = CodeInput()
        self.languages.setAccessibleName(t("questionnaire.language"))
        self.languages.setMinimumContentsLength(8)
        self.languages.hide()
        self.undo = icon_button("undo", t("questionnaire.undo"))
        self.redo = icon_button("redo", t("questionnaire.redo"))
        self.fold = button("", "chip")
        for part in (
            self._title,
            self.remark,
            words(t("questionnaire.star"), "error"),
            words(t("questionnaire.star_means"), "muted"),
            self.languages,
            self.undo,
            self.redo,
            self.fold,
        ):
            line.addWidget(part, 1 if part is self.remark else 0)
        for part in (self.undo, self.redo):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field being typed in keeps the cursor
        self._pages = QStackedWidget()
        holder = QVBoxLayout()
        holder.setContentsMargins(theme.px(24), theme.px(8), theme.px(10), theme.px(8))
        holder.addWidget(self._pages)
        self._areas: dict[int, QScrollArea] = {}
        column.addWidget(head)
        column.addWidget(rule())
        column.addLayout(holder, 1)

    def offer_languages(self, languages: Sequence[str], active: str) -> None:
        """Offer the form's languages where it has several."""
        named = {"default": t("questionnaire.language_default")}
        if self.languages.count() == 1:  # the line that asks to choose
            self.languages.offer([Choice(code, named.get(code, code)) for code in languages])
            self.languages.removeItem(0)
        self.languages.set_value(active)
        self.languages.setVisible(len(languages) > 1)

    def show_history(self, *, back: bool, forth: bool) -> None:
        """Tell whether there is something to take back, and to do again."""
        self.undo.setEnabled(back)
        self.redo.setEnabled(forth)

    def show_title(self, title: str) -> None:
        """Say which section is open."""
        self._title.setText(title)

    def new_page(self, key: int) -> QWidget:
        """Make an empty page to build in; ``put`` lays out what was built."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.px(6), theme.px(14), theme.px(12))
        column.addStretch(1)
        self._areas[key] = scrolled(inner)
        self._pages.addWidget(self._areas[key])
        return inner

    @staticmethod
    def put(page: QWidget, part: QWidget) -> None:
        """Put what was built into its page, above the stretch."""
        column = page.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(0, part)

    def show_page(self, key: int) -> None:
        """Open a page; its place is remembered when it comes back."""
        self._pages.setCurrentWidget(self._areas[key])

    def drop_pages(self) -> None:
        """Forget all pages: they are built anew in other words."""
        for area in self._areas.values():
            self._pages.removeWidget(area)
            area.deleteLater()
        self._areas.clear()

    def reveal(self, widget: QWidget) -> None:
        """Scroll until a widget of the open page is seen."""
        area = self._pages.currentWidget()
        if isinstance(area, QScrollArea) and area.isAncestorOf(widget):
            area.ensureWidgetVisible(widget, 0, theme.px(80))
