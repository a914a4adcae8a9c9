"""Income and expense of a household in one round."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_i = partial(FieldDef, Kind.INCOME)
_e = partial(FieldDef, Kind.EXPENSE)

INCOME_FIELDS = field_table(
    _i("household", FieldType.ID),
    _i("round", FieldType.ID),
    _i("member", FieldType.ID),  # empty for income of the whole household
    _i("category", FieldType.CODE, codelist="income_category"),
    _i("item", FieldType.CODE, codelist="income_item"),
    _i("name", FieldType.TEXT),
    _i("amount_fen", FieldType.FEN),
    _i("counts", FieldType.FLAG),  # enters the income per head
    _i("note", FieldType.TEXT),
    _i("void", FieldType.FLAG),
)

EXPENSE_FIELDS = field_table(
    _e("household", FieldType.ID),
    _e("round", FieldType.ID),
    _e("member", FieldType.ID),
    _e("category", FieldType.CODE, codelist="expense_category"),
    _e("name", FieldType.TEXT),
    _e("amount_fen", FieldType.FEN),
    _e("note", FieldType.TEXT),
    _e("void", FieldType.FLAG),
)
