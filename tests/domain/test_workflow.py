from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.ids import Level
from app.domain.stage import done_before, frontier, read_stage, stage_text
from app.domain.workflow import Leads, Outcome, Reason, Step, Verb, Workflow
from app.files.pack_in import load_shipped

IDENTIFY = load_shipped("s8/v1").workflow("identify")
MONITOR = load_shipped("monitor-2021/v1").workflow("identify")


def step(name: str, *after: str) -> Step:
    outcomes = (Outcome("ok", "好", Leads.NEXT),)
    return Step(name, name, name, Level.VILLAGE, "page", after, outcomes=outcomes)


def graph(*steps: Step, skip: tuple[str, ...] = ()) -> Workflow:
    return Workflow("w", "w", steps, dict.fromkeys(Verb, "x"), urgent_skip=skip)


DIAMOND = graph(step("a"), step("b", "a"), step("c", "a"), step("d", "b", "c"), step("e", "d"), skip=("b",))


def test_the_order_of_the_eight_steps():
    assert IDENTIFY.order == (
        "apply",
        "review",
        "visit",
        "compare",
        "appraise",
        "publicise",
        "check",
        "audit",
    )
    levels = [IDENTIFY.step(one).level for one in IDENTIFY.order]
    assert levels == [Level.VILLAGE] * 6 + [Level.TOWNSHIP, Level.COUNTY]
    assert [IDENTIFY.step(one).limit.days if IDENTIFY.step(one).limit else 0 for one in IDENTIFY.order] == [
        0,
        2,
        3,
        5,
        5,
        0,
        5,
        10,
    ]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a", set(), {"b", "c", "d", "e"}),
        ("b", {"a"}, {"d", "e"}),
        ("c", {"a"}, {"d", "e"}),
        ("d", {"a", "b", "c"}, {"e"}),
        ("e", {"a", "b", "c", "d"}, set()),
    ],
)
def test_what_lies_before_and_after(name, before, after):
    assert DIAMOND.ancestors(name) == before
    assert DIAMOND.descendants(name) == after


def test_the_urgent_path_looks_through_skipped_steps():
    assert DIAMOND.prerequisites(urgent=True)["d"] == ("a", "c")
    assert DIAMOND.prerequisites(urgent=True)["b"] == ("a",)
    assert DIAMOND.descendants("b", urgent=True) == frozenset()
    assert IDENTIFY.prerequisites(urgent=True)["check"] == ("visit",)
    assert MONITOR.prerequisites(urgent=True)["check"] == ("visit",)


def test_frontier_and_done_of_the_diamond():
    assert frontier(DIAMOND, set()) == ("a",)
    assert frontier(DIAMOND, {"a"}) == ("b", "c")
    assert frontier(DIAMOND, {"a", "c"}) == ("b",)
    assert frontier(DIAMOND, {"a", "c"}, urgent=True) == ("b", "d")
    assert done_before(DIAMOND, ("b",)) == {"a", "c"}
    assert done_before(DIAMOND, ("b", "d"), urgent=True) == {"a", "c"}
    assert done_before(DIAMOND, ()) == set(DIAMOND.order)


@st.composite
def graphs(draw: st.DrawFn) -> Workflow:
    count = draw(st.integers(1, 7))
    names = "abcdefg"[:count]
    steps = [
        step(name, *sorted(draw(st.sets(st.sampled_from(names[:n]))) if n else ()))
        for n, name in enumerate(names)
    ]
    return graph(*steps, skip=tuple(sorted(draw(st.sets(st.sampled_from(names))))))


@given(graphs(), st.booleans(), st.data())
def test_the_open_steps_tell_which_are_done(workflow, urgent, data):
    """Walk at random: the stage alone always gives back what was done, in any graph and on either path."""
    done: frozenset[str] = frozenset()
    while open_steps := frontier(workflow, done, urgent=urgent):
        assert done_before(workflow, open_steps, urgent=urgent) == done
        assert read_stage(workflow, stage_text(open_steps)) == open_steps
        done |= {data.draw(st.sampled_from(open_steps))}
    assert done == set(workflow.order)
    assert stage_text(()) == "end"


def test_unknown_steps_and_outcomes_are_refused():
    with pytest.raises(Refused) as caught:
        IDENTIFY.step("nowhere")
    assert caught.value.code == "workflow.unknown_step"
    with pytest.raises(Refused) as caught:
        IDENTIFY.step("apply").outcome("nothing")
    assert (caught.value.code, caught.value.params) == (
        "workflow.no_such_action",
        {"action": "apply.nothing"},
    )


def test_reasons_belong_to_verbs():
    material = Reason("material", "材料不全", (Verb.RETURN,))
    workflow = Workflow("w", "w", (step("a"),), {}, reasons=(material,))
    assert workflow.reasons_for(Verb.RETURN) == (material,)
    assert workflow.reasons_for(Verb.SUSPEND) == ()
    for verb in (Verb.RETURN, Verb.WITHDRAW, Verb.SUSPEND, Verb.URGENT, Verb.STRIKE, Verb.REOPEN, Verb.CLOSE):
        assert IDENTIFY.reasons_for(verb)


def test_only_forward_outcomes_finish_a_step():
    assert {leads for leads in Leads if leads.is_forward} == {Leads.NEXT, Leads.APPROVE}
