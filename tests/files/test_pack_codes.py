"""The packs, the engine and the code lists speak of the same codes."""

from __future__ import annotations

import pytest

from app.domain.case import CASE_FIELDS
from app.domain.comparison import CompareResult, HitVerdict
from app.domain.meeting import Appraisal
from app.domain.objection import Finding, ObjectionAction
from app.domain.stage import Status
from app.domain.verdict import Verdict
from app.files.pack_in import load_shipped, shipped_packs

PACKS = [load_shipped(ref) for ref in shipped_packs()]


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.ref)
@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("case_status", Status),
        ("hit_verdict", HitVerdict),
        ("compare_result", CompareResult),
        ("appraisal", Appraisal),
        ("objection_finding", Finding),
        ("objection_action", ObjectionAction),
        ("verdict", Verdict),
    ],
)
def test_every_code_of_the_engine_has_a_word(pack, name, codes):
    known = {code.code for code in pack.codes[name].codes}
    assert {code.value for code in codes} <= known


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.ref)
def test_every_code_a_pack_writes_has_a_word(pack):
    for workflow in pack.workflows.values():
        for step in workflow.steps:
            if not step.outcome_field:
                continue
            known = {code.code for code in pack.codes[CASE_FIELDS[step.outcome_field].codelist].codes}
            written = {dict(one.sets).get(step.outcome_field, one.id) for one in step.outcomes}
            assert written <= known, step.id


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.ref)
def test_registers_and_bodies_are_those_of_the_lists(pack):
    assert pack.registers.keys() == {code.code for code in pack.codes["register"].codes}
    assert {rule.body for rule in pack.quorum} == {code.code for code in pack.codes["meeting_body"].codes}


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.ref)
def test_every_field_a_condition_reads_can_hold_its_values(pack):
    for dimension in pack.dimensions:
        assert f"override_reason_{dimension.id}" in CASE_FIELDS
        assert dimension.name
        assert dimension.standard
