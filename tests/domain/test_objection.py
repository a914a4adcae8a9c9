from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from app.domain.errors import Refused
from app.domain.objection import Answer, Finding, ObjectionAction, close, due_on, is_open, open_objections

HANDLER, INVESTIGATOR = "1" * 32, "2" * 32
OBJECTION = {"content": "名下有车", "received_on": "2026-03-12"}
ANSWER = Answer(HANDLER, Finding.UNTRUE, ObjectionAction.UPHOLD, date(2026, 3, 14), "当面答复", " 车已报废 ")


@pytest.mark.parametrize(("finding", "action"), list(product(Finding, ObjectionAction)), ids=str)
def test_findings_and_what_follows(finding, action):
    answer = replace(ANSWER, finding=finding, action=action)
    if (finding, action) == (Finding.TRUE, ObjectionAction.UPHOLD):
        with pytest.raises(Refused, match="true_but_upheld"):
            close(OBJECTION, answer, [INVESTIGATOR])
    else:
        fields = close(OBJECTION, answer, [INVESTIGATOR])
        assert (fields["finding"], fields["action"], fields["closed"]) == (finding, action, 1)


def test_the_fields_of_an_answer():
    assert close(OBJECTION, ANSWER, []) == {
        "handler": HANDLER,
        "finding": "untrue",
        "finding_note": "车已报废",
        "action": "uphold",
        "replied_on": "2026-03-14",
        "reply_way": "当面答复",
        "closed": 1,
    }


@pytest.mark.parametrize(
    ("objection", "answer", "code"),
    [
        ({"closed": 1}, {}, "objection.closed"),
        ({"void": 1}, {}, "objection.closed"),
        ({"content": " "}, {}, "objection.no_content"),
        ({}, {"handler": ""}, "objection.no_handler"),
        ({}, {"handler": INVESTIGATOR}, "objection.own_case"),
        ({}, {"on": date(2026, 3, 11)}, "objection.before_received"),
        ({}, {"way": ""}, "objection.no_answer"),
    ],
)
def test_refusals(objection, answer, code):
    with pytest.raises(Refused) as caught:
        close({**OBJECTION, **objection}, replace(ANSWER, **answer), [INVESTIGATOR])
    assert caught.value.code == code


def test_an_undated_objection_can_be_answered_but_has_no_deadline():
    undated = {**OBJECTION, "received_on": ""}
    assert close(undated, ANSWER, [])["closed"] == 1
    assert due_on(undated, 5) is None
    assert due_on(OBJECTION, 5) == date(2026, 3, 17)


def test_open_objections_are_counted():
    assert is_open({})
    assert open_objections([{}, {"closed": 1}, {"void": 1}, {"closed": 0}]) == 2
