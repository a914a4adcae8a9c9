"""The home of a workflow: step board, household list and the card of the chosen household."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.queries.household_list import Chip, ListQuery, Sort
from app.ui import theme
from app.ui.desk import StepSubject, Workflow
from app.ui.models.household_list import Column, HouseholdListModel
from app.ui.parts.buttons import button
from app.ui.parts.chips import Chips
from app.ui.parts.detail_card import DetailCard
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.header import Header
from app.ui.parts.household_view import HouseholdView
from app.ui.parts.page import Page
from app.ui.parts.stage_board import StageBoard
from app.ui.parts.status_bar import StatusBar
from app.ui.parts.words import rule, words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from app.domain.changes import Changes
    from app.queries.board import Board, RoundName, ScopeName
    from app.queries.case_card import CaseAction, CaseCard, MaskedField
    from app.queries.household_list import ChipCount
    from app.ui.ask import Ask
    from app.ui.desk import BackupState, Desk
    from app.ui.runner import Runner

_NAG_DAYS = 3
_WIDE = 1180  # of the page, at normal type; below it the card becomes narrower


class HomePage(Page):
    """Shows one workflow of one round; everything else is a page of its own."""

    help_key = "board.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask, workflow: Workflow = Workflow.IDENTIFY) -> None:
        super().__init__()
        self._desk = desk
        self._runner = runner
        self._ask = ask
        self._query = ListQuery(scope=desk.place.scope, workflow=workflow, sort=Sort.DUE)
        self._board: Board | None = None
        self._card: CaseCard | None = None
        self._names: dict[str, str] = {}
        self._may_open_round = False
        self.header = Header(t(f"board.title_{workflow}"))
        self.board = StageBoard()
        self.chips = Chips()
        self.list = HouseholdView()
        self.detail = DetailCard()
        self.status = StatusBar(_hints())
        self._warm = False
        self.model = HouseholdListModel(desk.home.ids, desk.home.lines, runner, self, desk.home.first_ids)
        self.list.show_model(self.model)
        self._lay_out()
        self._connect()
        self.header.show_person(desk.person.name if desk.person else "")
        self.header.show_places([(desk.place.scope, desk.place.name)], desk.place.scope)
        self.header.show_saved(t("board.saved"))
        self.status.show_state(t("board.local"))

    def show_for(self, subject: object = None) -> None:
        """Read everything anew; a ``ListQuery`` as subject replaces step, filter and text."""
        if isinstance(subject, ListQuery):
            self._query = replace(self._query, step=subject.step, chip=subject.chip, text=subject.text)
            self.header.search.setText(subject.text)
        self._read_board()
        self._read_list()
        self._runner.read(self._desk.home.rounds, self._on_rounds, lane=(id(self), "rounds"))
        self._runner.read(self._desk.home.scopes, self._on_scopes, lane=(id(self), "scopes"))
        self._runner.read(self._desk.settings.backup_state, self._on_backup, lane=(id(self), "backup"))
        self.list.setFocus()

    def on_changed(self, changes: Changes) -> None:
        """Read again what is shown."""
        if not changes.touched:
            return
        self.header.show_saved(t("board.saved_at", time=self._desk.now().strftime("%H:%M")))
        self._read_board()
        self._read_list()
        self._read_card()

    def focus_search(self) -> bool:
        """Put the cursor into the search box."""
        self.header.search.setFocus()
        self.header.search.selectAll()
        return True

    def choose_step(self, number: int) -> None:
        """Choose a step of the board, 0 for all."""
        self.board.choose(number)

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go to the next household that is late or has a conflict."""
        model, row = self.model, self.list.currentIndex().row()
        rows = range(row - 1, -1, -1) if backwards else range(row + 1, model.rowCount())
        for at in rows:
            line = model.line(at)
            if line is not None and (line.conflicts or (line.overdue_days or 0) > 0):
                self.list.move_to_row(at)
                return
        self.noticed.emit(t("list.no_problem"))

    def escape(self) -> bool:
        """Clear the search first."""
        if not self.header.search.text():
            return False
        self.header.search.clear()
        self.list.setFocus()
        return True

    def offers(self, names: frozenset[str]) -> None:
        """Show only buttons that lead somewhere."""
        self._new.setVisible("household_new" in names)
        self._print.setVisible("print_list" in names)
        self._may_open_round = "rounds" in names

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Override: the card takes less on a narrow window."""
        super().resizeEvent(event)
        self.detail.setFixedWidth(theme.px(376 if self.width() >= theme.px(_WIDE) else 322))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        body = QVBoxLayout()
        body.setContentsMargins(theme.px(20), theme.px(16), theme.px(20), theme.px(14))
        body.setSpacing(theme.px(14))
        body.addWidget(self.board)
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(14))
        middle.addWidget(self._list_card(), 1)
        middle.addWidget(self.detail)
        body.addLayout(middle, 1)
        column.addLayout(body, 1)
        column.addWidget(self.status)

    def _list_card(self) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 0, theme.px(3), theme.px(4))
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(19), theme.px(12), theme.px(12), theme.px(12))
        head.setSpacing(theme.px(10))
        self._title = words("", "section")
        self._total = words("", "muted")
        self._print = button(t("list.print"), "plain", "printer")
        self._new = button(t("list.new"), "primary", "plus")
        self.returned = button(t("list.returned"), "danger", "undo")
        self.returned.hide()
        for part in (self._title, self._total, self.chips, self.returned, self._print, self._new):
            head.addWidget(part, 1 if part is self.chips else 0)
        self._empty = EmptyState("users")
        self._empty_round = button(t("rounds.new"), "primary", "plus")
        self._empty.add(self._empty_round)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        column.addLayout(head)
        column.addWidget(rule())
        column.addWidget(self._stack, 1)
        return card

    def _connect(self) -> None:
        self.header.sought.connect(self._on_sought)
        self.header.round_picked.connect(self._on_round_picked)
        self.header.scope_picked.connect(self._on_scope_picked)
        self.header.person_asked.connect(self.go_to)
        self.board.step_chosen.connect(self._on_step_chosen)
        self.chips.chosen.connect(self._on_chip_chosen)
        self.list.current_changed.connect(self._on_current_changed)
        self.list.opened.connect(self._on_opened)
        self.model.arrived.connect(self._on_arrived)
        self.detail.action_asked.connect(self._on_action_asked)
        self.detail.reveal_asked.connect(self._on_reveal_asked)
        self.detail.step_asked.connect(self._on_step_asked)
        self.detail.conflicts_asked.connect(partial(self.asked.emit, "conflicts"))
        self.detail.household_asked.connect(partial(self.asked.emit, "household"))
        self.detail.page_asked.connect(self.asked.emit)
        self.detail.history_asked.connect(partial(self.asked.emit, "household_history"))
        self._new.clicked.connect(partial(self.asked.emit, "household_new", None))
        self._print.clicked.connect(self._on_print)
        self.returned.clicked.connect(partial(self.asked.emit, "returned", ""))
        self._empty_round.clicked.connect(partial(self.asked.emit, "rounds", "new"))

    def _read_board(self) -> None:
        query = self._query
        work = partial(self._desk.home.board, query.scope, query.round, query.workflow)
        self._runner.read(work, self._on_board, lane=(id(self), "board"))

    def _read_list(self) -> None:
        self.model.set_query(self._query)
        self._runner.read(
            partial(self._desk.home.chips, self._query), self._on_chips, lane=(id(self), "chips")
        )

    def _read_card(self) -> None:
        line = self.model.line(self.list.currentIndex().row())
        if line is None:
            self.detail.show_nobody()
            return
        work = partial(self._desk.home.card, line.household, line.case)
        self._runner.read(work, self._on_card, lane=(id(self), "card"))

    def _ask_for(self, query: ListQuery) -> None:
        self._query = query
        self._read_list()
        self._show_title()

    def _on_board(self, board: Board) -> None:
        self._board = board
        if not board.households:
            # Read again behind another page it leads nobody away from there.
            if not self.isHidden():
                self.asked.emit("welcome", None)
            return
        self.board.show_board(board)
        self.board.show_chosen(self._query.step)
        self._show_title()

    def _show_title(self) -> None:
        steps = self._board.steps if self._board is not None else ()
        here = next((step for step in steps if step.step == self._query.step), None)
        self._title.setText(here.name if here else t("board.all"))
        several = self._desk.place.scope == self._query.scope and len(self._names) > 1
        wanted = set(Column) - ({Column.STEP} if here else set()) - (set() if several else {Column.VILLAGE})
        if here is None or not here.has_form:
            wanted.discard(Column.FORM)
        self.list.want(tuple(column for column in Column if column in wanted))

    def _on_arrived(self, total: int) -> None:
        if not self._warm and self._desk.home.warm_search is not None:
            self._warm = True
            self._runner.read(self._desk.home.warm_search, _nothing)
        self._total.setText(t("list.total", number=total))
        if total:
            self._stack.setCurrentWidget(self.list)
            self._read_card()
            return
        no_round = self._board is not None and not self._board.round_id
        why = "list.none_found" if self._query.text else "list.no_round" if no_round else "list.none_here"
        self._empty.say(t("list.none"), t(why))
        self._empty_round.setVisible(no_round and self._may_open_round)
        self._stack.setCurrentWidget(self._empty)
        self._card = None
        self.detail.show_nobody()

    def _on_chips(self, counts: tuple[ChipCount, ...]) -> None:
        self.chips.show_counts(counts, self._query.chip)
        if not self._query.step and not self._query.text:
            self.returned.setVisible(any(one.chip is Chip.RETURNED for one in counts))

    def _on_rounds(self, rounds: Sequence[RoundName]) -> None:
        now = self._query.round or (self._board.round_id if self._board else "")
        self.header.show_rounds([(r.id, r.name) for r in rounds], now or (rounds[0].id if rounds else ""))

    def _on_scopes(self, scopes: Sequence[ScopeName]) -> None:
        self._names = {scope.code: scope.name for scope in scopes}
        if scopes:
            self.header.show_places([(s.code, s.name) for s in scopes], self._query.scope)

    def _on_backup(self, state: BackupState) -> None:
        if state.root_open:
            self.status.remind(t("device.root_reminder"))
        elif state.days is None:
            self.status.remind(t("board.never_backed_up"))
        elif state.days < 0:
            self.status.remind(t("board.backup_ahead"))
        else:
            self.status.remind(t("board.backup_old", days=state.days) if state.days > _NAG_DAYS else "")

    def _on_sought(self, text: str) -> None:
        if text != self._query.text:
            self._ask_for(replace(self._query, text=text))

    def _on_round_picked(self, round_id: str) -> None:
        self._query = replace(self._query, round=round_id)
        self.show_for()

    def _on_scope_picked(self, scope: str) -> None:
        self._query = replace(self._query, scope=scope)
        self.show_for()

    def _on_step_chosen(self, step: str) -> None:
        self._ask_for(replace(self._query, step=step, chip=Chip.ALL))

    def _on_chip_chosen(self, chip: Chip) -> None:
        self._ask_for(replace(self._query, chip=chip))

    def _on_current_changed(self, _number: int) -> None:
        self._read_card()

    def _on_card(self, card: CaseCard) -> None:
        self.detail.show_card(card)
        self._card = card

    def _on_opened(self, _number: int) -> None:
        card = self._card
        if card is None:
            return
        if card.next_action is not None:
            self._on_action_asked(card.next_action)
        else:
            self.asked.emit("household", card.household)

    def _on_action_asked(self, action: CaseAction) -> None:
        card = self._card
        if card is None:
            return
        if not action.needs_reason or len(action.targets) > 1:
            # The page of the step has room to ask where to and why.
            subject = StepSubject(card.household, card.case, action.step, action.action)
            self.asked.emit("step", subject)
            return
        text = t("detail.reason_for", head=card.head, action=action.label)
        given = self._ask.grounds(action.label, text, action.reasons, action.targets)
        if given is not None:
            done = partial(self._on_acted, t("detail.acted", head=card.head, action=action.label))
            self._runner.run(partial(self._desk.home.act, card.case, action.action, given), done)

    def _on_acted(self, text: str, _changes: Changes) -> None:
        self.say(text)

    def _on_reveal_asked(self, field: MaskedField) -> None:
        # A write: showing a value in the clear is noted in the audit.
        self._runner.run(partial(self._desk.home.reveal, field), partial(self.detail.show_revealed, field))

    def _on_step_asked(self, step: str) -> None:
        if self._card is not None and self._card.case:
            self.asked.emit("step", StepSubject(self._card.household, self._card.case, step))

    def _on_print(self) -> None:
        self.asked.emit("print_list", self._query)


def _hints() -> tuple[tuple[tuple[str, ...], str], ...]:
    return (
        (("↑", "↓"), t("board.key_move")),
        (("Enter",), t("board.key_open")),
        (("1-8",), t("board.key_steps")),
        (("F1",), t("board.key_help")),
    )


def _nothing(_done: None) -> None:
    """Take the end of work whose result nobody waits for."""
