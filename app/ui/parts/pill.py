"""A short status in a coloured pill with an icon."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.queries.tone import Tone
from app.ui import theme
from app.ui.binding import set_font
from app.ui.icons import pixmap

_ICONS = {Tone.GREEN: "shield", Tone.AMBER: "clock", Tone.RED: "alert", Tone.BLUE: "info", Tone.NEUTRAL: ""}


class Pill(QWidget):
    """A full-radius pill: icon of the tone and one line of text."""

    def __init__(self, text: str = "", tone: Tone = Tone.GREEN, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._text = ""
        self._tone = tone
        self._icon = ""
        self.say(text, tone)

    def say(self, text: str, tone: Tone, icon: str = "") -> None:
        """Show another text and tone; without text the pill hides itself."""
        self._text, self._tone = text, tone
        self._icon = icon or _ICONS[tone]
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """Return the text shown."""
        return self._text

    def sizeHint(self) -> QSize:
        """Override: the text, the icon and the round ends."""
        metrics = QFontMetrics(theme.font(13))
        lead = theme.px(22) if self._icon else 0
        return QSize(metrics.horizontalAdvance(self._text) + lead + theme.px(26), theme.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: draw the pill."""
        from PySide6.QtCore import Qt

        colour, tint = theme.current().tone(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tint))
        box = QRectF(self.rect())
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        left = theme.px(13)
        if self._icon:
            size = theme.px(16)
            painter.drawPixmap(left, (self.height() - size) // 2, pixmap(self._icon, size, colour))
            left += theme.px(22)
        painter.setPen(QColor(colour))
        set_font(painter, theme.font(13))
        painter.drawText(box.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._text)
