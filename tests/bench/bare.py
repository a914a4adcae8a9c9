"""The yardstick: a bare PySide6 window, from process start to its first paint."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


class _Paint(QObject):
    """Ends the program after the first paint of a window."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            sys.stdout.write("painted\n")
            sys.stdout.flush()
            QTimer.singleShot(0, QApplication.quit)
        return False


def main() -> None:
    """Show the window and wait for its paint."""
    app = QApplication(sys.argv)
    window = QMainWindow()
    window.resize(1366, 728)
    label = QLabel("八步通")
    window.setCentralWidget(label)
    paint = _Paint()
    label.installEventFilter(paint)
    window.show()
    app.exec()


main()
