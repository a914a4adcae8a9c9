"""A finished submission that is changed keeps every byte that has nothing to do with the change."""

from __future__ import annotations

import pytest

from app.questionnaire.editing import begin_edit, is_changed, revised
from app.questionnaire.engine import Engine
from app.questionnaire.loader import load_form
from app.questionnaire.metablock import instance_in, instance_of, name_instance
from tests.questionnaire.forms import NOW, answer, at, form_of
from tests.questionnaire.record_forms import OLD, SUBMISSION


def opened(data: bytes = SUBMISSION, form=OLD):
    engine = Engine(form, NOW, data)
    return engine, begin_edit(engine, data)


def swapped(*pairs: tuple[str, str], data: bytes = SUBMISSION) -> str:
    text = data.decode()
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_opening_changes_nothing() -> None:
    engine, before = opened()
    assert not is_changed(engine, before)
    assert revised(SUBMISSION, engine, before) == SUBMISSION


def test_ids_and_the_moment_of_finishing_are_no_change() -> None:
    engine, before = opened()
    engine.stamp_end()
    name_instance(engine, "uuid:2", "uuid:1")
    assert not is_changed(engine, before)


def test_one_answer_changes_itself_what_depends_on_it_and_the_meta_block() -> None:
    engine, before = opened()
    answer(engine, "a", "5")
    assert is_changed(engine, before)
    name_instance(engine, "uuid:2", "uuid:1")
    name_instance(engine, "uuid:2", "uuid:1")  # a second try finds its own field
    assert revised(SUBMISSION, engine, before).decode() == swapped(
        ("<a>3</a><twice>6</twice>", "<a>5</a><twice>10</twice>"),
        ("<note>靠河</note>", "<note>靠河</note><left/>"),
        ("uuid:1</instanceID>", "uuid:2</instanceID><deprecatedID>uuid:1</deprecatedID>"),
    )


def test_what_is_no_longer_relevant_goes_and_comes_back() -> None:
    engine, before = opened()
    answer(engine, "a", "1")
    assert "<place></place>" in revised(SUBMISSION, engine, before).decode()
    answer(engine, "a", "3")
    assert revised(SUBMISSION, engine, before) == SUBMISSION
    assert not is_changed(engine, before)


def test_rows_come_and_go_by_themselves() -> None:
    engine, before = opened()
    roster = at(engine, "m")
    engine.remove_row(roster, 0)
    assert is_changed(engine, before)
    assert revised(SUBMISSION, engine, before).decode() == swapped(
        ("<m x='1'><mid/><name>甲</name><age>20</age></m>", "")
    )
    engine.add_row(roster)
    answer(engine, "m[2]/name", "丙<&")
    assert is_changed(engine, before)
    added = "<m><mid/><name>丙&lt;&amp;</name><age/></m>"
    kept = "<m x='2'><mid/><name>乙</name><age>9</age><school><![CDATA[小学]]></school></m>"
    assert f"{kept}{added}\n" in revised(SUBMISSION, engine, before).decode()


def test_a_draft_knows_which_rows_it_began_with() -> None:
    engine, before = opened()
    engine.remove_row(at(engine, "m"), 0)
    answer(engine, "m[1]/age", "30")
    again = Engine(OLD, NOW, engine.to_xml(everything=True))
    assert revised(SUBMISSION, again, before) == revised(SUBMISSION, engine, before)
    assert b"<m x='2'><mid/><name>\xe4\xb9\x99</name><age>30</age></m>" in revised(SUBMISSION, again, before)


def test_empty_elements_are_filled_and_emptied() -> None:
    data = b"<data id='f' version='1'><who/><place/><m><mid/><name/></m></data>"
    engine, before = opened(data)
    answer(engine, "who", "李")
    answer(engine, "a", "3")
    answer(engine, "place/note", "山上")
    name_instance(engine, "uuid:2")
    done = revised(data, engine, before).decode()
    assert "<who>李</who>" in done
    assert "<place><note>山上</note></place>" in done
    assert "<meta><instanceID>uuid:2</instanceID></meta></data>" in done
    full = done.encode()
    engine, before = opened(full)
    answer(engine, "who", "")
    assert "<who></who>" in revised(full, engine, before).decode()


def test_the_encoding_stays_and_what_it_lacks_is_written_as_a_number() -> None:
    data = '<?xml version="1.0" encoding="UTF-16"?><data id="f" version="1"><who>王</who></data>'.encode(
        "utf-16"
    )
    engine, before = opened(data)
    assert revised(data, engine, before) == data
    latin = b'<?xml version="1.0" encoding="ISO-8859-1"?><data id="f" version="1"><who>\xe9</who></data>'
    engine, before = opened(latin)
    answer(engine, "who", "王")
    assert b"<who>&#29579;</who>" in revised(latin, engine, before)


def test_an_attribute_that_is_answered_is_changed_in_its_place() -> None:
    form = load_form(
        """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>
        <h:title>f</h:title><model><instance><data id="f"><a/><e label="" other="x"/></data></instance>
        <bind nodeset="/data/e/@label" calculate="concat(/data/a, '&quot;')"/></model></h:head><h:body>
        <input ref="/data/a"><label>甲</label></input></h:body></h:html>"""
    )
    data = b"<data id='f'><a>1</a><e other='y' label='1\"'/></data>"
    engine, before = opened(data, form)
    assert not is_changed(engine, before)
    answer(engine, "a", "2")
    assert revised(data, engine, before) == b"<data id='f'><a>2</a><e other='y' label='2\"'/></data>"
    bare = b"<data id='f'><a>1</a><e/></data>"
    engine, before = opened(bare, form)
    answer(engine, "a", "2")
    assert b"<a>2</a><e/>" in revised(bare, engine, before)


def test_a_submission_without_an_id_has_none() -> None:
    assert instance_in("<data/>") == ""
    engine = Engine(form_of("| survey |\n| | type | name | label |\n| | text | a | 甲 |"), NOW)
    assert instance_of(engine.root.node).startswith("uuid:")


@pytest.mark.parametrize("doctype", ["<!DOCTYPE data>", "<!DOCTYPE data [<!ELEMENT a (#PCDATA)>]>"])
def test_what_stands_before_the_answers_is_kept(doctype: str) -> None:
    data = f"{doctype}<?note a > b?><data id='f' version='1'><who>a</who></data>".encode()
    engine, before = opened(data)
    answer(engine, "who", "b")
    assert revised(data, engine, before).startswith(
        f"{doctype}<?note a > b?><data id='f' version='1'><who>b<".encode()
    )
