"""The dark rail at the left: one button per page, settings at the foot."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QLabel, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.binding import set_font
from app.ui.icons import pixmap
from app.ui.texts import t


@dataclass(frozen=True, slots=True)
class RailItem:
    """One entry of the rail: the page it opens, its icon and its two characters."""

    page: str
    icon: str
    label: str
    at_foot: bool = False


class RailButton(QAbstractButton):
    """An icon over a short word; the chosen one stands on a lighter ground."""

    def __init__(self, item: RailItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = item.page
        self._icon = item.icon
        self.setText(item.label)
        self.setAccessibleName(item.label)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Override: 64 x 60 at normal type."""
        return QSize(theme.px(64), theme.px(60))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: draw ground, icon and word."""
        k = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(k.rail_active))
            painter.setOpacity(1.0 if self.isChecked() else 0.5)
            painter.drawRoundedRect(box, theme.px(8), theme.px(8))
            painter.setOpacity(1.0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(k.on_primary), 2))
            painter.drawRoundedRect(box, theme.px(8), theme.px(8))
        colour = k.on_primary if self.isChecked() else k.rail_text
        size = theme.px(22)
        painter.drawPixmap((self.width() - size) // 2, theme.px(9), pixmap(self._icon, size, colour))
        painter.setPen(QColor(colour))
        set_font(painter, theme.font(14, bold=self.isChecked()))
        words = QRect(0, theme.px(33), self.width(), theme.px(24))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())


class Rail(QFrame):
    """The column of rail buttons; ``chosen(page)`` when one is pressed."""

    chosen = Signal(str)

    def __init__(self, items: tuple[RailItem, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self.setFixedWidth(theme.px(80))
        self.setAccessibleName(t("app.rail"))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(8), theme.px(14), theme.px(8), theme.px(10))
        column.setSpacing(theme.px(8))
        mark = QLabel()
        mark.setPixmap(pixmap("shield", theme.px(30), theme.tokens().on_primary))
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(mark)
        column.addSpacing(theme.px(10))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        for item in (i for i in items if not i.at_foot):
            column.addWidget(self._made(item))
        column.addStretch(1)
        for item in (i for i in items if i.at_foot):
            column.addWidget(self._made(item))
        self._group.buttonClicked.connect(self._on_clicked)

    def show_chosen(self, page: str) -> None:
        """Mark the entry of ``page``; pages without an entry leave the mark where it is."""
        for button in self._group.buttons():
            if isinstance(button, RailButton) and button.page == page:
                button.setChecked(True)

    def _made(self, item: RailItem) -> RailButton:
        button = RailButton(item)
        self._group.addButton(button)
        return button

    def _on_clicked(self, button: QAbstractButton) -> None:
        if isinstance(button, RailButton):
            self.chosen.emit(button.page)
