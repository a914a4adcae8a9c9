"""Following single changes gives the same as computing everything anew."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from app.questionnaire.engine import Engine
from app.questionnaire.state import Entry
from tests.questionnaire.forms import NOW, at, form_of

FORM = form_of("""
| survey |
|        | type              | name   | label | required | relevant                     | constraint           | calculation | read_only |
|        | integer           | n      | 数    |          |                              | . < 50               | | |
|        | begin_repeat      | member | 成员  |          | ${n} != 7                    |                      | | |
|        | text              | name   | 姓名  | yes      |                              |                      | | |
|        | integer           | wage   | 工资  |          | ${name} != '' and ${n} < 90  | . >= ${n}            | | |
|        | select_multiple x | tags   | 标    |          |                              | not(selected(., 'b')) or ${wage} > 5 | | |
|        | calculate         | twice  |       |          |                              |                      | coalesce(${wage}, 0) * 2 + position(..) | |
|        | begin_repeat      | job    | 活    |          | ${wage} > 3                  |                      | | |
|        | integer           | days   | 天    |          |                              |                      | | |
|        | end_repeat        |        |       |          |                              |                      | | |
|        | calculate         | worked |       |          |                              |                      | sum(${days}) | |
|        | end_repeat        |        |       |          |                              |                      | | |
|        | calculate         | total  |       |          |                              |                      | sum(${twice}) | |
|        | calculate         | most   |       |          |                              |                      | max(${wage}) | |
|        | calculate         | first  |       |          |                              |                      | indexed-repeat(${name}, ${member}, 1) | |
|        | begin_group       | rich   | 富    |          | ${total} > 20                |                      | | |
|        | text              | why    | 为何  | yes      | count(${member}) > 1         |                      | | |
|        | text              | stamp  | 定    |          |                              |                      | concat(${first}, ${total}) | ${n} > 3 |
|        | end_group         |        |       |          |                              |                      | | |
| choices |
|         | list_name | name | label |
|         | x         | a    | 甲 |
|         | x         | b    | 乙 |
""")

REFS = ("n", "name", "wage", "tags", "days", "why")
STEP = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from(REFS), st.sampled_from(["", "0", "4", "7", "12", "95", "a b", "王"]), st.integers(0, 9)),
    st.tuples(st.just("add"), st.sampled_from(["member", "job"]), st.just(""), st.integers(0, 9)),
    st.tuples(st.just("remove"), st.sampled_from(["member", "job"]), st.just(""), st.integers(0, 9)),
)  # fmt: skip


def state(engine: Engine) -> list[tuple[object, ...]]:
    return [
        (
            e.ref,
            e.stored,
            e.relevant,
            e.readonly,
            e.required,
            e.is_constraint_ok,
            e.is_required_ok,
            len(e.rows),
        )
        for e in engine.entries()
        if e.node.local != "instanceID"
    ]


def named(engine: Engine, name: str, *, spread: bool = False) -> list[Entry]:
    return [
        e
        for e in engine.entries()
        if e.node.local == name and e.row_of is None and (e.repeat is not None) is spread
    ]


def play(engine: Engine, step: tuple[str, str, str, int]) -> None:
    kind, name, text, pick = step
    places = named(engine, name, spread=kind != "answer")
    if not places:
        return
    place = places[pick % len(places)]
    if name == "tags":
        text = text if set(text) <= set("ab ") else ""
    if kind == "answer" and not place.readonly:
        engine.answer(place, text)
    elif kind == "add" and len(place.rows) < 4:
        engine.add_row(place)
    elif kind == "remove" and place.rows:
        engine.remove_row(place, pick % len(place.rows))


@given(st.lists(STEP, max_size=25))
def test_every_state_is_the_state_from_scratch(steps: list[tuple[str, str, str, int]]) -> None:
    engine = Engine(FORM, NOW, rng=random.Random(1))
    for step in steps:
        play(engine, step)
    again = Engine(FORM, NOW, engine.to_xml(everything=True), rng=random.Random(1))
    assert state(again) == state(engine)


def test_the_walk_reaches_every_kind_of_question() -> None:
    engine = Engine(FORM, NOW, rng=random.Random(1))
    for step in [
        ("answer", "n", "1", 0),
        ("answer", "name", "王", 0),
        ("answer", "wage", "12", 0),
        ("add", "member", "", 0),
        ("add", "job", "", 0),
    ]:
        play(engine, step)
    assert at(engine, "rich/why").relevant
    assert named(engine, "job", spread=True)[0].rows


PICKING = form_of("""
| survey  |
|         | type            | name  | label | choice_filter             | calculation | repeat_count | trigger | relevant |
|         | select_one town | town  | 乡    |                           | |          |         | |
|         | select_one hut  | hut   | 户    | town=${town}              | |          |         | |
|         | integer         | k     | 几人  |                           | |          |         | |
|         | begin_repeat    | who   | 人    |                           | | ${k}     |         | |
|         | select_one town | from  | 来自  |                           | |          |         | |
|         | select_one hut  | house | 哪户  | town=${from} and name!=${hut} | |      |         | |
|         | calculate       | told  |       |                           | jr:choice-name(${house}, '${house}') | | | |
|         | calculate       | nth   |       |                           | position(..) | | | |
|         | end_repeat      |       |       |                           | |          |         | |
|         | calculate       | same  |       |                           | count(/data/who[from = current()/../town]) | | | |
|         | calculate       | names |       |                           | join(',', ${told}) | | | |
|         | text            | note  | 注    |                           | |          |         | ${same} > 1 |
| choices |
|         | list_name | name | label | town |
|         | town      | a    | 甲    | |
|         | town      | b    | 乙    | |
|         | hut       | a1   | 甲一  | a |
|         | hut       | a2   | 甲二  | a |
|         | hut       | b1   | 乙一  | b |
""")
PICKED = st.tuples(
    st.sampled_from(["town", "hut", "k", "from", "house", "note"]),
    st.sampled_from(["", "a", "b", "a1", "a2", "b1", "1", "2", "3"]),
    st.integers(0, 5),
)


@given(st.lists(PICKED, max_size=25))
def test_cascades_and_counted_rows_are_those_from_scratch(steps: list[tuple[str, str, int]]) -> None:
    """Choices no longer offered included: nothing is given back that a fresh start would not know."""
    engine = Engine(PICKING, NOW, rng=random.Random(1))
    for name, text, pick in steps:
        places = named(engine, name)
        if places and (name != "k" or text in {"", "1", "2", "3"}):
            engine.answer(places[pick % len(places)], text)
    again = Engine(PICKING, NOW, engine.to_xml(everything=True), rng=random.Random(1))
    assert state(again) == state(engine)
    assert [engine.choices(e) for e in engine.entries()] == [again.choices(e) for e in again.entries()]
