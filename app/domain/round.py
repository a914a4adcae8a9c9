"""A round of work: one year, one pack, one line."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.ROUND)

ROUND_FIELDS = field_table(
    _f("name", FieldType.TEXT),
    _f("year", FieldType.NUMBER, unit="year"),
    _f("workflows", FieldType.CODES, codelist="workflow"),
    _f("pack", FieldType.TEXT),  # such as "s8/v1"
    _f("pack_hash", FieldType.DIGEST),
    _f("line_fen", FieldType.FEN),  # yearly income per head; empty while no line is known
    _f("line_doc", FieldType.TEXT),
    _f("line_indicator", FieldType.TEXT),
    _f("line_source", FieldType.TEXT),
    _f("line_demo", FieldType.FLAG),
    _f("opened_on", FieldType.DATE),
    _f("closed_on", FieldType.DATE),
    _f("status", FieldType.CODE, codelist="round_status"),
    _f("scope", FieldType.TEXT),  # 12-digit code
)
