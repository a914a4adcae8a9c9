from __future__ import annotations

from datetime import date

import pytest

from app.domain.conditions import WaterRule, conditions_faults, is_out_of_reach, suggestions
from app.domain.fault import Severity
from app.domain.ids import Value
from tests.domain.code_lists import LISTS

TODAY = date(2026, 3, 31)
CHILD: dict[str, Value] = {"born": "2016-01-01", "school": "99", "insurance": "none"}
ADULT: dict[str, Value] = {"born": "1980-01-01", "school": "99", "insurance": "resident_medical"}


def codes(values: dict[str, Value], members: list[dict[str, Value]] | None = None) -> list[str]:
    return [fault.code for fault in conditions_faults(values, members or [], LISTS, TODAY)]


def test_empty_fields_are_offered_what_follows() -> None:
    values: dict[str, Value] = {"house_grade": "C", "road_type": "cement"}
    assert suggestions(values, [CHILD, ADULT], LISTS, TODAY) == {
        "house_safe": 0,
        "road": 1,
        "education_dropouts": 1,
        "medical_uninsured": 1,
    }


def test_what_a_person_wrote_is_not_offered_again() -> None:
    values: dict[str, Value] = {"house_grade": "C", "house_safe": 1, "education_dropouts": 0}
    assert suggestions(values, [ADULT], LISTS, TODAY) == {"medical_uninsured": 0}


def test_an_unknown_insurance_is_not_counted_as_none() -> None:
    assert "medical_uninsured" not in suggestions({}, [ADULT, {"born": "1980-01-01"}], LISTS, TODAY)
    assert "medical_uninsured" not in suggestions({}, [], LISTS, TODAY)


def test_members_who_left_are_not_counted() -> None:
    gone = {**CHILD, "status": "left"}
    assert suggestions({}, [gone, ADULT], LISTS, TODAY) == {"education_dropouts": 0, "medical_uninsured": 0}


@pytest.mark.parametrize(
    ("values", "code", "severity"),
    [
        ({"house_grade": "D", "house_safe": 1}, "conditions.grade_and_safe", "warning"),
        ({"house_grade": "A", "house_safe": 0}, "conditions.grade_and_safe", "warning"),
        ({"road_type": "earth", "road": 1}, "conditions.road_and_type", "warning"),
        ({"education_dropouts": 0}, "conditions.dropouts_differ", "warning"),
        ({"medical_uninsured": 2}, "conditions.uninsured_differ", "warning"),
        ({"farmland": 100_01}, "conditions.land", "warning"),
        ({"woodland": 200_01}, "conditions.land", "warning"),
        ({"road_distance_m": 5001}, "conditions.road_far", "warning"),
        ({"water_safe": 1, "water_litres": 34}, "conditions.water_out_of_reach", "warning"),
        ({"fuel": "coal electricity firewood oil"}, "conditions.too_many_fuels", "error"),
    ],
)
def test_each_fault(values: dict[str, Value], code: str, severity: str) -> None:
    faults = conditions_faults(values, [CHILD, ADULT], LISTS, TODAY)
    assert [(fault.code, fault.severity) for fault in faults] == [(code, Severity(severity))]


def test_sound_conditions() -> None:
    values: dict[str, Value] = {
        "house_grade": "B",
        "house_safe": 1,
        "road_type": "cement",
        "road": 1,
        "education_dropouts": 1,
        "medical_uninsured": 1,
        "farmland": 100_00,
        "road_distance_m": 5000,
        "water_safe": 1,
        "water_distance_m": 800,
        "fuel": "coal electricity oil",
    }
    assert codes(values, [CHILD, ADULT]) == []
    assert codes({}) == []
    assert codes({"education_dropouts": 3}) == []  # nobody to count


@pytest.mark.parametrize(
    ("values", "out"),
    [
        ({}, False),
        ({"water_distance_m": 801}, True),
        ({"water_distance_m": 801, "water_minutes": 20}, False),
        ({"water_distance_m": 801, "water_minutes": 21}, True),
        ({"water_rise_m": 81}, True),
        ({"water_litres": 35}, False),
        ({"water_dry_days": 36}, False),
        ({"water_dry_days": 37}, True),
    ],
)
def test_water_within_reach(values: dict[str, Value], out: bool) -> None:
    assert is_out_of_reach(values, WaterRule()) == out


def test_unsafe_water_out_of_reach_is_no_contradiction() -> None:
    assert codes({"water_safe": 0, "water_litres": 5}) == []


def test_a_county_sets_its_own_distance() -> None:
    assert not is_out_of_reach({"water_distance_m": 1000}, WaterRule(distance_m=1000, rise_m=100))
