"""Random histories over the pure journal: no order, repetition or restored file makes two computers differ."""

from __future__ import annotations

import random

import pytest

from tests.conftest import Figure
from tests.journal.histories import History
from tests.journal.model import Knows
from tests.journal.pure import ByNumber, HighestNumber, LastArrival, Pure

DEVICES = 4


def played(kind: type[Pure], seed: int) -> tuple[list[str], bool]:
    rng = random.Random(seed)
    history = History(rng, [kind(n) for n in range(DEVICES)], noticed=rng.choice((0.0, 0.0, 1.0)))
    return history.play(), history.forked


def test_every_history_ends_alike_and_as_the_model_says(acceptance_sizes: bool, figure: Figure) -> None:
    count = 20_000 if acceptance_sizes else 400
    ends = [played(Pure, seed) for seed in range(count)]
    wrong = {seed: found for seed, (found, _) in enumerate(ends) if found}
    assert wrong == {}
    forks = sum(forked for _, forked in ends)
    assert forks > count // 10
    figure("random histories over the pure journal", count, "histories")
    figure("of them with a fork", forks, "histories")


def test_a_restored_file_that_is_noticed_makes_no_fork() -> None:
    for seed in range(60):
        history = History(random.Random(seed), [Pure(n) for n in range(DEVICES)], noticed=1.0)
        assert history.play() == []
        assert not history.forked


@pytest.mark.parametrize("mutant", [ByNumber, LastArrival, HighestNumber])
def test_each_mutant_is_caught(mutant: type[Pure]) -> None:
    caught = 0
    for seed in range(60):
        try:
            found, _ = played(mutant, seed)
        except KeyError:  # a gap: an entry names one that was never taken
            found = ["a gap"]
        caught += bool(found)
    assert caught > 5


def test_the_model_itself() -> None:
    one, two = Knows(0, 0), Knows(1, 1)
    one.write(10, "e", {"f": "a"})
    two.take(one.writes, 90)
    one.write(11, "e", {"f": "b"})
    two.write(12, "e", {"f": "c", "g": "d"})
    two.take(one.writes, 91)
    assert two.values() == {("e", "f"): ["b", "c"], ("e", "g"): ["d"]}
    assert two.conflicts() == {("e", "f")}
    back = Knows(0, 0)
    back.write(13, "e", {"f": "z"})
    back.take(one.writes, 92)
    assert back.tips() == {(0, 0): 2}
    assert (back.incarnation, back.last) == (92, 0)
