"""A face for the screen of a computer that has no Chinese one, as a freshly installed Linux may not."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase

from app import paths
from app.ui import theme

_FACE = "GWHei-8105.ttf"


def ensure_chinese() -> bool:
    """Lend the papers' sans-serif face to the screen when no preferred one is installed; tell whether it was.

    Call it once, after the application is made and before anything is painted.
    """
    if any(QFontDatabase.hasFamily(name) for name in theme.FAMILIES):
        return False
    file = paths.program_dir() / "reports" / "assets" / "fonts" / _FACE
    return QFontDatabase.addApplicationFont(str(file)) >= 0
