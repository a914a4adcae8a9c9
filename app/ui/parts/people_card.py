"""The card of the settings about people: the way to their page, and when the window locks itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton

from app.domain.ids import Level
from app.settings import LOCK_MINUTES
from app.ui import theme
from app.ui.binding import maybe
from app.ui.parts.buttons import button
from app.ui.parts.page_frame import Card
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence


class PeopleCard(Card):
    """``page_asked(name)`` for the page of people, ``minutes_wanted(minutes)`` for another time."""

    page_asked = Signal(str)
    minutes_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("people.title"), "section"))
        self._who = words(t("people.card_nobody"), "muted", wrap=True)
        self.add(self._who)
        self.open = button(t("people.menu_people"), "plain", "users")
        self.open.clicked.connect(partial(self.page_asked.emit, "people"))
        row = QHBoxLayout()
        row.addWidget(self.open)
        row.addStretch(1)
        self.column.addLayout(row)
        self._rescuers = words("", "value", wrap=True)
        self.add(self._rescuers)
        self.rescue = button(t("recovery.rescue"), "plain")
        self.rescue.clicked.connect(partial(self.page_asked.emit, "rescue"))
        self.rescue.hide()
        row.insertWidget(1, self.rescue)
        self.column.addSpacing(theme.px(8))
        self.add(words(t("people.minutes"), "label"))
        self._group = QButtonGroup(self)
        choices = QHBoxLayout()
        choices.setSpacing(theme.px(18))
        for minutes in LOCK_MINUTES:
            choice = QRadioButton(t("people.minutes_choice", minutes=minutes))
            self._group.addButton(choice, minutes)
            choices.addWidget(choice)
        choices.addStretch(1)
        self.column.addLayout(choices)
        self.column.addStretch(1)
        self._group.idClicked.connect(self.minutes_wanted)

    def show_people(self, name: str, count: int) -> None:
        """Say who is at the desk and how many work here."""
        self._who.setText(t("people.card_why", name=name, count=count) if name else t("people.card_nobody"))

    def show_rescuers(self, names: Sequence[str], level: Level) -> None:
        """Say who above could help after a forgotten passphrase, and offer to help those below."""
        self.rescue.setVisible(level is not Level.VILLAGE)
        if names:
            self._rescuers.setText(t("recovery.card_by", names="、".join(names)))
        else:
            key = "recovery.card_nobody" if level is Level.VILLAGE else "recovery.card_root"
            self._rescuers.setText(t(key))

    def show_minutes(self, minutes: int) -> None:
        """Show the time in force."""
        chosen = maybe(self._group.button(minutes))
        if chosen is not None:
            chosen.setChecked(True)
