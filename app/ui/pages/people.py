"""The people of this computer: a list, and beside it adding one, a passphrase, what somebody does."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.calendar import CHINA
from app.domain.ids import Kind
from app.ui import theme
from app.ui.desks.papers import PREVIEW
from app.ui.desks.people import Newcomer, PeopleDesk
from app.ui.parts.buttons import button
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import LOCK, SWITCH, Page
from app.ui.parts.page_frame import Card, PageFrame, card_column
from app.ui.parts.people_cards import DutyCard, NewPersonCard, PassphraseCard
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import Changes
    from app.domain.document import Paper
    from app.queries.people import Colleague
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner

_SIDE = 470


class PeopleCard(Card):
    """The list with what can be done with the one chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.add(words(t("people.who"), "section"))
        self.add(words(t("people.who_why"), "muted", wrap=True))
        columns = (
            TableColumn(t("people.name"), 8),
            TableColumn(t("people.position"), 6),
            TableColumn(t("people.phone"), 6),
            TableColumn(t("people.unlocks"), 5),
            TableColumn(t("people.last_used"), 8),
        )
        self.table = RowsTable(t("people.who"), columns)
        self.add(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        self.use = button(t("people.use"), "plain", "person")
        self.stop = button(t("people.disable"))
        self.same = button(t("people.same"), "plain")
        self.same.hide()
        for part in (self.use, self.stop, self.same):
            row.addWidget(part)
        row.addStretch(1)
        self.column.addLayout(row)


class PeoplePage(Page):
    """Whoever is chosen at the left is changed at the right."""

    help_key = "people.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._desk, self._runner, self._ask = desk, runner, ask
        self._people_desk = desk.group(PeopleDesk)
        self._people: dict[str, Colleague] = {}
        self._me = desk.person.id if desk.person else ""
        self.frame = PageFrame(t("people.title"))
        self.frame.show_title(t("people.title"), desk.place.name)
        self.frame.hide_footer()
        self.lock = button(t("people.menu_lock"), "plain", "lock")
        self.switch = button(t("people.menu_switch"), "plain", "users")
        self.handover = button(t("handover.title"), "plain")
        self.frame.add_right(self.handover)
        self.frame.add_right(self.lock)
        self.frame.add_right(self.switch)
        self.list = PeopleCard()
        self.duty, self.passphrase, self.new = DutyCard(), PassphraseCard(), NewPersonCard()
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(self.list, 1)
        row.addWidget(card_column(_SIDE, self.passphrase, self.duty, self.new))
        self.frame.add(body, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self._connect()

    def _connect(self) -> None:
        self.frame.back_asked.connect(self.left)
        self.lock.clicked.connect(partial(self.go_to, LOCK))
        self.handover.clicked.connect(partial(self.go_to, "handover"))
        self.switch.clicked.connect(partial(self.go_to, SWITCH))
        self.list.table.current_changed.connect(self._on_current)
        self.list.use.clicked.connect(self._on_use)
        self.list.stop.clicked.connect(self._on_stop)
        self.list.same.clicked.connect(self._on_same)
        self.duty.wanted.connect(self._on_duty)
        self.passphrase.wanted.connect(self._on_passphrase)
        self.new.wanted.connect(self._on_new)
        for card in (self.passphrase, self.new):
            card.pair.asked.connect(partial(self._on_suggest, card))
            card.pair.print_asked.connect(partial(self._on_print, card))

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Read who there is."""
        for card in (self.passphrase, self.new):
            card.clear()
        self._read()

    def on_changed(self, changes: Changes) -> None:
        """Read again when people changed."""
        if changes.has(Kind.PERSON):
            self._read()

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go through the marked fields."""
        for form in (self.passphrase.form, self.duty.form, self.new.form):
            if form.problems():
                form.next_problem(backwards=backwards)
                return

    def _read(self) -> None:
        self._runner.read(self._people_desk.people, self._on_people, lane=(id(self), "people"))

    def _on_people(self, people: Sequence[Colleague]) -> None:
        self._people = {one.id: one for one in people}
        chosen = self.list.table.current_key()
        self.list.table.show_rows([TableRow(one.id, self._cells(one)) for one in people])
        if chosen not in self._people:
            chosen = self._me
        self.list.table.choose(chosen)
        self._on_current(chosen)

    def _cells(self, one: Colleague) -> tuple[str, ...]:
        if not one.active:
            unlocks = t("people.disabled")
        else:
            unlocks = t("people.unlocks_own") if one.can_unlock else t("people.unlocks_no")
        name = t("people.me", name=one.name) if one.id == self._me else one.name
        return (name, one.position, one.phone, unlocks, _moment(one.last_used))

    def _current(self) -> Colleague | None:
        return self._people.get(self.list.table.current_key())

    def _on_current(self, key: str) -> None:
        one = self._people.get(key)
        other = one is not None and one.id != self._me
        self.list.use.setEnabled(other and one is not None and one.active)
        self.list.stop.setEnabled(other)
        self.list.same.setVisible(one is not None and self._may_be_me(one))
        active = one is None or one.active
        self.list.stop.setText(t("people.disable") if active else t("people.enable"))
        self.duty.show_person(one)
        self.passphrase.show_person(one, own=one is not None and one.id == self._me)

    def _may_be_me(self, one: Colleague) -> bool:
        """Tell whether somebody may be the one at the desk, known from an earlier computer."""
        me = self._people.get(self._me)
        alike = me is not None and me.first and one.name == me.name and one.id != me.id
        return alike and one.active and not one.can_unlock

    def _on_same(self) -> None:
        one = self._current()
        if one is None:
            return
        text = t("people.same_text", name=one.name)
        if self._ask.confirm(t("people.same"), text, t("people.same_verb")):
            self._runner.run(partial(self._people_desk.same, one.id), partial(self._on_united, one.id))

    def _on_united(self, person: str, _changes: Changes) -> None:
        self._runner.run(partial(self._desk.use_person, person), self.desk_opened.emit)

    def _on_use(self) -> None:
        one = self._current()
        if one is None:
            return
        if one.can_unlock:
            self.go_to(SWITCH)
        else:
            self._runner.run(partial(self._desk.use_person, one.id), self.desk_opened.emit)

    def _on_stop(self) -> None:
        one = self._current()
        if one is None:
            return
        if not one.active:
            self._runner.run(partial(self._people_desk.enable, one.id, "", ""), self._on_enabled)
            return
        text = t("people.disable_text", name=one.name)
        if self._ask.confirm(t("people.disable"), text, t("people.disable_verb", name=one.name), danger=True):
            self._runner.run(partial(self._people_desk.disable, one.id), partial(self._on_disabled, one.name))

    def _on_enabled(self, _changes: Changes) -> None:
        self.say(t("people.enabled"))

    def _on_disabled(self, name: str, _changes: Changes) -> None:
        self.say(t("people.disabled_done", name=name))

    def _on_duty(self, position: str, phone: str) -> None:
        one = self._current()
        if one is not None:
            work = partial(self._people_desk.describe, one.id, position, phone or None)
            self._runner.run(work, self._on_described)

    def _on_described(self, _changes: Changes) -> None:
        self.say(t("people.described"))

    def _on_passphrase(self, new: str, own: str) -> None:
        one = self._current()
        if one is None:
            return
        if one.id == self._me and one.can_unlock:
            work = partial(self._people_desk.change_own, own, new)
        else:
            work = partial(self._people_desk.reset, one.id, new, own)
        self._runner.run(work, partial(self._on_passphrase_set, one.name))

    def _on_passphrase_set(self, name: str, _none: None) -> None:
        self.passphrase.clear()
        self._read()
        self.say(t("people.passphrase_set", name=name))

    def _on_new(self, new: Newcomer) -> None:
        self._runner.run(partial(self._people_desk.add, new), partial(self._on_added, new.name))

    def _on_added(self, name: str, _changes: Changes) -> None:
        self.new.clear()
        self.say(t("people.added", name=name))

    def _on_suggest(self, card: PassphraseCard | NewPersonCard) -> None:
        self._runner.read(self._people_desk.suggest, card.pair.show_suggested)

    def _on_print(self, card: PassphraseCard | NewPersonCard) -> None:
        suggested = card.pair.suggested
        if suggested is not None:
            work = partial(self._people_desk.sheet, card.person_name(), suggested)
            self._runner.read(work, self._on_sheet)

    def _on_sheet(self, paper: Paper) -> None:
        self.asked.emit(PREVIEW, paper)


def _moment(text: str) -> str:
    """Return the day of a moment in China, a dash for never."""
    return datetime.fromisoformat(text).astimezone(CHINA).date().isoformat() if text else "—"
