"""The base of every page: what the window may ask of it and what it may ask of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.changes import Changes

# Asked for as pages, answered by the window: another person, nobody at the desk, another time until then.
SWITCH, LOCK, WATCH = "switch", "lock", "watch"


class Page(QWidget):
    """One screen; built on its first visit and kept.

    ``asked(name, subject)`` asks the window for another page, ``left()`` for the one before,
    ``said(text, undo)`` for a toast (``undo`` a callable or ``None``), ``noticed(text)`` for a
    line in the banner; ``waiting(job, text)``, ``progressed(done, of)`` and ``waited()`` drive
    the progress strip. ``looks_wanted(Looks)`` and ``desk_opened(Desk)`` come from the settings,
    ``seated(Desk, name, subject)`` opens a desk at a page.
    """

    asked = Signal(str, object)
    left = Signal()
    said = Signal(str, object)
    noticed = Signal(str)
    waiting = Signal(object, str)
    progressed = Signal(int, int)
    waited = Signal()
    looks_wanted = Signal(object)
    desk_opened = Signal(object)
    seated = Signal(object, str, object)

    help_key = "app.help"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def show_for(self, subject: object = None) -> None:
        """Fill the page for ``subject`` (an entity id, a query, nothing); called at every visit."""

    def on_changed(self, changes: Changes) -> None:
        """Read again what ``changes`` touched; called while the page exists, visible or not."""

    def focus_search(self) -> bool:
        """Put the cursor into the page's search box; tell whether there is one."""
        return False

    def choose_step(self, number: int) -> None:
        """Go to step ``number`` (1 = first) where the page has a step board."""

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go to the next thing that needs a look (F8, Shift+F8)."""

    def escape(self) -> bool:
        """Take Esc for something of the page's own (an open search); tell whether it was taken."""
        return False

    def offers(self, names: frozenset[str]) -> None:
        """Learn which pages exist, to show only buttons that lead somewhere."""

    def may_leave(self) -> bool:
        """Tell whether the page may be left now; unsaved text is kept in drafts, so mostly yes."""
        return True

    def rest(self) -> bool:
        """Put what is unfinished on the disk before the window is locked; tell whether all of it is there.

        What a page keeps only in its fields stays in them: the page itself is kept.
        """
        return True

    def wake(self) -> None:
        """Read again what somebody else may have gone on with while this page was put aside."""

    def go_to(self, name: str) -> None:
        """Ask for another page."""
        self.asked.emit(name, None)

    def say(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Ask for a toast."""
        self.said.emit(text, undo)
