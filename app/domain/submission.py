"""Finished questionnaires."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.SUBMISSION)

SUBMISSION_FIELDS = field_table(
    _f("household", FieldType.ID),
    _f("case", FieldType.ID),
    _f("form", FieldType.TEXT),
    _f("form_version", FieldType.TEXT),
    _f("form_hash", FieldType.DIGEST),
    _f("blob", FieldType.DIGEST),
    _f("finished_on", FieldType.DATE),
    _f("origin", FieldType.TEXT),  # "" for this program, else collect, kobo, central
    _f("instance_id", FieldType.TEXT),  # "uuid:…" as the form says, "" when it says none
    _f("replaces", FieldType.ID),  # the submission this one was edited from
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)
