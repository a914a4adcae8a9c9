"""Finished questionnaires.

``replaces`` names the submission this one was changed from: that one stays and is shown as replaced.
``instance`` is the id in the XML's meta block. ``blob`` is the XML, byte for byte.
"""

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
    _f("instance", FieldType.TEXT),
    _f("replaces", FieldType.ID),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)
