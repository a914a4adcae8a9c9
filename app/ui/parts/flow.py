"""A layout that fills lines from left to right, as words do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Puts its widgets side by side and goes to the next line where the width ends."""

    def __init__(self, gap: int, line_gap: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self._gap = gap
        self._line_gap = line_gap
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        """Override: append an item."""
        self._items.append(item)

    def count(self) -> int:
        """Override: the number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem:  # noqa: N802
        """Override: one item; none past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None  # type: ignore[return-value]  # Qt asks past the end and wants None

    def takeAt(self, index: int) -> QLayoutItem:  # noqa: N802
        """Override: take one item out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None  # type: ignore[return-value]  # Qt takes until None comes

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        """Override: it grows in no direction."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Override: narrower means higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Override: the height the lines need at ``width``."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Override: place the items."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Override: as small as possible."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802
        """Override: room for the widest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self._line_gap, 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x += hint.width() + self._gap
            line = max(line, hint.height())
        return y + line - rect.y()
