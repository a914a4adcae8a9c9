"""Our own line icons: SVG files tinted with a colour and kept as pixmaps."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_FOLDER = Path(__file__).parent / "svg"
_INK = "#000000"  # the stroke of every file, replaced by the wanted colour


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return (_FOLDER / f"{name}.svg").read_text(encoding="ascii")


@lru_cache(maxsize=256)
def _drawn(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    pixmap = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(0, 0, 0, 0))
    renderer = QSvgRenderer(QByteArray(_source(name).replace(_INK, colour).encode("ascii")))
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def pixmap(name: str, size: int, colour: str) -> QPixmap:
    """Return the icon ``name`` as ``size`` x ``size`` logical pixels in ``colour`` (``#RRGGBB``)."""
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return _drawn(name, size, colour, ratio)


def icon(name: str, size: int, colour: str) -> QIcon:
    """Return the same as an icon for buttons and menus."""
    return QIcon(pixmap(name, size, colour))


def program_icon() -> QIcon:
    """Return the program's own icon, for windows and the task bar."""
    return QIcon(str(_FOLDER.parent / "babutong.png"))


def names() -> tuple[str, ...]:
    """Return the names of all icons, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.svg")))
