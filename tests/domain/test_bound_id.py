from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.bound_id import bound_id, fits, is_bound
from app.domain.ids import Kind, is_entity_id

VILLAGE, OTHER = "990101001201", "990101001202"


@given(st.binary(min_size=8, max_size=8), st.sampled_from(list(Kind)))
def test_an_id_fits_its_own_kind_and_area_only(random: bytes, kind: Kind) -> None:
    uid = bound_id(kind, VILLAGE, random)
    assert is_entity_id(uid)
    assert is_bound(uid)
    assert fits(uid, kind, VILLAGE)
    assert not fits(uid, kind, OTHER)
    assert not fits(uid, kind, "990101001000")
    assert not any(fits(uid, other, VILLAGE) for other in Kind if other is not kind)


def test_an_id_of_an_older_version_fits_anywhere() -> None:
    assert not is_bound("e" * 32)
    assert fits("e" * 32, Kind.HOUSEHOLD, OTHER)
