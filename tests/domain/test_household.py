from __future__ import annotations

from datetime import date

import pytest

from app.domain.fault import Severity
from app.domain.household import head_of, household_faults, present_members
from app.domain.ids import Value
from tests.domain.code_lists import LISTS

TODAY = date(2026, 3, 31)
HOME: dict[str, Value] = {"village": "990101001201", "group": "1组"}


def one(relation: str, sex: str, year: int, **more: Value) -> dict[str, Value]:
    base: dict[str, Value] = {
        "name": f"张{relation}{year}",
        "relation": relation,
        "sex": sex,
        "born": f"{year}-01-01",
    }
    return base | {"id_number": f"{relation}{year}", "status": "present"} | more


HEAD = one("01", "1", 1980, phone="13800000000")
WIFE = one("02", "2", 1982)
SON = one("03", "1", 2008)
FAMILY = [HEAD, WIFE, SON]


def codes(values: dict[str, Value], members: list[dict[str, Value]]) -> list[str]:
    return [fault.code for fault in household_faults(values, members, LISTS, TODAY)]


def test_a_sound_household() -> None:
    assert codes(HOME, FAMILY) == []


@pytest.mark.parametrize(
    ("values", "members", "code", "severity"),
    [
        (HOME, [], "household.no_member", "error"),
        (HOME, [{**HEAD, "status": "left"}], "household.no_member", "error"),
        (HOME, [WIFE, {**SON, "phone": "13800000000"}], "household.no_head", "error"),
        (HOME, [HEAD, {**WIFE, "relation": "01"}], "household.heads", "error"),
        (HOME, [HEAD, {**WIFE, "id_number": HEAD["id_number"]}], "household.same_id", "error"),
        (HOME | {"village": "990101001000"}, FAMILY, "household.village", "error"),
        (HOME | {"village": ""}, FAMILY, "region.digits", "error"),
        (HOME | {"village": "9901010012"}, FAMILY, "region.length", "error"),
        (HOME | {"risks": "war"}, FAMILY, "household.unknown_code", "error"),
        (HOME | {"other_causes": "age disability illness"}, FAMILY, "household.too_many_causes", "error"),
        (
            HOME | {"risks": "accident disability disaster housing illness water"},
            FAMILY,
            "household.too_many_risks",
            "error",
        ),
        (HOME | {"group": " "}, FAMILY, "household.group_missing", "warning"),
        (HOME, [HEAD, {**WIFE, "sex": "1"}], "household.couple_sex", "warning"),
        (HOME, [HEAD, {**SON, "born": "1979-01-01"}], "household.older_child", "warning"),
        (HOME, [HEAD, one("13", "1", 1985)], "household.younger_parent", "warning"),
        (HOME, [HEAD, {**WIFE, "name": HEAD["name"]}], "household.same_name", "warning"),
        (
            HOME | {"main_cause": "illness", "other_causes": "age illness"},
            FAMILY,
            "household.cause_twice",
            "warning",
        ),
        (HOME, [{**HEAD, "phone": "123"}], "household.no_phone", "warning"),
    ],
)
def test_each_fault(
    values: dict[str, Value], members: list[dict[str, Value]], code: str, severity: str
) -> None:
    faults = household_faults(values, members, LISTS, TODAY)
    assert [(fault.code, fault.severity) for fault in faults] == [(code, Severity(severity))]


def test_members_who_left_are_not_judged() -> None:
    gone = {**WIFE, "relation": "01", "id_number": HEAD["id_number"], "status": "deceased"}
    assert codes(HOME, [*FAMILY, gone]) == []


def test_uncles_and_nephews_can_be_of_any_age() -> None:
    assert codes(HOME, [*FAMILY, one("23", "1", 1990), one("24", "1", 1970)]) == []


def test_unknown_birth_dates_are_not_compared() -> None:
    assert codes(HOME, [HEAD, {**SON, "born": ""}, {**one("99", "1", 1950)}]) == []
    assert codes(HOME, [{**HEAD, "born": ""}, SON]) == []


def test_people_without_a_number_are_not_the_same_person() -> None:
    assert codes(HOME, [{**HEAD, "id_number": ""}, {**WIFE, "id_number": ""}]) == []


def test_the_head() -> None:
    assert head_of([WIFE, HEAD]) == HEAD
    assert head_of([WIFE, SON]) == WIFE
    assert head_of([{**HEAD, "status": "deceased"}, SON]) == SON
    assert head_of([]) == {}
    assert present_members([{**HEAD, "status": "void"}, {**SON, "status": ""}]) == [{**SON, "status": ""}]
