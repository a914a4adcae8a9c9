"""Words typed by a person, as the value of a field."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.domain.values import checked_fields, parse_typed
from tests.domain.code_lists import LISTS

MEMBER, HOME, CASE = FIELDS[Kind.MEMBER], FIELDS[Kind.HOUSEHOLD], FIELDS[Kind.CASE]
INCOME = FIELDS[Kind.INCOME]


@pytest.mark.parametrize(
    ("definition", "typed", "value"),
    [
        (MEMBER["name"], "  石文斌 ", "石文斌"),
        (MEMBER["name"], "   ", ""),
        (INCOME["amount_fen"], "1234.50", 123_450),
        (INCOME["amount_fen"], "", ""),
        (MEMBER["relation"], LISTS["relation"].label("01"), "01"),
        (MEMBER["relation"], "01", "01"),
        (MEMBER["shares_income"], "是", 1),
        (MEMBER["shares_income"], "否", 0),
        (MEMBER["shares_income"], "yes", 1),
        (MEMBER["born"], "1980-02-29", "1980-02-29"),
        (CASE["votes_for"], "12", 12),
    ],
)
def test_words_become_the_value_of_their_field(definition, typed: str, value) -> None:
    found = parse_typed(definition, typed, LISTS)
    assert (found, type(found)) == (value, type(value))


def test_several_labels_become_codes_in_order() -> None:
    risks = HOME["risks"]
    first, second = LISTS[risks.codelist].choices()[:2]
    assert parse_typed(risks, f"{second.label}、{first.label}", LISTS) == f"{first.code} {second.code}"


def test_a_list_that_is_not_here_leaves_the_code_as_it_is() -> None:
    assert parse_typed(MEMBER["relation"], "甲", {}) == "甲"


@pytest.mark.parametrize(
    ("definition", "typed", "code"),
    [
        (MEMBER["relation"], "邻居的猫", "field.not_in_list"),
        (HOME["risks"], "没有这样的风险", "field.not_in_list"),
        (MEMBER["born"], "1981-02-29", "field.bad_value"),
        (MEMBER["shares_income"], "也许", "field.bad_value"),
        (CASE["votes_for"], "-1", "field.bad_value"),
        (CASE["votes_for"], "１２", "field.bad_value"),
        (MEMBER["name"], "石\0文斌", "field.bad_value"),
    ],
)
def test_words_that_mean_nothing_there_are_refused(definition, typed: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_typed(definition, typed, LISTS)
    assert caught.value.code == code
    assert caught.value.params["field"] == definition.code


def test_fields_are_taken_whole_or_not_at_all() -> None:
    right = {"name": "石文斌", "born": ""}
    assert checked_fields(Kind.MEMBER, right) == right
    for wrong, code in (({"nickname": "小石"}, "field.unknown"), ({"born": 1980}, "field.bad_value")):
        with pytest.raises(Refused) as caught:
            checked_fields(Kind.MEMBER, {**right, **wrong})
        assert (caught.value.code, caught.value.params["kind"]) == (code, "member")
