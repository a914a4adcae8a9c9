from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.ids import Level
from app.domain.region import (
    checked_code,
    county_of,
    is_within,
    level_of,
    parent_of,
    place_code,
    significant,
    township_of,
)

VILLAGES = st.builds(
    lambda county, township, village: f"53{county:04d}{township:03d}{village:03d}",
    st.integers(101, 9999).filter(lambda n: n % 100),
    st.integers(1, 999),
    st.integers(1, 999),
)


@given(VILLAGES)
def test_a_village_lies_in_its_township_and_county(code: str) -> None:
    assert checked_code(f" {code} ") == code
    township, county = township_of(code), county_of(code)
    assert [level_of(c) for c in (code, township, county)] == [Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY]
    assert (parent_of(code), parent_of(township), parent_of(county)) == (township, county, "")
    for scope in (code, township, county):
        assert is_within(scope, code)
    assert not is_within(code, township)
    assert not is_within(township, county)


@given(VILLAGES, VILLAGES)
def test_scope_is_transitive(first: str, second: str) -> None:
    assert is_within(township_of(first), second) == (township_of(first) == township_of(second))


def test_a_prefecture_without_counties_stands_at_county_level() -> None:
    assert level_of("441900000000") is Level.COUNTY
    assert is_within("441900000000", "441900101001")


def test_an_empty_scope_contains_nothing() -> None:
    assert not is_within("", "530102001201")
    assert significant("000000000000") == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("53010200120", "region.length"),
        ("5301020012011", "region.length"),
        ("53010200120a", "region.digits"),
        ("５３０１０２００１２０１", "region.digits"),
        ("", "region.digits"),
        ("980101001201", "region.province"),
        ("530000000000", "region.too_wide"),
    ],
)
def test_each_refusal(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked_code(text)
    assert refusal.value.code == code


def test_the_region_of_the_demonstration_is_accepted() -> None:
    assert checked_code("990101001201") == "990101001201"


def test_a_province_is_a_place_but_no_area_to_work_in() -> None:
    assert place_code(" 530000000000 ") == "530000000000"
    with pytest.raises(Refused) as refusal:
        place_code("980000000000")
    assert refusal.value.code == "region.province"
