"""Rounds of public notice."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.PUBLICITY)

PUBLICITY_FIELDS = field_table(
    _f("round", FieldType.ID),
    _f("workflow", FieldType.CODE, codelist="workflow"),
    _f("meeting", FieldType.ID),
    _f("from_on", FieldType.DATE),
    _f("to_on", FieldType.DATE),
    _f("days", FieldType.COUNT),
    _f("day_type", FieldType.CODE, codelist="day_type"),
    _f("count_first", FieldType.FLAG),
    _f("notice_on", FieldType.DATE),
    _f("posted_on", FieldType.DATE),
    _f("posted_where", FieldType.TEXT),
    _f("posted_by", FieldType.TEXT),
    _f("taken_down_on", FieldType.DATE),
    _f("result", FieldType.TEXT),
    _f("contact_village", FieldType.TEXT),
    _f("contact_township", FieldType.TEXT),
    _f("contact_county", FieldType.TEXT),
    _f("contact_hotline", FieldType.TEXT),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)
