"""The engine through small forms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.errors import BadInput, Refused
from app.questionnaire.checking import ProblemKind, errors
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from tests.questionnaire.forms import NOW, answer, at, engine_of, value

FAMILY = """
| survey |
|        | type         | name    | label  | required | relevant    | constraint | constraint_message | calculation |
|        | integer      | adults  | 大人   | yes      |             | . > 0      | 至少一人           | |
|        | begin_group  | work    | 务工   |          | ${adults}>1 |            |                    | |
|        | integer      | wage    | 工资   |          |             |            |                    | |
|        | end_group    |         |        |          |             |            |                    | |
|        | calculate    | twice   |        |          |             |            |                    | coalesce(${wage}, 0) * 2 |
|        | calculate    | told    |        |          |             |            |                    | concat('两倍', ${twice}) |
"""

ROSTER = """
| survey |
|        | type         | name   | label | calculation                       | repeat_count |
|        | begin_repeat | member | 成员  |                                   | |
|        | text         | name   | 姓名  |                                   | |
|        | integer      | wage   | 工资  |                                   | |
|        | calculate    | place  |       | position(..)                      | |
|        | end_repeat   |        |       |                                   | |
|        | calculate    | total  |       | sum(${wage})                      | |
|        | calculate    | people |       | count(${member})                  | |
|        | calculate    | first  |       | indexed-repeat(${name}, ${member}, 1) | |
"""


def test_relevance_hides_and_brings_back() -> None:
    engine = engine_of(FAMILY)
    answer(engine, "adults", "2")
    answer(engine, "work/wage", "100")
    assert value(engine, "told") == "两倍200"
    changes = answer(engine, "adults", "1")
    assert not at(engine, "work/wage").relevant
    assert at(engine, "work/wage") in changes.entries
    assert value(engine, "work/wage") == ""
    assert value(engine, "told") == "两倍0"
    assert "<work>" not in engine.to_xml()
    assert "<wage>100</wage>" in engine.to_xml(everything=True)
    answer(engine, "adults", "3")
    assert value(engine, "told") == "两倍200"


def test_required_and_constraint() -> None:
    engine = engine_of(FAMILY)
    found = errors(engine)
    assert [(p.ref, p.kind, p.label) for p in found] == [("/data/adults", ProblemKind.REQUIRED, "大人")]
    answer(engine, "adults", "0")
    assert [(p.kind, p.message) for p in errors(engine)] == [(ProblemKind.CONSTRAINT, "至少一人")]
    answer(engine, "adults", "1")
    assert errors(engine) == ()


def test_a_whole_number_is_cut_and_nonsense_is_blank() -> None:
    engine = engine_of(FAMILY)
    answer(engine, "adults", "2.7")
    assert value(engine, "adults") == "2"
    answer(engine, "adults", "两个")
    assert value(engine, "adults") == ""


def test_nothing_is_evaluated_that_did_not_change() -> None:
    engine = engine_of(FAMILY)
    answer(engine, "adults", "2")
    changes = answer(engine, "work/wage", "5")
    assert {e.node.local for e in changes.entries} == {"wage", "twice", "told"}
    assert not answer(engine, "work/wage", "5")


def test_rows() -> None:
    engine = engine_of(ROSTER)
    members = at(engine, "member")
    answer(engine, "member[1]/name", "王秀兰")
    answer(engine, "member[1]/wage", "100")
    changes = engine.add_row(members)
    assert members in changes.ranges
    answer(engine, "member[2]/name", "周国强")
    answer(engine, "member[2]/wage", "50")
    assert value(engine, "total") == "150"
    assert value(engine, "people") == "2"
    assert value(engine, "member[2]/place") == "2"
    assert value(engine, "first") == "王秀兰"
    engine.remove_row(members, 0)
    assert value(engine, "total") == "50"
    assert value(engine, "member[1]/place") == "1"
    assert value(engine, "first") == "周国强"
    with pytest.raises(Refused, match="no_such_row"):
        engine.remove_row(members, 5)


def test_a_removed_row_is_forgotten_by_what_read_it() -> None:
    engine = engine_of(ROSTER)
    members = at(engine, "member")
    engine.add_row(members)
    answer(engine, "member[2]/wage", "7")
    wage = at(engine, "member[2]/wage").node
    engine.remove_row(members, 1)
    total = at(engine, "total").tasks
    assert all(wage not in t.reads for t in total.values())


def test_counted_rows_follow_the_count() -> None:
    engine = engine_of("""
    | survey |
    |        | type         | name | label | repeat_count |
    |        | integer      | n    | 几人  | |
    |        | begin_repeat | who  | 谁    | ${n} |
    |        | text         | name | 姓名  | |
    |        | end_repeat   |      |       | |
    """)
    assert at(engine, "who").rows == []
    answer(engine, "n", "3")
    assert len(at(engine, "who").rows) == 3
    answer(engine, "who[2]/name", "乙")
    answer(engine, "n", "2")
    assert [value(engine, f"who[{i}]/name") for i in (1, 2)] == ["", "乙"]
    with pytest.raises(Refused, match="fixed_rows"):
        engine.add_row(at(engine, "who"))


def test_a_removed_row_comes_back_to_its_place() -> None:
    engine = engine_of(ROSTER)
    members = at(engine, "member")
    for _ in range(2):
        engine.add_row(members)
    for place, wage in (("1", "5"), ("2", "7"), ("3", "11")):
        answer(engine, f"member[{place}]/wage", wage)
    before = engine.to_xml()
    gone = engine.remove_row(members, 1).removed
    assert [(row.spread, row.index) for row in gone] == [("/data/member", 1)]
    assert value(engine, "total") == "16"
    engine.insert_row(members, gone[0].index, gone[0].node)
    assert engine.to_xml() == before
    assert value(engine, "total") == "23"
    assert [entry.value for entry in engine.at("/data/member/wage")] == ["5", "7", "11"]
    answer(engine, "member[2]/wage", "8")
    assert value(engine, "total") == "24"
    with pytest.raises(Refused, match="no_such_row"):
        engine.insert_row(members, 5, gone[0].node)
    with pytest.raises(Refused, match="fixed_rows"):
        engine.insert_row(at(engine, "total"), 0, gone[0].node)


def test_the_last_row_comes_back_too() -> None:
    engine = engine_of(ROSTER)
    members = at(engine, "member")
    answer(engine, "member[1]/wage", "5")
    (gone,) = engine.remove_row(members, 0).removed
    engine.insert_row(members, 0, gone.node)
    assert value(engine, "total") == "5"


def test_rows_a_count_took_away_come_back_in_place_of_fresh_ones() -> None:
    engine = engine_of("""
    | survey |
    |        | type         | name | label | repeat_count |
    |        | integer      | n    | 几人  | |
    |        | begin_repeat | who  | 谁    | ${n} |
    |        | text         | name | 姓名  | |
    |        | end_repeat   |      |       | |
    """)
    answer(engine, "n", "3")
    answer(engine, "who[2]/name", "乙")
    answer(engine, "who[3]/name", "丙")
    gone = answer(engine, "n", "1").removed
    assert [row.index for row in gone] == [2, 1]
    answer(engine, "n", "3")
    for row in reversed(gone):
        engine.insert_row(at(engine, row.spread.removeprefix("/data/")), row.index, row.node)
    assert [value(engine, f"who[{i}]/name") for i in (1, 2, 3)] == ["", "乙", "丙"]


def test_choices_name_their_pictures() -> None:
    engine = engine_of("""
    | survey  |
    |         | type           | name  | label | choice_filter |
    |         | select_one roof | roof  | 屋顶 | |
    |         | select_one roof | again | 再选 | true() |
    | choices |
    |         | list_name | name | label | media::image |
    |         | roof      | tile | 瓦    | tile.png |
    |         | roof      | mud  | 泥    | |
    """)
    for name in ("roof", "again"):
        offered = engine.choices(at(engine, name))
        assert [(c.label, c.image) for c in offered] == [("瓦", "jr://images/tile.png"), ("泥", "")]


CASCADE = """
| survey  |
|         | type              | name | label | choice_filter |
|         | select_one town   | town | 乡镇  | |
|         | select_one place  | here | 村    | town=${town} |
| choices |
|         | list_name | name | label | town |
|         | town      | a    | 甲乡  | |
|         | town      | b    | 乙乡  | |
|         | place     | a1   | 甲一  | a |
|         | place     | a2   | 甲二  | a |
|         | place     | b1   | 乙一  | b |
"""


def test_choices_follow_and_an_answer_no_longer_offered_goes() -> None:
    engine = engine_of(CASCADE)
    assert engine.choices(at(engine, "here")) == ()
    answer(engine, "town", "a")
    assert [(c.value, c.label) for c in engine.choices(at(engine, "here"))] == [
        ("a1", "甲一"),
        ("a2", "甲二"),
    ]
    answer(engine, "here", "a2")
    answer(engine, "town", "b")
    assert value(engine, "here") == ""
    answer(engine, "town", "a")
    assert value(engine, "here") == "a2"


def test_a_list_from_a_file() -> None:
    table = """
    | survey |
    |        | type                          | name | label | calculation |
    |        | select_one_from_file list.csv | who  | 谁    | |
    |        | calculate                     | tel  |       | pulldata('list', 'phone', 'name', ${who}) |
    """
    csv = "name,label,phone\r\na,甲,111\r\nb,乙,222\r\n".encode()
    engine = engine_of(table, media={"list.csv": csv})
    assert [c.label for c in engine.choices(at(engine, "who"))] == ["甲", "乙"]
    answer(engine, "who", "b")
    assert value(engine, "tel") == "222"
    assert engine.form.missing_media == ()
    assert (
        engine_of(table).form.missing_media == ("list.csv", "list.csv") or engine_of(table).form.missing_media
    )


def test_triggers_set_values_and_defaults_are_computed() -> None:
    engine = engine_of("""
    | survey |
    |        | type    | name   | label | default | trigger   | calculation |
    |        | date    | day    | 日期  | today() |           | |
    |        | text    | source | 来源  |         |           | |
    |        | text    | copy   | 抄录  |         | ${source} | concat(${source}, '!') |
    |        | start   | begun  |       |         |           | |
    |        | end     | ended  |       |         |           | |
    """)
    assert value(engine, "day") == "2026-11-22"
    assert value(engine, "begun") == "2026-11-22T10:30:00.000+08:00"
    answer(engine, "source", "甲")
    assert value(engine, "copy") == "甲!"
    answer(engine, "copy", "乙")
    assert value(engine, "copy") == "乙"
    engine.set_now(NOW + timedelta(hours=1))
    engine.stamp_end()
    assert value(engine, "ended") == "2026-11-22T11:30:00.000+08:00"


def test_new_rows_take_dynamic_defaults() -> None:
    engine = engine_of("""
    | survey |
    |        | type         | name | label | default |
    |        | begin_repeat | who  | 谁    | |
    |        | date         | day  | 日期  | today() |
    |        | end_repeat   |      |       | |
    """)
    engine.add_row(at(engine, "who"))
    assert value(engine, "who[2]/day") == "2026-11-22"


def test_labels_speak_of_answers_in_the_chosen_language() -> None:
    engine = engine_of("""
    | survey |
    |        | type | name  | label::中文(zh) | label::English(en) | hint::中文(zh) |
    |        | text | who   | 姓名           | Name               | 全名 |
    |        | note | greet | 你好，${who}！ | Hello ${who}!      | |
    """)
    answer(engine, "who", "王秀兰")
    engine.set_language("中文(zh)")
    assert engine.wording.label(at(engine, "greet")) == "你好，王秀兰！"
    assert engine.wording.hint(at(engine, "who")) == "全名"
    engine.set_language("English(en)")
    assert engine.wording.label(at(engine, "greet")) == "Hello 王秀兰!"


def test_computed_questions_cannot_be_answered() -> None:
    engine = engine_of("""
    | survey |
    |        | type    | name | label | calculation | read_only |
    |        | decimal | sum  | 合计  | 1 div 3     | yes |
    """)
    assert value(engine, "sum") == "0.3333333333333333"
    with pytest.raises(Refused, match="readonly"):
        answer(engine, "sum", "1")


def test_a_draft_comes_back_whole() -> None:
    engine = engine_of(FAMILY)
    answer(engine, "adults", "2")
    answer(engine, "work/wage", "100")
    answer(engine, "adults", "1")
    draft = engine.to_xml(everything=True)
    again = Engine(engine.form, NOW, draft)
    assert again.to_xml(everything=True) == draft
    answer(again, "adults", "2")
    assert value(again, "work/wage") == "100"


def test_a_submission_without_irrelevant_answers_is_completed() -> None:
    engine = engine_of(FAMILY)
    answer(engine, "adults", "1")
    again = Engine(engine.form, NOW, engine.to_xml())
    answer(again, "adults", "2")
    answer(again, "work/wage", "3")
    assert value(again, "told") == "两倍6"


def test_answers_of_another_form_are_refused() -> None:
    engine = engine_of(FAMILY)
    with pytest.raises(BadInput, match="other_form"):
        Engine(engine.form, NOW, '<data id="other"/>')
    with pytest.raises(BadInput, match="not_xml"):
        Engine(engine.form, NOW, "<data")


def test_rows_are_written_where_the_form_wants_them() -> None:
    engine = engine_of(ROSTER)
    members = at(engine, "member")
    engine.remove_row(members, 0)
    engine.add_row(members)
    xml = engine.to_xml()
    assert xml.index("<member>") < xml.index("<total>")


def test_two_calculations_that_need_each_other_are_refused() -> None:
    with pytest.raises(BadInput, match="cycle") as raised:
        engine_of("""
        | survey |
        |        | type      | name | label | calculation |
        |        | calculate | a    |       | ${b} + 1 |
        |        | calculate | b    |       | ${a} + 1 |
        """)
    assert raised.value.params["question"] in {"/data/a", "/data/b"}


def test_a_form_without_model_is_refused() -> None:
    with pytest.raises(BadInput, match="no_model"):
        load_form("<html/>")


def test_text_is_escaped_and_unknown_elements_stay() -> None:
    engine = engine_of(ROSTER)
    draft = engine.to_xml().replace("<total>", "<extra k='1'>x</extra><total>")
    again = Engine(engine.form, NOW, draft)
    answer(again, "member[1]/name", 'a<b & "c" 王·买买提 𠮷')
    assert '<extra k="1">x</extra>' in again.to_xml()
    third = Engine(engine.form, NOW, again.to_xml())
    assert value(third, "member[1]/name") == 'a<b & "c" 王·买买提 𠮷'


def test_mutual_relevance_settles() -> None:
    engine = engine_of("""
    | survey |
    |        | type | name | label | relevant |
    |        | text | a    | 甲    | ${b} = '' |
    |        | text | b    | 乙    | ${a} = '' |
    """)
    answer(engine, "a", "1")
    assert not at(engine, "b").relevant
    assert at(engine, "a").relevant
