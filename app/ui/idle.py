"""Notices that nobody has touched keyboard, mouse or screen for some minutes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from app.ui.binding import maybe

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

LOOK_MS = 5000
"""Between two looks at the clock: a lock may come that much late."""

_MINUTE_S = 60
_KINDS = QEvent.Type
# A pointer that only moves may be a table that shakes; it counts, as a reader follows lines with it.
_TOUCHES = frozenset(
    {
        _KINDS.KeyPress,
        _KINDS.MouseButtonPress,
        _KINDS.MouseMove,
        _KINDS.Wheel,
        _KINDS.TouchBegin,
        _KINDS.TabletPress,
        _KINDS.InputMethod,
    }
)


def awake_seconds() -> float:
    """Return seconds of a clock that nobody can set and that goes on while the computer sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class IdleWatch(QObject):
    """``due()`` when no window of the program got input for the minutes given to ``start``.

    It looks at native windows only: what goes to every widget would cost each of them a call.
    ``now`` gives seconds.
    """

    due = Signal()

    def __init__(self, window: QWidget, now: Callable[[], float] = awake_seconds) -> None:
        super().__init__(window)
        self._now = now
        self._limit = 0.0
        self._last = now()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._on_window)

    @property
    def watching(self) -> bool:
        """Whether it is on."""
        return self._limit > 0

    def start(self, minutes: int) -> None:
        """Watch from now on."""
        self._limit = float(minutes * _MINUTE_S)
        self._last = self._now()
        self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._limit = 0.0
        self._timer.stop()

    def look(self) -> bool:
        """Say ``due`` if it is time; tell whether it was."""
        if not self.watching or self._now() - self._last < self._limit:
            return False
        self.stop()
        self.due.emit()
        return True

    def follow(self, window: QWindow) -> None:
        """Take input to a native window as a sign of somebody there."""
        window.removeEventFilter(self)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Override: note input; the first touch after too long a time, as after sleep, only locks."""
        if event.type() in _TOUCHES:
            if self.look():
                return True
            self._last = self._now()
        return super().eventFilter(watched, event)

    def _on_window(self, window: QWindow) -> None:
        found = maybe(window)
        if found is not None:
            self.follow(found)
