"""Start the real program and end it after its window was painted for the first time; run by either Python."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

import app.__main__ as program
from app.ui.main_window import MainWindow


class _Paint(QObject):
    """Says so and ends the program."""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Override: the first paint is all there is to see."""
        if event.type() == QEvent.Type.Paint:
            sys.stdout.write("painted\n")
            sys.stdout.flush()
            QTimer.singleShot(0, QApplication.quit)
        return False


class _Watched(MainWindow):
    """The window of the program, watched."""

    def show(self) -> None:
        """Override: watch before anything is shown."""
        self._watch()
        super().show()

    def showMaximized(self) -> None:  # noqa: N802 -- Qt's name
        """Override: as above."""
        self._watch()
        super().showMaximized()

    def _watch(self) -> None:
        self._paint = _Paint()
        self.centralWidget().installEventFilter(self._paint)


vars(program)["MainWindow"] = _Watched
sys.exit(program.main([]))
