"""Approvals whose content changed afterwards: what changed, and whether the approval still stands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.desk import StepSubject
from app.ui.desks.returns import ReturnsDesk
from app.ui.models.household_list import short_code
from app.ui.pages.returned import change_columns
from app.ui.parts.buttons import button
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.mark_words import change_rows
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import ShortLabel, words
from app.ui.texts import t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.queries.approved import Approval, ChangedLine
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner

_LEFT = 300  # design pixels of the list of cases


class ApprovalChangesPage(Page):
    """The cases at the left; the approval against today at the right; a case's id as subject."""

    help_key = "returned.approval_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._desk = desk.group(ReturnsDesk)
        self._lines: dict[str, ChangedLine] = {}
        self._wanted = ""
        self.frame = PageFrame(t("returned.approval_title"))
        self.list = RowsTable(
            t("returned.approval_title"),
            (TableColumn(t("returned.household"), 4), TableColumn(t("conflicts.code"), 4)),
        )
        self.changes = RowsTable(t("returned.approval_changes"), change_columns())
        self.look = button(t("returned.look"), "plain", "eye")
        self._head = ShortLabel("", "title")
        self._who = words("", "muted", wrap=True)
        self._what = words("", wrap=True)
        self._body = QWidget()
        self._empty = EmptyState("check")
        self._empty.say(t("returned.approval_none"), t("returned.approval_none_why"))
        self._lay_out()
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_confirm)
        self.list.current_changed.connect(self._show)
        self.look.clicked.connect(self._on_look)

    def show_for(self, subject: object = None) -> None:
        """Read the approvals that changed; begin with the case named."""
        self._wanted = subject if isinstance(subject, str) else ""
        self._runner.read(self._desk.changed, self._on_lines, lane=(id(self), "lines"))

    def on_changed(self, changes: Changes) -> None:
        """Read again."""
        if changes.touched and self.isVisible():
            self.show_for(self.list.current_key())

    def _lay_out(self) -> None:
        left = Card()
        left.setFixedWidth(theme.px(_LEFT))
        left.column.setContentsMargins(theme.px(14), theme.px(16), theme.px(14), theme.px(14))
        left.add(words(t("returned.approval_list"), "section"))
        left.add(self.list, 1)
        right = Card()
        for part in (self._head, self._who, self._what, words(t("returned.approval_changes"), "section")):
            right.add(part)
        right.add(self.changes, 1)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(left)
        row.addWidget(right, 1)
        self.frame.add(self._body, 1)
        self.frame.add(self._empty, 1)
        self._empty.hide()
        self.frame.add_button(self.look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _on_lines(self, lines: tuple[ChangedLine, ...]) -> None:
        self._lines = {line.case: line for line in lines}
        self.frame.show_title(t("returned.approval_title"), t("returned.sum", number=len(lines)))
        self._body.setVisible(bool(lines))
        self._empty.setVisible(not lines)
        self.list.show_rows([TableRow(line.case, (line.head, short_code(line.code))) for line in lines])
        here = self._wanted if self._wanted in self._lines else next(iter(self._lines), "")
        if here:
            self.list.setCurrentIndex(self.list.rows.index(self.list.rows.row_of(here), 0))
        self._show(here)

    def _show(self, case: str) -> None:
        self.frame.show_primary("")
        self.look.setVisible(bool(case))
        if case:
            work = partial(self._desk.approval, case)
            self._runner.read(work, self._on_approval, lane=(id(self), "approval"))

    def _on_approval(self, found: Approval | None) -> None:
        line = self._lines.get(found.case) if found is not None else None
        if found is None or line is None:
            return
        self._head.setText(t("returned.head", head=line.head, code=short_code(line.code)))
        exact = t("returned.exact" if found.exact else "returned.by_clock")
        self._who.setText(t("returned.approved", step=found.step, who=found.by, on=found.on, exact=exact))
        mine = found.decider == self._desk.level
        level = t(f"conflicts.level_{found.decider}") if found.decider else t("conflicts.level_unknown")
        self._what.setText(t("returned.do_own") if mine else t("returned.do_others", level=level))
        self.changes.show_rows(change_rows(found.deltas))
        if found.changed and mine:
            self.frame.show_primary(t("returned.reconfirm"))

    def _on_confirm(self) -> None:
        line = self._lines.get(self.list.current_key())
        if line is None:
            return
        reason = self._ask.reason(t("returned.reconfirm"), t("returned.reconfirm_why", head=line.head))
        if reason is not None:
            work = partial(self._desk.reconfirm, line.case, reason)
            self._runner.run(work, partial(self._on_confirmed, line.head))

    def _on_confirmed(self, head: str, _changes: Changes) -> None:
        self.say(t("returned.reconfirmed", head=head))

    def _on_look(self) -> None:
        line = self._lines.get(self.list.current_key())
        if line is not None:
            self.asked.emit("step", StepSubject(line.household, line.case, ""))
