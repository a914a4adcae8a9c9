"""Objections: only the household concerned waits, and nobody settles an objection to their own work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.ids import EntityId, Kind, Level
from app.domain.objection import Answer, Finding, ObjectionAction
from app.usecases import objections, publicity
from tests.usecases.expect import refused, written
from tests.usecases.test_cases import neighbour
from tests.usecases.test_publicity import PHONE, WHERE
from tests.usecases.village import VILLAGE, only


@pytest.fixture
def case(village):
    """A case that waits for a notice."""
    return village.bring(village.open("吴福生"), "publicise")


@pytest.fixture
def notice(village, case):
    """Its notice, hanging."""
    uid = village.plan_notice([case])
    publicity.post_publicity(village.office, uid, village.today, WHERE, "陈志明")
    return uid


@pytest.fixture
def objection(village, case, notice):
    """An objection to it."""
    return only(objections.add_objection(village.office, notice, case, PHONE), Kind.OBJECTION)


@pytest.fixture
def answer(village):
    """A right answer."""
    handler = village.people[Level.TOWNSHIP][0]
    note = "已到镇上核实，系同名"
    return Answer(handler, Finding.UNTRUE, ObjectionAction.UPHOLD, village.today, "电话", note)


def test_an_objection_gets_its_number(village, case, notice):
    changes = objections.add_objection(village.office, notice, case, PHONE)
    [body] = written(village.office, changes)
    assert body.op == "objection.received"
    assert body.changes == {
        **PHONE,
        "publicity": notice,
        "case": case,
        "closed": 0,
        "no": "2026-001",
        "received_on": "2026-03-02",
    }
    second = only(objections.add_objection(village.office, notice, case, PHONE), Kind.OBJECTION)
    assert village.values(Kind.OBJECTION, second)["no"] == "2026-002"


def test_what_is_no_objection(village, case, notice):
    add = objections.add_objection
    with refused(village.office, "objection.no_content"):
        add(village.office, notice, case, {**PHONE, "content": " "})
    with refused(village.office, "field.unknown", field="loud"):
        add(village.office, notice, case, {**PHONE, "loud": 1})
    with refused(village.office, "workflow.future_date", date="2026-03-03"):
        add(village.office, notice, case, {**PHONE, "received_on": "2026-03-03"})
    with refused(village.office, "region.outside", place=VILLAGE):
        add(neighbour(village), notice, case, PHONE)
    with refused(village.office, "entity.unknown"):
        add(village.office, EntityId("0" * 32), case, PHONE)
    other = village.bring(village.open("赵六"), "publicise")
    with refused(village.office, "objection.other_notice"):
        add(village.office, notice, other, PHONE)
    planned = village.plan_notice([other])
    with refused(village.office, "publicity.not_posted"):
        add(village.office, planned, other, PHONE)
    publicity.strike_publicity(village.office, notice, "写错")
    with refused(village.office, "publicity.struck"):
        add(village.office, notice, case, PHONE)


def test_a_settled_objection_keeps_what_was_found(village, objection, answer):
    [body] = written(village.office, objections.settle_objection(village.office, objection, answer))
    assert (body.op, body.changes) == (
        "objection.settled",
        {
            "handler": answer.handler,
            "finding": "untrue",
            "finding_note": answer.note,
            "action": "uphold",
            "replied_on": "2026-03-02",
            "reply_way": "电话",
            "closed": 1,
        },
    )
    with refused(village.office, "objection.closed"):
        objections.settle_objection(village.office, objection, answer)


def test_how_an_objection_is_not_settled(village, objection, answer):
    settle, own = objections.settle_objection, village.people[Level.VILLAGE][0]
    for wrong, code in (
        ({"handler": ""}, "objection.no_handler"),
        ({"handler": own}, "objection.own_case"),  # reviewed and visited the household
        ({"way": " "}, "objection.no_answer"),
        ({"on": village.today - timedelta(days=1)}, "objection.before_received"),
        ({"on": village.today + timedelta(days=1)}, "workflow.future_date"),
        ({"finding": Finding.TRUE}, "objection.true_but_upheld"),
    ):
        with refused(village.office, code):
            settle(village.office, objection, replace(answer, **wrong))
    with refused(village.office, "region.outside", place=VILLAGE):
        settle(neighbour(village), objection, answer)
    with refused(village.office, "entity.unknown"):
        settle(village.office, EntityId("0" * 32), answer)
