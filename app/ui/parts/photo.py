"""Photos made small before they are kept: turned upright, at most 1600 pixels, without hidden data."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap

MAX_SIDE = 1600  # pixels of the longer side
_QUALITY = 82


def shrink(data: bytes) -> bytes:
    """Return a picture as a JPEG of at most ``MAX_SIDE``; what cannot be read is returned as it is.

    Safe in a worker: only ``QImage`` is used. Drawing anew drops where and when it was taken.
    """
    source = QBuffer()
    source.setData(QByteArray(data))
    source.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(source)
    reader.setAutoTransform(True)
    image = reader.read()
    if image.isNull():
        return data
    if max(image.width(), image.height()) > MAX_SIDE:
        image = image.scaled(
            MAX_SIDE,
            MAX_SIDE,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    bare = QImage(image.size(), QImage.Format.Format_RGB32)
    bare.fill(Qt.GlobalColor.white)
    from PySide6.QtGui import QPainter

    painter = QPainter(bare)
    painter.drawImage(0, 0, image)
    painter.end()
    goal = QBuffer()
    goal.open(QIODevice.OpenModeFlag.WriteOnly)
    bare.save(goal, "JPEG", _QUALITY)  # type: ignore[call-overload]  # the stub asks for bytes
    return bytes(goal.data().data())


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
