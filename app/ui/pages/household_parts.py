"""The sections of a household's page: facts, members, money, living conditions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.conditions import conditions_faults
from app.domain.household import HEAD, household_faults
from app.domain.identity import read_identity
from app.domain.ids import Kind, Value
from app.domain.member import age_on, member_faults, tidied
from app.ui import theme
from app.ui.models.household_draft import NEW
from app.ui.parts.buttons import button
from app.ui.parts.entity_form import EntityForm, Measure, Section
from app.ui.parts.member_table import RowsTable, TableColumn, TableRow
from app.ui.parts.page_frame import Card
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.fault import Fault
    from app.ui.models.household_draft import Draft

FACTS = (
    Section("", ("code", "group", "household_type", "address", "object_class")),
    Section("households.part_causes", ("main_cause", "identified_on", "exited_on", "other_causes", "risks")),
    Section("households.part_bank", ("bank_name", "bank_account", "note")),
)
MEMBER = (
    Section("", ("name", "id_number", "relation", "sex", "born", "ethnicity", "phone", "id_type")),
    Section(
        "households.part_learning",
        (
            "education",
            "school",
            "not_in_school_reason",
            "labour",
            "disability_no",
            "disability_benefit",
            "health",
        ),
    ),
    Section(
        "households.part_cover",
        ("pension", "dibao", "tekun", "insurance", "away", "work_place", "work_months", "monthly_wage_fen"),
    ),
    Section(
        "households.part_belonging",
        ("shares_income", "status", "status_on", "status_reason", "joined_on", "joined_reason", "note"),
    ),
)
CONDITIONS = (
    Section("households.part_food", ("checked_on", "food", "clothing")),
    Section(
        "households.part_house",
        ("house_structure", "house_grade", "house_safe", "house_built", "house_area_dm2"),
    ),
    Section(
        "households.part_water",
        (
            "water_source",
            "water_safe",
            "water_distance_m",
            "water_rise_m",
            "water_minutes",
            "water_litres",
            "water_dry_days",
        ),
    ),
    Section(
        "households.part_village",
        (
            "electricity",
            "broadcast",
            "road",
            "road_type",
            "road_distance_m",
            "toilet",
            "toilet_usable",
            "fuel",
        ),
    ),
    Section("households.part_care", ("education_dropouts", "medical_uninsured", "medical_problem")),
    Section(
        "households.part_land",
        (
            "farmland",
            "woodland",
            "returned_woodland",
            "orchard",
            "grassland",
            "water_surface",
            "livestock",
            "poultry",
            "notes",
        ),
    ),
)
NEEDED = frozenset({"name", "relation", "sex", "born"})
_ROWS_SHOWN = 6
_HIDDEN = frozenset({"void"})


def worded(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Return the sections with their headlines in words."""
    return tuple(Section(t(one.title) if one.title else "", one.fields) for one in sections)


def judge_member(measure: Measure, values: Mapping[str, Value]) -> Sequence[Fault]:
    """Return the faults of a member's values as they would be kept."""
    return member_faults(tidied(values).values, measure.lists, measure.today)


class FormSection(QWidget):
    """A section that is one form; ``changed()`` and ``reveal_asked(kind, entity, field)``."""

    changed = Signal()
    reveal_asked = Signal(str, str, str)

    def __init__(self, kind: Kind, sections: Sequence[Section], measure: Measure) -> None:
        super().__init__()
        self._measure = measure
        self._draft: Draft | None = None
        self.form = EntityForm(kind, worded(sections), measure, self._judge)
        self.form.changed.connect(self._on_changed)
        self.form.reveal_asked.connect(self._on_reveal)
        card = Card()
        card.add(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        column.addStretch(1)

    def show_draft(self, draft: Draft, uid: str) -> None:
        """Show the entity of a draft."""
        self._draft = draft
        self.form.show_entity(draft, uid)

    def problems(self, *, everything: bool = False) -> int:
        """Mark what is wrong; return how many errors there are."""
        return self.form.show_faults(everything=everything)

    def _judge(self, values: Mapping[str, Value]) -> Sequence[Fault]:
        draft, lists, today = self._draft, self._measure.lists, self._measure.today
        if draft is None:
            return ()
        people = [draft.values(Kind.MEMBER, uid) for uid in draft.entities(Kind.MEMBER)]
        if self.form.kind is Kind.CONDITIONS:
            return conditions_faults(values, people, lists, today)
        return household_faults(values, people, lists, today)

    def _on_changed(self, _code: str) -> None:
        self.changed.emit()

    def _on_reveal(self, code: str) -> None:
        self.reveal_asked.emit(str(self.form.kind), self.form.uid, code)


class MembersSection(QWidget):
    """The table of the members and the form of the chosen one.

    ``changed()``, ``reveal_asked(kind, entity, field)`` and ``number_given(entity, number)`` when an
    identity number was typed.
    """

    changed = Signal()
    reveal_asked = Signal(str, str, str)
    number_given = Signal(str, str)

    def __init__(self, measure: Measure, sections: Sequence[Section] = MEMBER) -> None:
        super().__init__()
        self._measure = measure
        self._draft: Draft | None = None
        columns = (
            TableColumn(t("field.member.name"), 3),
            TableColumn(t("field.member.relation"), 3),
            TableColumn(t("field.member.sex"), 2),
            TableColumn(t("households.age"), 2, figures=True),
            TableColumn(t("field.member.health"), 4),
            TableColumn(t("field.member.labour"), 4),
            TableColumn(t("field.member.status"), 3),
        )
        self.table = RowsTable(t("households.members"), columns)
        self.form = EntityForm(Kind.MEMBER, worded(sections), measure, partial(judge_member, measure), NEEDED)
        self.new = button(t("households.member_new"), "plain", "plus")
        self.died = button(t("households.member_died"))
        self.gone = button(t("households.member_left"))
        self.back = button(t("households.member_back"))
        self.drop = button(t("households.member_drop"))
        self._title = words("", "section")
        self._note = words("", "warning", wrap=True)
        self._lay_out()
        self.table.current_changed.connect(self._on_current)
        self.new.clicked.connect(self.add_member)
        self.died.clicked.connect(partial(self._set_status, "deceased", "died"))
        self.gone.clicked.connect(partial(self._set_status, "left", ""))
        self.back.clicked.connect(partial(self._set_status, "present", ""))
        self.drop.clicked.connect(self._on_drop)
        self.form.changed.connect(self._on_changed)
        self.form.reveal_asked.connect(self._on_reveal)

    def show_draft(self, draft: Draft, uid: str = "") -> None:
        """Show the members of a draft, ``uid`` or the first one in the form."""
        self._draft = draft
        known = draft.entities(Kind.MEMBER)
        chosen = uid if uid in known else (known[0] if known else "")
        self._show_rows(chosen)
        self._show_member(chosen)

    def problems(self, *, everything: bool = False) -> int:
        """Mark what is wrong with the members edited here and go to the first one; return the errors."""
        draft = self._draft
        if draft is None:
            return 0
        for uid in draft.entities(Kind.MEMBER):
            touched = draft.changed(Kind.MEMBER, uid)
            if not touched and not uid.startswith(NEW):
                continue
            fresh = everything or uid.startswith(NEW)
            faults = judge_member(self._measure, draft.values(Kind.MEMBER, uid))
            wrong = [f for f in faults if f.severity == "error" and (fresh or f.field in touched)]
            if wrong and not any(draft.mask(Kind.MEMBER, uid, f.field) for f in wrong):
                self._choose(uid)
                return self.form.show_faults(everything=fresh)
        return self.form.show_faults()

    def add_member(self) -> None:
        """Begin another member."""
        if self._draft is None:
            return
        first = not self._draft.entities(Kind.MEMBER)
        fields: dict[str, Value] = {"status": "present", "ethnicity": "01"}
        if first:
            fields["relation"] = HEAD
        else:
            fields["joined_on"] = self._measure.today.isoformat()
        key = self._draft.add(Kind.MEMBER, fields)
        self._choose(key)
        self.form.focus("name")
        self.changed.emit()

    def warn_number(self, uid: str, text: str) -> None:
        """Say that a number is registered elsewhere."""
        if uid == self.form.uid:
            self._note.setText(text)
            self._note.setVisible(bool(text))

    def choose(self, uid: str) -> None:
        """Make a member the current one."""
        self._choose(uid)

    def show_value(self, code: str) -> None:
        """Show a value that was asked for."""
        self.form.show_value(code)

    def _lay_out(self) -> None:
        top = Card()
        head = QHBoxLayout()
        head.addWidget(words(t("households.members"), "section"), 1)
        for part in (self.died, self.gone, self.back, self.drop, self.new):
            head.addWidget(part)
        top.column.addLayout(head)
        top.add(self.table)
        self._card = Card()
        self._card.add(self._title)
        self._card.add(self._note)
        self._card.add(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(14))
        column.addWidget(top)
        column.addWidget(self._card)
        column.addStretch(1)

    def _choose(self, uid: str) -> None:
        self._show_rows(uid)
        self._show_member(uid)

    def _show_rows(self, chosen: str) -> None:
        draft = self._draft
        if draft is None:
            return
        uids = [
            u for u in draft.entities(Kind.MEMBER) if draft.value(Kind.MEMBER, u, "status") not in _HIDDEN
        ]
        self.table.blockSignals(True)
        self.table.show_rows([TableRow(uid, self._cells(draft, uid)) for uid in uids])
        self.table.fit_height(_ROWS_SHOWN)
        if chosen in uids:
            self.table.setCurrentIndex(self.table.rows.index(uids.index(chosen), 0))
        self.table.blockSignals(False)

    def _cells(self, draft: Draft, uid: str) -> tuple[str, ...]:
        lists = self._measure.lists

        def said(code: str) -> str:
            mask = draft.mask(Kind.MEMBER, uid, code)
            return mask or lists[code].labels(str(draft.value(Kind.MEMBER, uid, code)))

        age = age_on(str(draft.value(Kind.MEMBER, uid, "born")), self._measure.today)
        status = str(draft.value(Kind.MEMBER, uid, "status") or "present")
        return (
            str(draft.value(Kind.MEMBER, uid, "name")) or t("households.member_unnamed"),
            said("relation"),
            said("sex"),
            "" if age is None else str(age),
            said("health"),
            said("labour"),
            lists["member_status"].label(status),
        )

    def _show_member(self, uid: str) -> None:
        draft = self._draft
        self._card.setVisible(bool(uid))
        self._note.hide()
        status = str(draft.value(Kind.MEMBER, uid, "status") or "present") if draft and uid else ""
        fresh = uid.startswith(NEW)
        for part in (self.died, self.gone):
            part.setVisible(status == "present" and not fresh)
        self.drop.setVisible(fresh)
        self.back.setVisible(status in {"deceased", "left"})
        if draft is None or not uid:
            self.form.show_nothing()
            return
        name = str(draft.value(Kind.MEMBER, uid, "name"))
        self._title.setText(name or t("households.member_unnamed"))
        self.form.show_entity(draft, uid)

    def _on_current(self, uid: str) -> None:
        if uid and uid != self.form.uid:
            self._show_member(uid)

    def _on_changed(self, code: str) -> None:
        uid, draft = self.form.uid, self._draft
        if draft is None:
            return
        if code == "id_number":
            self._fill_from_number(draft, uid)
        self._show_rows(uid)
        self._title.setText(str(draft.value(Kind.MEMBER, uid, "name")) or t("households.member_unnamed"))
        self.changed.emit()

    def _fill_from_number(self, draft: Draft, uid: str) -> None:
        """Take sex and birth date from the number where they are empty."""
        number = str(draft.value(Kind.MEMBER, uid, "id_number"))
        told = read_identity(number, self._measure.today, old_confirmed=True)
        for code, value in (("sex", told.sex), ("born", told.born)):
            if value and not draft.value(Kind.MEMBER, uid, code):
                draft.set(Kind.MEMBER, uid, code, value)
                self.form.show_value(code)
        self.form.show_faults()
        self.warn_number(uid, "")
        self.number_given.emit(uid, number)

    def _on_drop(self) -> None:
        """Take a member back that was not saved yet."""
        if self._draft is not None:
            uid = self.form.uid
            self.form.show_nothing()  # a field left from now on must not bring the member back
            self._draft.drop(Kind.MEMBER, uid)
            self.show_draft(self._draft)
            self.changed.emit()

    def _set_status(self, status: str, why: str) -> None:
        uid, draft = self.form.uid, self._draft
        if draft is None or not uid:
            return
        today = "" if status == "present" else self._measure.today.isoformat()
        for code, value in (("status", status), ("status_on", today), ("status_reason", why)):
            draft.set(Kind.MEMBER, uid, code, value)
        self._choose(uid)
        if status == "left":
            self.form.focus("status_reason")
        self.changed.emit()

    def _on_reveal(self, code: str) -> None:
        self.reveal_asked.emit(str(Kind.MEMBER), self.form.uid, code)
