"""The program itself: start to the unlock page; then key in hand to the board and the first list page.

Prints one JSON line when each is painted: {"unlock": …} at once, then {"home": seconds, …}.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication

from app.ui.main_window import MainWindow, look_of
from app.ui.runner import Runner
from app.ui.stylesheet import apply
from app.usecases.clock import FixedClock
from app.wiring.door import Entrance
from app.wiring.warm import warm_up
from tests.bench.names import KEY_FILE, NOW


def say(**facts: float | str | bool) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


class _FirstPaint(QObject):
    """Calls back once a window was painted for the first time."""

    def __init__(self, then: object) -> None:
        super().__init__()
        self._then = then

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._then is not None:
            then, self._then = self._then, None
            QTimer.singleShot(0, then)
        return super().eventFilter(watched, event)


class Session:
    """One start of the program."""

    def __init__(self, folder: Path, only_unlock: bool) -> None:
        self.folder = folder
        self.only_unlock = only_unlock
        self.entrance = Entrance(FixedClock(NOW), folder)
        door = self.entrance.door()
        apply(QApplication.instance(), look_of(door.looks()))
        self.reads = ThreadPoolExecutor(2)
        self.runner = Runner(ThreadPoolExecutor(1), self.reads)
        self.window = MainWindow(door, self.runner)
        self.window.resize(1366, 728)
        self.paint = _FirstPaint(self.on_unlock_painted)
        self.window.centralWidget().installEventFilter(self.paint)
        self.window.show()
        self.began = 0.0

    def on_unlock_painted(self) -> None:
        heavy = {"sqlalchemy", "alembic", "openpyxl", "reportlab", "PIL", "pypinyin", "pyxform"}
        say(unlock=True, heavy=" ".join(sorted(heavy & set(sys.modules))))
        if self.only_unlock:
            QApplication.quit()
            return
        # The passphrase is being typed: the rest loads beside the window, as in the program.
        self.reads.submit(warm_up).result()
        QTimer.singleShot(50, self.open)

    def open(self) -> None:
        key = bytes.fromhex((self.folder / KEY_FILE).read_text())
        self.began = time.perf_counter()
        desk = self.entrance.enter(key, "")
        if desk.person is None:
            desk = desk.use_person(desk.people[0].id)
            self.began = time.perf_counter()
            desk = self.entrance.enter(key, desk.person.id)
        self.window.open_desk(desk)
        self.timer = QTimer()
        self.timer.timeout.connect(self.look)
        self.timer.start(1)

    def look(self) -> None:
        """Wait until the board shows its count and the list its first page."""
        area = self.window.area
        view = area.findChild(QAbstractItemView) if area is not None else None
        model = view.model() if view is not None else None
        if model is None or model.rowCount() == 0 or not model.index(0, 1).data():
            return
        self.timer.stop()
        self.window.grab()
        say(home=time.perf_counter() - self.began, rows=model.rowCount())
        QApplication.quit()


def main() -> None:
    """Run one session: FOLDER [unlock]."""
    app = QApplication(sys.argv[:1])
    session = Session(Path(sys.argv[1]), len(sys.argv) > 2)
    app.exec()
    del session
    sys.stdout.flush()
    # Threads of the executors may still warm up; nothing is being written.
    import os

    os._exit(0)


main()
