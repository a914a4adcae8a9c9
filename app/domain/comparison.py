"""Hits of the comparison with other registers."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.HIT)

HIT_FIELDS = field_table(
    _f("case", FieldType.ID),
    _f("household", FieldType.ID),
    _f("member", FieldType.ID),
    _f("register", FieldType.CODE, codelist="register"),
    _f("item", FieldType.TEXT),
    _f("value", FieldType.TEXT),
    _f("as_of", FieldType.DATE),
    _f("feedback_no", FieldType.TEXT),
    _f("source", FieldType.CODE, codelist="hit_source"),
    _f("verdict", FieldType.CODE, codelist="hit_verdict"),
    _f("reason", FieldType.CODE, codelist="hit_reason"),
    _f("explanation", FieldType.TEXT),
    _f("adjudicator1", FieldType.ID),
    _f("adjudicator2", FieldType.ID),
    _f("adjudicated_on", FieldType.DATE),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)
