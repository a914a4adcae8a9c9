"""Draw the program's icon in the forms systems want, from ``babutong.svg``.

    QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/icon/make.py

Writes ``babutong.ico`` beside it (Windows) and ``app/ui/icons/babutong.png`` (the window). Run after a
change of the picture; the results are kept in the repository.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
WINDOW = HERE.parents[1] / "app" / "ui" / "icons" / "babutong.png"
SIZES = (16, 24, 32, 48, 64, 128, 256)


def drawn(size: int) -> Image.Image:
    """Return the icon as a square picture of ``size`` pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(HERE / "babutong.svg")).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(bytes(buffer.data().data())))


def main() -> None:
    """Write both files."""
    pictures = [drawn(size) for size in SIZES]
    pictures[-1].save(
        HERE / "babutong.ico", sizes=[(size, size) for size in SIZES], append_images=pictures[:-1]
    )
    pictures[SIZES.index(64)].save(WINDOW, optimize=True)


if __name__ == "__main__":
    application = QGuiApplication([])
    main()
