"""Returned cases: why and what was marked, what was changed since, and sent up again.

The office above looks at the same page to see what was put right.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.queries.tone import Tone
from app.ui import theme
from app.ui.desk import StepSubject
from app.ui.desks.household import FixSubject
from app.ui.desks.returns import ReturnsDesk
from app.ui.models.household_list import short_code
from app.ui.parts.buttons import button
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.mark_words import change_rows, mark_name
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame
from app.ui.parts.words import ShortLabel, words
from app.ui.texts import sentence, t

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.queries.returned import MarkLine, ResentLine, ReturnedLine
    from app.queries.since import Delta
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.returns import SentAgain
    from app.ui.runner import Runner

_LEFT = 400  # design pixels of the list of cases
_ON_PAGE = frozenset({"household", "member", "income", "expense", "conditions"})


class ReturnedPage(Page):
    """The cases sent back at the left, one of them at the right; a case's id as subject."""

    help_key = "returned.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._desk = desk.group(ReturnsDesk)
        self._lines: dict[str, ReturnedLine] = {}
        self._wanted = ""
        self._named = ""  # a case to show even when it was sent up again
        self.frame = PageFrame(t("returned.title"))
        self.list = RowsTable(
            t("returned.title"),
            (
                TableColumn(t("returned.household"), 4),
                TableColumn(t("returned.step"), 4),
                TableColumn(t("returned.due"), 4),
                TableColumn(t("returned.left"), 2, figures=True),
            ),
        )
        self.marks = RowsTable(
            t("returned.marks"),
            (
                TableColumn(t("returned.what"), 4),
                TableColumn(t("returned.note"), 5),
                TableColumn(t("returned.state"), 2),
            ),
        )
        self.changes = RowsTable(t("returned.changes"), change_columns())
        self.fix = button(t("returned.fix"), "plain", "pencil")
        self.sharing = button("", "plain", "usb")
        self._head = ShortLabel("", "title")
        self._who = ShortLabel("", "muted")
        self._why = words("", wrap=True)
        self._no_marks = words(t("returned.no_marks"), "muted", wrap=True)
        self._no_changes = words(t("returned.no_changes"), "muted", wrap=True)
        self._body = QWidget()
        self._empty = EmptyState("check")
        self._empty.say(t("returned.none"), t("returned.none_why"))
        self._lay_out()
        self._connect()

    def show_for(self, subject: object = None) -> None:
        """Read what was sent back; begin with the case named, sent up again or not."""
        self._named = self._wanted = subject if isinstance(subject, str) else ""
        self._read()

    def on_changed(self, changes: Changes) -> None:
        """Read again."""
        if changes.touched and self.isVisible():
            self._wanted = self.list.current_key()
            self._read()

    def _lay_out(self) -> None:
        left = Card()
        left.setFixedWidth(theme.px(_LEFT))
        left.column.setContentsMargins(theme.px(14), theme.px(16), theme.px(14), theme.px(14))
        left.add(words(t("returned.list"), "section"))
        left.add(self.list, 1)
        right = Card()
        for part in (self._head, self._who, self._why, words(t("returned.marks"), "section")):
            right.add(part)
        right.add(self._no_marks)
        right.add(self.marks)
        right.add(words(t("returned.changes"), "section"))
        right.add(self._no_changes)
        right.add(self.changes, 2)
        right.column.addStretch(1)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(left)
        row.addWidget(right, 1)
        self.frame.add(self._body, 1)
        self.frame.add(self._empty, 1)
        self._empty.hide()
        self.frame.add_button(self.sharing)
        self.frame.add_button(self.fix)
        self.frame.show_keys(((("Enter",), t("returned.key_fix")),))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _connect(self) -> None:
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_again)
        self.list.current_changed.connect(self._show)
        self.list.opened.connect(self._on_fix)
        self.marks.opened.connect(self._on_fix)
        self.fix.clicked.connect(partial(self._on_fix, ""))
        self.sharing.clicked.connect(partial(self.asked.emit, "sharing", None))

    def _read(self) -> None:
        self._runner.read(self._desk.returned, self._on_lines, lane=(id(self), "lines"))
        self._runner.read(self._desk.resent, self._on_resent, lane=(id(self), "resent"))

    def _on_lines(self, lines: tuple[ReturnedLine, ...]) -> None:
        self._lines = {line.case: line for line in lines}
        if self._named and self._named not in self._lines:
            asked = partial(self._desk.one, self._named)
            self._runner.read(asked, self._on_one, lane=(id(self), "one"))
            return
        self._show_list()

    def _on_one(self, line: ReturnedLine | None) -> None:
        if line is None:
            self.noticed.emit(t("returned.never"))
        else:
            self._lines = {line.case: line, **self._lines}
        self._show_list()

    def _show_list(self) -> None:
        self.frame.show_title(t("returned.title"), t("returned.sum", number=len(self._lines)))
        self._body.setVisible(bool(self._lines))
        self._empty.setVisible(not self._lines)
        self.list.show_rows(
            [
                TableRow(line.case, (line.head, line.step_name, _due(line), str(_left(line))))
                for line in self._lines.values()
            ]
        )
        here = self._wanted if self._wanted in self._lines else next(iter(self._lines), "")
        if here:
            self.list.setCurrentIndex(self.list.rows.index(self.list.rows.row_of(here), 0))
        self._show(here)

    def _on_resent(self, lines: tuple[ResentLine, ...]) -> None:
        self.sharing.setText(t("returned.to_export", number=len(lines)))
        self.sharing.setToolTip("、".join(line.head for line in lines))
        self.sharing.setVisible(bool(lines))

    def _show(self, case: str) -> None:
        line = self._lines.get(case)
        self.fix.setVisible(line is not None and line.open and self._is_ours(line))
        self.frame.show_primary("")
        self.frame.show_pill("")
        if line is None:
            return
        self._head.setText(t("returned.head", head=line.head, code=short_code(line.code)))
        by = t(f"conflicts.level_{line.level}") if line.level else t("conflicts.level_unknown")
        self._who.setText(t("returned.by", level=by, who=line.by, on=line.on, action=line.action))
        why = "：".join(part for part in (line.reason_label, line.reason) if part)
        self._why.setText(t("returned.why", why=why))
        self._show_marks(line.marks)
        self._runner.read(partial(self._desk.deltas, case), self._on_deltas, lane=(id(self), "deltas"))
        if line.open and self._is_ours(line):
            self.frame.show_primary(t("returned.again"), enabled=True)
            if line.ready:
                self.frame.show_pill(t("returned.ready"), Tone.GREEN)

    def _show_marks(self, marks: tuple[MarkLine, ...]) -> None:
        self.marks.setVisible(bool(marks))
        self._no_marks.setVisible(not marks)
        self.marks.show_rows(
            [
                TableRow(
                    mark.mark,
                    (
                        mark_name(mark),
                        mark.note,
                        t("returned.fixed" if mark.fixed else "returned.unfixed"),
                    ),
                )
                for mark in marks
            ]
        )
        self.marks.fit_height(5)

    def _on_deltas(self, deltas: tuple[Delta, ...]) -> None:
        self.changes.show_rows(change_rows(deltas))
        self.changes.setVisible(bool(deltas))
        self._no_changes.setVisible(not deltas)

    def _is_ours(self, line: ReturnedLine) -> bool:
        """Tell whether the case waits for this desk."""
        return line.step_level == self._desk.level

    def _on_fix(self, mark: str) -> None:
        """Open the page where the marked part is put right, at the field."""
        line = self._lines.get(self.list.current_key())
        if line is None:
            return
        marks = [one for one in line.marks if one.mark == mark] or [m for m in line.marks if not m.fixed]
        wanted = next(iter(marks), None)
        if wanted is not None and wanted.kind in _ON_PAGE:
            subject = FixSubject(line.household, wanted.kind, wanted.entity, wanted.field)
            self.asked.emit("household", subject)
        else:
            self.asked.emit("step", StepSubject(line.household, line.case, line.step))

    def _on_again(self) -> None:
        line = self._lines.get(self.list.current_key())
        if line is None:
            return
        left, answer = _left(line), ""
        if left or not line.ready:
            key = "returned.answer_marks" if left else "returned.answer_nothing"
            asked = self._ask.reason(t("returned.again"), t(key, head=line.head, number=left))
            if asked is None:
                return
            answer = asked
        self._named = ""
        self._runner.run(partial(self._desk.send_again, line.case, answer), partial(self._on_sent, line.head))

    def _on_sent(self, head: str, done: SentAgain) -> None:
        if done.stopped is not None:
            self.noticed.emit(
                t("returned.stopped", head=head, step=done.waits_at, why=sentence(done.stopped))
            )
        self.say(t("returned.sent", head=head, step=done.waits_at or t("returned.ended")))


def change_columns() -> tuple[TableColumn, ...]:
    """Return the columns of a table of changes."""
    return (
        TableColumn(t("returned.what"), 4),
        TableColumn(t("returned.was"), 4),
        TableColumn(t("returned.now"), 4),
        TableColumn(t("returned.changed_by"), 5),
    )


def _left(line: ReturnedLine) -> int:
    return sum(not mark.fixed for mark in line.marks)


def _due(line: ReturnedLine) -> str:
    if not line.due_on:
        return ""
    late = line.overdue_days or 0
    return t("returned.overdue", on=line.due_on, days=late) if late > 0 else line.due_on
