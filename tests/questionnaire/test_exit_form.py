"""The exit's verification form that ships."""

from __future__ import annotations

import pytest

from app.domain.income import below_line
from app.questionnaire.corefields import form_text, prefill
from app.questionnaire.engine import Engine
from tests.questionnaire.exit_answers import ANSWERS
from tests.questionnaire.shipped import fields, fill, opened, stored, told

LINE = 880_000  # fen
NET = 2_920_030


@pytest.fixture
def engine() -> Engine:
    made = opened("exit")
    prefill(made, {"known.persons": "3", "known.case.line_fen": form_text("case.line_fen", LINE)})
    return made


def label(engine: Engine, path: str) -> str:
    return engine.wording.label(engine.at(f"/data/{path}")[0])


def test_a_household_that_meets_every_standard(engine: Engine) -> None:
    fill(engine, ANSWERS)
    assert told(engine) == {}
    found = fields(engine)
    assert found["check.per_head"] == "9733.43"
    assert {name: value for name, value in found.items() if name.startswith("case.")} == {
        "case.criteria_on": "2026-11-22",
        "case.income_steady": 1,
        "case.criteria_note": "各项都达标",
    }
    assert found["income.operating.crops"] == 380_050
    assert found["expense.production"] == 90_020
    assert found["conditions.water_safe"] == 1
    assert not any(name.startswith("known.") for name in found)
    assert "basic/told_line" not in told(engine)
    assert stored(engine, "income/net") == form_text("income.", NET)
    assert label(engine, "signoff/all_met") == (
        "家庭纯收入合计 29200.3 元，人均 9733.43 元。各项都达标。请当面念给受访人听。"
    )
    assert engine.at("/data/signoff/all_met")[0].relevant
    assert not engine.at("/data/signoff/some_failed")[0].relevant


@pytest.mark.parametrize("wage", ["22799.69", "22799.7", "22799.71"])
def test_the_line_is_compared_as_the_records_compare_it(engine: Engine, wage: str) -> None:
    """3 persons x 8,800.00 = 26,400.00; 22,799.70 beside 3,600.30 net reaches it to the fen."""
    fill(engine, {**ANSWERS, "income/income_wage/wage_away": wage, "income/income_operating/crops": "4200.5"})
    net = round(float(wage) * 100) + 360_030
    below = below_line(net, 3, LINE)
    assert engine.at("/data/standards/line_result/line_under")[0].relevant is below
    assert engine.at("/data/standards/line_result/line_over")[0].relevant is not below
    assert ("standards/line_result/income_steady" in told(engine)) is below


def test_nothing_is_said_about_the_line_before_the_income_is_asked(engine: Engine) -> None:
    said = [engine.at(f"/data/standards/line_result/{note}")[0] for note in ("line_over", "line_under")]
    assert [entry.relevant for entry in said] == [False, False]
    fill(engine, {"income/income_wage/wage_away": "0"})
    assert [entry.relevant for entry in said] == [False, True]


def test_what_fails_is_named(engine: Engine) -> None:
    failing = {"standards/home/water_safe": "0", "standards/school/education_dropouts": "1"}
    fill(engine, {**ANSWERS, **failing})
    assert label(engine, "signoff/some_failed").startswith("还没有达标的：义务教育 饮水 。")
    assert engine.at("/data/signoff/some_failed")[0].relevant


def test_without_records_persons_and_line_are_asked() -> None:
    engine = opened("exit")
    fill(engine, ANSWERS)
    assert {"basic/told_persons", "basic/told_line"} <= set(told(engine))
    fill(engine, {"basic/told_persons": "3", "basic/told_line": "8800"})
    assert told(engine) == {}
    assert fields(engine)["check.per_head"] == "9733.43"


def test_who_does_not_agree_signs_nothing(engine: Engine) -> None:
    fill(engine, {**ANSWERS, "signoff/consent": "no", "signoff/signed": ""})
    assert told(engine) == {"signoff/consent_note": "请照农户的话写"}


def test_an_unsafe_house_is_not_safe(engine: Engine) -> None:
    fill(engine, {**ANSWERS, "standards/home/house_grade": "D"})
    assert "危房" in told(engine)["standards/home/house_safe"]
