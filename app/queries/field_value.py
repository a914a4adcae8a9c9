"""Fields as they are shown: the value, its words, and a mask for what is sensitive.

The window imports this module before its first paint: no SQLAlchemy here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.field_types import FieldType
from app.domain.fields import FIELDS
from app.domain.identity import mask_field
from app.domain.money import yuan_grouped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.field_types import FieldDef
    from app.domain.ids import Kind, Value
    from app.queries.policy import Policy


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field of one entity; the window has its label under "field.<kind>.<code>".

    ``value`` is what is recorded, "" for an empty field and always for a sensitive one, whose ``text`` is a
    mask. ``text`` is the value in words: labels of codes, yuan for money; dates and numbers as they are.
    """

    kind: str
    entity: str
    field: str
    value: Value
    text: str
    sensitive: bool = False


def field_values(
    policy: Policy, kind: Kind, entity: str, values: Mapping[str, Value], names: Mapping[str, str]
) -> tuple[FieldValue, ...]:
    """Return every field of an entity in the order of its table; ``names`` are persons and members by id."""
    return tuple(
        FieldValue(
            str(kind),
            entity,
            code,
            "" if definition.sensitive else values.get(code, ""),
            words_of(policy, definition, values.get(code, ""), names),
            definition.sensitive,
        )
        for code, definition in FIELDS[kind].items()
    )


def words_of(policy: Policy, definition: FieldDef, value: Value, names: Mapping[str, str]) -> str:
    """Return a value in words, masked when its field is sensitive."""
    if value == "":
        return ""
    if definition.sensitive:
        return mask_field(definition.code, str(value))
    if definition.codelist:
        return policy.codes(definition.codelist).labels(str(value))
    if definition.type is FieldType.FLAG:
        return policy.codes("flag").label(str(value))
    if definition.type is FieldType.FEN and isinstance(value, int):
        return yuan_grouped(value)
    return names.get(str(value), str(value))


def shown(policy: Policy, kind: Kind, code: str, value: Value, names: Mapping[str, str]) -> str:
    """Return a value in words by kind and field code; one of a field this program does not know as it is."""
    definition = FIELDS[kind].get(code)
    return str(value) if definition is None else words_of(policy, definition, value, names)
