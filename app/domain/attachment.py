"""Photos and files kept as evidence."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.ATTACHMENT)

ATTACHMENT_FIELDS = field_table(
    _f("household", FieldType.ID),
    _f("case", FieldType.ID),
    _f("step", FieldType.CODE, codelist="step"),
    _f("submission", FieldType.ID),  # set when it came with a questionnaire from a phone
    _f("name", FieldType.TEXT),  # the file name the questionnaire knows it by
    _f("file", FieldType.DIGEST),
    _f("size", FieldType.NUMBER, unit="byte"),
    _f("mime", FieldType.TEXT),
    _f("caption", FieldType.TEXT),
    _f("taken_on", FieldType.DATE),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)
