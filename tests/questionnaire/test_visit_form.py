"""The visit questionnaire that ships."""

from __future__ import annotations

import importlib.util
import random
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.domain.income import IncomeCategory, per_head, state_income
from app.questionnaire.checking import errors
from app.questionnaire.compile import compile_workbook
from app.questionnaire.corefields import core_fields, form_text, journal_value, prefill
from app.questionnaire.definition import ControlKind, FormModel
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from tests.questionnaire.forms import NOW

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "forms" / "questionnaires" / "visit" / "v1"
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


@pytest.fixture(scope="module")
def form() -> FormModel:
    return load_form((FOLDER / "visit.xml").read_bytes())


@pytest.fixture
def engine(form: FormModel) -> Engine:
    return Engine(form, NOW, rng=random.Random(3))


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("visit_form", ROOT / "packaging" / "visit_form.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_compiled_form_is_what_the_workbook_compiles_to() -> None:
    fresh = compile_workbook((FOLDER / "visit.xlsx").read_bytes(), "visit.xlsx")
    assert fresh.xform_xml == (FOLDER / "visit.xml").read_text(encoding="utf-8")


def test_the_workbook_is_what_the_script_writes(script: ModuleType) -> None:
    assert script.workbook() == (FOLDER / "visit.xlsx").read_bytes()


def test_names_are_ascii_and_every_question_has_chinese_words(form: FormModel, engine: Engine) -> None:
    for path, control in form.controls.items():
        assert path.isascii()
        if control.kind not in {ControlKind.GROUP, ControlKind.REPEAT}:
            entry = engine.at(path)[0]
            assert any("\u4e00" <= c <= "\u9fff" for c in engine.wording.label(entry)), path


def test_every_core_field_exists_and_its_choices_are_codes_of_the_pack(
    form: FormModel, engine: Engine
) -> None:
    lists = tomllib.loads((ROOT / "forms/packs/s8/v1/codes.toml").read_text(encoding="utf-8"))
    items = {c["code"]: c["traits"]["category"] for c in lists["income_item"]["codes"]}
    expenses = {c["code"] for c in lists["expense_category"]["codes"]}
    own = {"member.id", "case.investigator1_name", "case.investigator2_name", "derived.income_per_head"}
    for bind in form.binds.values():
        kind, _, code = bind.core.partition(".")
        if not bind.core or bind.core in own or kind == "attachment":
            continue
        if kind == Kind.INCOME:
            category, _, item = code.partition(".")
            assert items[item] == category
            assert category in set(IncomeCategory)
        elif kind == Kind.EXPENSE:
            assert code in expenses
        else:
            definition = FIELDS[Kind(kind)][code]
            known = {c["code"] for c in lists.get(definition.codelist, {"codes": []})["codes"]}
            if definition.codelist:
                assert {c.value for c in engine.choices(engine.at(bind.path)[0])} <= known


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
    incomes = [
        {"category": f.split(".")[1], "item": f.split(".")[2], "amount_fen": v}
        for f, v in amounts.items()
        if f.startswith("income.")
    ]
    costs = [{"category": "production", "amount_fen": amounts["expense.production"]}]
    statement = state_income(incomes, costs, MEMBERS)
    shown = next(a.value for a in core_fields(engine) if a.field == "derived.income_per_head")
    assert statement.persons == 2
    assert round(float(shown) * 100) == per_head(statement.net_fen, 2)


def test_a_visit_can_be_finished(engine: Engine) -> None:
    prefill(engine, {"household.group": "三组"}, {"member": MEMBERS[:1]})
    given = {
        "basic/respondent": "王秀兰",
        "basic/informed": "OK",
        "income/income_wage/wage_away": "0",
        "income/income_wage/wage_local": "0",
        "income/income_operating/crops": "9800.5",
        "income/income_operating/livestock_income": "0",
        "income/income_operating/production": "800",
        "income/income_transfer/dibao": "0",
        "income/income_transfer/pension_income": "1200",
        "income/income_transfer/land_subsidy": "300",
        "expense/medical": "0",
        "expense/education_cost": "0",
        "housing/house/house_structure": "brick_wood",
        "housing/house/house_grade": "C",
        "housing/house/house_safe": "0",
        "housing/water/water_source": "tap",
        "housing/water/water_safe": "1",
        "housing/living/electricity": "1",
        "schooling/education_dropouts": "0",
        "schooling/medical_uninsured": "0",
        "schooling/medical_problem": "0",
        "food_clothes/food": "1",
        "food_clothes/clothing": "1",
        "verdict/neighbour_opinion": "true",
        "verdict/investigator1": "甲",
        "verdict/investigator2": "乙",
        "verdict/signed": "OK",
        "verdict/signed_on": "2026-11-22",
    }
    for path, text in given.items():
        engine.answer(engine.at(f"/data/{path}")[0], text)
    assert [(p.ref, p.message) for p in errors(engine)] == []
    found = {a.field: a.value for a in core_fields(engine)}
    assert found["derived.income_per_head"] == "10500.5"
    assert found["income.operating.crops"] == 980_050
    assert found["conditions.house_safe"] == 0
    assert found["case.household_signed"] == 1
    assert found["case.visited_on"] == "2026-11-22"


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("housing/house/house_safe", "1", "危房"),
        ("verdict/investigator2", "甲", "同一个人"),
        ("basic/other_causes", "illness schooling disability", "最多选 2 项"),
        ("basic/visited_on", "2026-11-23", "不能晚于今天"),
        ("income/income_wage/wage_away", "-1", "不能小于 0"),
    ],
)
def test_contradictions_are_told(engine: Engine, path: str, text: str, words: str) -> None:
    engine.answer(engine.at("/data/housing/house/house_structure")[0], "earth")
    engine.answer(engine.at("/data/housing/house/house_grade")[0], "D")
    engine.answer(engine.at("/data/verdict/investigator1")[0], "甲")
    engine.answer(engine.at(f"/data/{path}")[0], text)
    told = {p.ref: p.message for p in errors(engine)}
    assert words in told[f"/data/{path}"]


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
