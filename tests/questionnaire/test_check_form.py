"""The form of the township's re-visit that ships."""

from __future__ import annotations

import pytest

from app.questionnaire.corefields import prefill
from app.questionnaire.engine import Engine
from tests.questionnaire.check_answers import ANSWERS
from tests.questionnaire.shipped import fields, fill, opened, told

KNOWN = {
    "known.persons": "3",
    "known.net": "42600.5",
    "known.per_head": "14200.17",
    "known.conditions.house_grade": "B",
    "known.conditions.house_safe": "1",
    "known.conditions.water_safe": "0",
    "known.conditions.education_dropouts": "0",
    "known.conditions.food": "1",
    "known.conditions.clothing": "1",
}


@pytest.fixture
def engine() -> Engine:
    made = opened("check")
    prefill(made, KNOWN)
    return made


def hint(engine: Engine, item: str) -> str:
    return engine.wording.hint(engine.at(f"/data/items/{item}")[0])


def test_everything_agrees(engine: Engine) -> None:
    fill(engine, ANSWERS)
    assert told(engine) == {}
    assert fields(engine) == {
        "case.checked_on": "2026-11-22",
        "case.sample_result": "consistent",
        "case.check_opinion": "情况属实，同意上报",
        "attachment.scene": "",
    }


def test_it_shows_what_the_village_recorded(engine: Engine) -> None:
    assert hint(engine, "members") == "村里记的：3 人"
    assert hint(engine, "income") == "村里记的：家庭纯收入 42600.5 元，人均 14200.17 元"
    assert hint(engine, "living") == "村里记的：吃不愁，穿不愁"
    assert hint(engine, "house") == "村里记的：安全，B 级"
    assert hint(engine, "water") == "村里记的：不安全"
    assert hint(engine, "school") == "村里记的：0 人失学辍学"
    assert hint(engine, "medical") == "村里记的：没有记录"


def test_on_a_phone_nothing_is_known() -> None:
    engine = opened("check")
    for item in ("members", "income", "house", "water", "school", "medical"):
        assert hint(engine, item) == "村里记的：没有记录"


def test_a_difference_needs_its_reason_and_decides_the_result(engine: Engine) -> None:
    fill(engine, {**ANSWERS, "items/water": "differs"})
    wrong = told(engine)
    assert set(wrong) == {"items/water_why", "result/sample_result"}
    assert "有出入就选" in wrong["result/sample_result"]
    fill(engine, {"items/water_why": "水管断了两个月", "result/sample_result": "inconsistent"})
    assert told(engine) == {}
    note = engine.wording.label(engine.at("/data/result/result_note")[0])
    assert note == "共 9 项，有出入 1 项，没有核到 0 项。"
    fill(engine, {"items/water": "agrees"})
    assert set(told(engine)) == {"result/sample_result"}


def test_who_is_not_met_signs_nothing(engine: Engine) -> None:
    fill(engine, {**ANSWERS, "basic/way": "papers", "result/signed": ""})
    assert told(engine) == {"basic/way_note": "请写明为什么没有上门或者没见到人"}


def test_two_different_people_check(engine: Engine) -> None:
    fill(engine, {**ANSWERS, "basic/checker2": ANSWERS["basic/checker1"]})
    assert told(engine) == {"basic/checker2": "两名核查人不能是同一个人"}
