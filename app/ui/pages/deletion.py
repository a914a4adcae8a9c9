"""Lawful deletion, step by step: the request, what it concerns, the confirmation, the slip. A county's page.

Opened for the id of a household; without one it lists what was deleted before.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.domain.deletion import MOST_YEARS, Basis
from app.ui import theme
from app.ui.desks.deletion import DeletionDesk, DeletionOrder
from app.ui.desks.papers import PREVIEW
from app.ui.parts.buttons import button
from app.ui.parts.deletion_cards import (
    ConfirmCard,
    DoneCard,
    ElsewhereCard,
    ListCard,
    PlanCard,
    RequestCard,
)
from app.ui.parts.enrol_parts import page_body
from app.ui.parts.page import Page
from app.ui.parts.page_frame import PageFrame, scrolled
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.document import Paper
    from app.queries.deletion_plan import DeletionPlan
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.desks.deletion import HomePeople
    from app.ui.runner import Runner
    from app.usecases.deletions import Deleted

_LIST, _REQUEST, _PLAN, _DONE = range(4)


class DeletionPage(Page):
    """Nothing is deleted before the request's number was typed a second time."""

    help_key = "deletion.help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._deletion = desk.group(DeletionDesk)
        self._household = ""
        self._plan: DeletionPlan | None = None
        self.frame = PageFrame(t("deletion.title"))
        self.before = button(t("deletion.list"), "plain", "clock")
        self.list, self.request, self.plan = ListCard(), RequestCard(), PlanCard()
        self.elsewhere, self.confirm, self.done = ElsewhereCard(), ConfirmCard(), DoneCard()
        self._stack = QStackedWidget()
        self._lay_out()
        self.before.clicked.connect(self._show_list)
        self.frame.back_asked.connect(self._on_back)
        self.frame.primary_asked.connect(self._on_primary)
        self.list.slip_asked.connect(self._on_slip)
        self.done.slip_asked.connect(self._on_slip)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self._on_primary)

    def show_for(self, subject: object = None) -> None:
        """Begin with a household; without one show what was deleted before."""
        self._household = subject if isinstance(subject, str) else ""
        self._plan = None
        if self._household:
            work = partial(self._deletion.people, self._household)
            self._runner.read(work, self._on_people, lane=(id(self), "people"))
        else:
            self._show_list()

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go through the marked fields."""
        here = self._stack.currentIndex()
        form = self.confirm.form if here == _PLAN else self.request.form
        form.next_problem(backwards=backwards)

    def escape(self) -> bool:
        """Go one step back inside the page."""
        if self._stack.currentIndex() != _PLAN:
            return False
        self._show(_REQUEST)
        return True

    def _lay_out(self) -> None:
        for part in (
            _column(self.list),
            _column(self.request),
            page_body(_column(self.plan, self.confirm), self.elsewhere),
            _column(self.done),
        ):
            self._stack.addWidget(part)
        self.frame.add(self._stack, 1)
        self.frame.add_right(self.before)
        self.frame.show_keys(((("Ctrl", "Enter"), t("deletion.key_on")), (("Esc",), t("app.back"))))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.frame)
        self._show(_LIST)

    def _show(self, step: int) -> None:
        self._stack.setCurrentIndex(step)
        self.frame.show_title(t("deletion.title"), t("deletion.step", number=step) if step else "")
        primary = {_REQUEST: t("deletion.look"), _PLAN: t("deletion.delete")}.get(step, "")
        self.frame.show_primary(primary)
        self.before.setVisible(step != _LIST)

    def _on_people(self, home: HomePeople) -> None:
        self.request.show_people(home, self._deletion.today())
        self._show(_REQUEST)
        self.request.form.focus("who")

    def _show_list(self) -> None:
        self._show(_LIST)
        self._runner.read(self._deletion.listing, self.list.show_list, lane=(id(self), "list"))

    def _on_back(self) -> None:
        if not self.escape():
            self.left.emit()

    def _on_primary(self) -> None:
        steps: dict[int, Callable[[], None]] = {_REQUEST: self._look, _PLAN: self._delete}
        step = steps.get(self._stack.currentIndex())
        if step is not None:
            step()

    def _look(self) -> None:
        form = self.request.form
        form.check()
        values = form.values()
        if values["basis"] == str(Basis.OTHER) and not values["words"]:
            form.set_problem("words", t("deletion.words_needed"))
        years = values["years"]
        if isinstance(years, int) and not 1 <= years <= MOST_YEARS:
            form.set_problem("years", t("deletion.bad_years", most=MOST_YEARS))
        if form.problems():
            form.next_problem()
            return
        reach, root = self.request.target(self._household)
        work = partial(self._deletion.preview, reach, root, self.request.request().years)
        self._runner.read(work, self._on_plan)

    def _on_plan(self, plan: DeletionPlan) -> None:
        self._plan = plan
        self.plan.show_plan(plan)
        self.elsewhere.show_plan(plan)
        self.confirm.begin(held=bool(plan.holds))
        self._show(_PLAN)
        self.confirm.form.focus("again")

    def _delete(self) -> None:
        if self.confirm.form.check():
            self.confirm.form.next_problem()
            return
        again, second, reason = self.confirm.values()
        reach, root = self.request.target(self._household)
        order = DeletionOrder(
            reach=reach,
            root=root,
            request=self.request.request(),
            confirmed=again,
            ticked=self.elsewhere.ticked(),
            passphrase=second,
            reason=reason,
        )
        text = t("deletion.sure_text", entries=len(self._plan.entries) if self._plan else 0)
        if self._ask.confirm(t("deletion.sure"), text, t("deletion.delete"), danger=True):
            self._runner.run(partial(self._deletion.delete, order), self._on_done)

    def _on_done(self, done: Deleted) -> None:
        self._plan = None
        self.done.show_done(done)
        self._show(_DONE)
        self.done.slip.setFocus()
        self.say(t("deletion.done_short", number=done.request))

    def _on_slip(self, request: str) -> None:
        self._runner.read(partial(self._deletion.slip, request), self._on_paper)

    def _on_paper(self, paper: Paper) -> None:
        self.asked.emit(PREVIEW, paper)


def _column(*cards: QWidget) -> QScrollArea:
    """Return cards one below the other, scrolled where they do not fit."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(14))
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return scrolled(inner)
