from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.ids import Kind, Level
from app.journal import chain
from app.journal import redaction as r
from app.journal.authority import Authority, EntryState, OwnRole, Place, permits
from app.journal.entry import Body, encode, parse
from app.journal.fold import fold

NAME = "sha256:" + "5" * 64
COUNTY, VILLAGE = "990101000000", "990101001201"


def body(
    number: int, changes: dict[str, int | str], parents: dict[str, tuple[str, ...]] | None = None
) -> Body:
    return Body(
        "a" * 32, "e" * 32, "member", "member.edited", number << 16, f"{number:024x}", changes, parents or {}
    )


def entry(number: int) -> str:
    return f"{number:032x}"


def deleting(number: int, of: Body, hlc: int = 99, kept: tuple[str, ...] = (), **facts: int | str) -> Body:
    return r.redaction((entry(number), encode(of), of), ("b" * 32, hlc << 16, "c" * 24), kept, facts)


def test_what_stays_of_a_line_is_its_digest_and_the_chain_still_holds() -> None:
    line = encode(body(1, {"name": "吴福生"}))
    left = r.reduced(line)
    assert len(left) == 65
    assert r.is_reduced(left)
    assert not r.is_reduced(line)
    assert r.reduced(left) == left
    stream = "0" * 32
    start = chain.genesis(stream)
    assert (
        chain.link(start, stream, 1, line) == r.link(start, stream, 1, line) == r.link(start, stream, 1, left)
    )


@pytest.mark.parametrize(
    "line", [b"#", b"#" + b"g" * 64, b"#" + b"a" * 65, b"#" + b"A" * 64, b"#" + b"a" * 64 + b"\n"]
)
def test_other_lines_are_not_what_a_deletion_leaves(line: bytes) -> None:
    assert not r.is_reduced(line)


def test_a_redaction_says_all_but_the_values() -> None:
    first = body(1, {"name": "吴福生", "phone": "13800000000"}, {"name": (entry(9),)})
    made = deleting(7, first, kept=("phone",), blobs=NAME, request="2026-001")
    assert made == parse(encode(made))
    assert made.changes == {"name": "", "phone": "13800000000"}
    assert made.parents == first.parents
    assert r.stands_for(made) == entry(7)
    assert r.names_gone(made) == (entry(7), NAME)
    assert made.extras["digest"] == r.body_digest(encode(first)).hex()
    assert r.stands_for(first) == ""


@pytest.mark.parametrize(
    "extras",
    [
        {"entry": "x"},
        {"entry": 1},
        {"digest": "0"},
        {"digest": 0},
        {"hlc": "1"},
        {"blobs": "sha256:1"},
        {"blobs": 1},
    ],
)
def test_a_misshapen_redaction_deletes_nothing_and_is_nobodys(extras: dict[str, int | str]) -> None:
    sound = deleting(1, body(1, {"name": "吴"}))
    made = replace(sound, extras={**sound.extras, **extras})
    assert not r.is_redaction(made)
    assert r.stands_for(made) == ""
    assert not permits(Level.COUNTY, made)
    assert fold([(entry(1), body(1, {"name": "吴"})), (entry(2), made)]).values["name"] in {"吴", ""}


def test_only_the_county_deletes_whatever_the_kind() -> None:
    for kind in Kind:
        made = replace(deleting(1, body(1, {"name": "吴"})), kind=str(kind))
        assert [level for level in Level if permits(level, made)] == [Level.COUNTY]
    assert not permits(Level.COUNTY, replace(made, version=1))


@pytest.mark.parametrize(
    ("level", "scope", "state"),
    [
        (Level.COUNTY, COUNTY, EntryState.PROJECTED),
        (Level.COUNTY, "990102000000", EntryState.UNAUTHORISED),
        (Level.TOWNSHIP, "990101001000", EntryState.UNAUTHORISED),
        (Level.VILLAGE, VILLAGE, EntryState.UNAUTHORISED),
    ],
)
def test_a_redaction_counts_by_level_and_area_even_of_a_kind_we_do_not_know(
    level: Level, scope: str, state: EntryState
) -> None:
    from app.domain.trust import TrustDoc

    rules = Authority(TrustDoc(), OwnRole("d", level, scope))
    place = Place("d", "0" * 32, VILLAGE, 1)
    made = deleting(1, body(1, {"name": "吴"}))
    assert rules.state(place, made) is state
    assert rules.state(place, replace(made, kind="clue")) is state
    assert rules.state(place, replace(body(1, {"name": "吴"}), version=2)) is EntryState.UNKNOWN


def test_it_stands_in_the_place_of_what_it_deletes() -> None:
    first = (entry(1), body(1, {"name": "吴福生", "sex": "1"}))
    later = (entry(2), body(2, {"sex": "2"}, {"sex": (entry(1),)}))
    gone = (entry(3), deleting(1, first[1]))
    full, without = fold([first, later, gone]), fold([later, gone])
    assert full == without
    assert full.digest() == without.digest()
    assert full.values == {"name": "", "sex": "2"}
    assert not full.is_gone
    assert fold([first, later]).values["name"] == "吴福生"
    assert fold([gone]).is_gone
    assert not fold([]).is_gone


def test_one_that_was_not_projected_leaves_nothing_behind() -> None:
    nothing = replace(body(1, {"name": "吴"}), changes={}, parents={})
    assert not fold([(entry(3), deleting(1, nothing))]).heads


def test_of_two_redactions_what_one_empties_stays_empty() -> None:
    first = body(1, {"name": "吴福生", "group": "3组"})
    one = (entry(3), deleting(1, first, kept=("group",)))
    other = (entry(4), deleting(1, first, hlc=100))
    assert fold([one, other]) == fold([other, one])
    assert fold([one, other]).is_gone
    assert not fold([one]).is_gone


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, Body]]:
    """Writes of one entity, each naming some earlier ones, and redactions of some."""
    made: list[tuple[str, Body]] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        codes = draw(st.sets(st.sampled_from(["name", "phone", "note"]), min_size=1))
        earlier = [e for e, _ in made]
        parents = (
            {c: tuple(sorted(draw(st.sets(st.sampled_from(earlier))))) for c in codes} if earlier else {}
        )
        made.append((entry(number), body(number, {c: f"{c}{number}" for c in codes}, parents)))
    doomed = draw(st.lists(st.sampled_from(made), max_size=6))
    gone = [
        (entry(100 + n), deleting(int(e, 16), b, 99 + n, tuple(draw(st.sets(st.sampled_from(["note"]))))))
        for n, (e, b) in enumerate(doomed)
    ]
    return made + gone


@given(histories(), st.randoms(use_true_random=False))
def test_order_repetition_and_what_is_left_of_the_deleted_never_matter(
    history: list[tuple[str, Body]], chance: random.Random
) -> None:
    deleted = {r.stands_for(b) for _, b in history} - {""}
    left = [(e, b) for e, b in history if e not in deleted or chance.random() < 0.5]
    twice = left + chance.sample(left, len(left) // 2)
    chance.shuffle(twice)
    assert fold(twice) == fold(history)
    assert fold(twice).digest() == fold(history).digest()
    for code, heads in fold(history).heads.items():
        assert all(head.value == "" for head in heads if head.entry in deleted and code != "note")
