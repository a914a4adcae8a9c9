from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.sampling import draw, population_digest, sample_size

IDS = [f"{n:032x}" for n in range(20)]


def test_the_draw_is_fixed_for_ever():
    """Worked out by hand from the description, without the module's own code."""

    def number(n: int) -> int:
        return int.from_bytes(hashlib.sha256(f"2026:{n}".encode()).digest(), "big")

    places = list(IDS)
    for i in range(3):  # 150 per mille of 20
        j = i + number(i) % (20 - i)
        places[i], places[j] = places[j], places[i]
    drawn = draw("2026", 150, IDS)
    assert drawn.cases == tuple(sorted(places[:3]))
    assert drawn.cases == tuple(f"{n:032x}" for n in (4, 11, 13))


def test_the_digest_of_a_population():
    text = "".join(f"{one}\n" for one in IDS)
    expected = "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    assert population_digest(reversed(IDS)) == expected
    assert population_digest([*IDS, IDS[0]]) == expected
    assert population_digest(IDS[:-1]) != expected
    assert draw("x", 100, IDS).population == expected


@pytest.mark.parametrize(
    ("rate", "count", "size"),
    [
        (100, 20, 2),
        (100, 21, 3),
        (1, 1, 1),
        (1, 5000, 5),
        (1000, 7, 7),
        (333, 3, 1),
        (334, 3, 2),
        (100, 0, 0),
    ],
)
def test_sizes_are_rounded_up(rate, count, size):
    assert sample_size(rate, count) == size


@given(
    st.text(min_size=1).filter(str.strip),
    st.integers(1, 1000),
    st.sets(st.sampled_from(IDS), min_size=1),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_list_does_not_matter(seed, rate, ids, random):
    shuffled = sorted(ids)
    random.shuffle(shuffled)
    drawn = draw(seed, rate, ids)
    assert drawn == draw(seed, rate, shuffled)
    assert set(drawn.cases) <= ids
    assert len(set(drawn.cases)) == len(drawn.cases) == sample_size(rate, len(ids))


def test_another_seed_or_list_is_another_sample():
    drawn = draw("a", 300, IDS)
    assert drawn.cases != draw("b", 300, IDS).cases
    assert draw("a", 300, IDS[:-1]) != drawn


def test_nobody_is_favoured():
    counts = Counter(case for n in range(2000) for case in draw(str(n), 100, IDS).cases)
    assert set(counts) == set(IDS)
    assert all(140 <= count <= 260 for count in counts.values())  # 200 expected each


def test_the_fields_of_a_sample():
    drawn = draw("a", 100, IDS)
    assert drawn.fields() == {
        "seed": "a",
        "rate": 100,
        "size": 2,
        "population": population_digest(IDS),
        "cases": " ".join(drawn.cases),
    }


@pytest.mark.parametrize(
    ("seed", "rate", "ids", "code"),
    [
        (" ", 100, IDS, "sampling.no_seed"),
        ("a", 0, IDS, "sampling.rate"),
        ("a", 1001, IDS, "sampling.rate"),
        ("a", 100, [], "sampling.nobody"),
    ],
)
def test_refusals(seed, rate, ids, code):
    with pytest.raises(Refused) as caught:
        draw(seed, rate, ids)
    assert caught.value.code == code
