"""One value to choose among several: what it is, who wrote it and when, and where it comes from."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui import theme
from app.ui.binding import set_font
from app.ui.icons import pixmap

_HEIGHT = 74


class ValueOption(QAbstractButton):
    """A checkable card with a dot: the value, and two lines about it. ``entry`` names what it stands for."""

    def __init__(self, entry: str, value: str, about: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.value = value
        self._about = about
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip("\n".join((value, *about)))
        self.setAccessibleName(" ".join((value, *about)))

    def sizeHint(self) -> QSize:
        """Override: the height of three lines."""
        return QSize(theme.px(200), theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Override: it may become narrow, then the words end in an ellipsis."""
        return QSize(theme.px(120), theme.px(_HEIGHT))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Override: draw the ring."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: draw the card, the dot and the lines."""
        k = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        edge = k.primary if chosen or self.hasFocus() else k.edge
        painter.setPen(QPen(QColor(edge), 2 if chosen or self.hasFocus() else 1))
        painter.setBrush(QColor(k.tint if chosen else k.card))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(7), theme.px(7))
        self._draw_dot(painter, chosen=chosen)
        left, width = theme.px(42), self.width() - theme.px(52)
        for font, colour, text, top in (
            (theme.font(15, bold=chosen), k.ink, self.value, 6),
            (theme.font(13), k.ink2, self._about[0], 28),
            (theme.font(13), k.muted, self._about[1], 48),
        ):
            set_font(painter, font)
            painter.setPen(QColor(colour))
            short = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
            area = QRectF(left, theme.px(top), width, theme.px(21))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short)

    def _draw_dot(self, painter: QPainter, *, chosen: bool) -> None:
        k, size = theme.tokens(), theme.px(18)
        top = (self.height() - size) // 2
        box = QRectF(theme.px(14), top, size, size)
        painter.setPen(QPen(QColor(k.primary if chosen else k.field), 2))
        painter.setBrush(QColor(k.primary if chosen else k.card))
        painter.drawEllipse(box)
        if chosen:
            inner = theme.px(12)
            at = (size - inner) // 2
            painter.drawPixmap(theme.px(14) + at, top + at, pixmap("check", inner, k.on_primary))
