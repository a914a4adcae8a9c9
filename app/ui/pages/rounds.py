"""Rounds (批次): which there are, the line of the open one, and opening the next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.calendar import civil_date
from app.domain.ids import Kind
from app.ui import theme
from app.ui.desks.rounds import RoundsDesk, RoundWish
from app.ui.models.household_list import short_code, yuan
from app.ui.parts.buttons import button
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.field_input import YearInput
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import LineInput, MoneyInput
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame, scrolled
from app.ui.parts.words import words
from app.ui.texts import has, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import Changes
    from app.queries.round import RoundSheet, UnfinishedLine
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.rounds import PackOffer
    from app.ui.runner import Runner

_LIST, _NEW = range(2)
_ROWS_SHOWN = 6


class LinePanel(Card):
    """The line of the chosen round, to set or put right."""

    def __init__(self) -> None:
        super().__init__()
        self._title = words("", "section")
        self._now = words("", "label", wrap=True)
        self.form = FormGrid(3)
        self.form.add("fen", t("field.round.line_fen"), MoneyInput(t("wizard.line_unit")), required=True)
        self.form.add(
            "doc", t("field.round.line_doc"), LineInput(), required=True, hint=t("wizard.line_doc_hint")
        )
        self.save = button(t("rounds.line_save"))
        self.add(self._title)
        self.add(self._now)
        self._why = words("", "muted", wrap=True)
        self.add(self._why)
        row = QHBoxLayout()
        row.addWidget(self.form, 1)
        self.column.addLayout(row)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.save)
        self.column.addLayout(last)

    def show_round(self, one: RoundSheet | None) -> None:
        """Show the line of a round; only an open one of our own can be changed."""
        self.setVisible(one is not None)
        if one is None:
            return
        self._title.setText(t("rounds.line_of", name=one.name))
        self._now.setText(line_words(one))
        self.form.fill({"fen": "" if one.line_fen is None else one.line_fen, "doc": one.line_doc})
        may = one.is_open and one.own
        why = "rounds.line_why" if may else "rounds.line_closed" if one.own else "rounds.line_above"
        self._why.setText(t(why))
        for part in (self.form, self.save):
            part.setVisible(may)


class OpeningPanel(QWidget):
    """The answers a new round needs, and what becomes of the cases that are not finished."""

    def __init__(self) -> None:
        super().__init__()
        self._packs: dict[str, PackOffer] = {}
        self._lines: tuple[UnfinishedLine, ...] = ()
        self.along: dict[str, bool] = {}
        self.form = FormGrid(3)
        self.form.add("name", t("field.round.name"), LineInput(), required=True, hint=t("rounds.name_hint"))
        self.form.add("year", t("field.round.year"), YearInput(t("app.unit_year")), required=True)
        self.form.add("pack", t("field.round.pack"), CodeInput(), required=True)
        self.form.add("fen", t("field.round.line_fen"), MoneyInput(t("wizard.line_unit")))
        self.form.add("doc", t("field.round.line_doc"), LineInput(), hint=t("wizard.line_doc_hint"))
        self.form.edited.connect(self._on_edited)
        self._hint = words("", "muted", wrap=True)
        columns = (
            TableColumn(t("list.column_head"), 3),
            TableColumn(t("list.column_group"), 2),
            TableColumn(t("list.column_code"), 3),
            TableColumn(t("rounds.workflow"), 3),
            TableColumn(t("list.column_step"), 3),
            TableColumn(t("rounds.fate"), 3),
        )
        self.table = RowsTable(t("rounds.unfinished"), columns)
        self.table.setMinimumHeight(theme.px(150))
        self.table.opened.connect(self.turn)
        self.all_along = button(t("rounds.all_along"))
        self.all_closed = button(t("rounds.all_closed"))
        self.turn_one = button(t("rounds.turn"), "plain", "merge")
        self.all_along.clicked.connect(partial(self._turn_all, along=True))
        self.all_closed.clicked.connect(partial(self._turn_all, along=False))
        self.turn_one.clicked.connect(self._on_turn)
        self._lay_out()

    def show_offers(self, packs: Sequence[PackOffer], name: str, year: int) -> None:
        """Begin a new round."""
        self._packs = {pack.ref: pack for pack in packs}
        field = self.form.field("pack")
        if isinstance(field, CodeInput):
            field.offer([Choice(pack.ref, pack.name) for pack in packs])
        first = packs[0]
        line = "" if first.line_fen is None else first.line_fen
        self.form.fill({"name": name, "year": year, "pack": first.ref, "fen": line, "doc": first.line_doc})
        self._show_hint()

    def show_unfinished(self, lines: Sequence[UnfinishedLine]) -> None:
        """Show the cases to decide about; at first all are taken along."""
        self._lines = tuple(lines)
        self.along = {line.case: True for line in lines}
        self._unfinished.setVisible(bool(lines))
        self._filler.setVisible(not lines)
        self._show_rows()

    def turn(self, case: str) -> None:
        """Change what becomes of one case."""
        if case in self._free():
            self.along[case] = not self.along[case]
            self._show_rows()

    def wish(self) -> RoundWish | None:
        """Return what was answered, None while something is missing."""
        wrong = self.form.check()
        values = self.form.values()
        fen, year = values["fen"], values["year"]
        if fen != "" and not values["doc"]:
            self.form.set_problem("doc", t("rounds.doc_missing"))
            wrong = ("doc",)
        if wrong or not isinstance(year, int):
            self.form.next_problem()
            return None
        line = fen if isinstance(fen, int) else None
        return RoundWish(
            str(values["name"]), year, str(values["pack"]), line, str(values["doc"]), dict(self.along)
        )

    def _lay_out(self) -> None:
        top = Card()
        top.add(self.form)
        top.add(self._hint)
        self._unfinished = Card()
        self._unfinished.add(words(t("rounds.unfinished"), "section"))
        self._unfinished.add(words(t("rounds.unfinished_why"), "muted", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        self._total = words("", "label")
        row.addWidget(self._total, 1)
        for part in (self.turn_one, self.all_along, self.all_closed):
            row.addWidget(part)
        self._unfinished.column.addLayout(row)
        self._unfinished.add(self.table, 1)
        self._filler = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        column.addWidget(top)
        column.addWidget(self._unfinished, 1)
        column.addWidget(self._filler, 1)

    def _show_rows(self) -> None:
        rows: list[TableRow] = []
        for line in self._lines:
            key = f"board.title_{line.workflow}"
            fate = "rounds.along" if self.along[line.case] else "rounds.closed_now"
            fate = t(fate if line.may_close else "rounds.above")
            name = t(key) if has(key) else line.workflow
            rows.append(
                TableRow(line.case, (line.head, line.group, short_code(line.code), name, line.step, fate))
            )
        self.table.show_rows(rows)
        going = sum(self.along.values())
        self._total.setText(t("rounds.fates", along=going, closed=len(self.along) - going))

    def _turn_all(self, *, along: bool) -> None:
        self.along |= dict.fromkeys(self._free(), along)
        self._show_rows()

    def _free(self) -> frozenset[str]:
        """Return the cases that may be closed here; the others wait above."""
        return frozenset(line.case for line in self._lines if line.may_close)

    def _on_turn(self) -> None:
        self.turn(self.table.current_key())

    def _on_edited(self, name: str) -> None:
        if name == "pack":
            pack = self._packs.get(str(self.form.field("pack").value()))
            if pack is not None and pack.line_fen is not None:
                self.form.field("fen").set_value(pack.line_fen)
                self.form.field("doc").set_value(pack.line_doc)
        self._show_hint()

    def _show_hint(self) -> None:
        empty = self.form.field("fen").value() == ""
        self._hint.setText(t("rounds.no_line") if empty else t("rounds.frozen"))


class RoundsPage(Page):
    """A list of rounds, and in its place the questions for a new one."""

    help_key = "rounds.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._desk, self._runner, self._ask = desk, runner, ask
        self._rounds = desk.group(RoundsDesk)
        self._sheets: dict[str, RoundSheet] = {}
        self._is_new = False  # the round opened last is to be chosen in the table
        self.frame = PageFrame()
        columns = (
            TableColumn(t("field.round.name"), 5),
            TableColumn(t("field.round.year"), 2),
            TableColumn(t("field.round.pack"), 5),
            TableColumn(t("field.round.line_fen"), 4),
            TableColumn(t("field.round.opened_on"), 3),
            TableColumn(t("field.round.status"), 3),
            TableColumn(t("rounds.cases"), 4),
        )
        self.table = RowsTable(t("rounds.title"), columns)
        self.line = LinePanel()
        self.opening = OpeningPanel()
        self._none = words(t("rounds.none"), "label", wrap=True)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def show_for(self, subject: object = None) -> None:
        """Read the rounds; the subject "new" begins one at once."""
        self._show_stage(_LIST)
        self._read()
        self.table.setFocus()
        if subject == "new":
            self.begin()

    def on_changed(self, changes: Changes) -> None:
        """Read again when rounds or cases changed."""
        if changes.has(Kind.ROUND, Kind.CASE):
            self._read()

    def escape(self) -> bool:
        """Leave the questions first."""
        if self._stack.currentIndex() == _LIST:
            return False
        self._show_stage(_LIST)
        return True

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go through the marked fields."""
        form = self.opening.form if self._stack.currentIndex() == _NEW else self.line.form
        form.next_problem(backwards=backwards)

    def begin(self) -> None:
        """Ask what a new round needs."""
        self._show_stage(_NEW)
        self._runner.read(self._rounds.packs, self._on_packs, lane=(id(self), "packs"))
        # Looking for unfinished cases needs the writer's view.
        self._runner.run(self._rounds.unfinished, self.opening.show_unfinished)

    def _lay_out(self) -> None:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.px(14))
        card = Card()
        card.add(self._none)
        card.add(self.table)
        rows.addWidget(card)
        rows.addWidget(self.line)
        rows.addStretch(1)
        self._stack.addWidget(page)
        self._stack.addWidget(scrolled(self.opening))
        self.frame.add(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self._show_stage(_LIST)

    def _connect(self) -> None:
        self.frame.back_asked.connect(self._on_back)
        self.frame.primary_asked.connect(self._on_primary)
        for keys in ("Ctrl+S", "Ctrl+Return"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._on_primary)
        self.table.current_changed.connect(self._on_current)
        self.line.save.clicked.connect(self._on_line)

    def _show_stage(self, stage: int) -> None:
        self._stack.setCurrentIndex(stage)
        new = stage == _NEW
        self.frame.show_title(t("rounds.new") if new else t("rounds.title"))
        self.frame.show_primary(t("rounds.start") if new else t("rounds.new"))
        hints = ((("Enter",), t("rounds.key_turn")), (("Ctrl+Enter",), t("rounds.key_start")))
        self.frame.show_keys((*(hints if new else ()), (("Esc",), t("app.back"))))

    def _read(self) -> None:
        self._runner.read(self._rounds.rounds, self._on_rounds, lane=(id(self), "rounds"))

    def _on_rounds(self, sheets: Sequence[RoundSheet]) -> None:
        self._sheets = {sheet.id: sheet for sheet in sheets}
        self.table.show_rows([TableRow(sheet.id, _cells(sheet)) for sheet in sheets])
        self.table.fit_height(_ROWS_SHOWN)
        self.table.setVisible(bool(sheets))
        self._none.setVisible(not sheets)
        if sheets and (not self.table.current_key() or self._is_new):
            self._is_new = False
            self.table.setCurrentIndex(self.table.rows.index(0, 0))
        self._on_current(self.table.current_key())

    def _on_current(self, key: str) -> None:
        self.line.show_round(self._sheets.get(key))

    def _on_packs(self, packs: Sequence[PackOffer]) -> None:
        year = civil_date(self._desk.now()).year
        number = sum(sheet.year == year for sheet in self._sheets.values()) + 1
        self.opening.show_offers(packs, t("rounds.name_default", year=year, number=number), year)
        self.opening.form.focus("name")

    def _on_back(self) -> None:
        if not self.escape():
            self.left.emit()

    def _on_primary(self) -> None:
        if self._stack.currentIndex() == _LIST:
            self.begin()
            return
        wish = self.opening.wish()
        if wish is None:
            return
        closing = [s.name for s in self._sheets.values() if s.is_open and s.own]
        text = t("rounds.sure", name=wish.name)
        if closing:
            going = sum(wish.along.values())
            text = t(
                "rounds.sure_closing",
                name=wish.name,
                old=t("detail.and").join(closing),
                along=going,
                closed=len(wish.along) - going,
            )
        if self._ask.confirm(t("rounds.new"), text, t("rounds.start")):
            self._runner.run(partial(self._rounds.open_round, wish), partial(self._on_opened, wish.name))

    def _on_opened(self, name: str, _changes: Changes) -> None:
        self._is_new = True
        self._show_stage(_LIST)
        self._read()
        self.say(t("rounds.opened", name=name))

    def _on_line(self) -> None:
        form = self.line.form
        if form.check():
            form.next_problem()
            return
        values = form.values()
        fen = values["fen"]
        if isinstance(fen, int):
            work = partial(self._rounds.set_line, self.table.current_key(), fen, str(values["doc"]))
            self._runner.run(work, self._on_line_set)

    def _on_line_set(self, _changes: Changes) -> None:
        self.say(t("rounds.line_saved"))


def line_words(one: RoundSheet) -> str:
    """Return the line of a round in words."""
    if one.line_fen is None:
        return t("detail.no_line")
    key = "rounds.line_demo" if one.line_demo else "rounds.line_now"
    return t(key, amount=yuan(one.line_fen), doc=one.line_doc)


def _cells(one: RoundSheet) -> tuple[str, ...]:
    line = t("detail.no_line") if one.line_fen is None else yuan(one.line_fen)
    if one.line_demo:
        line = t("rounds.demo", amount=line)
    status = t("rounds.is_open") if one.is_open else t("rounds.is_closed")
    cases = t("rounds.case_count", number=one.cases, unfinished=one.unfinished)
    return one.name, str(one.year or ""), one.pack_name, line, one.opened_on, status, cases
