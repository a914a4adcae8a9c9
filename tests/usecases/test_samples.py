"""Samples: drawn by the township, once, so that anybody can draw the same again."""

from __future__ import annotations

import pytest

from app.domain.ids import Kind, Level
from app.domain.sampling import draw
from app.usecases import cases, samples
from tests.usecases.exchange import count
from tests.usecases.expect import refused, written
from tests.usecases.village import only


@pytest.fixture
def waiting(village):
    """Three cases that wait for the township."""
    found = [village.open(head) for head in ("吴福生", "赵六", "孙七")]
    while village.stage(found[0]) != "check":
        village.forward(found)
    return found


def test_every_case_learns_its_draw_and_the_drawn_one_waits(village, waiting):
    township = village.at(Level.TOWNSHIP)
    changes = samples.draw_sample(township, waiting, "2026-大堰乡", 300)
    sample, *saved = written(township, changes)
    drawn = draw("2026-大堰乡", 300, waiting)
    assert sample.op == "sample.drawn"
    assert drawn.fields().items() <= sample.changes.items()
    assert (len(drawn.cases), sample.changes["drawn_on"]) == (1, village.today.isoformat())
    assert {body.entity: body.changes for body in saved} == {
        case: {"sample_in": sample.entity} for case in waiting
    }
    first, second = village.people[Level.TOWNSHIP]
    given = {"check_opinion": "同意", "checker1": first, "checker2": second}
    done = cases.act_on_cases(township, waiting, "check.approve", given)
    assert sorted(done.done) == sorted(set(waiting) - set(drawn.cases))
    assert [case for case, _ in done.refused] == list(drawn.cases)


def test_the_rate_is_the_packs_unless_another_is_given(village, waiting):
    township = village.at(Level.TOWNSHIP)
    uid = only(samples.draw_sample(township, waiting, "种子"), Kind.SAMPLE)
    assert village.values(Kind.SAMPLE, uid)["rate"] == 100


@pytest.mark.parametrize(
    ("seed", "rate", "code"), [("", 100, "no_seed"), ("s", 0, "rate"), ("s", 1001, "rate")]
)
def test_what_is_no_draw(village, waiting, seed, rate, code):
    with refused(village.at(Level.TOWNSHIP), f"sampling.{code}"):
        samples.draw_sample(village.at(Level.TOWNSHIP), waiting, seed, rate)


def test_from_whom_nothing_is_drawn(village, waiting):
    township = village.at(Level.TOWNSHIP)
    early = village.open("周八")
    with refused(township, "sampling.nobody"):
        samples.draw_sample(township, [], "s")
    with refused(township, "sampling.wrong_step"):
        samples.draw_sample(township, [*waiting, early], "s")
    with refused(village.office, "authority.for_township"):
        samples.draw_sample(village.office, waiting, "s")
    leaving = village.bring(village.open("郑九", "exit"), "check")
    with refused(township, "sampling.mixed"):
        samples.draw_sample(township, [*waiting, leaving], "s")


def test_a_draw_is_not_repeated_until_it_suits(village, waiting):
    township = village.at(Level.TOWNSHIP)
    samples.draw_sample(township, waiting[:2], "一", 500)
    with refused(township, "sampling.already_drawn"):
        samples.draw_sample(township, waiting, "二", 500)
    samples.draw_sample(township, waiting[2:], "三", 500)
    assert count(village.office, "p_sample") == 2


def test_a_case_named_twice_is_drawn_from_once(village, waiting):
    township = village.at(Level.TOWNSHIP)
    uid = only(samples.draw_sample(township, waiting + waiting, "s", 1000), Kind.SAMPLE)
    assert village.values(Kind.SAMPLE, uid)["size"] == 3
