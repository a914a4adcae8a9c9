"""The keys that work everywhere: search, steps, back, help, next problem."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from app.ui.parts.page import LOCK, SWITCH
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.ui.work_area import WorkArea

_STEPS = 9


class Actions(QObject):
    """Puts actions with shortcuts into a window; they act on the work area it has at that moment.

    A digit typed into a field never arrives here: Qt offers it to the field first.
    """

    def __init__(self, window: QWidget, area: Callable[[], WorkArea | None]) -> None:
        super().__init__(window)
        self._window = window
        self._area = area
        self._add("search", "Ctrl+K", self._on_search)
        self._add("back", "Esc", self._on_back)
        self._add("help", "F1", self._on_help)
        self._add("next_problem", "F8", partial(self._on_problem, backwards=False))
        self._add("previous_problem", "Shift+F8", partial(self._on_problem, backwards=True))
        self._add("lock", "Ctrl+L", partial(self._on_window, LOCK))
        self._add("switch", "Ctrl+Shift+L", partial(self._on_window, SWITCH))
        for number in range(_STEPS + 1):
            self._add("step", str(number), partial(self._on_step, number))

    def _add(self, name: str, keys: str, slot: Callable[[], None]) -> None:
        action = QAction(t(f"app.action_{name}"), self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(slot)
        self._window.addAction(action)

    def _on_search(self) -> None:
        area = self._area()
        page = area.page() if area is not None else None
        if area is None or page is None:
            return
        if not page.focus_search():
            area.go("home")
            home = area.page()
            if home is not None:
                home.focus_search()

    def _on_back(self) -> None:
        area = self._area()
        if area is None:
            return
        page = area.page()
        if not area.banner.isHidden():
            area.banner.hide()
        elif page is None or not page.escape():
            area.back()

    def _on_help(self) -> None:
        area = self._area()
        page = area.page() if area is not None else None
        if area is not None and page is not None:
            area.banner.show_notice(t(page.help_key))

    def _on_problem(self, *, backwards: bool) -> None:
        area = self._area()
        page = area.page() if area is not None else None
        if page is not None:
            page.next_problem(backwards=backwards)

    def _on_window(self, name: str) -> None:
        area = self._area()
        if area is not None:
            area.go(name)

    def _on_step(self, number: int) -> None:
        area = self._area()
        page = area.page() if area is not None else None
        if page is not None:
            page.choose_step(number)
