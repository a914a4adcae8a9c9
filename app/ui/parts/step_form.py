"""The fields of a step as a form: its date, its two people, and what is written at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.domain.field_types import FieldType
from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.ui.parts.choices import Choice, CodeInput
from app.ui.parts.field_input import make_input
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.inputs import DateInput
from app.ui.parts.words import words
from app.ui.texts import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.ids import Value
    from app.queries.persons import PersonLine
    from app.queries.step_sheet import StepSheet

ON = "on"
"""The name of the declared date in the form."""

_WIDE = frozenset({"source_note", "relatives_note", "duplicates_note", "absent_note", "check_opinion"})
_FIELDS = FIELDS[Kind.CASE]


class StepForm(QWidget):
    """Shows a sheet's fields; ``typed()`` are those that differ from what is recorded."""

    def __init__(self, sheet: StepSheet, people: Sequence[PersonLine], today: str, columns: int = 2) -> None:
        super().__init__()
        self.sheet = sheet
        self.open = sheet.is_open and sheet.mine
        self.grid = FormGrid(columns)
        self.keep = QCheckBox(t("step.stale"))
        self.keep.setVisible(sheet.stale and self.open)
        why = words(t("step.stale_why"), "warning", wrap=True)
        why.setVisible(sheet.stale and self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (why, self.keep, self.grid):
            column.addWidget(part)
        self._codes: tuple[str, ...] = ()
        self._today = today
        self._add_fields(people)
        self._start = self._stored()
        self.grid.fill(self._start)

    def prefill(self, people: Sequence[str]) -> None:
        """Propose persons where none is written; they are saved with the rest."""
        for code, person in zip(self.sheet.people, people, strict=False):
            field = self.grid.field(code) if code in self._codes else None
            if field is not None and self.open and not field.value():
                field.set_value(person)

    def on(self) -> str:
        """Return the declared ISO date, "" for today."""
        return str(self.grid.values().get(ON, ""))

    def typed(self) -> dict[str, Value]:
        """Return the case fields that differ from what is recorded."""
        values = self.grid.values()
        found = {code: values[code] for code in self._codes if values[code] != self._start.get(code, "")}
        date_field = self.sheet.date_field
        if found and date_field and self.on() and self.on() != self.sheet.values.get(date_field, ""):
            found[date_field] = self.on()
        return found

    def put(self, values: dict[str, Value]) -> None:
        """Write typed values again, after the sheet was read anew."""
        for code, value in values.items():
            if code in self._codes:
                self.grid.field(code).set_value(value)

    def check(self) -> bool:
        """Mark what is written wrongly; tell whether all can be sent."""
        wrong = self.grid.check()
        if not wrong and self.on() > self._today:
            self.grid.set_problem(ON, t("step.on_future"))
        return not self.grid.problems()

    def mark(self, lacking: dict[str, str]) -> None:
        """Mark the fields that are still needed, by field and sentence."""
        for code in self._codes:
            self.grid.set_warning(code, lacking.get(code, ""))

    def jump(self, code: str) -> bool:
        """Bring the cursor to a field; tell whether it is on this form."""
        if code not in self._codes:
            return False
        self.grid.focus(code)
        return True

    def _add_fields(self, people: Sequence[PersonLine]) -> None:
        sheet = self.sheet
        if self.open:
            label = t(f"field.case.{sheet.date_field}") if sheet.date_field else t("step.on")
            self.grid.add(ON, label, DateInput(), required=True)
            codes = (*sheet.people, *sheet.fields)
        else:
            late = sheet.late if sheet.is_done else ()
            codes = late if late and sheet.mine else (*sheet.people, *sheet.fields, *late)
        for code in codes:
            self._add(code, people)
        self._codes = codes
        late_open = bool(sheet.is_done and sheet.mine and sheet.late)
        self.grid.setEnabled(self.open or late_open)

    def _add(self, code: str, people: Sequence[PersonLine]) -> None:
        definition, label = _FIELDS[code], t(f"field.case.{code}")
        if code in self.sheet.people:
            self.grid.add(code, label, CodeInput(self._persons(code, people)))
            return
        choices = [Choice(c, words_) for c, words_ in self.sheet.choices.get(definition.codelist, ())]
        wide = definition.type is FieldType.CODES or code in _WIDE
        self.grid.add(code, label, make_input(definition, choices), span=9 if wide else 1)

    def _persons(self, code: str, people: Sequence[PersonLine]) -> list[Choice]:
        choices = [Choice(person.id, person.name) for person in people if person.active]
        held = str(self.sheet.values.get(code, ""))
        if held and held not in {choice.code for choice in choices}:
            choices.append(Choice(held, self.sheet.names.get(held, "") or t("list.unknown")))
        return choices

    def _stored(self) -> dict[str, Value]:
        values = self.sheet.values
        stored: dict[str, Value] = {code: values.get(code, "") for code in self._codes}
        if self.open:
            stored[ON] = str(values.get(self.sheet.date_field, "")) or self._today
        return stored
