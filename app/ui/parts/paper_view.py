"""A PDF on the screen: pages below each other, width fitted or larger, from memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts.buttons import button, icon_button
from app.ui.parts.printing import PdfBytes
from app.ui.parts.words import ShortLabel, rule, words
from app.ui.texts import t

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHBoxLayout as Row

_STEP = 1.2
_SMALLEST, _LARGEST = 0.25, 4.0


class PaperView(QWidget):
    """Title, page numbers and zoom above; the pages below. ``page_shown`` follows the scrolling."""

    page_shown = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pdf: PdfBytes | None = None
        self.view = QPdfView(self)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.view.setAccessibleName(t("preview.pages_name"))
        self.view.setFrameShape(QPdfView.Shape.NoFrame)
        ground = self.view.palette()
        ground.setColor(QPalette.ColorRole.Dark, QColor(theme.tokens().line))
        self.view.setPalette(ground)
        self._title = ShortLabel("", "section")
        self._pages = words("", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar())
        column.addWidget(rule())
        column.addWidget(self.view, 1)
        self.view.pageNavigator().currentPageChanged.connect(self._on_page)

    def show_paper(self, title: str, data: bytes) -> None:
        """Show a PDF from its first page."""
        old, self._pdf = self._pdf, PdfBytes(data, self)
        self.view.setDocument(self._pdf.document)
        if old is not None:
            old.close()
            old.document.deleteLater()
        self._title.setText(title)
        self.fit()
        self.view.verticalScrollBar().setValue(0)
        self._on_page(0)

    def page_count(self) -> int:
        """Return the number of pages."""
        return self._pdf.document.pageCount() if self._pdf is not None else 0

    def fit(self) -> None:
        """Make the page as wide as the view."""
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)

    def larger(self) -> None:
        """Zoom in."""
        self._zoom(_STEP)

    def smaller(self) -> None:
        """Zoom out."""
        self._zoom(1 / _STEP)

    def close_paper(self) -> None:
        """Let the paper go; it may hold what is private."""
        if self._pdf is not None:
            self._pdf.close()

    def _bar(self) -> Row:
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(18), theme.px(8), theme.px(12), theme.px(8))
        row.setSpacing(theme.px(8))
        smaller = icon_button("minus", t("preview.smaller"))
        larger = icon_button("plus", t("preview.larger"))
        fit = button(t("preview.fit"), "quiet")
        for made, slot in ((smaller, self.smaller), (fit, self.fit), (larger, self.larger)):
            made.clicked.connect(slot)
        row.addWidget(self._title, 1)
        row.addWidget(self._pages)
        row.addSpacing(theme.px(12))
        for made in (smaller, fit, larger):
            row.addWidget(made)
        return row

    def _zoom(self, by: float) -> None:
        now = self.view.zoomFactor()
        if self.view.zoomMode() == QPdfView.ZoomMode.FitToWidth:
            now = self._fitted()
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self.view.setZoomFactor(min(max(now * by, _SMALLEST), _LARGEST))

    def _fitted(self) -> float:
        """Return the factor that fits the width; the view keeps its own to itself."""
        points = self._pdf.document.pagePointSize(0).width() if self._pdf is not None else 0.0
        margins = self.view.documentMargins()
        room = self.view.viewport().width() - margins.left() - margins.right()
        inch = self.view.logicalDpiX() / 72
        return room / (points * inch) if points else 1.0

    def _on_page(self, page: int) -> None:
        self._pages.setText(t("preview.page_of", page=page + 1, pages=self.page_count()))
        self.page_shown.emit(page)
