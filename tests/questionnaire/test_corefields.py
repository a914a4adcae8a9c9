"""Answers tied to the household's records: whose they are, and the roster that is filled in."""

from __future__ import annotations

import pytest

from app.questionnaire.corefields import (
    cells,
    is_new_row,
    is_sensitive,
    own_amounts,
    prefill,
    row_path,
    stated_per_head,
)
from tests.questionnaire.forms import answer, at, engine_of

LEDGER = """
| survey |
| | type | name | label | calculation | relevant | bind::hh:field |
| | begin repeat | m | 成员 | | | |
| | text | mid | 号 | | | member.id |
| | text | name | 名 | | | member.name |
| | decimal | wage | 工资 | | ${name} != '' | income.wage.wage_local |
| | begin repeat | bill | 药费 | | | |
| | decimal | cost | 金额 | | | expense.medical |
| | end repeat | | | | | |
| | end repeat | | | | | |
| | decimal | crops | 种植 | | | income.operating.crops |
| | decimal | more | 又种植 | | | income.operating.crops |
| | calculate | head | | ${crops} div 3 | | check.per_head |
| settings |
| | form_id | namespaces |
| | ledger | hh="http://babutong/household" |
"""


def test_amounts_belong_to_the_row_they_stand_in() -> None:
    engine = engine_of(LEDGER)
    prefill(engine, {}, {"member": [{"id": "a", "name": "甲", "income.wage.wage_local": 750}, {"id": "b"}]})
    engine.add_row(at(engine, "m"))
    answer(engine, "m[3]/name", "丙")
    engine.add_row(at(engine, "m[1]/bill"))
    engine.add_row(at(engine, "m[3]/bill"))
    answer(engine, "m[1]/bill[1]/cost", "10")
    answer(engine, "m[1]/bill[2]/cost", "2.5")
    answer(engine, "m[3]/bill[1]/cost", "1")
    answer(engine, "crops", "7")
    found = cells(engine)
    assert found["income.wage.wage_local", "a"] == 750
    assert ("income.wage.wage_local", "b") not in found  # not asked
    assert found["expense.medical", "a"] == 1250
    assert found["expense.medical", "+/data/m[3]"] == 100
    assert is_new_row("+/data/m[3]")
    assert found["income.operating.crops", ""] == 700  # asked twice, answered once
    assert not any(field == "check.per_head" for field, _ in found)


def test_the_roster_has_as_many_rows_as_there_are_members() -> None:
    engine = engine_of(LEDGER)
    prefill(engine, {}, {"member": []})
    assert at(engine, "m").rows == []


def test_a_form_without_a_roster_takes_no_rows() -> None:
    engine = engine_of("| survey |\n| | type | name | label |\n| | text | a | 甲 |")
    prefill(engine, {}, {"member": [{"id": "a"}]})
    assert (row_path(engine.form, "member"), own_amounts(engine.form), cells(engine)) == ("", frozenset(), {})


def test_fields_asked_of_each_member_are_known() -> None:
    assert own_amounts(engine_of(LEDGER).form) == {"income.wage.wage_local", "expense.medical"}


@pytest.mark.parametrize(("crops", "fen"), [("10", 333), ("20", 667), ("", None)])
def test_the_forms_own_income_per_head_is_in_fen(crops: str, fen: int | None) -> None:
    engine = engine_of(LEDGER)
    answer(engine, "crops", crops)
    assert stated_per_head(engine) == fen


def test_a_form_without_one_states_none() -> None:
    assert stated_per_head(engine_of("| survey |\n| | type | name | label |\n| | text | a | 甲 |")) is None


@pytest.mark.parametrize(
    ("field", "sensitive"),
    [
        ("member.id_number", True),
        ("known.member.id_number", True),
        ("member.name", False),
        ("income.wage.wage_away", False),
        ("check.per_head", False),
        ("", False),
    ],
)
def test_what_others_must_not_read(field: str, sensitive: bool) -> None:
    assert is_sensitive(field) is sensitive
