"""The township's checks and the county's approvals: several households at once, with their sample."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.domain.document import ListKind
from app.ui import theme
from app.ui.desk import StepSubject
from app.ui.desks.approvals import ApprovalsDesk
from app.ui.desks.batch import BatchAct
from app.ui.desks.papers import PREVIEW, PapersDesk
from app.ui.desks.step import Act, StepDesk
from app.ui.models.household_list import yuan
from app.ui.pages.batch_page import BatchPage, refusals
from app.ui.pages.step_returns import offer_marks
from app.ui.parts.act_card import ActCard
from app.ui.parts.buttons import button
from app.ui.parts.page_frame import Card, scrolled
from app.ui.parts.pick_card import PickCard
from app.ui.parts.pick_table import PickColumn, PickRow
from app.ui.parts.sample_card import SampleCard
from app.ui.parts.step_form import ON, StepForm
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.changes import Changes
    from app.domain.document import Paper
    from app.domain.ids import Value
    from app.queries.case_card import CaseAction
    from app.queries.linked import CandidateLine
    from app.queries.sampling import SampleLine
    from app.queries.step_sheet import StepSheet
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.batch import BatchDone, BatchPlace
    from app.ui.desks.step import Acted
    from app.ui.runner import Runner

_SINGLE = frozenset({"sample_result"})  # told for one household, never for many at once


class ApprovalsPage(BatchPage):
    """Tick households, fill in once, decide for all; what a rule refuses stays and is listed."""

    help_key = "approvals.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask, step_page: str) -> None:
        self.step_page = step_page
        super().__init__(desk, runner, ask, t(f"approvals.title_{step_page}"))
        self._step = desk.group(StepDesk)
        self._approvals = desk.group(ApprovalsDesk)
        self._papers = desk.group(PapersDesk)
        self.sheet: StepSheet | None = None
        self.form: StepForm | None = None
        self.pick = PickCard(t("approvals.waiting"), _columns(), t("approvals.nobody"))
        self.sample = SampleCard()
        self.act_card = ActCard()
        self._form_card = Card()
        self._form_card.add(words(t("approvals.decision"), "section"))
        self._hint = words(t("approvals.tick_first"), "muted", wrap=True)
        self._form_card.add(self._hint)
        self._refused = words("", "warning", wrap=True)
        self._refused_card = Card()
        self._refused_card.add(words(t("approvals.refused"), "section"))
        self._refused_card.add(self._refused)
        self.others = button(t("step.others"), "plain", "chevron_down")
        self.menu = QMenu(self.others)
        self.others.setMenu(self.menu)
        self.print = button(t("approvals.print"), "plain", "printer")
        self.look = button(t("approvals.look"), "plain", "eye")
        self.since = button(t("approvals.since"), "plain", "redo")
        self.changed = button(t("approvals.changed"), "plain", "warning")
        self._lay_out()
        self._connect()

    def placed(self, place: BatchPlace) -> None:
        """Read who waits, and the draws."""
        self.sample.offer_results(place.choices["sample_result"])
        self.read_lines()

    def nowhere(self) -> None:
        """Show nobody."""
        self.pick.show_rows(())

    def escape(self) -> bool:
        """Take an open question back first."""
        if self.act_card.isHidden():
            return False
        self.act_card.close_card()
        return True

    def show_lines(self, lines: Sequence[CandidateLine]) -> None:
        """Offer who waits."""
        rows = [PickRow(line.case, self._cells(line), line.case == self.chosen_case()) for line in lines]
        self.pick.show_rows(rows)
        if self.place is not None and self.step_page == "check":
            work = partial(self._approvals.samples, self.place.round)
            self._runner.read(work, self._on_samples, lane=(id(self), "samples"))
        first = next(iter(self.pick.table.ticked()), lines[0].case if lines else "")
        if first and self.place is not None:
            asked = partial(self._step.sheet, first, self.place.step)
            self._runner.read(asked, self._on_sheet, lane=(id(self), "sheet"))
        else:
            self._show_form(None)

    def on_primary(self) -> None:
        """Take the way forward for all that are ticked."""
        action = self._forward()
        if action is not None:
            self._take(action, {})

    def _lay_out(self) -> None:
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, theme.px(6), 0)
        column.setSpacing(theme.px(14))
        self.sample.setVisible(self.step_page == "check")
        self._refused_card.hide()
        for part in (self._refused_card, self.act_card, self._form_card, self.sample):
            column.addWidget(part)
        column.addStretch(1)
        area = scrolled(holder)
        area.setFixedWidth(theme.px(430))
        row.addWidget(self.pick, 1)
        row.addWidget(area)
        self.frame.add(body, 1)
        self.frame.add_right(self.changed)
        for act in (self.print, self.since, self.look, self.others):
            self.frame.add_button(act)
        self.frame.show_keys(
            (((t("approvals.space"),), t("approvals.key_tick")), (("Ctrl+Enter",), t("step.key_send")))
        )

    def _connect(self) -> None:
        self.pick.changed.connect(self._show_actions)
        self.act_card.confirmed.connect(self._take)
        offer_marks(self.act_card, self._desk, self._runner, self._marked_case)
        self.print.clicked.connect(self._on_print)
        self.look.clicked.connect(self._on_look)
        self.since.clicked.connect(self._on_since)
        self.changed.clicked.connect(partial(self.asked.emit, "approval_changes", ""))
        self.sample.draw_asked.connect(self._on_draw)
        self.sample.again_asked.connect(self._on_again)
        self.sample.result_given.connect(self._on_result)

    def _cells(self, line: CandidateLine) -> tuple[str, ...]:
        choices = dict(self.place.choices) if self.place else {}
        result = dict(choices.get("sample_result", ())).get(line.sample_result, "")
        drawn = (result or t("approvals.to_visit")) if line.sampled else ""
        village = dict(choices.get("village", ())).get(line.village, line.village)
        return (line.head, f"{village}{line.group}", str(line.size), yuan(line.income_fen), drawn)

    def _on_samples(self, samples: Sequence[SampleLine]) -> None:
        place = self.place
        if place is None:
            return
        own = [sample for sample in samples if sample.workflow == place.workflow]
        seed = t("approvals.seed_default", round=place.round_name, place=self._desk.place.name)
        self.sample.show_sample(own[0] if own else None, self.lines, seed)

    def _on_sheet(self, sheet: StepSheet) -> None:
        self._show_form(sheet)

    def _show_form(self, sheet: StepSheet | None) -> None:
        typed = self.form.grid.values() if self.form is not None else {}
        if self.form is not None:
            self.form.hide()
            self._form_card.column.removeWidget(self.form)
            self.form.deleteLater()
        self.sheet, self.form = sheet, None
        if sheet is not None:
            self.form = StepForm(_for_many(sheet), self._desk.people, self.today())
            self.form.put({code: value for code, value in typed.items() if code != ON})
            self.form.prefill([self._desk.person.id] if self._desk.person else [])
            self._form_card.add(self.form)
        self._show_actions()

    def _forward(self) -> CaseAction | None:
        actions = self.sheet.actions if self.sheet is not None else ()
        return next((action for action in actions if action.is_forward), None)

    def _show_actions(self) -> None:
        number, forward = len(self.pick.table.ticked()), self._forward()
        self._hint.setVisible(not number)
        self.menu.clear()
        if self.sheet is not None and number:
            for action in self.sheet.actions:
                if action is not forward and action.needs_reason:
                    entry = QAction(action.label, self.menu)
                    entry.triggered.connect(partial(self._ask_for, action))
                    self.menu.addAction(entry)
        self.others.setVisible(not self.menu.isEmpty())
        self.look.setVisible(number == 1)
        self.since.setVisible(number == 1)
        self.print.setVisible(bool(self.lines))
        text = t("approvals.do", action=forward.label, number=number) if forward and number else ""
        self.frame.show_primary(text)

    def _ask_for(self, action: CaseAction) -> None:
        self.act_card.show_action(action, t("batch.households", number=len(self.pick.table.ticked())))

    def _take(self, action: CaseAction, data: Mapping[str, Value]) -> None:
        cases = self.pick.table.ticked()
        if self.form is None or not cases or not self.form.check():
            return
        values = self.form.grid.values()
        own = {code: values[code] for code in values if code in action.fields and values[code] != ""}
        if self.sheet is not None and self.sheet.date_field in action.fields:
            own[self.sheet.date_field] = values[ON]
        act = BatchAct(cases, action.action, {**own, **data}, str(values[ON]))
        self._runner.run(partial(self._batch.act, act), self._on_taken)

    def _on_taken(self, done: BatchDone) -> None:
        self.act_card.close_card()
        self.say(t("batch.done", number=len(done.done)))
        self._refused.setText(refusals(done) if done.refused else "")
        self._refused_card.setVisible(bool(done.refused))
        self.read_place()

    def _on_draw(self, seed: str, rate: int) -> None:
        cases = [line.case for line in self.lines if not line.linked]
        self._runner.run(partial(self._approvals.draw, cases, seed, rate), self._on_drawn)

    def _on_drawn(self, _changes: Changes) -> None:
        self.say(t("approvals.drawn_now"))
        self.read_place()

    def _on_again(self) -> None:
        sample = self.sample.sample
        if sample is not None:
            work = partial(self._batch.linked, "sample_in", sample.id)
            self._runner.read(work, partial(self._on_population, sample))

    def _on_population(self, sample: SampleLine, lines: Sequence[CandidateLine]) -> None:
        same = self._approvals.again(sample, [line.case for line in lines])
        self.noticed.emit(t("approvals.same" if same else "approvals.not_same"))

    def _on_result(self, case: str, result: str) -> None:
        place = self.place
        if place is not None:
            act = Act(case, f"{place.step}.save", place.step, {"sample_result": result})
            self._runner.run(partial(self._step.act, act), self._on_result_kept)

    def _on_result_kept(self, _acted: Acted) -> None:
        self.say(t("approvals.result_kept"))
        self.read_place()

    def _on_print(self) -> None:
        cases = self.pick.table.ticked() or self.pick.table.keys()
        self._runner.read(partial(self._papers.listing, ListKind.AUDIT, cases), self._on_paper)

    def _on_paper(self, paper: Paper) -> None:
        self.asked.emit(PREVIEW, paper)

    def _marked_case(self) -> str:
        """Return the one case that is ticked, "" for many."""
        ticked = self.pick.table.ticked()
        return ticked[0] if len(ticked) == 1 else ""

    def _on_since(self) -> None:
        self.asked.emit("returned", self._marked_case())

    def _on_look(self) -> None:
        line = next(line for line in self.lines if line.case == self.pick.table.ticked()[0])
        step = self.place.step if self.place else ""
        self.asked.emit("step", StepSubject(line.household, line.case, step))


def _for_many(sheet: StepSheet) -> StepSheet:
    """Return the sheet without what is one household's own."""
    shared = tuple(code for code in sheet.fields if code not in _SINGLE)
    return replace(sheet, fields=shared, values={}, stale=False)


def _columns() -> tuple[PickColumn, ...]:
    return (
        PickColumn(t("meetings.head"), 3),
        PickColumn(t("approvals.place"), 4),
        PickColumn(t("notices.size"), 2, figures=True),
        PickColumn(t("detail.income"), 4, figures=True),
        PickColumn(t("approvals.sampled"), 3),
    )
