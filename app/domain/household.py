"""Households: who lives where, and since when they are looked after."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.HOUSEHOLD)

HOUSEHOLD_FIELDS = field_table(
    _f("code", FieldType.TEXT),  # the official household number, if one was given
    _f("village", FieldType.TEXT),  # 12-digit code of the administrative village
    _f("group", FieldType.TEXT),  # villagers' group
    _f("address", FieldType.TEXT),
    _f("bank_name", FieldType.TEXT),
    _f("bank_account", FieldType.TEXT, sensitive=True),
    _f("household_type", FieldType.CODE, codelist="household_type"),
    _f("object_class", FieldType.CODE, codelist="object_class"),
    _f("main_cause", FieldType.CODE, codelist="cause"),
    _f("other_causes", FieldType.CODES, codelist="cause"),  # at most two
    _f("risks", FieldType.CODES, codelist="risk"),  # at most five
    _f("identified_on", FieldType.DATE),
    _f("exited_on", FieldType.DATE),
    _f("status", FieldType.CODE, codelist="household_status"),
    _f("status_on", FieldType.DATE),
    _f("status_reason", FieldType.TEXT),
    _f("alias_of", FieldType.ID),  # the household this second registration belongs to
    _f("came_from", FieldType.ID),  # the household of the old village after a move
    _f("note", FieldType.TEXT),
)
