"""Hands and eyes on the real window: keys and clicks on real widgets, found by the words a person reads.

    robot = Robot(folder, clock)
    with robot.window("village") as hands:
        hands.click("下一步")
        hands.type("区划代码", "990101001201")

File choosers belong to the system; the robot answers them with the paths it was given beforehand. Everything
else, boxes with questions included, is answered with the keyboard or the mouse.
"""

from __future__ import annotations

import faulthandler
import sys
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from app.ui.ask import QtAsk
from app.ui.main_window import MainWindow, look_of
from app.ui.runner import Runner
from app.ui.stylesheet import apply
from app.usecases.clock import FixedClock
from app.wiring.door import Entrance

W = TypeVar("W", bound=QWidget)
PATIENCE_MS = 20_000
STEP_MS = 20


class Files(QtAsk):
    """The real boxes of the program; only the system's file choosers are answered from a list."""

    answers: list[Path]

    def open_file(self, title: str, pattern: str) -> Path | None:
        return self.answers.pop(0)

    def open_files(self, title: str, pattern: str) -> tuple[Path, ...]:
        chosen, self.answers[:] = tuple(self.answers), []
        return chosen

    def save_file(self, title: str, suggested: str, pattern: str) -> Path | None:
        return self.answers.pop(0)

    def folder(self, title: str) -> Path | None:
        return self.answers.pop(0)


class Hands:
    """Works one window."""

    def __init__(self, window: MainWindow, runner: Runner, answers: list[Path]) -> None:
        self.window = window
        self.answers = answers
        self.crashed: list[object] = []
        runner.crashed.connect(self.crashed.append)
        # A bug in a slot must end the story at once.
        sys.excepthook = lambda _kind, error, _trace: self.crashed.append(error)
        self._busy = 0
        runner.busy.connect(self._on_busy)

    def _on_busy(self, number: int) -> None:
        self._busy = number

    # --- looking ---------------------------------------------------------------------------------------------------

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait for something to come true; a bug in a worker or a slot ends the story."""
        waited = 0
        while not self.crashed and not holds():
            if waited > PATIENCE_MS:
                faulthandler.dump_traceback()  # what the workers are at
                raise AssertionError(f"{what}; on screen: {self.words()}")
            _rest(STEP_MS)
            waited += STEP_MS
        if self.crashed:
            error = self.crashed[0]
            raise AssertionError(what) from (error if isinstance(error, BaseException) else None)

    def settle(self) -> None:
        """Wait until no work is under way and what it brought is shown."""
        _rest(30)
        self.until(lambda: self._busy == 0, "work goes on for ever")
        _rest(30)

    def words(self) -> str:
        """Return everything that can be read on the window now."""
        return " | ".join(
            text
            for widget in self._all(QWidget)
            for text in [_text(widget)]
            if text and isinstance(widget, QLabel | QAbstractButton | QLineEdit)
        )

    def sees(self, text: str) -> None:
        """Wait until ``text`` can be read."""
        self.until(lambda: text in self.words(), f"never read {text!r}")

    def _all(self, kind: type[W]) -> list[W]:
        top = QApplication.activeModalWidget() or self.window
        found = [widget for widget in top.findChildren(kind) if widget.isVisible()]
        # From the top left on, as a person reads.
        return sorted(found, key=lambda widget: widget.mapTo(top, QPoint()).toTuple()[::-1])

    def find(self, kind: type[W], text: str, nth: int = 0) -> W:
        """Wait for the widget that is enabled and called ``text``, or else begins with it."""
        found: list[W] = []

        def look() -> bool:
            usable = [widget for widget in self._all(kind) if widget.isEnabled()]
            found[:] = [w for w in usable if text in _names(w)] or [
                w for w in usable if any(name.startswith(text) for name in _names(w))
            ]
            return len(found) > nth

        self.until(look, f"no {kind.__name__} called {text!r}")
        return found[nth]

    # --- acting ----------------------------------------------------------------------------------------------------

    def click(self, text: str, nth: int = 0) -> None:
        """Click a button, or mark a box, with the mouse."""
        button = self.find(QAbstractButton, text, nth)
        _show(button)
        at = button.rect().center()
        if button.rect().width() > 60 and not button.property("kind"):
            at = QPoint(min(12, button.rect().center().x()), button.rect().center().y())
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        self.settle()

    def then_click(self, text: str, act: Callable[[], None]) -> None:
        """Do ``act``, which opens a box, and click ``text`` in it."""
        self.in_box(lambda: self.click(text), act)

    def in_box(self, inside: Callable[[], None], act: Callable[[], None]) -> None:
        """Do ``act``, which opens a box of the program's own, and ``inside`` while it is open."""
        failed: list[BaseException] = []
        timer = QTimer()

        def look() -> None:
            if QApplication.activeModalWidget() is None:
                return
            timer.stop()
            try:
                inside()
            except BaseException as error:  # noqa: BLE001 -- raised again outside the box's own loop
                failed.append(error)
                QApplication.activeModalWidget().close()

        timer.timeout.connect(look)
        timer.start(50)
        act()
        timer.stop()
        if failed:
            raise failed[0]

    def menu(self, button: str, entry: str) -> None:
        """Open a menu with the mouse and take an entry of it."""
        opener = self.find(QAbstractButton, button)
        failed: list[str] = []
        timer = QTimer()

        def look() -> None:
            menu = QApplication.activePopupWidget()
            if not isinstance(menu, QMenu):
                return
            timer.stop()
            found = [action for action in menu.actions() if entry in action.text()]
            if found:
                at = menu.actionGeometry(found[0]).center()
                QTest.mouseClick(menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
            else:
                failed.extend(action.text() for action in menu.actions())
                menu.close()

        timer.timeout.connect(look)
        timer.start(50)
        QTest.mouseClick(opener, Qt.MouseButton.LeftButton)
        self.until(lambda: not timer.isActive(), f"no menu behind {button!r}")
        assert not failed, (entry, failed)
        self.settle()

    def field(self, label: str, nth: int = 0) -> QWidget:
        """Return the input with this label."""
        kinds = (QLineEdit, QPlainTextEdit, QComboBox)
        found: list[QWidget] = []

        def look() -> bool:
            usable = [w for w in self._all(QWidget) if isinstance(w, kinds) and w.isEnabled()]
            usable = [w for w in usable if not isinstance(w.parent(), QComboBox)]
            found[:] = [w for w in usable if label in _names(w)] or [
                w for w in usable if any(name.startswith(label) for name in _names(w))
            ]
            return len(found) > nth

        self.until(look, f"no field called {label!r}")
        return found[nth]

    def type(self, label: str, text: str, nth: int = 0) -> None:
        """Click into a field and type: what is not ASCII comes as from an input method."""
        widget = self.field(label, nth)
        _show(widget)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.keys(widget, text)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
        self.settle()

    def keys(self, widget: QWidget, text: str) -> None:
        """Type into a widget that has the focus."""
        if text.isascii():
            QTest.keyClicks(widget, text)
            return
        composed = QInputMethodEvent()
        composed.setCommitString(text)
        QApplication.sendEvent(widget, composed)

    def pick(self, label: str, choice: str, nth: int = 0) -> None:
        """Choose from a list with the arrow keys."""
        box = self.field(label, nth)
        assert isinstance(box, QComboBox), label
        _show(box)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Home)
        for _ in range(box.count()):
            if box.currentText().startswith(choice):
                break
            QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentText().startswith(choice), (label, choice, box.currentText())
        self.settle()

    def choose(self, label: str, choice: str) -> None:
        """Answer a question with its choices side by side, or in a list when they are many."""
        name = f"{label} {choice}"
        if any(w for w in self._all(QAbstractButton) if any(n.startswith(name) for n in _names(w))):
            self.click(name)
        else:
            self.pick(label, choice)

    def row(self, text: str) -> None:
        """Click the row of a list or table in which ``text`` stands."""

        def look() -> bool:
            return any(self._cell(view, text) is not None for view in self._all(QAbstractItemView))

        self.until(look, f"no row with {text!r}")
        for view in self._all(QAbstractItemView):
            rect = self._cell(view, text)
            if rect is not None:
                QTest.mouseClick(
                    view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rect.center()
                )
                self.settle()
                return

    @staticmethod
    def _cell(view: QAbstractItemView, text: str) -> QRect | None:
        model = view.model()
        if model is None:
            return None
        for row in range(min(model.rowCount(), 400)):
            for column in range(model.columnCount()):
                index = model.index(row, column)
                if text in str(index.data() or ""):
                    view.scrollTo(index)
                    return view.visualRect(index)
        return None

    def press(self, key: Qt.Key, control: bool = False) -> None:
        """Press a key wherever the focus is."""
        mods = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(QApplication.focusWidget() or self.window, key, mods)
        self.settle()


class Robot:
    """Opens windows over workspaces, one after another, as the program's entry point does."""

    def __init__(self, app: QApplication, folder: Path, clock: FixedClock) -> None:
        self._app = app
        self.folder = folder
        self.clock = clock

    @contextmanager
    def window(self, name: str) -> Generator[Hands]:
        """Start the program for a workspace folder and close it at the end."""
        entrance = Entrance(self.clock, self.folder / name)
        door = entrance.door()
        apply(self._app, look_of(door.looks()))
        writes, reads = ThreadPoolExecutor(max_workers=1), ThreadPoolExecutor(max_workers=2)
        runner = Runner(writes, reads)
        answers: list[Path] = []

        def asker(over: QWidget) -> Files:
            ask = Files(over)
            ask.answers = answers
            return ask

        window = MainWindow(door, runner, asker)
        window.resize(1366, 728)
        window.show()
        assert QTest.qWaitForWindowActive(window, PATIENCE_MS), (
            "a window manager must give the window the focus"
        )
        hands = Hands(window, runner, answers)
        try:
            yield hands
            hands.settle()
        except BaseException:
            window.grab().save(str(self.folder / "failed.png"))
            raise
        finally:
            sys.excepthook = sys.__excepthook__
            window.close()
            window.deleteLater()  # or every further window is slower: all that live are dressed anew
            _rest(STEP_MS)
            writes.shutdown(wait=True)
            reads.shutdown(wait=True, cancel_futures=True)
            entrance.close()


def _rest(milliseconds: int) -> None:
    """Let the event loop run; unlike ``QTest.qWait`` it leaves the interpreter to the workers meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _text(widget: QWidget) -> str:
    return str(widget.text()) if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else ""


def _names(widget: QWidget) -> Sequence[str]:
    return [name.replace("&", "").strip() for name in (_text(widget), widget.accessibleName()) if name]


def _show(widget: QWidget) -> None:
    """Scroll as the wheel would until the widget can be clicked."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea) and hasattr(parent, "ensureWidgetVisible"):
            parent.ensureWidgetVisible(widget, 0, 60)
        parent = parent.parentWidget()
