"""The work area of an open workspace: rail, banner, pages, progress and toast; navigation only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.ui.binding import later
from app.ui.desks.checkup import CheckupDesk
from app.ui.pages import registry
from app.ui.parts.banner import Banner
from app.ui.parts.page import LOCK, SWITCH, WATCH, Page
from app.ui.parts.progress_strip import ProgressStrip
from app.ui.parts.proxy_strip import DemoStrip, ProxyStrip
from app.ui.parts.rail import Rail
from app.ui.parts.toast import Toast
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Job, Runner

# Asked for as pages, answered by the window: another workspace.
DEMO = "demo"
_HISTORY = 20
_QUIET_MS = 5000  # after the first page, when the first look around is over


class WorkArea(QWidget):
    """Builds pages on their first visit and goes to and fro between them.

    ``looks_wanted(Looks)``, ``desk_opened(Desk)``, ``seated(Desk, name, subject)``, ``demo_asked()``,
    ``start_asked()`` (begin one's own work), ``switch_asked()``, ``lock_asked()`` and ``watch_asked()`` are
    for the window.
    """

    looks_wanted = Signal(object)
    desk_opened = Signal(object)
    demo_asked = Signal()
    start_asked = Signal()
    seated = Signal(object, str, object)
    switch_asked = Signal()
    lock_asked = Signal()
    watch_asked = Signal()

    def __init__(self, desk: Desk, runner: Runner, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._runner = runner
        self._ask = ask
        self._entries = registry.entries(desk.place.level)
        self._pages: dict[str, Page] = {}
        self._history: list[tuple[str, object]] = []
        self._here: tuple[str, object] = ("", None)
        self._for_window = {
            DEMO: self.demo_asked,
            SWITCH: self.switch_asked,
            LOCK: self.lock_asked,
            WATCH: self.watch_asked,
        }
        self.rail = Rail(registry.rail_items(desk.place.level))
        self.banner = Banner()
        self.proxy = ProxyStrip(desk.proxy_for) if desk.proxy_for else None
        self._stack = QStackedWidget()
        # Ignored, or a hidden page forces the window wider than the screen.
        self._stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.strip = ProgressStrip()
        self._lay_out()
        self.toast = Toast(self._stack)
        self.rail.chosen.connect(self._on_chosen)
        runner.changed.connect(self._on_changed)
        later(self, self._back_up_quietly, _QUIET_MS)

    def _back_up_quietly(self) -> None:
        """Back up what the days before brought, behind the work at hand; only trouble is worth a word."""
        if not self.isVisible():
            return  # closed or locked meanwhile: it is made when the workspace closes
        self._runner.run(self._desk.group(CheckupDesk).daily, self._on_backed_up)

    def _on_backed_up(self, told: str) -> None:
        if told:
            self.banner.show_notice(told)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        if self.proxy is not None:
            right.addWidget(self.proxy)
            self.proxy.left.connect(self._on_proxy_left)
        if self._desk.demo:
            demo = DemoStrip()
            demo.left.connect(self.start_asked)
            right.addWidget(demo)
        right.addWidget(self.banner)
        right.addWidget(self._stack, 1)
        right.addWidget(self.strip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)

    def page(self) -> Page | None:
        """Return the page shown."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    def here(self) -> str:
        """Return the name of the page shown."""
        return self._here[0]

    def place(self) -> tuple[str, object]:
        """Return the page shown and what it is shown for."""
        return self._here

    def rest(self) -> bool:
        """Put what is unfinished on the disk; tell whether all of it is there."""
        done = [page.rest() for page in self._pages.values()]
        return all(done)

    def wake(self) -> None:
        """Let every page read again what somebody else may have gone on with."""
        for page in self._pages.values():
            page.wake()

    def go(self, name: str, subject: object = None, *, remember: bool = True) -> None:
        """Show a page for a subject; the page before is remembered for ``back``."""
        if name in self._for_window:
            self._for_window[name].emit()
            return
        if name not in self._entries:
            self.banner.show_notice(t("app.no_page"))
            return
        leaving = self.page()
        if leaving is not None and not leaving.may_leave():
            return
        if remember and self._here[0] and self._here[0] != name:
            self._history = [*self._history[-_HISTORY:], self._here]
        self._here = (name, subject)
        page = self._built(name)
        self.banner.hide()
        self._stack.setCurrentWidget(page)
        self.rail.show_chosen(name)
        page.show_for(subject)

    def back(self) -> None:
        """Go to the page before; from the first one nowhere."""
        if self._history:
            name, subject = self._history.pop()
            self.go(name, subject, remember=False)

    def _built(self, name: str) -> Page:
        page = self._pages.get(name)
        if page is None:
            page = self._entries[name].build(self._desk, self._runner, self._ask)
            page.offers(frozenset(self._entries) | self._for_window.keys())
            self._connect(page)
            self._pages[name] = page
            self._stack.addWidget(page)
        return page

    def _connect(self, page: Page) -> None:
        page.asked.connect(self.go)
        page.left.connect(self.back)
        page.said.connect(self.toast.say)
        page.noticed.connect(self.banner.show_notice)
        page.waiting.connect(self._on_waiting)
        page.progressed.connect(self.strip.on_progress)
        page.waited.connect(self.strip.finish)
        page.looks_wanted.connect(self.looks_wanted)
        page.desk_opened.connect(self.desk_opened)
        page.seated.connect(self.seated)

    def _on_chosen(self, name: str) -> None:
        self._history.clear()
        self.go(name)

    def _on_changed(self, changes: Changes) -> None:
        for page in self._pages.values():
            page.on_changed(changes)

    def _on_proxy_left(self) -> None:
        if self._desk.leave_proxy is not None:
            self._runner.run(self._desk.leave_proxy, self.desk_opened.emit)

    def _on_waiting(self, job: Job, text: str) -> None:
        self.strip.follow(job, text)
