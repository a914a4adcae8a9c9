"""Members of a household."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.MEMBER)

MEMBER_FIELDS = field_table(
    _f("household", FieldType.ID),
    _f("name", FieldType.TEXT),
    _f("sex", FieldType.CODE, codelist="sex"),
    _f("id_type", FieldType.CODE, codelist="id_type"),
    _f("id_number", FieldType.TEXT, sensitive=True),
    _f("born", FieldType.DATE),
    _f("relation", FieldType.CODE, codelist="relation"),
    _f("ethnicity", FieldType.CODE, codelist="ethnicity"),
    _f("education", FieldType.CODE, codelist="education"),
    _f("school", FieldType.CODE, codelist="school"),
    _f("not_in_school_reason", FieldType.CODE, codelist="not_in_school_reason"),
    _f("health", FieldType.CODES, sensitive=True, codelist="health"),
    _f("labour", FieldType.CODE, codelist="labour"),
    _f("insurance", FieldType.CODES, codelist="insurance"),
    _f("pension", FieldType.CODE, codelist="pension"),
    _f("dibao", FieldType.FLAG),
    _f("tekun", FieldType.FLAG),
    _f("disability_no", FieldType.TEXT, sensitive=True),
    _f("disability_benefit", FieldType.FLAG, sensitive=True),
    _f("phone", FieldType.TEXT, sensitive=True),
    _f("away", FieldType.FLAG),
    _f("work_place", FieldType.TEXT),
    _f("work_months", FieldType.NUMBER, unit="month"),
    _f("monthly_wage_fen", FieldType.FEN),
    _f("shares_income", FieldType.FLAG),  # counts in the divisor of the income per head; empty means yes
    _f("status", FieldType.CODE, codelist="member_status"),
    _f("status_on", FieldType.DATE),
    _f("status_reason", FieldType.CODE, codelist="status_reason"),
    _f("joined_on", FieldType.DATE),
    _f("joined_reason", FieldType.CODE, codelist="joined_reason"),
    _f("note", FieldType.TEXT),
)
