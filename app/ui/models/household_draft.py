"""What was changed on the page of a household and is not saved yet.

    draft = Draft(sheet)
    draft.set(Kind.MEMBER, uid, "phone", "…")
    key = draft.add(Kind.INCOME, {...})        # a new entity, known here by a key until it is saved
    draft.edits()                              # one FieldEdit for each entity touched
    draft.statement()                          # the income as it would be

Sensitive values are not known until they were shown; ``learn`` takes them then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.fields import FIELDS
from app.domain.ids import Kind, Value
from app.domain.income import state_income
from app.ui.desks.household import FieldEdit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.domain.changes import Changes
    from app.domain.income import Statement
    from app.queries.field_value import FieldValue
    from app.queries.household import HouseholdSheet, MoneyLine

    Entity = tuple[Kind, str]

NEW = "new"
"""How the key of an entity begins that is not saved yet."""

_VOIDED = (Kind.INCOME, Kind.EXPENSE)
_OF_A_ROUND = (*_VOIDED, Kind.CONDITIONS)


class Draft:
    """The edits of one household; nothing is written before ``edits`` is handed to the desk."""

    def __init__(self, sheet: HouseholdSheet) -> None:
        self.sheet = sheet
        self._base: dict[Entity, dict[str, Value]] = {}
        self._masks: dict[Entity, dict[str, str]] = {}
        self._changed: dict[Entity, dict[str, Value]] = {}
        self._number = 0
        self._take(Kind.HOUSEHOLD, sheet.household, sheet.fields)
        for member in sheet.members:
            self._take(Kind.MEMBER, member.id, member.fields)
        if sheet.conditions_id:
            self._take(Kind.CONDITIONS, sheet.conditions_id, sheet.conditions)
        for kind, lines in ((Kind.INCOME, sheet.incomes), (Kind.EXPENSE, sheet.expenses)):
            for line in lines:
                if line.id:
                    self._base[kind, line.id] = money_fields(line)

    @property
    def is_changed(self) -> bool:
        """Tell whether anything would be saved."""
        return bool(self.edits())

    @property
    def count(self) -> int:
        """The number of fields that would be saved."""
        return sum(len(fields) for fields in self._changed.values())

    def value(self, kind: Kind, uid: str, code: str) -> Value:
        """Return a field as it stands on the page; "" for one that is empty or still masked."""
        entity = (kind, uid)
        changed = self._changed.get(entity, {})
        return changed[code] if code in changed else self._base.get(entity, {}).get(code, "")

    def values(self, kind: Kind, uid: str) -> dict[str, Value]:
        """Return every known field of an entity as it stands on the page."""
        return {**self._base.get((kind, uid), {}), **self._changed.get((kind, uid), {})}

    def mask(self, kind: Kind, uid: str, code: str) -> str:
        """Return the mask of a value that was not shown yet, "" when there is nothing hidden."""
        if code in self._changed.get((kind, uid), {}):
            return ""
        return self._masks.get((kind, uid), {}).get(code, "")

    def changed(self, kind: Kind, uid: str) -> frozenset[str]:
        """Return the fields of an entity that were changed."""
        return frozenset(self._changed.get((kind, uid), {}))

    def entities(self, kind: Kind) -> tuple[str, ...]:
        """Return the entities of a kind on the page, those that are new last."""
        known = [uid for of, uid in self._base if of is kind]
        return (*known, *(uid for of, uid in self._changed if of is kind and uid.startswith(NEW)))

    def set(self, kind: Kind, uid: str, code: str, value: Value) -> None:
        """Change a field; the recorded value takes the change back."""
        entity = (kind, uid)
        fields = self._changed.setdefault(entity, {})
        fields.pop(code, None)
        if self._base.get(entity, {}).get(code, "") != value:
            fields[code] = value
        if not fields and not uid.startswith(NEW):
            del self._changed[entity]

    def learn(self, kind: Kind, uid: str, code: str, text: str) -> None:
        """Take a sensitive value that was shown."""
        definition = FIELDS[kind][code]
        value: Value = int(text) if definition.type.is_integer and text.isdigit() else text
        self._base.setdefault((kind, uid), {})[code] = value
        self._masks.get((kind, uid), {}).pop(code, None)

    def add(self, kind: Kind, fields: Mapping[str, Value] | None = None) -> str:
        """Add an entity; return the key it has here."""
        self._number += 1
        key = f"{NEW}{self._number}"
        self._changed[kind, key] = dict(fields or {})
        return key

    def drop(self, kind: Kind, key: str) -> None:
        """Take a new entity back."""
        self._changed.pop((kind, key), None)

    def edits(self) -> tuple[FieldEdit, ...]:
        """Return what is to be saved; new items and conditions belong to the round of the page."""
        return tuple(
            FieldEdit(kind, "", {**self._round_of(kind), **fields})
            if uid.startswith(NEW)
            else FieldEdit(kind, uid, dict(fields))
            for (kind, uid), fields in self._changed.items()
            if fields
        )

    def _round_of(self, kind: Kind) -> dict[str, Value]:
        return {"round": self.sheet.round} if kind in _OF_A_ROUND else {}

    def reversal(self, changes: Changes) -> tuple[FieldEdit, ...]:
        """Return the edits that write back what stood before ``changes`` were saved; nothing is erased."""
        back = [
            FieldEdit(kind, uid, {code: self._base.get((kind, uid), {}).get(code, "") for code in fields})
            for (kind, uid), fields in self._changed.items()
            if fields and not uid.startswith(NEW)
        ]
        known = {uid for _, uid in self._base}
        for kind, uid in changes.touched:
            if uid in known:
                continue
            if kind in _VOIDED:
                back.append(FieldEdit(kind, uid, {"void": 1}))
            elif kind is Kind.MEMBER:
                back.append(FieldEdit(kind, uid, {"status": "void"}))
            elif kind is Kind.CONDITIONS:
                written = {code for edit in self.edits() if edit.kind is kind for code in edit.fields}
                back.append(FieldEdit(kind, uid, dict.fromkeys(sorted(written - {"round"}), "")))
        return tuple(back)

    def statement(self) -> Statement:
        """Return the income of the round as it would be."""
        incomes, expenses, members = (
            [self.values(kind, uid) for uid in self.entities(kind)]
            for kind in (Kind.INCOME, Kind.EXPENSE, Kind.MEMBER)
        )
        return state_income(incomes, expenses, members)

    def _take(self, kind: Kind, uid: str, fields: Iterable[FieldValue]) -> None:
        base = self._base.setdefault((kind, uid), {})
        masks = self._masks.setdefault((kind, uid), {})
        for field in fields:
            if not field.sensitive:
                base[field.field] = field.value
            elif field.text:
                masks[field.field] = field.text


def money_fields(line: MoneyLine) -> dict[str, Value]:
    """Return the recorded fields of an item."""
    fields: dict[str, Value] = {
        "category": line.category,
        "name": line.name,
        "member": line.member,
        "amount_fen": "" if line.amount_fen is None else line.amount_fen,
        "note": line.note,
    }
    if line.kind == Kind.INCOME:
        fields |= {"item": line.item, "counts": int(line.counts)}
    return fields
