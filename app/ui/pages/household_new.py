"""Add a household: the head first, then the other members, then where they live."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.ids import Kind
from app.domain.income import state_income
from app.queries.household import HouseholdSheet
from app.ui import theme
from app.ui.binding import maybe
from app.ui.desk import Workflow
from app.ui.desks.household import HouseholdDesk
from app.ui.models.household_draft import NEW, Draft
from app.ui.pages.household import told_known
from app.ui.pages.household_parts import FormSection, MembersSection
from app.ui.parts.buttons import button
from app.ui.parts.entity_form import Measure, Section
from app.ui.parts.page import Page
from app.ui.parts.page_frame import PageFrame, scrolled
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import Changes
    from app.queries.duplicates import KnownPerson
    from app.ui.ask import Ask
    from app.ui.desk import Desk
    from app.ui.runner import Runner

_HOME = f"{NEW}_home"
_PERSON = (
    Section(
        "", ("name", "id_number", "relation", "sex", "born", "ethnicity", "phone", "labour", "education")
    ),
    Section("", ("health", "insurance", "school", "dibao", "away")),
)
_WHERE = (Section("households.where", ("group", "code", "household_type", "address")),)


class NewHouseholdPage(Page):
    """Keeps what was typed until it is saved or given up."""

    help_key = "households.new_help"

    def __init__(self, desk: Desk, runner: Runner, ask: Ask) -> None:
        super().__init__()
        self._runner, self._ask = runner, ask
        self._home = desk.group(HouseholdDesk)
        self._scope = desk.place.scope
        measure = Measure(self._home.lists(), self._home.today())
        self.draft = Draft(_nothing())
        self.frame = PageFrame()
        self.frame.show_title(t("households.new"), t("households.new_why"))
        self.members = MembersSection(measure, _PERSON)
        self.where = FormSection(Kind.HOUSEHOLD, _WHERE, measure)
        self.only = button(t("households.save_only"))
        self._lay_out()
        self._connect()

    def show_for(self, subject: object = None) -> None:  # noqa: ARG002
        """Begin with an empty head unless something was typed before."""
        if not self._is_typed():
            self._begin()
        self.members.form.focus("name")

    def may_leave(self) -> bool:
        """Ask before what was typed is given up."""
        self._commit()
        if not self._is_typed():
            return True
        text = t("households.new_leave_text")
        if not self._ask.confirm(t("households.leave"), text, t("households.leave_verb"), danger=True):
            return False
        self._begin()
        return True

    def next_problem(self, *, backwards: bool = False) -> None:
        """Go through the marked fields."""
        form = self.members.form if self.members.form.problems() else self.where.form
        form.next_problem(backwards=backwards)

    def save(self, *, start: bool = True) -> None:
        """Save the household; with ``start`` its identification begins at once."""
        self._commit()
        errors = self.members.problems(everything=True) + self.where.problems()
        if errors:
            self.next_problem()
            self.noticed.emit(t("households.has_problems"))
            return
        members = [self.draft.values(Kind.MEMBER, uid) for uid in self.draft.entities(Kind.MEMBER)]
        if not members:
            self.noticed.emit(t("households.need_member"))
            return
        fields = {**self.draft.values(Kind.HOUSEHOLD, _HOME), "village": self._scope}
        work = partial(self._home.add, fields, members)
        self._runner.run(work, partial(self._on_added, str(members[0]["name"]), start))

    def _lay_out(self) -> None:
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, theme.px(8), 0)
        rows.setSpacing(theme.px(14))
        rows.addWidget(self.members)
        rows.addWidget(self.where)
        rows.addStretch(1)
        self.frame.add(scrolled(inner), 1)
        self.frame.add_button(self.only)
        self.frame.show_primary(t("households.save_start"))
        self.frame.show_keys(
            (
                (("Enter",), t("households.key_next")),
                (("Ctrl+N",), t("households.key_member")),
                (("Ctrl+S",), t("households.key_save")),
                (("Esc",), t("households.key_back")),
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)

    def _connect(self) -> None:
        self.frame.back_asked.connect(self.left)
        self.frame.primary_asked.connect(self.save)
        self.only.clicked.connect(self._on_only)
        for keys in ("Ctrl+S", "Ctrl+Return"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        QShortcut(QKeySequence("Ctrl+N"), self).activated.connect(self.members.add_member)
        self.members.form.finished.connect(self._on_person_done)
        self.members.number_given.connect(self._on_number)

    def _begin(self) -> None:
        self.draft = Draft(_nothing())
        self.members.show_draft(self.draft)
        self.members.add_member()
        self.where.show_draft(self.draft, _HOME)

    def _is_typed(self) -> bool:
        people = self.draft.entities(Kind.MEMBER)
        typed = any(
            self.draft.value(Kind.MEMBER, uid, code) for uid in people for code in ("name", "id_number")
        )
        return typed or bool(self.draft.values(Kind.HOUSEHOLD, _HOME))

    def _commit(self) -> None:
        QGuiApplication.inputMethod().commit()
        focused = maybe(self.focusWidget())
        if focused is not None:
            focused.clearFocus()

    def _on_only(self) -> None:
        self.save(start=False)

    def _on_person_done(self) -> None:
        self.where.form.focus("group")

    def _on_added(self, name: str, start: bool, changes: Changes) -> None:
        (household,) = [uid for kind, uid in changes.touched if kind is Kind.HOUSEHOLD]
        self._begin()
        if not start:
            self._go_on(t("households.added", name=name), household)
            return
        done = partial(self._on_started, name, household)
        self._runner.run(partial(self._home.open_case, household, Workflow.IDENTIFY.value), done)

    def _on_started(self, name: str, household: str, _changes: Changes) -> None:
        self._go_on(t("households.added_started", name=name), household)

    def _go_on(self, text: str, household: str) -> None:
        self.asked.emit("household", household)
        self.say(text)

    def _on_number(self, entity: str, number: str) -> None:
        work = partial(self._home.known, number, "")
        self._runner.read(work, partial(self._on_known, entity), lane=(id(self), "known"))

    def _on_known(self, entity: str, known: Sequence[KnownPerson]) -> None:
        self.members.warn_number(entity, told_known(known))


def _nothing() -> HouseholdSheet:
    """Return the sheet of a household of which nothing is known yet."""
    return HouseholdSheet(
        household=_HOME,
        code="",
        village="",
        village_name="",
        status="active",
        fields=(),
        members=(),
        round="",
        round_name="",
        before="",
        before_name="",
        incomes=(),
        expenses=(),
        statement=state_income((), (), ()),
        statement_before=None,
        conditions_id="",
        conditions=(),
        cases=(),
        attachments=(),
        documents=(),
        conflicts=(),
    )
