"""A form over the fields of one entity of a draft; the fields come from the domain's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.domain.fault import Severity
from app.domain.field_types import FieldType
from app.domain.fields import FIELDS
from app.domain.ids import Value
from app.ui.parts.choices import Choice
from app.ui.parts.field_input import make_input
from app.ui.parts.form_grid import FormGrid
from app.ui.parts.masked_input import MaskedInput
from app.ui.texts import t

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtWidgets import QWidget

    from app.domain.codes import CodeLists
    from app.domain.fault import Fault
    from app.domain.field_types import FieldDef
    from app.domain.ids import Kind
    from app.ui.models.household_draft import Draft

Judge = Callable[[Mapping[str, Value]], Sequence["Fault"]]
"""Tells what is wrong or doubtful about the values of one entity."""

_WIDE = frozenset({"address", "note", "notes"})


@dataclass(frozen=True, slots=True)
class Section:
    """A headline and the codes of the fields under it."""

    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What values are chosen from and checked against."""

    lists: CodeLists
    today: date


class EntityForm(FormGrid):
    """Shows one entity; ``changed(code)`` after an edit, ``reveal_asked(code)`` for a masked field.

    What is wrong is said when a field is left; only fields that were edited here are judged, until
    ``judge_all`` is asked for.
    """

    changed = Signal(str)
    reveal_asked = Signal(str)

    def __init__(
        self,
        kind: Kind,
        sections: Sequence[Section],
        measure: Measure,
        judge: Judge,
        required: frozenset[str] = frozenset(),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(3, parent)
        self.kind = kind
        self._measure = measure
        self._judge = judge
        self._draft: Draft | None = None
        self._uid = ""
        self._codes: list[str] = []
        self._notes: Mapping[tuple[str, str], str] = {}
        for section in sections:
            if section.title:
                self.section(section.title)
            for code in section.fields:
                self._add_field(FIELDS[kind][code], required=code in required)
        self.edited.connect(self._on_edited)

    @property
    def uid(self) -> str:
        """The entity shown, "" for none."""
        return self._uid

    def show_entity(self, draft: Draft, uid: str) -> None:
        """Show the fields of an entity."""
        self._draft, self._uid = draft, uid
        self.fill({code: draft.value(self.kind, uid, code) for code in self._codes})
        for code in self._codes:
            field, mask = self.field(code), draft.mask(self.kind, uid, code)
            if isinstance(field, MaskedInput) and mask:
                field.hide_behind(mask)
        self.show_faults()

    def show_notes(self, notes: Mapping[tuple[str, str], str]) -> None:
        """Highlight fields an office above marked, by (entity, field); "" as entity means any."""
        self._notes = notes
        self.show_faults()

    def _note(self, code: str) -> str:
        return self._notes.get((self._uid, code), "") or self._notes.get(("", code), "")

    def show_nothing(self) -> None:
        """Forget the entity shown."""
        self._draft, self._uid = None, ""

    def show_value(self, code: str) -> None:
        """Show one field as it stands in the draft now."""
        if self._draft is not None and code in self._codes:
            self.field(code).set_value(self._draft.value(self.kind, self._uid, code))

    def show_faults(self, *, everything: bool = False) -> int:
        """Say what is wrong with the fields edited here, or with all; return the number of errors."""
        if self._draft is None or not self._uid:
            return 0
        touched = set(self._codes) if everything else self._draft.changed(self.kind, self._uid)
        errors = 0
        for code in self._codes:
            self.set_problem(code, self.field(code).problem())
            self.set_warning(code, self._note(code))
        for fault in self._judge(self._draft.values(self.kind, self._uid)):
            if fault.field not in touched or fault.field not in self._codes or self._is_hidden(fault.field):
                continue
            text = t(fault.code, **dict(fault.params))
            if fault.severity is Severity.ERROR:
                self.set_problem(fault.field, text)
                errors += 1
            else:
                self.set_warning(fault.field, text)
        return errors + sum(bool(self.field(code).problem()) for code in self._codes)

    def _is_hidden(self, code: str) -> bool:
        field = self.field(code)
        return isinstance(field, MaskedInput) and field.is_masked()

    def _add_field(self, definition: FieldDef, *, required: bool) -> None:
        known = self._measure.lists.get(definition.codelist)
        choices = [Choice(c.code, c.label) for c in known.choices(self._measure.today)] if known else []
        field = make_input(definition, choices)
        code, label = definition.code, t(f"field.{definition.kind.value}.{definition.code}")
        span = 3 if definition.type is FieldType.CODES else 2 if code in _WIDE else 1
        self._codes.append(code)
        if definition.sensitive:
            masked = MaskedInput(field)
            masked.reveal_asked.connect(partial(self.reveal_asked.emit, code))
            self.add(code, label, masked, span=span, required=required)
        else:
            self.add(code, label, field, span=span, required=required)

    def _on_edited(self, code: str) -> None:
        if self._draft is None or not self._uid or self._is_hidden(code):
            return
        field = self.field(code)
        if field.problem():
            return
        before = self._draft.value(self.kind, self._uid, code)
        self._draft.set(self.kind, self._uid, code, field.value())
        self.show_faults()
        if before != field.value():
            self.changed.emit(code)
