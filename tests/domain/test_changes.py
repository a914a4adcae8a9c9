from __future__ import annotations

from app.domain.changes import Changes
from app.domain.ids import EntityId, Kind


def test_what_a_write_touched_by_kind() -> None:
    touched = Changes(("1" * 64,), ((Kind.CASE, EntityId("a" * 32)), (Kind.HIT, EntityId("b" * 32))))
    assert touched.has(Kind.HIT)
    assert touched.has(Kind.ROUND, Kind.CASE)
    assert not touched.has(Kind.ROUND, Kind.MEMBER)
    assert not touched.has()
    assert not Changes().has(Kind.CASE)
