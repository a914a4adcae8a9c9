"""A case: one household in one round on one workflow."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

_f = partial(FieldDef, Kind.CASE)

VERDICT_DIMENSIONS = (
    "income",
    "food",
    "clothing",
    "education",
    "medical",
    "housing",
    "water",
    "electricity",
    "road",
    "broadcast",
)
"""The dimensions a person can override, in the order they are shown."""

_STANDING = (
    _f("household", FieldType.ID),
    _f("round", FieldType.ID),
    _f("workflow", FieldType.CODE, codelist="workflow"),
    _f("pack", FieldType.TEXT),
    _f("pack_hash", FieldType.DIGEST),
    _f("line_fen", FieldType.FEN),
    _f("line_doc", FieldType.TEXT),
    _f("stage", FieldType.CODES, codelist="step"),
    _f("status", FieldType.CODE, codelist="case_status"),
    _f("stage_on", FieldType.DATE),
    _f("opened", FieldType.TEXT),  # "step=ISO date" of each open step, joined by one space
    _f("stale", FieldType.CODES, codelist="step"),
    _f("redo", FieldType.TEXT),  # "step=id" of records that may not be used again
    _f("closed_stage", FieldType.CODES, codelist="step"),  # the stage a closed case was closed at
    _f("suspended_on", FieldType.DATE),
    _f("urgent", FieldType.FLAG),
    _f("urgent_reason", FieldType.TEXT),
)

_APPLICATION = (
    _f("applicant", FieldType.TEXT),
    _f("source", FieldType.CODE, codelist="case_source"),
    _f("source_note", FieldType.TEXT),
    _f("applied_on", FieldType.DATE),
    _f("accepted_no", FieldType.TEXT),
    _f("auth_signed", FieldType.FLAG),
    _f("auth_no", FieldType.TEXT),
    _f("auth_on", FieldType.DATE),
    _f("documents", FieldType.CODES, codelist="application_document"),
)

_REVIEW = (
    _f("review_result", FieldType.CODE, codelist="review_result"),
    _f("reviewer1", FieldType.ID),
    _f("reviewer2", FieldType.ID),
    _f("relatives_filed", FieldType.FLAG),
    _f("relatives_note", FieldType.TEXT),
    _f("duplicates_note", FieldType.TEXT),
)

_VISIT = (
    _f("visited_on", FieldType.DATE),
    _f("investigator1", FieldType.ID),
    _f("investigator2", FieldType.ID),
    _f("household_signed", FieldType.FLAG),
    _f("submission", FieldType.ID),
    _f("absent_note", FieldType.TEXT),
)

_COMPARISON = (
    _f("compared_on", FieldType.DATE),
    _f("compare_result", FieldType.CODE, codelist="compare_result"),
)

_MEETING = (
    _f("meeting", FieldType.ID),
    _f("votes_for", FieldType.COUNT),
    _f("votes_against", FieldType.COUNT),
    _f("votes_abstain", FieldType.COUNT),
    _f("recused", FieldType.TEXT),
    _f("appraisal", FieldType.CODE, codelist="appraisal"),
)

_PUBLICITY = (
    _f("publicity", FieldType.ID),
    _f("publicity_result", FieldType.CODE, codelist="publicity_result"),
)

_TOWNSHIP = (
    _f("sample_in", FieldType.ID),
    _f("sample_result", FieldType.CODE, codelist="sample_result"),
    _f("check_opinion", FieldType.TEXT),
    _f("checked_on", FieldType.DATE),
    _f("checker1", FieldType.ID),
    _f("checker2", FieldType.ID),
)

_COUNTY = (
    _f("decision", FieldType.CODE, codelist="decision"),
    _f("decided_on", FieldType.DATE),
    _f("approval_no", FieldType.TEXT),
    _f("decider", FieldType.ID),
    _f("announced_on", FieldType.DATE),
    _f("registered_on", FieldType.DATE),
    _f("registered_no", FieldType.TEXT),
    _f("seen", FieldType.DIGEST),  # digest of the approval fields' heads when the decision was taken
)

_EXIT = (
    _f("criteria_on", FieldType.DATE),
    _f("criteria_met", FieldType.FLAG),
    _f("criteria_note", FieldType.TEXT),
    _f("income_steady", FieldType.FLAG),
    _f("agreed", FieldType.FLAG),
    _f("agreed_on", FieldType.DATE),
    _f("refused_reason", FieldType.TEXT),
    _f("certificate", FieldType.ID),
)

_OVERRIDES = tuple(
    definition
    for dimension in VERDICT_DIMENSIONS
    for definition in (
        _f(f"override_{dimension}", FieldType.CODE, codelist="verdict"),
        _f(f"override_reason_{dimension}", FieldType.TEXT),
    )
)

CASE_FIELDS = field_table(
    *_STANDING,
    *_APPLICATION,
    *_REVIEW,
    *_VISIT,
    *_COMPARISON,
    *_MEETING,
    *_PUBLICITY,
    *_TOWNSHIP,
    *_COUNTY,
    *_EXIT,
    *_OVERRIDES,
)
