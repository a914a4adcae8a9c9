"""Choices: from files, from answers, by filters, in ranks and ranges."""

from __future__ import annotations

import json

from tests.questionnaire.forms import answer, at, engine_of, opened, value

LISTS = {
    "v.csv": "name,label,town\nv1,一村,a\nv2,二村,b\n".encode(),
    "w.xml": "<root><item><name>w1</name><label>井</label></item></root>".encode(),
    "g.geojson": json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": "p1", "label": "界", "x": None, "y": True, "z": [1], "d": 2.5},
                    "geometry": {"type": "Polygon", "coordinates": [[[1.0, 2.5], [3, 4], [1.0, 2.5]]]},
                },
                {
                    "type": "Feature",
                    "properties": {"name": "l1", "label": "路"},
                    "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
                },
            ],
        }
    ).encode(),
}


def test_lists_from_every_kind_of_file() -> None:
    engine = engine_of(
        """
        | survey |
        |        | type                             | name | label | choice_filter | calculation | parameters |
        |        | text                             | town | 乡    |               | | |
        |        | select_one_from_file v.csv       | v    | 村    | town=${town}  | | |
        |        | select_one_from_file w.xml       | w    | 水    |               | | |
        |        | select_one_from_file g.geojson   | g    | 地    |               | | value=name, label=label |
        |        | calculate                        | area |       |               | instance('g')/root/item[name=${g}]/geometry |
        |        | calculate                        | tell |       |               | pulldata('v', 'label', 'name', ${v}) |
        |        | calculate                        | both |       |               | count(instance('v')/root/item[town=${town} and name != 'x']) |
        |        | calculate                        | last |       |               | instance('v')/root/item[last()]/label |
        """,
        media=LISTS,
    )
    assert engine.choices(at(engine, "v")) == ()
    answer(engine, "town", "b")
    answer(engine, "v", "v2")
    answer(engine, "g", "p1")
    assert [c.label for c in engine.choices(at(engine, "v"))] == ["二村"]
    assert [c.label for c in engine.choices(at(engine, "w"))] == ["井"]
    assert [c.value for c in engine.choices(at(engine, "g"))] == ["p1", "l1"]
    assert value(engine, "area") == "2.5 1 0 0; 4 3 0 0; 2.5 1 0 0"
    assert (value(engine, "tell"), value(engine, "both"), value(engine, "last")) == ("二村", "1", "二村")
    answer(engine, "town", "a")
    assert (value(engine, "v"), value(engine, "tell")) == ("", "")


def test_a_list_not_given_is_empty_and_named() -> None:
    engine = engine_of("""
    | survey |
    |        | type                       | name | label |
    |        | select_one_from_file v.csv | v    | 村 |
    """)
    assert engine.form.missing_media == ("v.csv",)
    assert engine.choices(at(engine, "v")) == ()


def test_answers_as_choices_follow_the_roster() -> None:
    engine = engine_of("""
    | survey |
    |        | type               | name | label |
    |        | begin_repeat       | who  | 谁 |
    |        | text               | name | 姓名 |
    |        | end_repeat         |      | |
    |        | select_one ${name} | head | 户主 |
    """)
    answer(engine, "who[1]/name", "王")
    assert [c.value for c in engine.choices(at(engine, "head"))] == ["王"]
    engine.add_row(at(engine, "who"))
    answer(engine, "who[2]/name", "李")
    answer(engine, "head", "李")
    assert [c.value for c in at(engine, "head").choices] == ["王", "李"]
    answer(engine, "who[2]/name", "李四")
    assert value(engine, "head") == ""


def test_the_label_of_a_choice_is_that_of_the_same_row() -> None:
    engine = engine_of("""
    | survey  |
    |         | type           | name | label | choice_filter | calculation |
    |         | begin_repeat   | who  | 谁    |               | |
    |         | select_one big | big  | 大类  |               | |
    |         | select_one sub | sub  | 小类  | big=${big}    | |
    |         | calculate      | told |       |               | jr:choice-name(${sub}, '${sub}') |
    |         | end_repeat     |      |       |               | |
    |         | calculate      | none |       |               | jr:choice-name('zz', '/data/who/big') |
    | choices |
    |         | list_name | name | label | big |
    |         | big       | a    | 甲    | |
    |         | big       | b    | 乙    | |
    |         | sub       | 1    | 甲一  | a |
    |         | sub       | 1    | 乙一  | b |
    | settings |
    |         | allow_choice_duplicates |
    |         | yes |
    """)
    engine.add_row(at(engine, "who"))
    for row, big in ((1, "a"), (2, "b")):
        answer(engine, f"who[{row}]/big", big)
        answer(engine, f"who[{row}]/sub", "1")
    assert [value(engine, f"who[{row}]/told") for row in (1, 2)] == ["甲一", "乙一"]
    assert value(engine, "none") == ""


def test_range_and_rank() -> None:
    engine = engine_of("""
    | survey  |
    |         | type     | name | label | parameters             | choice_filter |
    |         | range    | r    | 几分  | start=0 end=10 step=0.5 | |
    |         | text     | t    | 哪类  |                        | |
    |         | rank x   | k    | 排序  |                        | kind=${t} or kind='p' |
    | choices |
    |         | list_name | name | label | kind |
    |         | x         | a    | 甲    | p |
    |         | x         | b    | 乙    | p |
    |         | x         | c    | 丙    | s |
    """)
    control = at(engine, "r").control
    assert control is not None
    assert {k: control.options[k] for k in ("start", "end", "step")} == {
        "start": "0",
        "end": "10",
        "step": "0.5",
    }
    answer(engine, "r", "7.5")
    assert value(engine, "r") == "7.5"
    answer(engine, "t", "s")
    answer(engine, "k", "c b a")
    answer(engine, "t", "")
    assert value(engine, "k") == "b a"
    answer(engine, "t", "s")
    assert value(engine, "k") == "c b a"


def test_choices_written_in_the_form() -> None:
    engine = opened(
        "<instance><data id='f'><s/><u/></data></instance>",
        "<select1 ref='/data/s'><label>s</label><item><label>甲</label><value> a </value></item>"
        "<item><value>b</value></item><item/></select1><select ref='/data/u'><itemset nodeset='/data/none'/></select>",
    )
    assert [(c.value, c.label) for c in at(engine, "s").choices] == [("a", "甲"), ("b", ""), ("", "")]
    assert engine.choices(at(engine, "u")) == ()
