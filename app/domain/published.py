"""Questionnaires and policy packs a county has published."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind, Level

_form = partial(FieldDef, Kind.FORM, writers=(Level.COUNTY,))
_pack = partial(FieldDef, Kind.PACK, writers=(Level.COUNTY,))

# ``name`` is the form's id, ``number`` counts its publications (the highest in use serves new answers),
# ``hash`` that of its workbook, ``blob`` the bundle of all its files.
FORM_FIELDS = field_table(
    _form("name", FieldType.TEXT),
    _form("title", FieldType.TEXT),
    _form("version", FieldType.TEXT),
    _form("number", FieldType.COUNT),
    _form("hash", FieldType.DIGEST),
    _form("blob", FieldType.DIGEST),
    _form("published_on", FieldType.DATE),
    _form("withdrawn", FieldType.FLAG),
    _form("withdrawn_reason", FieldType.TEXT),
)

PACK_FIELDS = field_table(
    _pack("name", FieldType.TEXT),
    _pack("version", FieldType.TEXT),
    _pack("hash", FieldType.DIGEST),
    _pack("blob", FieldType.DIGEST),
    _pack("published_on", FieldType.DATE),
    _pack("withdrawn", FieldType.FLAG),
)
