"""Small pictures of kept photos."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap


def thumbnail(data: bytes, side: int) -> QPixmap:
    """Return a small picture that fills a square of ``side`` pixels; a null one for what is no picture."""
    image = QImage.fromData(data)
    if image.isNull():
        return QPixmap()
    filled = image.scaled(
        side,
        side,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    left, top = (filled.width() - side) // 2, (filled.height() - side) // 2
    return QPixmap.fromImage(filled.copy(left, top, side, side))
