"""Papers with legal effect: notices posted and certificates issued."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.DOCUMENT)

DOCUMENT_FIELDS = field_table(
    _f("type", FieldType.CODE, codelist="document_type"),
    _f("no", FieldType.TEXT),
    _f("case", FieldType.ID),
    _f("household", FieldType.ID),
    _f("publicity", FieldType.ID),
    _f("issued_on", FieldType.DATE),
    _f("file", FieldType.DIGEST),
    _f("replaces", FieldType.ID),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)
