"""What a form can ask of the engine, one feature a test."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest

from app.domain.errors import BadInput, Refused
from app.questionnaire import reactor
from app.questionnaire.definition import TextSource
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from tests.questionnaire.forms import NOW, answer, at, engine_of, value

SHELL = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa" xmlns:hh="http://babutong/household">
<h:head><h:title>t</h:title><model>{model}</model></h:head><h:body>{body}</h:body></h:html>"""


def opened(
    model: str, body: str = "", *, media: dict[str, bytes] | None = None, answers: str | None = None
) -> Engine:
    form = load_form(SHELL.format(model=model, body=body), media)
    return Engine(form, NOW, answers, rng=random.Random(3))


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


TEXTS = """
<itext><translation lang="zh"><text id="n"><value>姓名</value><value form="guidance">照户口本</value></text>
<text id="both"><value form="long">全名</value><value form="short">名</value></text>
<text id="say"><value>您好 <output value="../n"/></value></text></translation>
<translation lang="en" default="true()"><text id="n"><value>Name</value></text>
<text id="only"><value>Only</value></text><text id="pic"><value form="image">jr://images/a.png</value></text></translation></itext>
<instance><data id="f"><n/><m/><g><q/></g></data></instance>
<bind nodeset="/data/n" constraint=". != 'x'" jr:constraintMsg="jr:itext(concat('sa', 'y'))"
 required="true()" jr:requiredMsg="必填"/><bind nodeset="/data/m" type="string"/>"""
BODY = """<input ref="/data/n"><label ref="jr:itext('n')"/><hint ref="jr:itext('n')"/></input>
<input ref="/data/m"><label ref="jr:itext('only')"/><hint>短</hint><hint form="guidance">长 <output value="/data/n"/></hint></input>
<group ref="/data/g"><label ref="/data/n"/><input ref="/data/g/q"><label ref="jr:itext('pic')"/></input></group>"""


def test_languages_fall_back_to_the_default() -> None:
    engine = opened(TEXTS, BODY)
    words = engine.wording
    assert engine.form.languages == ("zh", "en")
    assert words.label(at(engine, "n")) == "Name"
    engine.set_language("zh")
    engine.set_language("xx")
    assert [words.label(at(engine, name)) for name in ("n", "m", "g/q", "g")] == ["姓名", "Only", "", ""]
    assert words.guidance(at(engine, "n")) == "照户口本"
    assert (words.hint(at(engine, "m")), words.guidance(at(engine, "m"))) == ("短", "长 ")
    answer(engine, "n", "王")
    assert words.guidance(at(engine, "m")) == "长 王"
    assert words.constraint_message(at(engine, "n")) == "您好 王"
    assert words.required_message(at(engine, "n")) == "必填"
    group = next(c for c in engine.form.body if c.path == "/data/g")
    assert words.group_label(group, engine.root.node) == "王"
    assert words.text(TextSource(itext_id="both"), engine.root.node) == "全名名"
    assert words.text(TextSource(itext_id="gone"), engine.root.node) == ""
    assert words.text(TextSource(parts=("a",)), engine.root.node, "image") == ""
    assert words.guidance(engine.root) == ""


def test_texts_that_never_change_are_known() -> None:
    engine = opened(TEXTS, BODY)
    words = engine.wording
    told = [TextSource(itext_id="n"), TextSource(itext_id="say"), TextSource(parts=("a",)), None]
    engine.set_language("zh")
    assert [words.is_fixed(one) for one in told] == [True, False, True, True]
    guidance = at(engine, "m").control
    assert guidance is not None
    assert not words.is_fixed(guidance.guidance)


def test_a_text_that_cannot_be_computed_is_blank() -> None:
    engine = opened(
        "<instance><data id='f'><n/></data></instance>",
        "<input ref='/data/n'><label ref=\"date('x')\"/></input>",
    )
    assert engine.wording.label(at(engine, "n")) == ""


def test_values_set_when_the_form_opens_and_when_a_row_comes() -> None:
    engine = opened(
        "<instance><data id='f'><a>1</a><b/><c/><m jr:template=''><v/><w/></m><m><v/><w/></m></data></instance>"
        "<bind nodeset='/data/c' relevant='false()'/>"
        "<setvalue event='odk-instance-first-load' ref='/data/b' value='/data/a + 1'/>"
        "<setvalue event='xforms-ready' ref='/data/c'>late</setvalue>",
        "<group ref='/data/m'><repeat nodeset='/data/m'><setvalue event='odk-new-repeat' ref='/data/m/w' "
        "value='position(..)'/><input ref='/data/m/v'/></repeat></group>",
    )
    assert value(engine, "b") == "2"
    assert at(engine, "c").stored == ""
    engine.add_row(at(engine, "m"))
    assert [value(engine, f"m[{i}]/w") for i in (1, 2)] == ["", "2"]
    again = opened_again(engine)
    answer(again, "a", "7")
    assert value(opened_again(again), "b") == "2"


def opened_again(engine: Engine) -> Engine:
    return Engine(engine.form, NOW, engine.to_xml(everything=True))


def test_a_change_sets_off_another() -> None:
    engine = opened(
        "<instance><data id='f'><a/><b/><c/></data></instance>",
        "<input ref='/data/a'><setvalue event='xforms-value-changed' ref='/data/b' value='concat(/data/a, 1)'/></input>"
        "<input ref='/data/b'><setvalue event='xforms-value-changed' ref='/data/c' value='concat(/data/b, 2)'/></input>"
        "<input ref='/data/c'/>",
    )
    answer(engine, "a", "x")
    assert (value(engine, "b"), value(engine, "c")) == ("x1", "x12")
    answer(engine, "b", "y")
    assert value(engine, "c") == "y2"


def test_changes_that_never_end_are_refused() -> None:
    engine = opened(
        "<instance><data id='f'><a/><b/></data></instance>",
        "<input ref='/data/a'><setvalue event='xforms-value-changed' ref='/data/b' value='concat(/data/a, 1)'/></input>"
        "<input ref='/data/b'><setvalue event='xforms-value-changed' ref='/data/a' value='concat(/data/b, 1)'/></input>",
    )
    with pytest.raises(BadInput, match="endless"):
        answer(engine, "a", "x")


def test_computations_that_never_settle_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(reactor, "MAX_STEPS", 100)
    with pytest.raises(BadInput, match="endless"):
        opened(
            "<instance><data id='f'><a/><b/></data></instance>"
            "<bind nodeset='/data/a' calculate=\"if(/data/b[1] = 'x', 'y', 'x')\"/>"
            "<bind nodeset='/data/b' calculate='/data/a[1]'/>"
        )


def test_what_is_known_beforehand_is_filled_in() -> None:
    form = engine_of("""
    | survey |
    |        | type        | name  | label |
    |        | start       | start | |
    |        | end         | end   | |
    |        | today       | today | |
    |        | deviceid    | dev   | |
    |        | username    | user  | |
    |        | phonenumber | tel   | |
    |        | email       | mail  | |
    """).form
    known = {"deviceid": "D-1", "username": "王", "phonenumber": "10000000000", "email": "a@example.org"}
    engine = Engine(form, NOW, rng=random.Random(1), properties=known)
    assert [value(engine, name) for name in ("dev", "user", "tel", "mail")] == list(known.values())
    assert (value(engine, "start"), value(engine, "today"), value(engine, "end")) == (
        "2026-11-22T10:30:00.000+08:00",
        "2026-11-22",
        "",
    )
    assert value(engine, "meta/instanceID").startswith("uuid:")
    again = Engine(form, NOW + timedelta(days=1), engine.to_xml())
    assert value(again, "today") == "2026-11-22"
    assert value(again, "meta/instanceID") == value(engine, "meta/instanceID")


def test_a_form_gets_an_instance_id_when_it_has_none() -> None:
    inside = opened("<instance><data id='f'><a/><meta><audit/></meta></data></instance>")
    assert value(inside, "meta/instanceID").startswith("uuid:")
    outside = opened("<instance><data id='f'><a/></data></instance>")
    assert value(outside, "meta/instanceID").startswith("uuid:")


def test_defaults_fixed_computed_and_once() -> None:
    engine = engine_of("""
    | survey |
    |        | type      | name | label | default      | calculation |
    |        | text      | a    | 甲    | 村           | |
    |        | text      | b    | 乙    | concat('x', 1 + 1) | |
    |        | text      | c    | 丙    |              | |
    |        | calculate | d    |       |              | once(random()) |
    |        | calculate | e    |       |              | concat(${c}, ${d}) |
    """)
    assert (value(engine, "a"), value(engine, "b")) == ("村", "x2")
    drawn = value(engine, "d")
    answer(engine, "c", "z")
    assert value(engine, "e") == f"z{drawn}"
    assert value(opened_again(engine), "d") == drawn


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


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("string", " a ", " a "),
        ("int", "12.9", "12"),
        ("decimal", " 1.50 ", "1.50"),
        ("decimal", "一", ""),
        ("decimal", 3.0, "3.0"),
        ("int", float("nan"), ""),
        ("boolean", "true", "1"),
        ("boolean", "0", "0"),
        ("date", "2026-2-3", "2026-02-03"),
        ("date", "2026-02-30", ""),
        ("dateTime", "2026-02-03T04:05:06.000+08:00", "2026-02-03T04:05:06.000+08:00"),
        ("dateTime", "2026-02-03", ""),
        ("dateTime", "2026-02-03T25:00", ""),
        ("time", "09:30", "09:30"),
        ("time", "9点", ""),
        ("time", "09:30+99:00", ""),
        ("time", "29:30", ""),
        ("geopoint", "28 102.5", "28.0 102.5"),
        ("geopoint", "28", ""),
        ("geotrace", "1 2 0 0; 3 4 0 0", "1 2 0 0; 3 4 0 0"),
        ("geotrace", "1 2 0 0", ""),
        ("geoshape", "1 2;3 4;1 2", "1 2;3 4;1 2"),
        ("geoshape", "1 2;x", ""),
        ("binary", "a.jpg", "a.jpg"),
    ],
)
def test_each_type_keeps_its_text(kind: str, given: str | float, kept: str) -> None:
    engine = opened(f"<instance><data id='f'><a/></data></instance><bind nodeset='/data/a' type='{kind}'/>")
    engine.put(at(engine, "a"), given)
    assert value(engine, "a") == kept


def test_a_date_computed_for_a_moment_is_its_midnight() -> None:
    engine = opened(
        "<instance><data id='f'><a/><b/></data></instance>"
        "<bind nodeset='/data/a' type='dateTime' calculate=\"date('2026-02-03')\"/>"
        "<bind nodeset='/data/b' calculate='now()'/>"
    )
    assert value(engine, "a") == "2026-02-03T00:00:00.000+08:00"
    assert value(engine, "b") == "2026-11-22T10:30:00.000+08:00"


def test_blank_answers_are_neither_yes_nor_numbers() -> None:
    engine = opened(
        "<instance><data id='f'><a/><b>0</b><c>4</c><d>2026-11-20T23:00:00.000+08:00</d><g><x/></g><r/></data></instance>"
        + "".join(
            f'<bind nodeset="/data/{name}" relevant="{rule}"/>'
            for name, rule in (("a", "not(/data/a)"), ("b", "boolean(/data/b)"), ("c", "/data/a or /data/c"))
        )
        + "<bind nodeset='/data/g' relevant='boolean(/data/g)'/>"
        "<bind nodeset='/data/r' calculate='concat(max(/data/a, /data/c), min(/data/*[. = \"\"] | /data/c), /data/d + 1)'/>"
    )
    assert [at(engine, name).relevant for name in ("a", "b", "c", "g")] == [True, False, True, True]
    assert value(engine, "r") == "4420778"


def test_a_rule_may_be_an_answer_and_a_path_may_pick_a_row() -> None:
    engine = opened(
        "<instance><data id='f'><a/><b>1</b><c/><m><v>7</v></m><m><v>8</v></m></data></instance>"
        "<bind nodeset='/data/b' relevant='/data/a'/><bind nodeset='/data/c' calculate='/data/m[2]/v'/>",
        "<repeat nodeset='/data/m'><input ref='/data/m/v'/></repeat>",
    )
    assert (at(engine, "b").relevant, value(engine, "c")) == (False, "8")
    answer(engine, "a", "0")
    assert not at(engine, "b").relevant
    answer(engine, "a", "y")
    assert at(engine, "b").relevant


def test_attributes_can_be_computed() -> None:
    engine = opened(
        "<instance><data id='f'><a/><meta><entity id='' create='1'/></meta></data></instance>"
        "<bind nodeset='/data/meta/entity/@id' calculate='concat(/data/a, 1)'/>",
        "<input ref='/data/a'/>",
    )
    answer(engine, "a", "k")
    assert '<entity id="k1" create="1"/>' in engine.to_xml()
    assert at(engine, "meta/entity/@id").value == "k1"


def test_namespaces_of_answers_are_written() -> None:
    engine = opened(
        "<instance><data id='f' xmlns='urn:form' xmlns:k='urn:k' k:x='1'><a/><k:b>5</k:b><c xmlns=''><d/></c></data></instance>"
    )
    xml = engine.to_xml()
    assert xml.startswith('<data xmlns="urn:form" id="f" k:x="1" xmlns:k="urn:k">')
    assert "<k:b>5</k:b>" in xml
    assert '<c xmlns=""><d/></c>' in xml
    assert Engine(engine.form, NOW, xml).to_xml() == xml


def test_a_group_with_nothing_relevant_is_written_empty() -> None:
    engine = opened(
        "<instance><data id='f'><g><a>1</a></g></data></instance><bind nodeset='/data/g/a' relevant='false()'/>"
    )
    assert "<g/>" in engine.to_xml()


def test_questions_and_groups_are_not_mixed_up() -> None:
    engine = opened("<instance id='own'><data id='f'><g><a>3</a></g><b/></data></instance>"
        "<bind nodeset='/data/b' calculate=\"instance('own')/data/g/a + 1\"/>")  # fmt: skip
    assert value(engine, "b") == "4"
    assert engine.choices(engine.root) == ()
    with pytest.raises(Refused, match="not_a_question"):
        engine.answer(at(engine, "g"), "1")


def test_choices_written_in_the_form() -> None:
    engine = opened(
        "<instance><data id='f'><s/><u/></data></instance>",
        "<select1 ref='/data/s'><label>s</label><item><label>甲</label><value> a </value></item>"
        "<item><value>b</value></item><item/></select1><select ref='/data/u'><itemset nodeset='/data/none'/></select>",
    )
    assert [(c.value, c.label) for c in at(engine, "s").choices] == [("a", "甲"), ("b", ""), ("", "")]
    assert engine.choices(at(engine, "u")) == ()


def test_an_expression_that_fails_counts_as_blank() -> None:
    engine = opened(
        "<instance><data id='f'><a>1</a></data></instance><bind nodeset='/data/a' calculate=\"date('x')\"/>"
    )
    assert value(engine, "a") == ""
