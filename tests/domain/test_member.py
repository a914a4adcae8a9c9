from __future__ import annotations

from datetime import date

import pytest

from app.domain.fault import Severity
from app.domain.identity import check_digit
from app.domain.ids import Value
from app.domain.member import age_on, member_faults, name_faults, tidied
from tests.domain.code_lists import LISTS

TODAY = date(2026, 3, 31)


def number(born: date, sequence: int) -> str:
    first17 = f"990101{born:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


def person(born: date = date(1980, 1, 2), sex: str = "1", **more: Value) -> dict[str, Value]:
    base: dict[str, Value] = {
        "name": "张三",
        "sex": sex,
        "born": born.isoformat(),
        "id_type": "01",
        "id_number": number(born, 1 if sex == "1" else 2),
        "relation": "01",
        "ethnicity": "01",
        "education": "03",
        "school": "99",
        "health": "1",
        "labour": "1",
        "insurance": "resident_medical",
    }
    return base | more


def codes(values: dict[str, Value]) -> list[str]:
    return [fault.code for fault in member_faults(values, LISTS, TODAY)]


def test_a_sound_member() -> None:
    assert codes(person()) == []


CHILD = date(2016, 1, 1)


@pytest.mark.parametrize(
    ("values", "code", "severity"),
    [
        (person(name=""), "names.missing", "error"),
        (person(name="张三1"), "names.characters", "error"),
        (person(id_number="123"), "identity.length", "error"),
        (person(born=date(1980, 1, 2)) | {"born": "1980-01-03"}, "identity.born_differs", "error"),
        (person(sex="2") | {"sex": "1"}, "identity.sex_differs", "error"),
        (person(disability_no="1"), "identity.card", "error"),
        (person(phone="123"), "identity.phone", "warning"),
        (person(id_number=""), "identity.none", "warning"),
        (person(id_number="", sex=""), "member.sex_missing", "error"),
        (person() | {"id_number": "", "born": ""}, "member.born_missing", "error"),
        (person(relation=""), "member.relation_missing", "error"),
        (person(ethnicity="77"), "member.unknown_code", "error"),
        (person(health="1 9"), "member.unknown_code", "error"),
        (person(relation="04"), "member.relation_sex", "warning"),
        (person(born=CHILD, school="03", labour="5"), "member.education_and_school", "warning"),
        (person(born=CHILD, school="20", education="", labour="5"), "member.school_age", "warning"),
        (person(born=CHILD, labour="5"), "member.dropout", "warning"),
        (person(health="1 3"), "member.health_none_and_ill", "warning"),
        (person(health="4"), "member.no_card", "warning"),
        (person(insurance="employee_medical resident_medical"), "member.insurance_both", "warning"),
        (person(insurance="none resident_medical"), "member.insurance_both", "warning"),
        (person(born=CHILD, school="03", education=""), "member.child_labour", "warning"),
    ],
)
def test_each_fault(values: dict[str, Value], code: str, severity: str) -> None:
    found = {fault.code: fault for fault in member_faults(values, LISTS, TODAY)}
    assert code in found
    assert found[code].severity is Severity(severity)


def test_faults_name_their_field() -> None:
    faults = member_faults(person(health="4", relation="04"), LISTS, TODAY)
    assert {(fault.code, fault.field) for fault in faults} == {
        ("member.relation_sex", "relation"),
        ("member.no_card", "disability_no"),
    }


def test_a_child_out_of_school_with_a_reason_is_no_dropout() -> None:
    child = person(born=CHILD, labour="5", education="", not_in_school_reason="illness")
    assert codes(child) == []


def test_a_toddler_needs_no_school() -> None:
    assert codes(person(born=date(2024, 1, 1), school="01", education="", labour="5")) == []


def test_papers_of_other_places_are_not_checked_as_citizens() -> None:
    assert codes(person(id_type="04", id_number="E12345678")) == []


def test_an_unreadable_birth_date_stops_no_other_check() -> None:
    values = person() | {"id_number": "", "born": "1980"}
    assert codes(values) == ["identity.none"]


def test_a_disability_card_settles_the_health() -> None:
    one = person(health="4")
    assert codes(one | {"disability_no": f"{one['id_number']}43"}) == []


def test_tidying_fills_in_what_the_number_tells() -> None:
    born = date(1990, 5, 6)
    neat = tidied(
        {"name": "阿依古丽•买买提", "id_number": f" {number(born, 2).lower()} ", "phone": "199 0000 1234"}
    )
    assert neat.values == {
        "name": "阿依古丽·买买提",
        "id_number": number(born, 2),
        "phone": "19900001234",
        "born": "1990-05-06",
        "sex": "2",
    }
    assert [note.code for note in neat.notes] == ["names.separator_changed"]


def test_tidying_tells_a_repaired_number() -> None:
    spaced = f"990101 {number(date(1990, 5, 6), 2)[6:]}"
    assert [note.code for note in tidied({"name": "张三", "id_number": spaced}).notes] == [
        "identity.repaired"
    ]


def test_tidying_overwrites_nothing_and_invents_nothing() -> None:
    written: dict[str, Value] = {
        "name": "张三",
        "sex": "1",
        "born": "1980-01-01",
        "id_number": number(CHILD, 2),
    }
    assert tidied(written).values == written
    assert tidied({"name": "张三"}).values == {"name": "张三"}
    assert tidied({"name": "张三", "id_number": ""}).values == {"name": "张三", "id_number": ""}


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("2000-03-31", 26),
        ("2000-04-01", 25),
        ("2026-03-31", 0),
        ("2004-02-29", 22),
        ("", None),
        ("2000", None),
    ],
)
def test_age(born: str, age: int | None) -> None:
    assert age_on(born, TODAY) == age


def test_name_faults() -> None:
    assert [fault.code for fault in name_faults({})] == ["names.missing"]
