"""The bar over the board: title, round, place, the search box, the saved pill and the person."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QWidget

from app.queries.tone import Tone
from app.ui import theme
from app.ui.icons import pixmap
from app.ui.parts.buttons import Button, button
from app.ui.parts.page import LOCK, SWITCH
from app.ui.parts.pill import Pill
from app.ui.parts.words import key_cap, set_property, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

DEBOUNCE_MS = 120
_PERSON_PAGES = ((SWITCH, "people.menu_switch"), (LOCK, "people.menu_lock"), ("people", "people.menu_people"))


class SearchBox(QLineEdit):
    """A search box; ``sought(text)`` a moment after the last key."""

    sought = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "search")
        self.setPlaceholderText(t("list.search_hint"))
        self.setAccessibleName(t("list.search"))
        self.setMinimumWidth(theme.px(180))
        self.setMaximumWidth(theme.px(350))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._on_pause)
        self.textChanged.connect(self._on_text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: draw the magnifying glass."""
        super().paintEvent(event)
        size = theme.px(18)
        glass = pixmap("search", size, theme.tokens().ink2)
        QPainter(self).drawPixmap(theme.px(14), (self.height() - size) // 2, glass)

    def _on_text(self, _text: str) -> None:
        self._timer.start()

    def _on_pause(self) -> None:
        self.sought.emit(self.text().strip())


class MenuButton(Button):
    """A quiet button that opens a list of names; ``picked(key)`` when one is taken."""

    picked = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "quiet")
        self._name = name
        self._menu = QMenu(self)
        self._several = False

    def offer(self, entries: Sequence[tuple[str, str]], chosen: str) -> None:
        """Show (key, words) pairs; with fewer than two there is nothing to open."""
        self._menu.clear()
        for key, text in entries:
            action = QAction(text, self._menu)
            action.triggered.connect(partial(self.picked.emit, key))
            self._menu.addAction(action)
        shown = next((text for key, text in entries if key == chosen), "")
        self._several = len(entries) > 1
        self.setMenu(self._menu if self._several else None)  # type: ignore[arg-type]  # Qt takes none to remove it
        set_property(self, "several", "true" if self._several else "false")
        self.setText(shown)
        self.setAccessibleName(f"{self._name} {shown}")
        self.setVisible(bool(shown))
        self.setEnabled(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override: draw the arrow behind the words."""
        super().paintEvent(event)
        if self._several:
            size = theme.px(15)
            arrow = pixmap("chevron_down", size, theme.tokens().ink2)
            QPainter(self).drawPixmap(self.width() - size - theme.px(8), (self.height() - size) // 2, arrow)


class Header(QFrame):
    """``sought(text)``, ``round_picked(id)``, ``scope_picked(code)`` and ``person_asked(page)``."""

    sought = Signal(str)
    round_picked = Signal(str)
    scope_picked = Signal(str)
    person_asked = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "header")
        self.setFixedHeight(theme.px(60))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
        row.setSpacing(theme.px(8))
        self._round = MenuButton(t("board.round"))
        self._place = MenuButton(t("board.place"))
        self.search = SearchBox()
        self._saved = Pill()
        self._person = button("", "primary")
        self._person.setFixedWidth(theme.px(36))
        self._person.setStyleSheet(f"padding: 0; min-height: {theme.px(36) - 2}px;")
        self._person.clicked.connect(self._on_person)
        self.person_menu = self._of_person()
        row.addWidget(words(title, "title"))
        row.addWidget(self._round)
        row.addWidget(self._place)
        row.addStretch(1)
        row.addWidget(self.search, 4)
        row.addWidget(key_cap("Ctrl+K"))
        row.addSpacing(theme.px(4))
        row.addWidget(self._saved)
        row.addWidget(self._person)
        self.search.sought.connect(self.sought)
        self._round.picked.connect(self.round_picked)
        self._place.picked.connect(self.scope_picked)
        self.show_rounds((), "")
        self.show_places((), "")

    def show_rounds(self, rounds: Sequence[tuple[str, str]], chosen: str) -> None:
        """Show the rounds to choose from."""
        self._round.offer(rounds, chosen)

    def show_places(self, places: Sequence[tuple[str, str]], chosen: str) -> None:
        """Show the places to choose from."""
        self._place.offer(places, chosen)

    def show_saved(self, text: str) -> None:
        """Say that everything is on the disk."""
        self._saved.say(text, Tone.GREEN)

    def _of_person(self) -> QMenu:
        menu = QMenu(self)
        for page, key in _PERSON_PAGES:
            action = QAction(t(key), menu)
            action.triggered.connect(partial(self.person_asked.emit, page))
            menu.addAction(action)
        return menu

    def _on_person(self) -> None:
        """Open the list below the button, its right edge at the button's."""
        corner = self._person.mapToGlobal(self._person.rect().bottomRight())
        corner.setX(corner.x() - self.person_menu.sizeHint().width())
        self.person_menu.popup(corner)

    def show_person(self, name: str) -> None:
        """Show who works at the desk."""
        self._person.setText(name[:1])
        self._person.setAccessibleName(t("board.person", name=name))
        self._person.setToolTip(t("board.person", name=name))
