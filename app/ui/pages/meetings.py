"""Appraisal meetings: one for many households; record it, then let the votes decide."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.domain.document import ListKind
from app.ui import theme
from app.ui.desks.meetings import MeetingsDesk
from app.ui.desks.papers import PREVIEW, PapersDesk
from app.ui.pages.batch_page import BatchPage
from app.ui.parts.buttons import button
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.meeting_form import MeetingForm
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page_frame import Card
from app.ui.parts.words import words
from app.ui.texts import has, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import Changes
    from app.domain.document import Paper
    from app.domain.meeting import QuorumRule
    from app.queries.linked import CandidateLine
    from app.queries.meeting import MeetingLine
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.batch import BatchDone, BatchPlace
    from app.ui.runner import Runner

_LIST, _FORM = 0, 1


class MeetingsPage(BatchPage):
    """The meetings of a round at the left, the chosen one at the right; a new one takes the whole page."""

    step_page = "appraise"
    help_key = "meetings.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__(desk, runner, ask, t("meetings.title"))
        self._meetings_desk = desk.group(MeetingsDesk)
        self._papers = desk.group(PapersDesk)
        self._wanted = ""
        self.meetings: tuple[MeetingLine, ...] = ()
        self._linked: tuple[CandidateLine, ...] = ()
        self._fresh = False
        self.form = MeetingForm()
        self.table = RowsTable(t("meetings.title"), _MEETING_COLUMNS)
        self.votes = RowsTable(t("meetings.households"), _VOTE_COLUMNS)
        self.new = button(t("meetings.new"), "plain", "plus")
        self.minutes = button(t("meetings.print"), "plain", "printer")
        self.strike = button(t("meetings.strike"), "danger")
        self._about = words("", "value", wrap=True)
        self._faults = words("", "warning", wrap=True)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._overview())
        self._stack.addWidget(self.form)
        self.frame.add(self._stack, 1)
        for part in (self.strike, self.minutes, self.new):
            self.frame.add_button(part)
        self.frame.show_keys(((("Enter",), t("step.key_next")), (("Ctrl+D",), t("meetings.repeat"))))
        self.table.current_changed.connect(self._on_chosen)
        self.new.clicked.connect(self._on_new)
        self.minutes.clicked.connect(self._on_minutes)
        self.strike.clicked.connect(self._on_strike)

    def show_for(self, subject: object = None) -> None:
        """Show the meeting of a case, or begin one with it."""
        self._wanted, self._fresh = "", True
        super().show_for(subject)

    def placed(self, place: BatchPlace) -> None:
        """Read the meetings and who waits for one."""
        work = partial(self._meetings_desk.meetings, place.round)
        self._runner.read(work, self._on_meetings, lane=(id(self), "meetings"))
        self.read_lines()

    def nowhere(self) -> None:
        """Show no meeting."""
        self._show_view(_LIST)
        self.table.show_rows(())

    def escape(self) -> bool:
        """Leave the new meeting for the list first."""
        if self._stack.currentIndex() == _LIST or not self.meetings:
            return False
        self._show_view(_LIST)
        return True

    def on_back(self) -> None:
        """Go from the new meeting to the list, from the list to the page before."""
        if not self.escape():
            self.leave()

    def on_primary(self) -> None:
        """Record the new meeting, or conclude the chosen one."""
        if self._stack.currentIndex() == _FORM:
            self._record()
        elif self._waiting():
            work = partial(self._meetings_desk.conclude, self.table.current_key())
            self._runner.run(work, self._on_concluded)
        else:
            self._on_new()

    def show_lines(self, lines: Sequence[CandidateLine]) -> None:
        """Offer who waits; a case opened with a meeting of its own shows that one."""
        self.form.offer(lines, self.chosen_case())
        if not self._fresh:
            return
        self._fresh = False
        mine = next((line for line in lines if line.case == self.chosen_case()), None)
        if mine is not None and mine.linked:
            self._wanted = mine.linked
            self._choose_wanted()
        elif mine is not None:
            self._on_new()
        else:
            self._show_view(_LIST)

    def _overview(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        left = Card()
        left.add(words(t("meetings.list"), "section"))
        self._none = EmptyState("users")
        self._none.say(t("meetings.none"), t("meetings.none_why"))
        self._lists = QStackedWidget()
        self._lists.addWidget(self.table)
        self._lists.addWidget(self._none)
        left.add(self._lists, 1)
        right = Card()
        for part in (words(t("meetings.result"), "section"), self._about, self._faults):
            right.add(part)
        right.add(self.votes, 1)
        row.addWidget(left, 1)
        row.addWidget(right, 1)
        return holder

    def _on_meetings(self, meetings: Sequence[MeetingLine]) -> None:
        self.meetings = tuple(meetings)
        self.table.show_rows([_row(line) for line in meetings])
        self._lists.setCurrentIndex(0 if meetings else 1)
        self._choose_wanted()
        if meetings and not self.table.current_key():
            self.table.setCurrentIndex(self.table.rows.index(0, 0))
        self._on_chosen(self.table.current_key())

    def _choose_wanted(self) -> None:
        at = self.table.rows.row_of(self._wanted) if self._wanted else -1
        if at >= 0:
            self._wanted = ""
            self._show_view(_LIST)
            self.table.setCurrentIndex(self.table.rows.index(at, 0))

    def _chosen(self) -> MeetingLine | None:
        return next((line for line in self.meetings if line.id == self.table.current_key()), None)

    def _on_chosen(self, _key: str) -> None:
        line = self._chosen()
        self._about.setText(_told(line) if line else "")
        said = "\n".join(t(one.code, **dict(one.params)) for one in line.faults) if line else ""
        self._faults.setText(said)
        self._faults.setVisible(bool(said))
        if line is None:
            self.votes.show_rows(())
            self._show_buttons()
            return
        work = partial(self._batch.linked, "meeting", line.id)
        self._runner.read(work, self._on_linked, lane=(id(self), "linked"))

    def _on_linked(self, lines: Sequence[CandidateLine]) -> None:
        self._linked = tuple(lines)
        self.votes.show_rows([_vote_row(line) for line in lines])
        self._show_buttons()

    def _waiting(self) -> int:
        return sum(not line.outcome for line in self._linked) if self._chosen() else 0

    def _show_view(self, view: int) -> None:
        self._stack.setCurrentIndex(view)
        self._show_buttons()

    def _show_buttons(self) -> None:
        listed = self._stack.currentIndex() == _LIST
        chosen, waiting = self._chosen() is not None, self._waiting()
        for part in (self.strike, self.minutes):
            part.setVisible(listed and chosen)
        self.new.setVisible(listed and bool(waiting))
        if not listed:
            self.frame.show_primary(t("meetings.save"))
        elif waiting:
            self.frame.show_primary(t("meetings.conclude", number=waiting))
        else:
            self.frame.show_primary(t("meetings.new") if self.place else "")

    def _on_new(self) -> None:
        if self.place is None:
            return
        work = partial(self._meetings_desk.rules, self.place.round)
        self._runner.read(work, self._on_rules, lane=(id(self), "rules"))

    def _on_rules(self, rules: Sequence[QuorumRule]) -> None:
        self.form.begin(rules, self.today())
        self._show_view(_FORM)
        self.form.grid.focus("held_on")

    def _record(self) -> None:
        if not self.form.check():
            self.form.grid.next_problem()
            if not self.form.votes():
                self.noticed.emit(t("meeting.no_cases"))
                return
        work = partial(self._meetings_desk.record, self.form.meeting(), self.form.votes())
        self._runner.run(work, self._on_recorded)

    def _on_recorded(self, changes: Changes) -> None:
        self.form.remember()
        self._wanted = next((str(uid) for kind, uid in changes.touched if kind == "meeting"), "")
        self._show_view(_LIST)
        self.say(t("meetings.recorded"))
        self.read_place()

    def _on_concluded(self, done: BatchDone) -> None:
        self.tell_done(done)
        self.read_place()

    def _on_minutes(self) -> None:
        work = partial(self._papers.listing, ListKind.MINUTES, [self.table.current_key()])
        self._runner.read(work, self._on_paper)

    def _on_paper(self, paper: Paper) -> None:
        self.asked.emit(PREVIEW, paper)

    def _on_strike(self) -> None:
        reason = self._ask.reason(t("meetings.strike"), t("meetings.strike_why"))
        if reason is not None:
            work = partial(self._meetings_desk.strike, self.table.current_key(), reason)
            self._runner.run(work, self._on_struck)

    def _on_struck(self, _changes: Changes) -> None:
        self.say(t("meetings.struck"))


_MEETING_COLUMNS = (
    TableColumn(t("field.meeting.held_on"), 4),
    TableColumn(t("meetings.body"), 4),
    TableColumn(t("meetings.count"), 3, figures=True),
    TableColumn(t("meetings.state"), 3),
)
_VOTE_COLUMNS = (
    TableColumn(t("meetings.head"), 4),
    TableColumn(t("meetings.group"), 4),
    TableColumn(t("meetings.for"), 3, figures=True),
    TableColumn(t("meetings.against"), 3, figures=True),
    TableColumn(t("meetings.abstain"), 3, figures=True),
    TableColumn(t("meetings.outcome"), 4),
)


def _row(line: MeetingLine) -> TableRow:
    state = t("meetings.state_done") if line.concluded >= line.households else t("meetings.state_open")
    cells = (line.held_on, line.body_name, t("batch.households", number=line.households), state)
    return TableRow(line.id, cells)


def _told(line: MeetingLine) -> str:
    told = t(
        "meetings.told",
        held_on=line.held_on,
        place=line.place,
        eligible=line.eligible,
        present=line.present,
        needs=line.needs,
    )
    return told + "\n" + t("meetings.people", chair=line.chair, recorder=line.recorder)


def _vote_row(line: CandidateLine) -> TableRow:
    votes = line.vote
    counts = (votes.votes_for, votes.votes_against, votes.votes_abstain) if votes else ("", "", "")
    key = f"meetings.outcome_{line.outcome}"
    outcome = t(key) if line.outcome and has(key) else t("meetings.outcome_none")
    return TableRow(line.case, (line.head, line.group, *(str(count) for count in counts), outcome))
