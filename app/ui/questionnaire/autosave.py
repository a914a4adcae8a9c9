"""Keeps a form's draft up to date behind the person's back, in order, and tries again when it fails."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable

    Done = Callable[[object], object]
    Failed = Callable[[AppError], object]
    Start = Callable[[Callable[[], None], Done, Failed], object]

QUIET_MS = 200
"""After the last key; together with the writing the draft is there within 300 ms."""

_LONGEST_MS = 1000  # of typing without a pause
_AGAIN_MS = 2000  # between two tries after a failure
_LOST_MS = 15_000  # a write that has not come back by then does not hold up the next


class InOrder:
    """Writes texts, dropping one that comes after a newer one; called from several threads."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._lock = Lock()
        self._last = 0

    def __call__(self, number: int, text: str) -> None:
        """Write the text unless a later number has been written."""
        with self._lock:
            if number > self._last:
                self._write(text)
                self._last = number


class Autosave(QObject):
    """``touch()`` after every change, ``hurry()`` when a field is left, ``flush()`` when the page is.

    ``snapshot()`` gives the draft's text (on this thread), ``write(text)`` keeps it, ``start`` runs work
    elsewhere. ``saved()`` comes after each success, ``failed(AppError)`` at the first failure of several.
    """

    saved = Signal()
    failed = Signal(AppError)

    def __init__(
        self,
        snapshot: Callable[[], str],
        write: Callable[[str], None],
        start: Start,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._snapshot, self._start = snapshot, start
        self._write = InOrder(write)
        self._number = 0
        self._pending = False
        self._flying = False
        self._failing = False
        self._quiet = self._timer(QUIET_MS)
        self._longest = self._timer(_LONGEST_MS)
        self._again = self._timer(_AGAIN_MS)
        self._lost = self._timer(_LOST_MS)

    def _timer(self, wait_ms: int) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(wait_ms)
        made.timeout.connect(self._on_lost if wait_ms == _LOST_MS else self.hurry)
        return made

    @property
    def pending(self) -> bool:
        """Whether something is not kept yet."""
        return self._pending or self._flying

    def touch(self) -> None:
        """Something changed: keep it soon."""
        self._pending = True
        self._quiet.start()
        if not self._longest.isActive():
            self._longest.start()

    def hurry(self) -> None:
        """Keep what changed now, or as soon as the write before it is done."""
        if not self._pending or self._flying:
            return
        self._rest()
        self._flying = True
        self._lost.start()
        work = partial(self._write, self._next(), self._snapshot())
        self._start(work, self._on_done, self._on_failed)

    def flush(self) -> bool:
        """Keep everything before going on; tell whether it worked."""
        if not self.pending and not self._failing:
            return True
        self._rest()
        try:
            self._write(self._next(), self._snapshot())
        except AppError as error:
            self._pending = True
            self._tell(error)
            return False
        self._on_done(None)
        return True

    def stop(self) -> None:
        """Forget what is pending: the form was finished, or is gone."""
        self._rest()
        self._pending = self._failing = False

    def _rest(self) -> None:
        for timer in (self._quiet, self._longest, self._again):
            timer.stop()
        self._pending = False

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _on_done(self, _result: object) -> None:
        self._flying = self._failing = False
        self._lost.stop()
        self.saved.emit()
        if self._pending and not self._quiet.isActive():
            self.hurry()

    def _on_failed(self, error: AppError) -> None:
        self._flying = False
        self._lost.stop()
        self._pending = True
        self._tell(error)
        self._again.start()

    def _on_lost(self) -> None:
        self._flying = False
        self.touch()

    def _tell(self, error: AppError) -> None:
        if not self._failing:
            self._failing = True
            self.failed.emit(error)
