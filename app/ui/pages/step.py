"""The page of one step of one household: facts, fields, what is missing, what can be done.

What is special about a step is a panel of its own; steps of many households lead to their own pages.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.domain.calendar import civil_date
from app.ui import theme
from app.ui.desk import StepSubject
from app.ui.desks.step import Act, Acted, StepDesk
from app.ui.models.household_list import short_code
from app.ui.pages.step_kinds import VERDICT_PAGES, make_panel
from app.ui.pages.step_photos import StepPhotos
from app.ui.pages.step_returns import offer_marks, offer_queue
from app.ui.pages.step_words import missing_words, pill, step_keys, told, whole_actions
from app.ui.parts.act_card import ActCard
from app.ui.parts.buttons import button
from app.ui.parts.page import Page
from app.ui.parts.page_frame import Card, PageFrame, scrolled
from app.ui.parts.step_form import StepForm
from app.ui.parts.timeline import Timeline
from app.ui.parts.verdict_card import VerdictCard
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.changes import Changes
    from app.domain.ids import Value
    from app.queries.case_card import CaseAction, Said
    from app.queries.step_sheet import StepSheet
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.pages.step_panels import StepPanel
    from app.ui.runner import Runner

_SIDES = (236, 252)  # design pixels of the left and right columns


class StepPage(Page):
    """Opened for a ``StepSubject``; its action, when one was asked for, is prepared at once."""

    help_key = "step.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._desk, self._runner, self._ask = desk, runner, ask
        self._step = desk.group(StepDesk)
        self._subject = StepSubject("", "", "")
        self._wanted = ""
        self.sheet: StepSheet | None = None
        self._actions: tuple[CaseAction, ...] = ()
        self._pair: list[str] = [desk.person.id] if desk.person else []
        self.form: StepForm | None = None
        self.panel: StepPanel | None = None
        self.frame = PageFrame()
        self.timeline = Timeline()
        self.act_card = ActCard()
        self.verdicts = VerdictCard()
        self.photos = StepPhotos(self._step, runner, ask)
        self._form_card = Card()
        self._heading = words("", "section")
        self._form_card.add(self._heading)
        self._missing = words("", "warning", wrap=True)
        self._missing_card = Card()
        self.save = button(t("step.save"), "plain")
        self.others = button(t("step.others"), "plain", "chevron_down")
        self.menu = QMenu(self.others)
        self._lay_out()
        self._connect()

    def show_for(self, subject: object = None) -> None:
        """Show the step of a ``StepSubject``."""
        if not isinstance(subject, StepSubject):
            return
        self._subject, self._wanted = subject, subject.action
        self.sheet = None
        self.act_card.close_card()
        self._read()

    def on_changed(self, changes: Changes) -> None:
        """Read again; what was typed and not sent stays."""
        if changes.touched and self._subject.case and self.isVisible():
            self._read()

    def may_leave(self) -> bool:
        """Keep what was typed: it is saved with the step."""
        form, save = self.form, self._of_verb("save")
        if form is None or save is None or self.sheet is None:
            return True
        typed = form.typed() if form.check() else {}
        if typed and (form.open or form.sheet.is_done):
            text = t("step.saved_leaving", head=self.sheet.card.head)
            self._send(save, {}, partial(self._tell, text))
        self.form = None
        return True

    def escape(self) -> bool:
        """Take an open question back first."""
        if self.act_card.isHidden():
            return False
        self.act_card.close_card()
        return True

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go to the next field that is still needed."""
        if self.form is not None:
            self.form.grid.next_problem(backwards=backwards)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(14))
        row.addWidget(self._left())
        row.addWidget(self._middle(), 1)
        row.addWidget(self._right())
        self.frame.add(body, 1)
        self.others.setMenu(self.menu)
        self.frame.add_button(self.others)
        self.frame.add_button(self.save)
        self.frame.show_keys(step_keys())

    def _left(self) -> QWidget:
        card = Card()
        card.setFixedWidth(theme.px(_SIDES[0]))
        card.column.setContentsMargins(theme.px(14), theme.px(16), theme.px(10), theme.px(14))
        card.add(words(t("detail.progress"), "section"))
        card.add(self.timeline)
        card.column.addStretch(1)
        look = button(t("step.household"), "plain", "users")
        look.clicked.connect(self._on_household)
        card.add(look)
        return card

    def _middle(self) -> QWidget:
        holder = QWidget()
        self._centre = QVBoxLayout(holder)
        self._centre.setContentsMargins(0, 0, theme.px(4), 0)
        self._centre.setSpacing(theme.px(14))
        for part in (self.act_card, self._form_card, self.verdicts):
            self._centre.addWidget(part)
        self._centre.addStretch(1)
        self._area = scrolled(holder)
        return self._area

    def _right(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(theme.px(_SIDES[1]))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        self._missing_title = words(t("step.missing"), "section")
        self._notes = words("", "muted", wrap=True)
        for part in (self._missing_title, self._missing, self._notes):
            self._missing_card.add(part)
        self._show_queue = offer_queue(self._missing_card, self, lambda: self._subject.household)
        column.addWidget(self._missing_card)
        column.addWidget(self.photos)
        column.addStretch(1)
        return side

    def _connect(self) -> None:
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self._on_primary)
        self.save.clicked.connect(self._on_save)
        self.timeline.step_chosen.connect(self._on_step_chosen)
        self.act_card.confirmed.connect(self._on_confirmed)
        offer_marks(self.act_card, self._desk, self._runner, lambda: self._subject.case)
        self.verdicts.overridden.connect(self._on_overridden)
        self.photos.said.connect(self.say)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_primary)

    def _read(self) -> None:
        work = partial(self._step.sheet, self._subject.case, self._subject.step)
        self._runner.read(work, self._on_sheet, lane=(id(self), "sheet"))

    def _on_sheet(self, sheet: StepSheet) -> None:
        same = self.sheet is not None and self.sheet.step == sheet.step
        typed = self.form.typed() if same and self.form is not None else {}
        self.sheet, self._actions = sheet, sheet.actions
        self._subject = StepSubject(sheet.card.household, sheet.card.case, sheet.step)
        self._show_head(sheet)
        self.timeline.show_steps(sheet.card.steps)
        self._show_panel(sheet)
        self._show_form(sheet, typed)
        rows = sheet.card.verdict if sheet.page in VERDICT_PAGES else ()
        self.verdicts.show_rows(rows, may_set=sheet.is_open and sheet.mine)
        self.photos.show_sheet(sheet)
        self._show_actions()
        if typed or self._pair:
            self._check()
        self._prepare_wanted()

    def _show_head(self, sheet: StepSheet) -> None:
        card = sheet.card
        group, size = card.group, card.size
        subtitle = t("step.subtitle_plain", group=group, size=size)
        if card.code:
            subtitle = t("step.subtitle", code=short_code(card.code), group=group, size=size)
        self.frame.show_title(card.head, subtitle)
        self._heading.setText(sheet.name)
        self.frame.show_pill(*pill(sheet))

    def _show_panel(self, sheet: StepSheet) -> None:
        if self.panel is None or self.panel.property("page") != sheet.page:
            if self.panel is not None:
                self.panel.hide()
                self.panel.deleteLater()
            self.panel = make_panel(sheet.page, self._desk, self._runner, self._ask)
            self.panel.setProperty("page", sheet.page)
            self.panel.asked.connect(self.asked)
            self.panel.said.connect(self.say)
            self._centre.insertWidget(1, self.panel)
        self.panel.show_sheet(sheet)

    def _show_form(self, sheet: StepSheet, typed: Mapping[str, Value]) -> None:
        today = civil_date(self._desk.now()).isoformat()
        self.form = StepForm(sheet, self._desk.people, today)
        self.form.prefill(self._pair)
        self.form.put(dict(typed))
        self.form.grid.edited.connect(self._check)
        self.form.keep.toggled.connect(self._check)
        self.form.grid.finished.connect(self.frame.primary.setFocus)
        # Also one that was left behind when leaving.
        for old in [one for one in self._form_card.children() if isinstance(one, StepForm)]:
            old.hide()
            self._form_card.column.removeWidget(old)
            old.deleteLater()
        self._form_card.add(self.form)

    def _check(self) -> None:
        """Ask what is still missing with what stands on the form."""
        form = self.form
        if form is None or not form.open:
            return
        work = partial(self._step.check, self._subject.case, form.typed())
        self._runner.read(work, self._on_checked, lane=(id(self), "check"))

    def _on_checked(self, actions: tuple[CaseAction, ...]) -> None:
        self._actions = tuple(action for action in actions if action.step == self._subject.step)
        self._show_actions()

    def _best(self) -> CaseAction | None:
        forward = [action for action in self._actions if action.is_forward]
        return min(forward, key=lambda action: len(action.missing), default=None)

    def _of_verb(self, verb: str) -> CaseAction | None:
        return next((a for a in self._actions if a.action == f"{self._subject.step}.{verb}"), None)

    def _show_actions(self) -> None:
        sheet, best = self.sheet, self._best()
        if sheet is None or self.panel is None:
            return
        lacking = best.missing if best is not None else ()
        ahead = self.panel.primary_text() if lacking and sheet.is_open else ""
        save = self._of_verb("save")
        late = save if best is None else None
        first = best.label if best else late.label if late else ""
        self.frame.show_primary(ahead or first)
        self.save.setVisible(save is not None and best is not None)
        self._fill_menu(best)
        self._show_missing(sheet, best, lacking)

    def _fill_menu(self, best: CaseAction | None) -> None:
        self.menu.clear()
        save = f"{self._subject.step}.save"
        whole = whole_actions(self.sheet)
        shown = [a for a in self._actions if a is not best and a.action != save]
        for action in (*shown, *whole):
            entry = QAction(action.label, self.menu)
            entry.triggered.connect(partial(self._take, action))
            self.menu.addAction(entry)
        self.others.setVisible(not self.menu.isEmpty())

    def _show_missing(self, sheet: StepSheet, best: CaseAction | None, lacking: tuple[Said, ...]) -> None:
        self._missing.setText(missing_words(sheet, best))
        self._missing_title.setVisible(bool(lacking))
        self._show_queue(lacking)
        self._notes.setText("\n".join(sheet.notes))
        self._notes.setVisible(bool(sheet.notes))
        if self.form is not None:
            self.form.mark({said.field: told(said) for said in lacking if said.field})

    def _prepare_wanted(self) -> None:
        wanted, self._wanted = self._wanted, ""
        sheet = self.sheet
        asked = next(
            (a for a in (*self._actions, *(sheet.whole if sheet else ())) if a.action == wanted), None
        )
        if asked is not None and (asked.needs_reason or not asked.step):
            self._take(asked)
        elif self.form is not None and self.form.open:
            self.form.grid.focus("on")

    def _on_primary(self) -> None:
        best, panel = self._best(), self.panel
        if panel is not None and best is not None and best.missing and panel.primary_text():
            panel.go()
            return
        action = best or self._of_verb("save")
        if action is not None:
            self._take(action)

    def _on_save(self) -> None:
        save = self._of_verb("save")
        if save is not None and self.form is not None and self._fits():
            self._send(save, {}, self._on_saved)

    def _take(self, action: CaseAction) -> None:
        if action.needs_reason or len(action.targets) > 1:
            self.act_card.show_action(action, self.sheet.card.head if self.sheet else "")
            self._area.ensureWidgetVisible(self.act_card)
            return
        if not self._fits():
            return
        first = next((said.field for said in action.missing if said.field), "")
        if action.missing and self.form is not None and not self.form.jump(first):
            self.noticed.emit(" ".join(told(said) for said in action.missing))
        if not action.missing:
            self._send(action, {}, partial(self._on_acted, action))

    def _fits(self) -> bool:
        if self.form is None or not self.form.check():
            self.next_problem()
            return False
        return True

    def _send(self, action: CaseAction, data: Mapping[str, Value], on_done: object) -> None:
        """Take an act with what stands on the form; acts that take no fields are preceded by a save."""
        form, save = self.form, self._of_verb("save")
        typed = form.typed() if form is not None and form.check() else {}
        on = form.on() if form is not None else ""
        own = {code: value for code, value in typed.items() if code in action.fields}
        if typed and not action.fields and save is not None:
            first = Act(self._subject.case, save.action, self._subject.step, typed, on)
            self._runner.run(partial(self._step.act, first))
        kept: dict[str, Value] = {"keep": 1} if form is not None and form.keep.isChecked() else {}
        if form is not None and form.sheet.people:
            self._pair = [str(form.grid.values().get(code, "")) for code in form.sheet.people]
        act = Act(self._subject.case, action.action, self._subject.step, {**own, **kept, **data}, on)
        self._runner.run(partial(self._step.act, act), on_done)  # type: ignore[arg-type]  # a slot of ours

    def _on_confirmed(self, action: CaseAction, data: Mapping[str, Value]) -> None:
        self._send(action, data, partial(self._on_acted, action))

    def _on_saved(self, _acted: Acted) -> None:
        self.say(t("step.saved"))
        self._read_anew()

    def _tell(self, text: str, _done: object) -> None:
        self.say(text)

    def _on_acted(self, action: CaseAction, acted: Acted) -> None:
        self.act_card.close_card()
        head = self.sheet.card.head if self.sheet is not None else ""
        if not acted.back:
            self.say(t("step.acted", head=head, action=action.label))
        else:
            back = Act(
                self._subject.case,
                acted.back,
                self._subject.step,
                {"to": self._subject.step, "reason": t("step.undo_reason")},
            )
            self.say(t("step.acted_back", head=head, action=action.label), partial(self._undo, head, back))
        self.form = None
        self.left.emit()

    def _undo(self, head: str, back: Act) -> None:
        self._runner.run(partial(self._step.act, back), partial(self._tell, t("step.undone", head=head)))

    def _read_anew(self) -> None:
        self.form = None
        self._read()

    def _on_step_chosen(self, step: str) -> None:
        self.may_leave()
        self.show_for(StepSubject(self._subject.household, self._subject.case, step))

    def _on_household(self) -> None:
        self.asked.emit("household", self._subject.household)

    def _on_overridden(self, dimension: str, verdict: str, reason: str) -> None:
        work = partial(self._step.override, self._subject.case, dimension, verdict, reason)
        self._runner.run(work, partial(self._tell, t("step.verdict_saved")))
