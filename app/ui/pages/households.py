"""All households of the area, with or without a case: seek one, add one, bring in a roster."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.region import is_within
from app.queries.household_list import ListQuery, Sort
from app.ui import theme
from app.ui.models.household_list import Column, HouseholdListModel
from app.ui.parts.buttons import button
from app.ui.parts.chips import Chips
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.header import Header
from app.ui.parts.household_view import HouseholdView
from app.ui.parts.page import Page
from app.ui.parts.status_bar import StatusBar
from app.ui.parts.words import rule, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QPushButton

    from app.domain.changes import Changes
    from app.queries.board import ScopeName
    from app.queries.household_list import Chip, ChipCount
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner

_COLUMNS = (Column.CODE, Column.HEAD, Column.SIZE, Column.GROUP, Column.TAGS, Column.STEP, Column.PERSON)


class HouseholdsPage(Page):
    """A list in household order; Enter opens a household."""

    help_key = "households.list_help"

    def __init__(self, desk: Desk, runner: Runner, _ask: Ask) -> None:
        super().__init__()
        self._desk, self._runner = desk, runner
        self._query = ListQuery(scope=desk.place.scope, sort=Sort.CODE)
        self.header = Header(t("households.list_title"))
        self.header.show_person(desk.person.name if desk.person else "")
        self.header.show_places([(desk.place.scope, desk.place.name)], desk.place.scope)
        self.header.show_saved(t("board.saved"))
        self.model = HouseholdListModel(desk.home.ids, desk.home.lines, runner, self)
        self.list = HouseholdView()
        self.list.show_model(self.model)
        self.list.want(_COLUMNS)
        self.chips = Chips()
        self.open = button(t("households.open"))
        self.rounds = button(t("households.rounds"), "plain", "calendar")
        self.bring = button(t("households.import"), "plain", "upload")
        self.new = button(t("households.new"), "primary", "plus")
        self._total = words("", "muted")
        self._empty = EmptyState("users")
        self._empty_bring = button(t("households.import"), "primary", "upload", large=True)
        self._empty_new = button(t("households.new"), "plain", "plus", large=True)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def show_for(self, subject: object = None) -> None:
        """Read anew; a text as subject is sought."""
        if isinstance(subject, str):
            self.header.search.setText(subject)
            self._query = replace(self._query, text=subject)
        self._runner.read(self._desk.home.scopes, self._on_scopes, lane=(id(self), "scopes"))
        self._read()
        self.list.setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Read again what is shown."""
        if changes.touched:
            self.header.show_saved(t("board.saved_at", time=self._desk.now().strftime("%H:%M")))
            self._read()

    def focus_search(self) -> bool:
        """Put the cursor into the search box."""
        self.header.search.setFocus()
        self.header.search.selectAll()
        return True

    def escape(self) -> bool:
        """Clear the search first."""
        if not self.header.search.text():
            return False
        self.header.search.clear()
        self.list.setFocus()
        return True

    def offers(self, names: frozenset[str]) -> None:
        """Show only buttons that lead somewhere."""
        for name, part in self._ways():
            part.setVisible(name in names)

    def _ways(self) -> tuple[tuple[str, QPushButton], ...]:
        """Return the pages the buttons lead to."""
        return (
            ("import_roster", self.bring),
            ("import_roster", self._empty_bring),
            ("household_new", self.new),
            ("household_new", self._empty_new),
            ("rounds", self.rounds),
        )

    def _lay_out(self) -> None:
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(theme.px(20), theme.px(16), theme.px(20), theme.px(14))
        inner.addWidget(self._card())
        hints = ((("↑", "↓"), "board.key_move"), (("Enter",), "board.key_open"), (("F1",), "board.key_help"))
        status = StatusBar([(keys, t(meaning)) for keys, meaning in hints])
        status.show_state(t("board.local"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(body, 1)
        column.addWidget(status)

    def _card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 0, theme.px(3), theme.px(4))
        inside.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(19), theme.px(12), theme.px(12), theme.px(12))
        head.setSpacing(theme.px(10))
        head.addWidget(words(t("households.all"), "section"))
        head.addWidget(self._total)
        head.addWidget(self.chips, 1)
        for part in (self.open, self.rounds, self.bring, self.new):
            head.addWidget(part)
        self._empty.add(self._empty_bring)
        self._empty.add(self._empty_new)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        inside.addLayout(head)
        inside.addWidget(rule())
        inside.addWidget(self._stack, 1)
        return card

    def _connect(self) -> None:
        self.header.sought.connect(self._on_sought)
        self.header.scope_picked.connect(self._on_scope_picked)
        self.header.person_asked.connect(self.go_to)
        self.chips.chosen.connect(self._on_chip_chosen)
        self.model.arrived.connect(self._on_arrived)
        self.list.opened.connect(self._on_opened)
        self.open.clicked.connect(self._on_open)
        for name, part in self._ways():
            part.clicked.connect(partial(self.asked.emit, name, None))

    def _read(self) -> None:
        self.model.set_query(self._query)
        work = partial(self._desk.home.chips, self._query)
        self._runner.read(work, self._on_chips, lane=(id(self), "chips"))

    def _on_arrived(self, total: int) -> None:
        self._total.setText(t("list.total", number=total))
        self.open.setEnabled(total > 0)
        self._stack.setCurrentWidget(self.list if total else self._empty)
        sought = bool(self._query.text)
        if sought:
            self._empty.say(t("list.none"), t("list.none_found"))
        else:
            self._empty.say(t("households.none_yet"), t("households.none_yet_why"))

    def _on_chips(self, counts: tuple[ChipCount, ...]) -> None:
        self.chips.show_counts(counts, self._query.chip)

    def _on_scopes(self, scopes: Sequence[ScopeName]) -> None:
        if scopes:
            self.header.show_places([(s.code, s.name) for s in scopes], self._query.scope)
        inside = [s for s in scopes if s.code != self._query.scope and is_within(self._query.scope, s.code)]
        self.list.want((*_COLUMNS, Column.VILLAGE) if inside else _COLUMNS)

    def _on_sought(self, text: str) -> None:
        if text != self._query.text:
            self._query = replace(self._query, text=text)
            self._read()

    def _on_scope_picked(self, scope: str) -> None:
        self._query = replace(self._query, scope=scope)
        self.show_for()

    def _on_chip_chosen(self, chip: Chip) -> None:
        self._query = replace(self._query, chip=chip)
        self._read()

    def _on_open(self) -> None:
        self._on_opened(self.model.number(max(0, self.list.currentIndex().row())) or 0)

    def _on_opened(self, number: int) -> None:
        line = self.model.line(self.model.row_of(number))
        if line is not None:
            self.asked.emit("household", line.household)
