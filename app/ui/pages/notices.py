"""Public notices: one for many households, planned, printed, posted, objected to, taken down, concluded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.desks.notices import NoticesDesk, Posting
from app.ui.desks.papers import PREVIEW, PapersDesk
from app.ui.pages.batch_page import BatchPage
from app.ui.pages.notice_states import NoticeState, columns, first_to_do, form_for, row_of, state_of, told
from app.ui.parts.buttons import button
from app.ui.parts.empty_state import EmptyState
from app.ui.parts.member_table import RowsTable
from app.ui.parts.notice_form import NoticeForm
from app.ui.parts.objection_card import ObjectionCard
from app.ui.parts.page_frame import Card, scrolled
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.changes import Changes
    from app.domain.document import Paper
    from app.domain.ids import Value
    from app.domain.objection import Answer
    from app.queries.linked import CandidateLine
    from app.queries.publicity import ObjectionLine, PublicityLine
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.batch import BatchDone, BatchPlace
    from app.ui.desks.notices import PeriodShown
    from app.ui.runner import Runner

_LIST, _FORM = 0, 1


class NoticesPage(BatchPage):
    """The notices of a round at the left, the chosen one with its objections at the right."""

    step_page = "publicise"
    help_key = "notices.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__(desk, runner, ask, t("notices.title"))
        self._notices_desk = desk.group(NoticesDesk)
        self._papers = desk.group(PapersDesk)
        self._wanted = ""
        self._fresh = False
        self._linked: tuple[CandidateLine, ...] = ()
        self.notices: tuple[PublicityLine, ...] = ()
        self.form = NoticeForm()
        self.table = RowsTable(t("notices.title"), columns())
        self.objections = ObjectionCard()
        self.new = button(t("notices.new"), "plain", "plus")
        self.print = button(t("notices.preview"), "plain", "printer")
        self.strike = button(t("meetings.strike"), "danger")
        self._about = words("", "value", wrap=True)
        self._faults = words("", "warning", wrap=True)
        self.facts = form_for(NoticeState.ENDED)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._overview())
        self._stack.addWidget(self.form)
        self.frame.add(self._stack, 1)
        for part in (self.strike, self.print, self.new):
            self.frame.add_button(part)
        self.frame.show_keys(((("Enter",), t("step.key_next")), (("Ctrl+Enter",), t("step.key_send"))))
        self._connect()

    def show_for(self, subject: object = None) -> None:
        """Show the notice of a case, or begin one with it."""
        self._wanted, self._fresh = "", True
        super().show_for(subject)

    def placed(self, place: BatchPlace) -> None:
        """Read the notices and who waits for one."""
        self.objections.offer(place.choices, self._desk.people, self.today())
        work = partial(self._notices_desk.notices, place.round)
        self._runner.read(work, self._on_notices, lane=(id(self), "notices"))
        self.read_lines()

    def nowhere(self) -> None:
        """Show no notice."""
        self.table.show_rows(())
        self._show_view(_LIST)

    def escape(self) -> bool:
        """Leave the new notice for the list first."""
        if self._stack.currentIndex() == _LIST or not self.notices:
            return False
        self._show_view(_LIST)
        return True

    def on_back(self) -> None:
        """Go from the new notice to the list, from the list to the page before."""
        if not self.escape():
            self.leave()

    def on_primary(self) -> None:
        """Do what the chosen notice waits for."""
        if self._stack.currentIndex() == _FORM:
            self._plan()
            return
        line = self._chosen()
        acts = {
            NoticeState.PLANNED: self._post,
            NoticeState.OVER: self._take_down,
            NoticeState.DOWN: self._conclude,
        }
        act = acts.get(state_of(line)) if line is not None else None
        (act or self._on_new)()

    def show_lines(self, lines: Sequence[CandidateLine]) -> None:
        """Offer who waits; a case opened with a notice of its own shows that one."""
        waiting = [line for line in lines if not line.linked]
        mine = next((line for line in lines if line.case == self.chosen_case()), None)
        self.form.offer(lines, "")
        self.new.setEnabled(bool(waiting))
        if not self._fresh:
            return
        self._fresh = False
        if mine is not None and mine.linked:
            self._wanted = mine.linked
            self._choose_wanted()
        elif mine is not None:
            self._on_new()
        else:
            self._show_view(_LIST)

    def _connect(self) -> None:
        self.table.current_changed.connect(self._on_chosen)
        self.form.day_chosen.connect(self._on_day)
        self.new.clicked.connect(self._on_new)
        self.print.clicked.connect(self._on_print)
        self.strike.clicked.connect(self._on_strike)
        self.objections.received.connect(self._on_received)
        self.objections.settled.connect(self._on_settled)

    def _overview(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        left = Card()
        left.add(words(t("notices.list"), "section"))
        self._none = EmptyState("megaphone")
        self._none.say(t("notices.none"), t("notices.none_why"))
        self._lists = QStackedWidget()
        self._lists.addWidget(self.table)
        self._lists.addWidget(self._none)
        left.add(self._lists, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.px(6), 0)
        column.setSpacing(theme.px(14))
        self._card = Card()
        for part in (words(t("notices.state"), "section"), self._about, self._faults, self.facts):
            self._card.add(part)
        column.addWidget(self._card)
        column.addWidget(self.objections)
        column.addStretch(1)
        row.addWidget(left, 1)
        self._detail = scrolled(inner)
        row.addWidget(self._detail, 1)
        return holder

    def _on_notices(self, notices: Sequence[PublicityLine]) -> None:
        here = self.place.workflow if self.place else ""
        self.notices = tuple(line for line in notices if line.workflow == here)
        self.table.show_rows([row_of(line) for line in self.notices])
        self._lists.setCurrentIndex(0 if self.notices else 1)
        self._choose_wanted()
        if self.notices and not self.table.current_key():
            self.table.setCurrentIndex(self.table.rows.index(first_to_do(self.notices), 0))
        self._on_chosen(self.table.current_key())

    def _choose_wanted(self) -> None:
        at = self.table.rows.row_of(self._wanted) if self._wanted else -1
        if at >= 0:
            self._wanted = ""
            self._show_view(_LIST)
            self.table.setCurrentIndex(self.table.rows.index(at, 0))

    def _chosen(self) -> PublicityLine | None:
        return next((line for line in self.notices if line.id == self.table.current_key()), None)

    def _on_chosen(self, _key: str) -> None:
        line = self._chosen()
        self._detail.setVisible(line is not None)
        self._linked = ()
        if line is None:
            self._show_buttons()
            return
        state = state_of(line)
        self._about.setText(told(line))
        late = state is not NoticeState.PLANNED
        said = "\n".join(t(one.code, **dict(one.params)) for one in line.faults) if late else ""
        self._faults.setText(said)
        self._faults.setVisible(bool(said))
        self._show_facts(state)
        work = partial(self._batch.linked, "publicity", line.id)
        self._runner.read(work, self._on_linked, lane=(id(self), "linked"))
        asked = partial(self._notices_desk.objections, line.id)
        self._runner.read(asked, self._on_objections, lane=(id(self), "objections"))
        self._show_buttons()

    def _show_facts(self, state: NoticeState) -> None:
        fresh = form_for(state)
        name = self._desk.person.name if self._desk.person else ""
        fresh.fill({"on": self.today(), "by": name, "where": self._place, "result": t("notices.no_result")})
        self._card.column.replaceWidget(self.facts, fresh)
        self.facts.hide()
        self.facts.deleteLater()
        self.facts = fresh
        fresh.setVisible(bool(fresh.values()))

    def _on_linked(self, lines: Sequence[CandidateLine]) -> None:
        self._linked = tuple(lines)
        self.objections.show_households(lines)
        if lines and not self._place and state_of(self._chosen()) is NoticeState.PLANNED:
            work = partial(self._notices_desk.period, lines[0].case, self.today())
            self._runner.read(work, self._on_period_of_chosen, lane=(id(self), "where"))
        self._show_buttons()

    _place = ""

    def _on_period_of_chosen(self, shown: PeriodShown) -> None:
        self._place = shown.place
        if "where" in self.facts.values() and not self.facts.values()["where"]:
            self.facts.field("where").set_value(shown.place)

    def _on_objections(self, lines: Sequence[ObjectionLine]) -> None:
        state = state_of(self._chosen())
        self.objections.setVisible(state is not NoticeState.PLANNED)
        self.objections.show_lines(lines, may_add=state in {NoticeState.HANGING, NoticeState.OVER})

    def _waiting(self) -> int:
        return sum(not line.outcome for line in self._linked)

    def _show_view(self, view: int) -> None:
        self._stack.setCurrentIndex(view)
        self._show_buttons()

    def _show_buttons(self) -> None:
        listed, line = self._stack.currentIndex() == _LIST, self._chosen()
        for part in (self.strike, self.print):
            part.setVisible(listed and line is not None)
        state = state_of(line)
        if state is NoticeState.DOWN and not self._waiting():
            state = NoticeState.ENDED
        primary = "notices.save" if not listed else f"notices.do_{state}"
        shown = state is not NoticeState.HANGING or not listed
        self.frame.show_primary(t(primary) if shown and self.place else "")
        self.new.setVisible(listed and state is not NoticeState.ENDED)

    def _on_new(self) -> None:
        if self.place is not None:
            work = partial(self._notices_desk.contacts, self.place.round)
            self._runner.read(work, self._on_contacts, lane=(id(self), "contacts"))

    def _on_contacts(self, contacts: Mapping[str, Value]) -> None:
        self.form.begin(self.today(), contacts)
        self._show_view(_FORM)
        self.form.grid.focus("on")

    def _on_day(self, day: str) -> None:
        work = partial(self._notices_desk.period, self.form.cases()[0], day)
        self._runner.read(work, self._on_period, lane=(id(self), "period"))

    def _on_period(self, shown: PeriodShown) -> None:
        self._place = shown.place
        self.form.show_period(shown)

    def _plan(self) -> None:
        if not self.form.check():
            return
        form = self.form
        work = partial(self._notices_desk.plan, form.cases(), form.on(), form.contacts())
        self._runner.run(work, self._on_planned)

    def _on_planned(self, changes: Changes) -> None:
        self._wanted = next((str(uid) for kind, uid in changes.touched if kind == "publicity"), "")
        self._show_view(_LIST)
        self.say(t("notices.planned"))
        self.read_place()

    def _filled(self) -> dict[str, str]:
        """Return what was written about the chosen notice, nothing while something is missing."""
        if self.facts.check():
            self.facts.next_problem()
            return {}
        return {code: str(value) for code, value in self.facts.values().items()}

    def _post(self) -> None:
        said = self._filled()
        if said:
            posting = Posting(self.table.current_key(), said["on"], said["where"], said["by"])
            self._runner.run(partial(self._notices_desk.post, posting), partial(self._on_done, "posted"))

    def _take_down(self) -> None:
        said = self._filled()
        if said:
            key = self.table.current_key()
            work = partial(self._notices_desk.take_down, key, said["on"], said["result"])
            self._runner.run(work, partial(self._on_done, "taken_down"))

    def _conclude(self) -> None:
        work = partial(self._notices_desk.conclude, self.table.current_key())
        self._runner.run(work, self._on_concluded)

    def _on_done(self, what: str, _changes: Changes) -> None:
        self.say(t(f"notices.{what}"))
        self.read_place()

    def _on_concluded(self, done: BatchDone) -> None:
        self.tell_done(done)
        self.read_place()

    def _on_print(self) -> None:
        work = partial(self._papers.notice, self.table.current_key())
        self._runner.read(work, self._on_paper)

    def _on_paper(self, paper: Paper) -> None:
        self.asked.emit(PREVIEW, paper)

    def _on_strike(self) -> None:
        reason = self._ask.reason(t("meetings.strike"), t("notices.strike_why"))
        if reason is not None:
            work = partial(self._notices_desk.strike, self.table.current_key(), reason)
            self._runner.run(work, partial(self._on_done, "struck"))

    def _on_received(self, case: str, fields: Mapping[str, Value]) -> None:
        work = partial(self._notices_desk.object, self.table.current_key(), case, fields)
        self._runner.run(work, partial(self._on_done, "received"))

    def _on_settled(self, objection: str, answer: Answer) -> None:
        work = partial(self._notices_desk.settle, objection, answer)
        self._runner.run(work, partial(self._on_done, "settled_now"))
