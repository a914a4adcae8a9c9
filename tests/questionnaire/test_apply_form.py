"""The application form that ships."""

from __future__ import annotations

import pytest

from app.questionnaire.corefields import core_fields, prefill
from app.questionnaire.engine import Engine
from tests.questionnaire.apply_answers import ANSWERS
from tests.questionnaire.shipped import fields, fill, opened, stored, told

HEAD = {"id": "a" * 32, "name": "王秀兰", "relation": "01", "sex": "2", "id_number": "999999195001010018"}
ROW = "family/member[2]/"


@pytest.fixture
def engine() -> Engine:
    made = opened("apply")
    prefill(made, {"household.group": "三组", "household.address": "三组12号"}, {"member": [HEAD]})
    return made


def test_a_household_applies_by_itself(engine: Engine) -> None:
    engine.add_row(engine.at("/data/family/member")[0])
    fill(engine, {**ANSWERS, f"{ROW}name": "周国强", f"{ROW}relation": "02", f"{ROW}sex": "1"})
    fill(engine, {f"{ROW}id_number": "99999919750315001X", f"{ROW}phone": "19900000001"})
    assert told(engine) == {}
    assert fields(engine) == {
        "household.group": "三组",
        "household.address": "三组12号",
        "case.applied_on": "2026-11-22",
        "case.source": "self",
        "case.applicant": "王秀兰",
        "case.auth_signed": 1,
        "case.auth_on": "2026-11-20",
        "case.auth_no": "授2026-07",
        "case.documents": "application authorisation id_copies",
        "case.accepted_no": "受2026-07",
        "attachment.application": "",
    }
    second = {a.field: a.value for a in core_fields(engine) if a.row.endswith("[2]")}
    assert second["member.id_number"] == "99999919750315001X"
    assert second["member.shares_income"] == 1
    assert stored(engine, "family/persons") == "2"
    note = engine.wording.label(engine.at("/data/why/told/told_note")[0])
    assert "人均大约 4600.25 元" in note


def test_what_the_household_tells_is_no_item_of_the_ledger(engine: Engine) -> None:
    fill(engine, ANSWERS)
    assert not any(name.startswith(("income.", "expense.", "conditions.")) for name in fields(engine))


def test_who_was_found_needs_no_papers_but_the_way_it_was_found(engine: Engine) -> None:
    fill(engine, {**ANSWERS, "who/source": "found", "promise/documents": ""})
    assert told(engine) == {"who/source_note": "请写明谁、什么时候、怎样发现的"}
    fill(engine, {"who/source": "self"})
    assert told(engine) == {"promise/documents": "农户申请的要有材料，至少收到申请书"}
    assert "case.source_note" not in fields(engine)


def test_who_writes_for_somebody_reads_it_out(engine: Engine) -> None:
    fill(engine, {**ANSWERS, "who/helped": "scribe"})
    assert set(told(engine)) == {"who/helper", "who/read_back"}


def test_an_authorisation_may_be_signed_later(engine: Engine) -> None:
    fill(engine, {**ANSWERS, "promise/auth_signed": "0"})
    assert told(engine) == {}
    found = fields(engine)
    assert found["case.auth_signed"] == 0
    assert "case.auth_on" not in found


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("family/member[1]/phone", "1990000000", "11 位手机号"),
        ("family/member[1]/id_number", "999999195001010017", "逐位核对"),
        ("why/difficulties", "illness schooling disability age", "最多选 3 项"),
        ("why/owned/assets", "none house", "都没有"),
        ("why/told/told_income", "-1", "0 到一千万"),
        ("who/applied_on", "2026-11-23", "不能晚于今天"),
        ("promise/auth_on", "2026-11-23", "不能晚于今天"),
    ],
)
def test_mistakes_are_told(engine: Engine, path: str, text: str, words: str) -> None:
    fill(engine, {**ANSWERS, path: text})
    assert words in told(engine)[path]


@pytest.mark.parametrize(("relation", "asked"), [("01", False), ("02", True)])
def test_a_household_has_one_head(engine: Engine, relation: str, asked: bool) -> None:
    fill(engine, {"family/member[1]/relation": relation})
    assert engine.at("/data/family/no_head")[0].relevant is asked
