"""Whether a value fits its field, and how words typed by a person become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.calendar import parse_date
from app.domain.errors import Refused
from app.domain.field_types import FieldDef, FieldType
from app.domain.fields import FIELDS
from app.domain.ids import is_entity_id
from app.domain.money import parse_yuan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.codes import CodeLists
    from app.domain.ids import Kind, Value

_YES = frozenset({"1", "是", "有", "yes"})
_NO = frozenset({"0", "否", "无", "no"})


def checked_fields(kind: Kind, fields: Mapping[str, Value]) -> dict[str, Value]:
    """Return the fields when every one is known and fits; "" always fits.

    Raises:
        Refused: ``field.unknown`` (params ``kind``, ``field``) or ``field.bad_value`` (params ``kind``,
            ``field``).
    """
    known = FIELDS[kind]
    for code, value in fields.items():
        if code not in known:
            raise Refused("field.unknown", kind=str(kind), field=code)
        if value != "" and not fits(known[code], value):
            raise Refused("field.bad_value", kind=str(kind), field=code)
    return dict(fields)


def fits(definition: FieldDef, value: Value) -> bool:
    """Tell whether a value has the type of its field; code lists are checked by the kind's own rules."""
    if definition.type.is_integer:
        return type(value) is int and value >= 0 and (definition.type is not FieldType.FLAG or value <= 1)
    if not isinstance(value, str) or "\0" in value:
        return False
    match definition.type:
        case FieldType.DATE:
            return parse_date(value) is not None
        case FieldType.ID:
            return is_entity_id(value)
        case FieldType.CODES:
            return value == " ".join(sorted(set(value.split())))
        case _:
            return True


def parse_typed(definition: FieldDef, text: str, lists: CodeLists) -> Value:
    """Return the value typed words stand for: codes for labels, fen for yuan, 1 and 0 for yes and no.

    Raises:
        Refused: ``field.not_in_list`` (params ``kind``, ``field``, ``value``), ``field.bad_value`` or the
            codes of ``parse_yuan``.
    """
    text = text.strip()
    if not text:
        return ""
    if definition.type is FieldType.FEN:
        return parse_yuan(text)
    if definition.type in {FieldType.CODE, FieldType.CODES}:
        return _code(definition, text, lists)
    value: Value = text
    if definition.type is FieldType.FLAG and text in _YES | _NO:
        value = int(text in _YES)
    elif definition.type.is_integer and text.isascii() and text.isdigit():
        value = int(text)
    if not fits(definition, value):
        raise Refused("field.bad_value", kind=str(definition.kind), field=definition.code)
    return value


def _code(definition: FieldDef, text: str, lists: CodeLists) -> str:
    known = lists.get(definition.codelist)
    if known is None:
        return text
    found = known.code_for(text) if definition.type is FieldType.CODE else known.codes_for(text)
    if found is None:
        raise Refused("field.not_in_list", kind=str(definition.kind), field=definition.code, value=text)
    return found
