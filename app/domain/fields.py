"""The field tables of every kind, gathered; storage generates its tables from them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.attachment import ATTACHMENT_FIELDS
from app.domain.case import CASE_FIELDS
from app.domain.comparison import HIT_FIELDS
from app.domain.conditions import CONDITIONS_FIELDS
from app.domain.document import DOCUMENT_FIELDS
from app.domain.field_types import FieldDef, FieldType
from app.domain.household import HOUSEHOLD_FIELDS
from app.domain.ids import Kind
from app.domain.income import EXPENSE_FIELDS, INCOME_FIELDS
from app.domain.meeting import MEETING_FIELDS
from app.domain.member import MEMBER_FIELDS
from app.domain.objection import OBJECTION_FIELDS
from app.domain.person import PERSON_FIELDS
from app.domain.publicity import PUBLICITY_FIELDS
from app.domain.published import FORM_FIELDS, PACK_FIELDS
from app.domain.round import ROUND_FIELDS
from app.domain.sampling import SAMPLE_FIELDS
from app.domain.submission import SUBMISSION_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FIELDS", "FieldDef", "FieldType"]

FIELDS: Mapping[Kind, Mapping[str, FieldDef]] = MappingProxyType(
    {
        Kind.PERSON: PERSON_FIELDS,
        Kind.ROUND: ROUND_FIELDS,
        Kind.HOUSEHOLD: HOUSEHOLD_FIELDS,
        Kind.MEMBER: MEMBER_FIELDS,
        Kind.INCOME: INCOME_FIELDS,
        Kind.EXPENSE: EXPENSE_FIELDS,
        Kind.CONDITIONS: CONDITIONS_FIELDS,
        Kind.CASE: CASE_FIELDS,
        Kind.HIT: HIT_FIELDS,
        Kind.MEETING: MEETING_FIELDS,
        Kind.PUBLICITY: PUBLICITY_FIELDS,
        Kind.OBJECTION: OBJECTION_FIELDS,
        Kind.SAMPLE: SAMPLE_FIELDS,
        Kind.DOCUMENT: DOCUMENT_FIELDS,
        Kind.ATTACHMENT: ATTACHMENT_FIELDS,
        Kind.SUBMISSION: SUBMISSION_FIELDS,
        Kind.FORM: FORM_FIELDS,
        Kind.PACK: PACK_FIELDS,
    }
)
"""Every kind and its fields, in the order they are shown."""
