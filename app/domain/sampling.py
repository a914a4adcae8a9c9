"""Samples of cases drawn for a re-visit."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.SAMPLE)

SAMPLE_FIELDS = field_table(
    _f("round", FieldType.ID),
    _f("workflow", FieldType.CODE, codelist="workflow"),
    _f("seed", FieldType.TEXT),
    _f("rate", FieldType.NUMBER, unit="per mille"),
    _f("size", FieldType.COUNT),
    _f("drawn_on", FieldType.DATE),
    _f("population", FieldType.DIGEST),
    _f("cases", FieldType.TEXT),  # case ids joined by one space
    _f("void", FieldType.FLAG),
)
