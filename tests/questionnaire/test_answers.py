"""What a submission says, with its form and without."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput
from app.questionnaire.answers import AnswerKind, answers_of, from_json, to_json, to_plain
from tests.questionnaire.forms import form_of
from tests.questionnaire.record_forms import OLD, SUBMISSION


def leaves(answers):
    return {one.ref: one for top in answers for one in top.walk() if not one.items and not one.rows}


def test_answers_have_labels_and_the_words_of_choices() -> None:
    answers = answers_of(OLD, SUBMISSION)
    found = leaves(answers)
    assert (found["/data/who"].label, found["/data/who"].core) == ("姓名", "household.address")
    assert (found["/data/ok"].value, found["/data/ok"].text) == ("y", "是")
    assert found["/data/both"].text == "是、否"
    [roster] = [one for one in answers if one.kind is AnswerKind.REPEAT]
    assert (roster.label, len(roster.rows)) == ("成员", 2)  # the template is no row
    assert found["/data/m[2]/school"].text == "小学"


def test_what_nobody_was_asked_is_told_apart() -> None:
    found = leaves(answers_of(OLD, SUBMISSION))
    kinds = {ref: found[ref].kind for ref in ("/data/twice", "/data/__version__", "/data/meta/instanceID")}
    assert list(kinds.values()) == [AnswerKind.VALUE, AnswerKind.FOREIGN, AnswerKind.META]
    assert found["/data/formhub/uuid"].kind is AnswerKind.FOREIGN


def test_nothing_is_computed_anew() -> None:
    stale = SUBMISSION.replace(b"<twice>6<", b"<twice>7<")
    assert leaves(answers_of(OLD, stale))["/data/twice"].value == "7"


def test_without_a_form_names_stand_for_labels() -> None:
    answers = answers_of(None, SUBMISSION)
    found = leaves(answers)
    assert (found["/data/ok"].label, found["/data/ok"].text) == ("ok", "y")
    assert [len(one.rows) for one in answers if one.name == "m"] == [2]
    assert answers_of(None, "<d><a/><a>2</a></d>")[0].rows[1][0].value == "2"


def test_json_and_back() -> None:
    answers = answers_of(OLD, SUBMISSION)
    assert from_json(to_json(answers)) == answers
    assert to_plain(answers[:1]) == [
        {
            "ref": "/data/formhub",
            "name": "formhub",
            "kind": "foreign",
            "label": "formhub",
            "items": [
                {
                    "ref": "/data/formhub/uuid",
                    "name": "uuid",
                    "kind": "foreign",
                    "label": "uuid",
                    "value": "abc",
                    "text": "abc",
                }
            ],
        }
    ]


def test_labels_follow_answers_and_choice_names_are_found() -> None:
    form = form_of("""
    | survey |
    | | type | name | label |
    | | select_one yn | ok | 好吗 |
    | | note | said | 你选了 ${ok}，即 jr |
    | choices |
    | | list_name | name | label |
    | | yn | y | 是 |
    | settings |
    | | form_id |
    | | f |
    """)
    found = leaves(answers_of(form, "<data id='f'><ok>y</ok><said/><other>1</other><other>2</other></data>"))
    assert found["/data/said"].label == "你选了 y，即 jr"
    assert found["/data/other[2]"].value == "2"


def test_choice_names_in_labels() -> None:
    form = form_of("""
    | survey |
    | | type | name | label |
    | | select_one yn | ok | 好吗 |
    | | note | said | 你选了 ${ok} |
    | choices |
    | | list_name | name | label |
    | | yn | y | 是 |
    | settings |
    | | form_id |
    | | f |
    """)
    assert form.controls["/data/said"].label is not None
    named = "jr:choice-name(/data/ok, '/data/ok')"
    xml = to_xform(named)
    assert leaves(answers_of(xml, "<data id='f'><ok>y</ok><said/></data>"))["/data/said"].label == "选了 是"
    other = to_xform("jr:choice-name(/data/ok, '/data/none')")
    assert leaves(answers_of(other, "<data id='f'><ok>y</ok><said/></data>"))["/data/said"].label == "选了"


def to_xform(expression: str):
    from app.questionnaire.loader import load_form

    return load_form(
        f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
        xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>f</h:title><model>
        <instance id="own"><data id="f"><ok/><said/></data></instance></model></h:head><h:body>
        <select1 ref="/data/ok"><label>好吗</label><item><label>是</label><value>y</value></item></select1>
        <input ref="/data/said"><label>选了 <output value="{expression}"/></label></input>
        </h:body></h:html>"""
    )


def test_a_list_that_cannot_be_read_shows_codes() -> None:
    form = form_of("""
    | survey |
    | | type | name | label | choice_filter |
    | | text | t | 字 | |
    | | select_one yn | ok | 好吗 | regex(name, ${t}) |
    | choices |
    | | list_name | name | label |
    | | yn | y | 是 |
    | settings |
    | | form_id |
    | | f |
    """)
    assert leaves(answers_of(form, "<data id='f'><t>(</t><ok>y</ok></data>"))["/data/ok"].text == "y"


def test_broken_xml_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        answers_of(None, "<data>")
    assert caught.value.code == "questionnaire.not_xml"
