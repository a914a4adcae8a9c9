"""The people who work with the program, and who is acting now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

if TYPE_CHECKING:
    from app.domain.ids import EntityId, Level

_f = partial(FieldDef, Kind.PERSON)

PERSON_FIELDS = field_table(
    _f("name", FieldType.TEXT),
    _f("unit", FieldType.TEXT),
    _f("position", FieldType.TEXT),
    _f("phone", FieldType.TEXT, sensitive=True),
    _f("active", FieldType.FLAG),
)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person at the keyboard; ``scope`` is the 12-digit code of the area the device works for."""

    person: EntityId
    name: str
    level: Level
    scope: str
