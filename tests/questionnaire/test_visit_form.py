"""The visit questionnaire that ships."""

from __future__ import annotations

import random

import pytest

from app.domain.identity import check_digit
from app.domain.income import per_head, state_income
from app.questionnaire.corefields import core_fields, form_text, journal_value, prefill
from app.questionnaire.engine import Engine
from tests.questionnaire.shipped import fields, fill, opened, stored, told
from tests.questionnaire.visit_answers import ANSWERS

MEMBERS = [
    {"id": "a" * 32, "name": "王秀兰", "relation": "01", "sex": "2", "health": "2 4", "labour": "4"},
    {
        "id": "b" * 32,
        "name": "周国强",
        "relation": "02",
        "away": 1,
        "work_months": 10,
        "monthly_wage_fen": 186050,
    },
    {"id": "c" * 32, "name": "周小燕", "relation": "04", "shares_income": 0},
]


@pytest.fixture
def engine() -> Engine:
    return opened("visit")


def test_members_are_filled_in_and_come_back(engine: Engine) -> None:
    prefill(engine, {"household.group": "三组", "conditions.farmland": 325}, {"member": MEMBERS})
    assert [r.node.element("name").value() for r in engine.at("/data/family/member")[0].rows or ()] == [
        "王秀兰",
        "周国强",
        "周小燕",
    ]
    found = {(a.row[-3:], a.field): a.value for a in core_fields(engine)}
    assert found["", "household.group"] == "三组"
    assert found["", "conditions.farmland"] == 325
    assert found["[1]", "member.id"] == "a" * 32
    assert found["[1]", "member.health"] == "2 4"
    assert found["[2]", "member.monthly_wage_fen"] == 186050
    assert found["[2]", "member.work_months"] == 10
    assert found["[3]", "member.shares_income"] == 0
    assert ("[1]", "member.work_place") not in found  # not asked of who does not work away


def test_the_forms_arithmetic_is_the_domains(engine: Engine) -> None:
    amounts = {
        "income.wage.wage_away": 1_860_050,
        "income.operating.crops": 980_000,
        "income.transfer.dibao": 952_833,
        "expense.production": 3_240_001,
    }
    prefill(engine, amounts, {"member": MEMBERS})
    shown = next(a.value for a in core_fields(engine) if a.field == "check.per_head")
    net, persons = _domain(amounts)
    assert persons == 2
    assert round(float(shown) * 100) == per_head(net, 2)


@pytest.mark.parametrize("seed", range(12))
def test_income_per_head_agrees_to_the_fen(engine: Engine, seed: int) -> None:
    rng = random.Random(seed)
    paths = {b.core: b.path for b in engine.form.binds.values() if b.core.startswith(("income.", "expense."))}
    amounts = {core: rng.randint(0, 99_999_99) for core in paths if rng.random() < 0.7}
    amounts["expense.production"] = rng.randint(0, 9_999_999_99)
    members = [{**MEMBERS[0], "id": f"{n:032x}"} for n in range(1, 2 + seed)]
    prefill(engine, {}, {"member": members})
    fill(engine, {paths[core].removeprefix("/data/"): form_text(core, fen) for core, fen in amounts.items()})
    net, persons = _domain(amounts, members)
    assert persons == seed + 1
    assert fields(engine)["check.per_head"] == form_text("income.", per_head(net, persons))
    assert stored(engine, "income/net") == form_text("income.", net)
    note = engine.wording.label(engine.at("/data/verdict/verdict_note")[0])
    said = (form_text("income.", net), form_text("income.", per_head(net, persons)))
    assert note.startswith(f"家庭纯收入合计 {said[0]} 元，{persons} 人，人均 {said[1]} 元。")


def _domain(amounts: dict[str, int], members: list[dict[str, str | int]] = MEMBERS) -> tuple[int, int]:
    """Net income in fen and persons as the records work them out."""
    apart = {"student_aid", "temporary_aid", "medical_refund", "house_subsidy", "gift", "insurance_payout"}
    incomes = [
        {"category": f.split(".")[1], "amount_fen": v, "counts": int(f.split(".")[2] not in apart)}
        for f, v in amounts.items()
        if f.startswith("income.")
    ]
    costs = [
        {"category": f.split(".")[1], "amount_fen": v} for f, v in amounts.items() if f.startswith("expense.")
    ]
    statement = state_income(incomes, costs, members)
    return statement.net_fen, statement.persons


def test_a_visit_can_be_finished(engine: Engine) -> None:
    prefill(engine, {"household.group": "三组"}, {"member": MEMBERS[:1]})
    danger = {"housing/house/house_grade": "C", "housing/house/house_safe": "0"}
    fill(engine, {**ANSWERS, **danger, "verdict/signed_on": "2026-11-22"})
    assert told(engine) == {}
    found = fields(engine)
    assert found["check.per_head"] == "10500.5"
    assert found["income.operating.crops"] == 980_050
    assert found["conditions.house_safe"] == 0
    assert found["case.household_signed"] == 1
    assert found["case.visited_on"] == "2026-11-22"
    assert not any(name.startswith(("case.investigator", "known.")) for name in found)
    assert "conditions.water_minutes" not in found  # not asked where water comes from the tap


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("99010119700101015" + check_digit("99010119700101015"), True),
        ("99999919750315001X", True),  # a number given to people without one
        ("99999919750315001x", True),
        ("999999195001010018", True),
        ("999999195001010019", False),  # the last digit
        ("99999919501301001X", False),  # a thirteenth month
        ("9999991950010100", False),
        ("", True),
    ],
)
def test_an_identity_number_is_checked_to_the_last_digit(engine: Engine, number: str, fits: bool) -> None:
    prefill(engine, {}, {"member": MEMBERS[:1]})
    fill(engine, {"family/member[1]/id_number": number})
    said = told(engine).get("family/member[1]/id_number", "")
    assert ("逐位核对" in said) is not fits


def test_a_day_of_birth_follows_the_identity_number(engine: Engine) -> None:
    prefill(engine, {}, {"member": MEMBERS[:1]})
    row = "family/member[1]/"
    fill(engine, {f"{row}id_number": "999999195001010018", f"{row}born": "1950-01-02"})
    assert "身份证号一致" in told(engine)[f"{row}born"]
    fill(engine, {f"{row}id_type": "02"})  # a disability card has a number of its own
    assert f"{row}born" not in told(engine)
    fill(engine, {f"{row}id_type": "05"})
    found = {answer.field for answer in core_fields(engine)}
    assert "member.id_number" not in found


def test_a_child_out_of_school_is_asked_why(engine: Engine) -> None:
    prefill(engine, {}, {"member": MEMBERS[:1]})
    entry = engine.at("/data/family/member/not_in_school")[0]
    for born, school, asked in (
        ("2016-05-01", "99", True),
        ("2016-05-01", "03", False),
        ("2022-05-01", "", False),
        ("1990-05-01", "99", False),
    ):
        fill(engine, {"family/member[1]/born": born, "family/member[1]/school": school})
        assert entry.relevant is asked


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("housing/house/house_safe", "1", "危房"),
        ("verdict/investigator2", "甲", "同一个人"),
        ("basic/other_causes", "illness schooling disability", "最多选 2 项"),
        ("basic/visited_on", "2026-11-23", "不能晚于今天"),
        ("income/income_wage/wage_away", "-1", "0 到一千万"),
        ("income/income_wage/wage_away", "0.005", "两位小数"),
        ("food_clothes/assets", "none vehicle", "都没有"),
        ("verdict/signed_on", "2026-11-01", "不早于入户日期"),
    ],
)
def test_contradictions_are_told(engine: Engine, path: str, text: str, words: str) -> None:
    known = {"house/house_structure": "earth", "house/house_grade": "D"}
    fill(engine, {f"housing/{name}": code for name, code in known.items()})
    fill(engine, {"verdict/investigator1": "甲", path: text})
    assert words in told(engine)[path]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("income.wage.wage_away", "18600.05", 1_860_005),
        ("income.wage.wage_away", "0.005", 1),
        ("income.wage.wage_away", "", ""),
        ("conditions.farmland", "3.25", 325),
        ("conditions.house_area_dm2", "86.5", 8650),
        ("conditions.food", "0", 0),
        ("case.household_signed", "OK", 1),
        ("member.health", "4 2", "2 4"),
        ("member.name", "王秀兰", "王秀兰"),
        ("unknown.thing", "x", "x"),
    ],
)
def test_units(field: str, text: str, value: int | str) -> None:
    assert journal_value(field, text) == value


def test_values_of_the_journal_are_written_as_people_write_them() -> None:
    assert form_text("income.wage.x", 1_860_050) == "18600.5"
    assert form_text("income.wage.x", 1_860_000) == "18600"
    assert form_text("conditions.food", 1) == "1"
    assert form_text("member.name", "王") == "王"
