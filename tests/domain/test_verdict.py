from __future__ import annotations

from itertools import product

import pytest

from app.domain.errors import Refused
from app.domain.lines import FrozenLine
from app.domain.verdict import Inputs, Overall, Verdict, judge, overall, override_fields
from app.files.pack_in import load_shipped

DIMENSIONS = load_shipped("s8/v1").dimensions
BY_ID = {dimension.id: dimension for dimension in DIMENSIONS}
LINE = FrozenLine(400_000, "doc")
SOUND = {
    "case.income_steady": 1,
    "conditions.food": 1,
    "conditions.clothing": 1,
    "conditions.education_dropouts": 0,
    "conditions.medical_uninsured": 0,
    "conditions.medical_problem": 0,
    "conditions.house_safe": 1,
    "conditions.water_safe": 1,
}
PASS, FAIL, UNCHECKED = Verdict.PASS, Verdict.FAIL, Verdict.UNCHECKED


def one(name, values=None, total=2_000_000, persons=4, line=LINE):
    return judge([BY_ID[name]], Inputs({**SOUND, **(values or {})}, total, persons, line))[0]


def test_the_sheet_of_a_household_that_is_well():
    judged = judge(DIMENSIONS, Inputs(SOUND, 2_000_000, 4, LINE))
    assert [j.state for j in judged] == [PASS] * 7
    assert overall(judged) is Overall.MET


def test_the_sheet_of_nothing_is_open():
    judged = judge(DIMENSIONS, Inputs())
    assert {j.state for j in judged} == {UNCHECKED}
    assert overall(judged) is Overall.OPEN
    assert overall(()) is Overall.OPEN


@pytest.mark.parametrize(
    ("name", "field", "value", "state"),
    [
        ("food", "conditions.food", 0, FAIL),
        ("food", "conditions.food", "", UNCHECKED),
        ("clothing", "conditions.clothing", 0, FAIL),
        ("education", "conditions.education_dropouts", 1, FAIL),
        ("education", "conditions.education_dropouts", "", UNCHECKED),
        ("medical", "conditions.medical_uninsured", 1, FAIL),
        ("medical", "conditions.medical_problem", 1, FAIL),
        ("medical", "conditions.medical_problem", "", PASS),
        ("medical", "conditions.medical_uninsured", "", UNCHECKED),
        ("housing", "conditions.house_safe", 0, FAIL),
        ("housing", "conditions.house_safe", "", UNCHECKED),
        ("water", "conditions.water_safe", 0, FAIL),
        ("water", "conditions.water_safe", 7, UNCHECKED),
        ("income", "case.income_steady", 0, FAIL),
        ("income", "case.income_steady", "", UNCHECKED),
    ],
)
def test_each_dimension_with_the_fields_it_rests_on(name, field, value, state):
    judged = one(name, {field: value})
    assert judged.state is judged.computed is state
    assert (field, value) in judged.rests_on
    assert not judged.is_override


@pytest.mark.parametrize(
    ("total", "persons", "state"),
    [
        (1_600_000, 4, PASS),  # exactly the line
        (1_599_999, 4, FAIL),
        (1_600_001, 4, PASS),
        (-1, 4, FAIL),
        (None, 4, UNCHECKED),
        (1_600_000, 0, UNCHECKED),
    ],
)
def test_income_against_the_line(total, persons, state):
    assert one("income", total=total, persons=persons).state is state


def test_without_a_line_the_income_is_not_checked():
    judged = one("income", line=None)
    assert (judged.state, judged.no_line) == (UNCHECKED, True)
    assert ("case.line_fen", "") in judged.rests_on
    assert not one("food", line=None).no_line
    assert ("income.total_fen", "") in one("income", total=None).rests_on


@pytest.mark.parametrize("total", [0, 1_000_000, 100_000_000])
def test_income_alone_never_decides(total):
    judged = judge(DIMENSIONS, Inputs({"case.income_steady": 1}, total, 4, LINE))
    assert overall(judged) is Overall.OPEN


@pytest.mark.parametrize("states", list(product(Verdict, repeat=2)))
def test_one_unchecked_dimension_leaves_all_open(states):
    values = {PASS: 1, FAIL: 0, UNCHECKED: ""}
    inputs = Inputs({"conditions.food": values[states[0]], "conditions.clothing": values[states[1]]})
    judged = judge([BY_ID["food"], BY_ID["clothing"]], inputs)
    if UNCHECKED in states:
        assert overall(judged) is Overall.OPEN
    else:
        assert overall(judged) is (Overall.NOT_MET if FAIL in states else Overall.MET)


def test_a_person_overrides_with_a_reason():
    fields = override_fields(BY_ID["housing"], PASS, " 租住安全房 ")
    assert fields == {"override_housing": "pass", "override_reason_housing": "租住安全房"}
    values = {f"case.{code}": value for code, value in fields.items()} | {"conditions.house_safe": 0}
    judged = one("housing", values)
    assert (judged.state, judged.computed, judged.reason) == (PASS, FAIL, "租住安全房")
    assert judged.is_override


def test_an_override_without_a_reason_counts_for_nothing():
    with pytest.raises(Refused) as caught:
        override_fields(BY_ID["housing"], FAIL, "  ")
    assert (caught.value.code, caught.value.params) == (
        "verdict.reason_needed",
        {"dimension": "住房安全有保障"},
    )
    assert one("housing", {"case.override_housing": "fail"}).state is PASS
    assert (
        one("housing", {"case.override_housing": "maybe", "case.override_reason_housing": "x"}).state is PASS
    )


def test_an_override_is_taken_back():
    assert override_fields(BY_ID["food"], UNCHECKED, "") == {"override_food": "", "override_reason_food": ""}
