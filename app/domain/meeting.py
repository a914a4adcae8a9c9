"""Meetings that appraise households."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.MEETING)

MEETING_FIELDS = field_table(
    _f("round", FieldType.ID),
    _f("body", FieldType.CODE, codelist="meeting_body"),
    _f("held_on", FieldType.DATE),
    _f("place", FieldType.TEXT),
    _f("chair", FieldType.TEXT),
    _f("recorder", FieldType.TEXT),
    _f("supervisor", FieldType.TEXT),
    _f("eligible", FieldType.COUNT),
    _f("present", FieldType.COUNT),
    _f("notified_on", FieldType.DATE),
    _f("minutes", FieldType.TEXT),
    _f("quorum_rule", FieldType.TEXT),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)
