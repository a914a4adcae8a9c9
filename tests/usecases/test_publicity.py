"""Notices: planned, posted, taken down, concluded, struck."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level
from app.domain.objection import Answer, Finding, ObjectionAction
from app.queries import papers
from app.queries.papers import Imprint
from app.usecases import cases, households, objections, publicity
from app.usecases.policy import Policy
from tests.usecases.exchange import count
from tests.usecases.expect import refused, written
from tests.usecases.journal import standing
from tests.usecases.test_cases import neighbour
from tests.usecases.village import CONTACTS, PLACES, VILLAGE, only

WHERE = "村务公开栏"
PHONE = {"channel": "phone", "content": "反映该户在镇上有生意", "anonymous": 1}


@pytest.fixture
def pair(village):
    """Two cases that wait for a notice."""
    found = [village.open("吴福生"), village.open("赵六")]
    for case in found:
        village.bring(case, "publicise")
    return found


@pytest.fixture
def hanging(village, pair):
    """A notice for both, posted today."""
    uid = village.plan_notice(pair)
    publicity.post_publicity(village.office, uid, village.today, WHERE, "陈志明")
    return uid


def over(village, uid):
    """Wait until the day after the last."""
    last = date.fromisoformat(str(village.values(Kind.PUBLICITY, uid)["to_on"]))
    village.pass_days((last - village.today).days + 1)


def test_a_plan_has_its_period_and_its_households(village, pair):
    values = village.values(Kind.CASE, pair[0])
    period = publicity.period_of(village.office, values, village.today)
    changes = publicity.plan_publicity(village.office, pair, village.today, CONTACTS)
    notice, *saved = written(village.office, changes)
    assert notice.op == "publicity.planned"
    expected = {
        "from_on": "2026-03-02",
        "to_on": period.last.isoformat(),
        "days": 7,
        "notice_on": "2026-03-02",
    }
    assert {**expected, **CONTACTS}.items() <= notice.changes.items()
    assert "posted_on" not in notice.changes
    assert [(one.entity, one.changes) for one in saved] == [
        (case, {"publicity": notice.entity}) for case in pair
    ]


def test_for_whom_no_notice_is_planned(village, pair):
    early = village.open("孙七")
    plan, today = publicity.plan_publicity, village.today
    with refused(village.office, "publicity.no_cases"):
        plan(village.office, [], today, CONTACTS)
    with refused(village.office, "workflow.not_at_step", status="active"):
        plan(village.office, [pair[0], early], today, CONTACTS)
    with refused(village.office, "region.outside", place=VILLAGE):
        plan(neighbour(village), pair, today, CONTACTS)
    with refused(village.office, "workflow.for_village"):
        plan(village.at(Level.TOWNSHIP), pair, today, CONTACTS)
    with refused(village.office, "field.unknown", field="fax"):
        plan(village.office, pair, today, {"fax": "1"})
    leaving = village.bring(village.open("周八", "exit"), "publicise")
    with refused(village.office, "publicity.mixed"):
        plan(village.office, [pair[0], leaving], today, CONTACTS)


def test_a_household_on_a_hanging_notice_is_put_on_no_other(village, pair, hanging):
    with refused(village.office, "publicity.on_another"):
        publicity.plan_publicity(village.office, [pair[0]], village.today, CONTACTS)
    publicity.strike_publicity(village.office, hanging, "户主姓名写错")
    assert village.plan_notice(pair)


def test_a_plan_not_posted_yet_is_replaced(village, pair):
    village.plan_notice(pair)
    second = village.plan_notice(pair)
    assert {village.values(Kind.CASE, case)["publicity"] for case in pair} == {second}


def test_posting_keeps_day_place_person_and_the_file(village, pair):
    uid = village.plan_notice(pair)
    village.pass_days(2)
    before = count(village.office, "blob")
    changes = publicity.post_publicity(village.office, uid, village.today, f" {WHERE} ", "陈志明")
    posted, *papers = written(village.office, changes)
    assert posted.op == "publicity.posted"
    assert posted.changes["posted_on"] == posted.changes["from_on"] == "2026-03-04"
    assert (posted.changes["posted_where"], posted.changes["posted_by"]) == (WHERE, "陈志明")
    assert date.fromisoformat(posted.changes["to_on"]) >= date(2026, 3, 11)  # moved with the posting
    assert [one.kind for one in papers] == ["document"]
    assert count(village.office, "blob") == before + 1


def test_what_is_not_posted(village, pair):
    uid, today = village.plan_notice(pair), village.today
    post = publicity.post_publicity
    with refused(village.office, "publicity.future"):
        post(village.office, uid, today + timedelta(days=1), WHERE, "陈志明")
    with refused(village.office, "publicity.no_place"):
        post(village.office, uid, today, " ", "陈志明")
    with refused(village.office, "publicity.before_notice", notice_on="2026-03-02"):
        post(village.office, uid, today - timedelta(days=1), WHERE, "陈志明")
    with refused(village.office, "region.outside", place=VILLAGE):
        post(neighbour(village), uid, today, WHERE, "陈志明")
    with refused(village.office, "entity.unknown"):
        post(village.office, EntityId("0" * 32), today, WHERE, "陈志明")
    post(village.office, uid, today, WHERE, "陈志明")
    with refused(village.office, "publicity.already_posted"):
        post(village.office, uid, today, WHERE, "陈志明")
    publicity.strike_publicity(village.office, uid, "贴错了")
    with refused(village.office, "publicity.struck"):
        post(village.office, uid, today, WHERE, "陈志明")


def test_a_household_that_withdrew_does_not_stop_the_posting(village, pair):
    uid = village.plan_notice(pair)
    for case in sorted(pair)[:1]:
        cases.act_on_case(village.office, case, "withdraw", {"reason": "本人不再申请"})
    publicity.post_publicity(village.office, uid, village.today, WHERE, "陈志明")
    cases.act_on_case(village.office, sorted(pair)[1], "withdraw", {"reason": "本人不再申请"})
    other = village.bring(village.open("孙七"), "publicise")
    second = village.plan_notice([other])
    cases.act_on_case(village.office, other, "withdraw", {"reason": "本人不再申请"})
    with refused(village.office, "publicity.no_cases"):
        publicity.post_publicity(village.office, second, village.today, WHERE, "陈志明")


def test_it_comes_down_when_it_has_hung_long_enough(village, hanging):
    last = str(village.values(Kind.PUBLICITY, hanging)["to_on"])
    with refused(village.office, "publicity.taken_down", until=last):
        publicity.take_down(village.office, hanging, village.today, "无异议")
    with refused(village.office, "workflow.future_date"):
        publicity.take_down(village.office, hanging, village.today + timedelta(days=30), "无异议")
    over(village, hanging)
    with refused(village.office, "region.outside", place=VILLAGE):
        publicity.take_down(neighbour(village), hanging, village.today, "无异议")
    [body] = written(village.office, publicity.take_down(village.office, hanging, village.today, " 无异议 "))
    assert (body.op, body.changes) == (
        "publicity.taken_down",
        {"taken_down_on": village.today.isoformat(), "result": "无异议"},
    )


def test_what_never_hung_does_not_come_down(village, pair):
    uid = village.plan_notice(pair)
    with refused(village.office, "publicity.not_posted"):
        publicity.take_down(village.office, uid, village.today, "无异议")
    publicity.strike_publicity(village.office, uid, "不贴了")
    with refused(village.office, "publicity.struck"):
        publicity.take_down(village.office, uid, village.today, "无异议")


def test_only_the_household_objected_to_waits(village, pair, hanging):
    objections.add_objection(village.office, hanging, pair[0], PHONE)
    early = publicity.conclude_publicity(village.office, hanging)
    assert {error.code for _, error in early.refused} == {"workflow.publicity_until"}
    over(village, hanging)
    done = publicity.conclude_publicity(village.office, hanging)
    assert done.done == (pair[1],)
    assert [case for case, _ in done.refused] == [pair[0]]
    [body] = written(village.office, done.changes)
    assert (body.op, body.extras["to"], body.changes["publicity_result"]) == (
        "case.advanced",
        "check",
        "none",
    )
    # The other is settled later; who went on already is passed over in silence.
    answer = Answer(
        village.people[Level.TOWNSHIP][0],
        Finding.UNTRUE,
        ObjectionAction.UPHOLD,
        village.today,
        "当面",
    )
    with village.office.workspace.read() as conn:
        uid = EntityId(conn.exec_driver_sql("SELECT uid FROM p_objection").scalar())
    objections.settle_objection(village.office, uid, answer)
    again = publicity.conclude_publicity(village.office, hanging)
    assert (again.done, again.refused) == ((pair[0],), ())
    last = publicity.conclude_publicity(village.office, hanging)
    assert (last.done, last.refused, last.changes.entries) == ((), (), ())


def test_a_struck_notice_takes_its_paper_along(village, pair, hanging):
    over(village, hanging)
    publicity.conclude_publicity(village.office, hanging)
    with refused(village.office, "workflow.reason_needed"):
        publicity.strike_publicity(village.office, hanging, "")
    with refused(village.office, "region.outside", place=VILLAGE):
        publicity.strike_publicity(neighbour(village), hanging, "写错")
    changes = publicity.strike_publicity(village.office, hanging, "户主姓名写错")
    found = written(village.office, changes)
    assert sorted(body.op for body in found) == [
        "case.struck",
        "case.struck",
        "document.voided",
        "publicity.struck",
    ]
    for case in pair:
        values = village.values(Kind.CASE, case)
        assert (values["stage"], values["publicity"]) == ("publicise", "")
    before = standing(village.office)
    with refused(village.office, "publicity.struck"):
        publicity.conclude_publicity(village.office, hanging)
    assert standing(village.office) == before


def test_a_corrected_name_asks_for_a_new_notice(village, pair, hanging):
    over(village, hanging)
    publicity.conclude_publicity(village.office, hanging)
    home = village.homes["吴福生"]
    members = village.office.workspace
    with members.read() as conn:
        uid = conn.exec_driver_sql("SELECT uid FROM p_member WHERE household = ?", (home,)).scalar()
    households.edit(
        village.office, home, [households.Edit(Kind.MEMBER, uid, {"name": "吴福升"})], "身份证为升"
    )
    case = pair[0]
    village.bring(case, "publicise")
    assert only(publicity.plan_publicity(village.office, [case], village.today, CONTACTS), Kind.PUBLICITY)


def test_who_withdrew_before_the_posting_is_not_on_the_board(village, pair):
    uid = village.plan_notice(pair)
    cases.act_on_case(village.office, pair[0], "withdraw", {"reason": "本人不再申请"})
    imprint = Imprint(PLACES, village.today)

    def heads():
        with village.office.workspace.read() as conn:
            return [row.head for row in papers.notice_sheet(conn, village.office.policy, uid, imprint).rows]

    assert heads() == ["赵六"]
    publicity.post_publicity(village.office, uid, village.today, WHERE, "陈志明")
    village.pass_days(1)
    cases.act_on_case(village.office, pair[1], "withdraw", {"reason": "本人不再申请"})
    assert heads() == ["赵六"]  # as it hung


def test_a_pack_without_a_rule_for_the_notice_has_no_period(village, pair):
    values = village.values(Kind.CASE, pair[0])
    pack = replace(village.office.policy.pack("s8/v1"), publicity={})
    bare = replace(village.office, policy=Policy({"s8/v1": pack}, village.office.policy.lists))
    assert publicity.period_of(village.office, values, village.today).last > village.today
    with pytest.raises(Refused, match=r"publicity\.no_rule"):
        publicity.period_of(bare, values, village.today)
