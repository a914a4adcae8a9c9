"""The way down: returns with marks, what is put right, sent up again, and approvals that are looked at again."""

from __future__ import annotations

import pytest

from app.domain.ids import EntityId, Kind
from app.files.package import PackageKind
from app.queries import case_facts, rows
from app.queries.approved import approval_of
from app.queries.board import Look
from app.queries.household_list import Chip, ListQuery, list_ids
from app.queries.returned import resent, return_of, returned
from app.usecases import cases, hits, households
from app.usecases.demo_month import standing_at
from app.usecases.reconfirm import reconfirm
from app.usecases.returns import send_again
from tests.usecases.exchange import COUNTY, TOWNSHIP, VILLAGE, Computers, digest_of, edit
from tests.usecases.expect import refused, written


@pytest.fixture
def township(computers: Computers):
    return computers.office("township")


@pytest.fixture
def village(computers: Computers):
    return computers.office("village-01")


def look(office):
    return Look(office.policy, office.workspace.clock.now().date())


def home_of(office, case):
    with office.workspace.read() as conn:
        return EntityId(str(rows.get(conn, Kind.CASE, case)["household"]))


def member_of(office, home):
    with office.workspace.read() as conn:
        return rows.where(conn, Kind.MEMBER, household=home)[0][0]


def sent_back(office, scope=VILLAGE):
    with office.workspace.read() as conn:
        return returned(conn, look(office), scope)


def sent_up(office):
    with office.workspace.read() as conn:
        return resent(conn, VILLAGE)


def stage(office, case):
    with office.workspace.read() as conn:
        return rows.get(conn, Kind.CASE, case)["stage"]


def send_back(computers, township, village, **marks):
    """The township sends the first case that waits for it back to the home visit; the village reads it."""
    case = standing_at(township, "check", TOWNSHIP)[0]
    data = {"to": "visit", "reason": "户内信息与实际不符", "reason_code": "facts", **marks}
    computers.later(minutes=5)
    changes = cases.act_on_case(township, case, "check.return", data)
    computers.send(township, village, PackageKind.DOWN)
    return case, changes


def test_marks_travel_in_one_spelling_with_what_the_writer_had(computers, township, village):
    case = standing_at(township, "check", TOWNSHIP)[0]
    member = member_of(township, home_of(township, case))
    wrong = f"verdict.housing household.address member.phone@{member} household.address"
    notes = {"note:household.address": " 门牌号不对 "}
    case, changes = send_back(computers, township, village, wrong=wrong, **notes)
    [body] = written(township, changes)
    assert body.extras["wrong"] == f"household.address member.phone@{member} verdict.housing"
    assert body.extras["note:household.address"] == "门牌号不对"
    assert body.extras["saw"]
    [line] = sent_back(village)
    assert (line.case, line.step, line.level, line.reason) == (
        case,
        "visit",
        "township",
        "户内信息与实际不符",
    )
    assert line.reason_label
    assert [(m.kind, m.field, m.note, m.fixed) for m in line.marks] == [
        ("household", "address", "门牌号不对", False),
        ("member", "phone", "", False),
        ("verdict", "housing", "", False),
    ]
    assert line.marks[1].about
    assert line.marks[2].about
    assert not line.ready


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"wrong": "household.nothing"}, "returned.bad_mark"),
        ({"wrong": "person.name"}, "returned.bad_mark"),
        ({"wrong": "verdict.nothing"}, "returned.bad_mark"),
        ({"wrong": "?"}, "returned.bad_mark"),
        ({"wrong": "household.address", "note:household.code": "x"}, "returned.bad_mark"),
        ({"wrong": " ".join(f"household@{n:032x}" for n in range(61))}, "returned.too_many"),
    ],
)
def test_bad_marks_are_refused(township, data, code):
    case = standing_at(township, "check", TOWNSHIP)[0]
    with refused(township, code):
        cases.act_on_case(township, case, "check.return", {"to": "visit", "reason": "不符", **data})


def test_only_a_return_marks(village):
    case = standing_at(village, "apply", VILLAGE)[0]
    with refused(village, "returned.no_return"):
        cases.act_on_case(village, case, "apply.save", {"applicant": "本人", "wrong": "household.address"})


def test_put_right_and_sent_up_again(computers, township, village):
    marks = {"wrong": "household.address verdict.housing", "note:household.address": "门牌号不对"}
    case, _ = send_back(computers, township, village, **marks)
    home = home_of(village, case)
    computers.later(minutes=5)
    with refused(village, "returned.marks_left", number=2):
        send_again(village, case)
    edit(village, home, address="三组18号")
    [line] = sent_back(village)
    assert [m.fixed for m in line.marks] == [True, False]
    with refused(village, "returned.marks_left", number=1):
        send_again(village, case)
    done = send_again(village, case, "住房重新看过，确属安全")
    assert done.steps[0] == "入户调查"
    assert stage(village, case) != "visit"
    assert sent_back(village) == ()
    assert [one.case for one in sent_up(village)] == [case]
    with refused(village, "returned.not_returned"):
        send_again(village, case)
    computers.send(village, township, PackageKind.UP)
    with township.workspace.read() as conn:
        found = return_of(conn, township.policy, case)
    [delta] = [one for one in found.deltas if one.kind == "household"]
    assert (delta.field, delta.now, delta.fresh) == ("address", "三组18号", False)
    assert delta.before
    assert delta.before != delta.now
    # The receipt of the township comes down: nothing waits for a stick any more.
    computers.send(township, village, PackageKind.DOWN)
    assert sent_up(village) == ()


def test_a_return_without_marks_is_answered_by_any_change(computers, township, village):
    case, _ = send_back(computers, township, village)
    [line] = sent_back(village)
    assert (line.marks, line.ready) == ((), False)
    edit(village, home_of(village, case), address="三组18号")
    [line] = sent_back(village)
    assert line.ready


def test_what_the_returner_had_not_seen_counts_as_changed_whatever_the_clock_says(
    computers, township, village
):
    case = standing_at(township, "check", TOWNSHIP)[0]
    home = home_of(township, case)
    edit(village, home, address="先改的地址")  # before the return by the clock, unseen by the township
    send_back(computers, township, village, wrong="household.address")
    [line] = sent_back(village)
    assert line.ready


def test_it_is_another_levels_turn(computers, township, village):
    case, _ = send_back(computers, township, village)
    with refused(township, "returned.not_yours"):
        send_again(township, case)


def test_a_case_nobody_returned_has_no_return(village):
    with village.workspace.read() as conn:
        assert return_of(conn, village.policy, standing_at(village, "apply", VILLAGE)[0]) is None


def approved_case(office):
    with office.workspace.read() as conn:
        query = "SELECT uid FROM case_line WHERE status = 'approved' AND workflow = 'identify' ORDER BY sort"
        return EntityId(str(conn.exec_driver_sql(query).scalar()))


def decide(computers):
    """The county approves one more case now, so that the act says what it had."""
    county = computers.office("county")
    case = standing_at(county, "audit", COUNTY)[0]
    given = {"decider": county.actor.person, "approval_no": "演农〔2026〕9号"}
    cases.act_on_case(county, case, "audit.approve", given)
    return county, case


def test_a_change_after_the_approval_is_told_field_by_field_and_confirmed_anew(computers, township, village):
    county, case = decide(computers)
    computers.send(county, township, PackageKind.DOWN)
    computers.send(township, village, PackageKind.DOWN)
    home = home_of(village, case)
    member = member_of(village, home)
    with village.workspace.read() as conn:
        assert approval_of(conn, village.policy, case).changed is False
    with refused(county, "returned.nothing_changed"):
        reconfirm(county, case, "看过")
    computers.later(hours=1)
    changed = [
        households.Edit(Kind.MEMBER, member, {"name": "改名"}),
        households.Edit(Kind.HOUSEHOLD, home, {"address": "新地址"}),  # no approval looks at it
    ]
    households.edit(village, home, changed, "核对身份证")
    computers.send(village, township, PackageKind.UP)
    computers.send(township, county, PackageKind.UP)
    for office in (village, township, county):
        with office.workspace.read() as conn:
            found = approval_of(conn, office.policy, case)
        assert (found.changed, found.exact, found.level) == (True, True, "county")
        [delta] = found.deltas
        assert (delta.kind, delta.field, delta.now) == ("member", "name", "改名")
        query = ListQuery(scope=VILLAGE, workflow="identify", chip=Chip.CHANGED)
        with office.workspace.read() as conn:
            assert len(list_ids(conn, look(office), query)) == 1
    with refused(township, "workflow.for_county"):
        reconfirm(township, case, "看过")
    with refused(county, "returned.reason_needed"):
        reconfirm(county, case, " ")
    computers.later(minutes=1)
    [body] = written(county, reconfirm(county, case, "改的是错别字，仍然同意"))
    assert (body.op, set(body.changes)) == ("case.reconfirmed", {"seen"})
    computers.send(county, township, PackageKind.DOWN)
    computers.send(township, village, PackageKind.DOWN)
    with village.workspace.read() as conn:
        found = approval_of(conn, village.policy, case)
    assert (found.changed, found.deltas) == (False, ())
    assert digest_of(village) == digest_of(county)


def test_an_approval_of_an_older_program_is_measured_by_the_clock(computers, monkeypatch):
    monkeypatch.setattr("app.usecases.cases.saw", lambda _conn, _household: "")
    county, case = decide(computers)
    with county.workspace.read() as conn:
        found = approval_of(conn, county.policy, case)
    assert (found.changed, found.exact, found.deltas) == (False, False, ())


def test_a_case_under_way_has_no_approval(village):
    with village.workspace.read() as conn:
        assert approval_of(conn, village.policy, standing_at(village, "apply", VILLAGE)[0]) is None


def test_nothing_is_confirmed_while_a_conflict_is_open(computers, township, village):
    county, case = decide(computers)
    for office, kind in ((township, PackageKind.DOWN), (village, PackageKind.DOWN)):
        computers.send(county if office is township else township, office, kind)
    other = computers.office("second", "village-01")
    computers.send(village, other, PackageKind.PEER)
    member = member_of(village, home_of(village, case))
    for office, name in ((village, "甲"), (other, "乙")):
        edits = [households.Edit(Kind.MEMBER, member, {"name": name})]
        households.edit(office, home_of(office, case), edits, "核对")
    computers.send(other, village, PackageKind.PEER)
    computers.send(village, township, PackageKind.UP)
    computers.send(township, county, PackageKind.UP)
    with refused(county, "workflow.conflicts", number=1):
        reconfirm(county, case, "仍然同意")


def test_it_stops_where_something_is_missing_and_says_what(computers, township, village):
    case, _ = send_back(computers, township, village)
    edit(village, home_of(village, case), address="三组18号")
    hits.add_hits(village, case, [{"register": "vehicle", "item": "轿车"}])
    done = send_again(village, case)
    assert done.steps == ("入户调查",)
    assert done.stopped is not None
    assert stage(village, case) == "compare"


def test_what_the_first_step_lacks_is_told_and_nothing_is_written(computers, township, village):
    case = standing_at(township, "check", TOWNSHIP)[0]
    cases.act_on_case(township, case, "check.return", {"to": "compare", "reason": "比对不全"})
    computers.send(township, village, PackageKind.DOWN)
    hits.add_hits(village, case, [{"register": "vehicle", "item": "轿车"}])
    with refused(village, "workflow.missing"):
        send_again(village, case, "重新比对过")


def test_a_conflict_in_a_hit_stops_the_household_too(computers, township, village):
    other = computers.office("second", "village-01")
    case = standing_at(village, "compare", VILLAGE)[0]
    hits.add_hits(village, case, [{"register": "vehicle", "item": "轿车"}])
    computers.send(village, other, PackageKind.PEER)
    with village.workspace.read() as conn:
        hit = EntityId(rows.where(conn, Kind.HIT, case=case)[0][0])
    for office, text in ((village, "甲"), (other, "乙")):
        with office.workspace.write(office.actor) as tx:
            tx.record("hit.judged", Kind.HIT, hit, {"explanation": text})
    computers.send(other, village, PackageKind.PEER)
    with village.workspace.read() as conn:
        assert case_facts.conflicts_around(conn, case, home_of(village, case)) == 1
        query = "SELECT conflicts, contested FROM case_line WHERE uid = ?"
        assert tuple(conn.exec_driver_sql(query, (case,)).one()) == (1, 1)
    village.workspace.rebuild()
    with village.workspace.read() as conn:
        assert tuple(conn.exec_driver_sql(query, (case,)).one()) == (1, 1)
