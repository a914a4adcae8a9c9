"""Who sits at the window: it locks itself, another person may sit down, and what each had open is kept.

Locking takes the work area away whole and shows a page that asks for a passphrase. What has begun goes on;
as soon as it is done, and if all that is unfinished lies on the disk, the database is closed and its key
forgotten. The same person finds everything as it was; somebody else begins at the same page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.domain.errors import Refused
from app.ui.binding import later, maybe
from app.ui.desk import LockDesk
from app.ui.idle import IdleWatch, awake_seconds
from app.ui.pages.lock import LockPage
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.ui.desk import Desk
    from app.ui.runner import Runner
    from app.ui.work_area import WorkArea

REST_MS = 500
"""After the last piece of work before the database is closed: a page may have begun another."""

NOTE_MS = 2000
"""After somebody sat down, before it is written into the audit."""

_DIALOGS = 20  # more are not open over one another


class Stage(Protocol):
    """What the window does for this."""

    def put_aside(self) -> WorkArea | None:
        """Take the work area out of the window without deleting it."""
        ...

    def show_area(self, desk: Desk, area: WorkArea) -> None:
        """Show a work area that was put aside."""
        ...

    def show_before(self, page: QWidget) -> None:
        """Show a page in the place of the work area."""
        ...

    def open_desk(self, desk: Desk, page: str = "home", subject: object = None) -> None:
        """Build a work area for a desk."""
        ...


@dataclass(frozen=True, slots=True)
class _Kept:
    desk: Desk
    area: WorkArea


class Sitting(QObject):
    """One for each window; ``seated`` is called with every desk that is shown."""

    def __init__(
        self, window: QWidget, stage: Stage, runner: Runner, now: Callable[[], float] = awake_seconds
    ) -> None:
        super().__init__(window)
        self._window, self._stage, self._runner = window, stage, runner
        self.watch = IdleWatch(window, now)
        self.watch.due.connect(self.lock)
        runner.busy.connect(self._on_busy)
        self._kept: dict[str, _Kept] = {}
        self._before: _Kept | None = None
        self._desk: Desk | None = None
        self._arrived = ""
        self._may_close = False
        self.locked = False
        self._copied_here = False
        QGuiApplication.clipboard().dataChanged.connect(self._on_copied)

    def seated(self, desk: Desk) -> None:
        """Take note of who is at the desk now, and watch for nobody being there."""
        self._desk = desk
        native = maybe(self._window.windowHandle())
        if native is not None:
            self.watch.follow(native)
        lock, person = self._lock_desk(), desk.person
        if lock is None or desk.demo:
            self.watch.stop()
            return
        if person is not None and person.id != self._arrived:
            later(self, partial(self._note, person.id), NOTE_MS)
        self.rewatch()

    def _note(self, person: str) -> None:
        """Note who sat down, if they still sit there: not before the first list is on the screen."""
        lock = self._lock_desk()
        here = self._desk.person if self._desk is not None else None
        if lock is not None and here is not None and here.id == person != self._arrived and not self.locked:
            self._arrived = person
            self._runner.run(lock.arrive)

    def rewatch(self) -> None:
        """Watch for as long as the settings now say."""
        lock = self._lock_desk()
        if lock is not None and self._desk is not None and not self._desk.demo:
            self._runner.read(lock.minutes, self.watch.start, lane=(id(self), "minutes"))

    def forget(self) -> None:
        """Let go of what was kept: another workspace is opened."""
        for one in self._kept.values():
            one.area.deleteLater()
        self._kept, self._before, self._arrived = {}, None, ""

    def lock(self) -> None:
        """Lock the window; in the demonstration only say that there is nothing to protect."""
        lock = self._lock_desk()
        if self._desk is None or lock is None or self.locked:
            return
        if self._desk.demo:
            self._runner.failed.emit(Refused("people.demo_open"))
            return
        _dismiss_dialogs()
        safe = self._put_aside()
        if safe is None:
            return
        self.locked, self._may_close, self._arrived = True, safe, ""
        self.watch.stop()
        self._runner.hold()
        self._clear_clipboard()
        self._ask(lock, switching=False)
        self._window.setWindowTitle(t("people.locked_window"))
        self._on_busy(0)

    def switch(self) -> None:
        """Let another person sit down; who gives it up finds everything as it was."""
        lock = self._lock_desk()
        if self._desk is None or lock is None or self.locked:
            return
        if self._desk.demo:
            self._runner.failed.emit(Refused("people.demo_switch"))
        elif self._put_aside() is not None:
            self._ask(lock, switching=True)

    def _lock_desk(self) -> LockDesk | None:
        found = self._desk.groups.get(LockDesk) if self._desk is not None else None
        return found if isinstance(found, LockDesk) else None

    def _put_aside(self) -> bool | None:
        """Take the area away; tell whether all of it is on the disk, None when there is no area."""
        area = self._stage.put_aside()
        if area is None or self._desk is None:
            return None
        self._before = _Kept(self._desk, area)
        if self._desk.person is not None:
            self._kept[self._desk.person.id] = self._before
        return area.rest()

    def _ask(self, lock: LockDesk, *, switching: bool) -> None:
        page = LockPage(lock, self._runner, switching=switching)
        page.opened.connect(self._on_opened)
        page.left.connect(self._on_left)
        self._stage.show_before(page)
        page.passphrase.setFocus()

    def _on_opened(self, desk: Desk) -> None:
        self.locked = self._may_close = False
        before, self._before = self._before, None
        kept = self._kept.pop(desk.person.id, None) if desk.person is not None else None
        if kept is not None and kept is not before and kept.desk.proxy_for:
            # Their seat in a village's place was given up when somebody else sat down.
            kept.area.deleteLater()
            kept = None
        if kept is not None:
            self._stage.show_area(kept.desk, kept.area)
            if kept is not before:
                kept.area.wake()
        else:
            place = before.area.place() if before is not None else ("home", None)
            self._stage.open_desk(desk, *place)
        self._runner.resume()

    def _on_left(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            if before.desk.person is not None:
                self._kept.pop(before.desk.person.id, None)
            self._stage.show_area(before.desk, before.area)

    def _on_busy(self, open_jobs: int) -> None:
        if self._may_close and not open_jobs:
            later(self, self._close, REST_MS)

    def _close(self) -> None:
        lock = self._lock_desk()
        if lock is not None and self._may_close and self._runner.idle:
            self._may_close = False
            self._runner.run(lock.lock)

    def _on_copied(self) -> None:
        """Not every system tells whose the contents are: what comes while our window has the keys is ours."""
        self._copied_here = maybe(QGuiApplication.focusWindow()) is not None

    def _clear_clipboard(self) -> None:
        """Take away what was copied from this program; what another program put there is not ours."""
        clipboard = QGuiApplication.clipboard()
        if clipboard.ownsClipboard() or self._copied_here:
            clipboard.clear()
        if clipboard.supportsSelection() and clipboard.ownsSelection():
            clipboard.clear(QClipboard.Mode.Selection)


def _dismiss_dialogs() -> None:
    """Cancel every box and menu that is open over the window: they would show over the lock."""
    for find in (QApplication.activePopupWidget, QApplication.activeModalWidget):
        for _ in range(_DIALOGS):
            shown = maybe(find())
            if shown is None:
                break
            close = shown.reject if isinstance(shown, QDialog) else shown.close
            close()
