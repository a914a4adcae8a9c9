"""Objections raised against a notice."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.OBJECTION)

OBJECTION_FIELDS = field_table(
    _f("publicity", FieldType.ID),
    _f("case", FieldType.ID),
    _f("no", FieldType.TEXT),
    _f("received_on", FieldType.DATE),
    _f("objector", FieldType.TEXT, sensitive=True),
    _f("objector_contact", FieldType.TEXT, sensitive=True),
    _f("anonymous", FieldType.FLAG),
    _f("channel", FieldType.CODE, codelist="objection_channel"),
    _f("content", FieldType.TEXT),
    _f("handler", FieldType.ID),
    _f("finding", FieldType.CODE, codelist="objection_finding"),
    _f("finding_note", FieldType.TEXT),
    _f("action", FieldType.CODE, codelist="objection_action"),
    _f("replied_on", FieldType.DATE),
    _f("reply_way", FieldType.TEXT),
    _f("closed", FieldType.FLAG),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)
