"""Labels in the few styles of the house, and a label that shortens itself."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from app.ui.binding import set_font
from app.ui.theme import px

# Qt.TextFormat.PlainText by its number. The name would make Python classes of every enumeration in Qt,
# a tenth of the start; so what the unlock page is made of imports Qt's names only where it uses them.
PLAIN = ("textFormat", 0)


def words(text: str, role: str = "value", *, wrap: bool = False) -> QLabel:
    """Return a label; roles: title big section label muted value error warning."""
    label = QLabel(text)
    label.setProperty("role", role)
    label.setProperty(*PLAIN)
    label.setWordWrap(wrap)
    return label


def set_role(widget: QWidget, role: str) -> None:
    """Change the style of a label or frame that is already on the screen."""
    set_property(widget, "role", role)


def set_property(widget: QWidget, name: str, value: str) -> None:
    """Set a dynamic property and dress the widget anew when it differs."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def rule(*, vertical: bool = False) -> QFrame:
    """Return a hairline."""
    line = QFrame()
    line.setProperty("role", "rule")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


def key_cap(text: str) -> QLabel:
    """Return the picture of a key."""
    from PySide6.QtCore import Qt

    cap = words(text, "key")
    cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
    # Fixed, or the style sheet's background stretches over the whole row.
    cap.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return cap


class ShortLabel(QLabel):
    """A one-line label that ends with an ellipsis when it lacks room and tells all in its tip."""

    def __init__(self, text: str = "", role: str = "value", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("role", role)
        self.setProperty("shortens", True)
        self.setProperty(*PLAIN)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Override: a few characters are enough."""
        return QSize(px(24), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Override: draw what fits."""
        from PySide6.QtCore import Qt

        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        set_font(painter, self.font())
        area = self.contentsRect()
        painter.drawText(area, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), self._fitting())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: the tip is only needed while the text is cut."""
        super().resizeEvent(event)
        self.setToolTip("" if self._fitting() == self.text() else self.text())

    def _fitting(self) -> str:
        from PySide6.QtCore import Qt

        metrics = self.fontMetrics()
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
