"""What ``python -m app --self-check-window`` does: start Qt without a screen and paint, once.

Run in a process of its own by the self-check, because a missing library or plugin ends the whole process.
"""

from __future__ import annotations

import sys


def check_window() -> int:
    """Paint Chinese letters, load what previews and prints; 0 when well, else 1 and a line on stderr."""
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtPdf import QPdfDocument
    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtSvg import QSvgRenderer
    from PySide6.QtWidgets import QApplication, QLabel

    from app.ui.fallback_font import ensure_chinese

    app = QApplication(sys.argv[:1])
    ensure_chinese()
    label = QLabel("八步通 农户")
    label.resize(200, 60)
    image = label.grab().toImage()
    ink = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    problems = {
        "nothing is painted": len(ink) > 1,
        "no Chinese font": _has_chinese(),
        "no PDF view": QPdfDocument(app).pageCount() == 0,
        "no printing": QPrinter().isValid(),
        "no icons": not QSvgRenderer().isValid(),
    }
    wrong = [name for name, well in problems.items() if not well]
    print(*wrong, sep=", ", file=sys.stderr)  # noqa: T201 -- the self-check reads it
    QGuiApplication.quit()
    return int(bool(wrong))


def _has_chinese() -> bool:
    from PySide6.QtGui import QFontDatabase

    return bool(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))
