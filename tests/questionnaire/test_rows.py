"""Repeats: counted, nested, fixed, filled beforehand."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from tests.questionnaire.forms import answer, at, engine_of, opened, value

NESTED = """
| survey |
|        | type         | name  | label | calculation | repeat_count |
|        | integer      | n     | 几户  |             | |
|        | begin_repeat | home  | 户    |             | ${n} |
|        | integer      | k     | 几人  |             | |
|        | begin_repeat | who   | 人    |             | ${k} |
|        | integer      | age   | 年龄  |             | |
|        | calculate    | place |       | concat(position(../..), '-', position(..)) | |
|        | end_repeat   |       |       |             | |
|        | calculate    | ages  |       | sum(${age}) | |
|        | end_repeat   |       |       |             | |
|        | calculate    | all   |       | sum(${ages}) | |
|        | calculate    | one   |       | indexed-repeat(${age}, ${home}, 2, ${who}, 1) | |
"""


def test_counted_repeats_inside_counted_repeats() -> None:
    engine = engine_of(NESTED)
    answer(engine, "n", "2")
    answer(engine, "home[1]/k", "1")
    answer(engine, "home[2]/k", "2")
    answer(engine, "home[1]/who[1]/age", "5")
    answer(engine, "home[2]/who[1]/age", "30")
    answer(engine, "home[2]/who[2]/age", "7")
    assert value(engine, "home[2]/who[2]/place") == "2-2"
    assert [value(engine, f"home[{i}]/ages") for i in (1, 2)] == ["5", "37"]
    assert (value(engine, "all"), value(engine, "one")) == ("42", "30")
    answer(engine, "home[2]/k", "1")
    assert value(engine, "all") == "35"
    answer(engine, "n", "1")
    assert (value(engine, "all"), value(engine, "one")) == ("5", "")
    answer(engine, "n", "-3")
    assert value(engine, "all") == "0"


def test_a_blank_count_leaves_the_rows() -> None:
    engine = engine_of(NESTED)
    answer(engine, "n", "2")
    answer(engine, "n", "")
    assert len(at(engine, "home").rows) == 2


def test_rows_the_form_holds_and_nobody_may_add() -> None:
    engine = opened(
        "<instance><data id='f'><m jr:template=''><v/></m></data></instance>",
        "<group ref='/data/m'><repeat nodeset='/data/m' jr:noAddRemove='true()'><input ref='/data/m/v'/></repeat></group>",
    )
    spread = at(engine, "m")
    assert len(spread.rows) == 1
    for change in (lambda: engine.add_row(spread), lambda: engine.remove_row(spread, 0)):
        with pytest.raises(Refused, match="fixed_rows"):
            change()
    with pytest.raises(Refused, match="fixed_rows"):
        engine.add_row(at(engine, "m[1]/v"))


def test_rows_the_form_fills_beforehand_come_first_in_a_counted_repeat() -> None:
    engine = opened(
        "<instance><data id='f'><n>1</n><m><v>甲</v></m><m><v>乙</v></m></data></instance>",
        "<input ref='/data/n'/><group ref='/data/m'><repeat nodeset='/data/m' jr:count='/data/n'>"
        "<input ref='/data/m/v'/></repeat></group>",
    )
    assert len(at(engine, "m").rows) == 1
    answer(engine, "n", "3")
    assert [value(engine, f"m[{i}]/v") for i in (1, 2, 3)] == ["甲", "乙", "甲"]


def test_a_repeat_without_a_place_in_the_answers_is_no_repeat() -> None:
    engine = opened(
        "<instance><data id='f'><a/></data></instance>", "<group><repeat nodeset='/data/none'/></group>"
    )
    assert engine.form.repeats == {}


def test_rules_of_a_range_are_read_at_its_first_row() -> None:
    engine = opened(
        "<instance><data id='f'><m><v>1</v></m><m><v>5</v></m></data></instance>"
        "<bind nodeset='/data/m' relevant='./v &gt; 2' readonly='./v &gt; 4'/>",
        "<repeat nodeset='/data/m'><input ref='/data/m/v'/></repeat>",
    )
    spread = at(engine, "m")
    assert (spread.relevant, [r.relevant for r in spread.rows]) == (False, [False, True])
    engine.remove_row(spread, 0)
    assert (spread.relevant, spread.readonly) == (True, True)
