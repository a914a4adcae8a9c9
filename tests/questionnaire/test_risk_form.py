"""The risk slip that ships: eight questions, in two languages."""

from __future__ import annotations

import pytest

from app.questionnaire.definition import ControlKind
from app.questionnaire.engine import Engine
from tests.questionnaire.shipped import fields, fill, opened, told

SECOND = "조선어(ko)"
ANSWERS = {
    "slip/head": "吴福生",
    "slip/village_group": "三组",
    "slip/risks": "illness job",
    "slip/what": "儿子工地摔伤，住院花了三万元。",
    "slip/source": "cadre",
    "slip/urgency": "days",
    "slip/reporter": "李秀英",
}


@pytest.fixture
def engine() -> Engine:
    return opened("risk")


def test_a_slip_is_finished_with_eight_answers(engine: Engine) -> None:
    asked = [c for c in engine.form.controls.values() if c.kind is not ControlKind.GROUP]
    assert len(asked) == 8
    fill(engine, ANSWERS)
    assert told(engine) == {}
    assert fields(engine) == {}  # a clue is looked into before anything is recorded


def test_the_kinds_of_risk_are_the_packs(engine: Engine) -> None:
    offered = {c.value: c.label for c in engine.choices(engine.at("/data/slip/risks")[0])}
    assert (len(offered), offered["illness"], offered["other"]) == (11, "因病", "其他")


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("slip/risks", "illness schooling disability disaster accident job", "最多选 5 项"),
        ("slip/happened_on", "2026-11-23", "不能晚于今天"),
        ("slip/what", "", "请用一两句话写明出了什么事"),
    ],
)
def test_mistakes_are_told(engine: Engine, path: str, text: str, words: str) -> None:
    fill(engine, {**ANSWERS, path: text})
    assert told(engine) == {path: words}


def test_another_language_changes_every_word(engine: Engine) -> None:
    assert set(engine.form.itext) == {"中文(zh)", SECOND}
    chinese = words_of(engine)
    engine.wording.language = SECOND
    other = words_of(engine)
    assert chinese.keys() == other.keys()
    assert [key for key in other if not is_korean(other[key]) or is_korean(chinese[key])] == []
    assert other["slip/urgency", "choice", "today"] == "당일 처리"
    fill(engine, {"slip/happened_on": "2026-11-23"})
    assert told(engine)["slip/happened_on"] == "오늘보다 늦을수 없습니다"
    engine.wording.language = "中文(zh)"
    assert words_of(engine) == chinese


def words_of(engine: Engine) -> dict[tuple[str, ...], str]:
    """Labels, choices, hints and messages of the form as they are shown now."""
    found: dict[tuple[str, ...], str] = {}
    wording = engine.wording
    for path, control in engine.form.controls.items():
        entry, name = engine.at(path)[0], path.removeprefix("/data/")
        said = {
            "label": wording.label(entry),
            "hint": wording.hint(entry),
            "required": wording.required_message(entry),
            "constraint": wording.constraint_message(entry),
        }
        found |= {(name, kind): text for kind, text in said.items() if text}
        if control.kind is not ControlKind.GROUP:
            found |= {(name, "choice", c.value): c.label for c in engine.choices(entry)}
    return found


def is_korean(text: str) -> bool:
    return any("\uac00" <= c <= "\ud7a3" for c in text)
