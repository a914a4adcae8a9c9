"""Actions, preloads, defaults, types, namespaces: what else a form can ask of the engine."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from app.domain.errors import BadInput, Refused
from app.questionnaire import reactor
from app.questionnaire.engine import Engine
from tests.questionnaire.forms import NOW, answer, at, engine_of, opened, value


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
        ("geotrace", "1 2 0 0; 3 4 0 0", "1.0 2.0 0.0 0.0; 3.0 4.0 0.0 0.0"),
        ("geotrace", "1 2 0 0", ""),
        ("geoshape", "1 2;3 4;1 2", "1.0 2.0; 3.0 4.0; 1.0 2.0"),
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
        "<instance><data id='f'><a/><b/><c>4</c><d>2026-11-20T23:00:00.000+08:00</d><g><x/></g><r/></data></instance>"
        + "".join(
            f'<bind nodeset="/data/{name}" relevant="{rule}"/>'
            for name, rule in (("a", "not(/data/a)"), ("b", "boolean(/data/b)"), ("c", "/data/a or /data/c"))
        )
        + "<bind nodeset='/data/g' relevant='boolean(/data/g)'/><bind nodeset='/data/d' type='dateTime'/>"
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
    assert at(engine, "b").relevant, "a text is a yes"
    answer(engine, "a", "")
    assert not at(engine, "b").relevant


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


def test_an_expression_that_fails_counts_as_blank() -> None:
    engine = opened(
        "<instance><data id='f'><a>1</a></data></instance><bind nodeset='/data/a' calculate=\"date('x')\"/>"
    )
    assert value(engine, "a") == ""
