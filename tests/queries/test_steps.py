"""What the pages of the steps show: hits, meetings, notices, objections, draws and who is ready for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.calendar import Calendar, DayType
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.publicity import PublicityRule
from app.domain.workflow import Link
from app.queries.case_card import Said
from app.queries.comparison import hits_of
from app.queries.linked import Wanted, candidates, cases_linked
from app.queries.meeting import meetings
from app.queries.persons import persons
from app.queries.publicity import objections, publicity_rounds
from app.queries.sampling import samples
from app.usecases.policy import Policy
from tests.queries.conftest import OTHER, PACK, TOWNSHIP, VILLAGE, Place, send

AT_MEETING: dict[str, Value] = {
    "stage": "appraise",
    "stage_on": "2026-03-02",
    "opened": "appraise=2026-03-02",
}


@pytest.fixture
def cases(place: Place) -> tuple[EntityId, EntityId, EntityId]:
    """Two households at the appraisal here, one in the village beside; another one elsewhere in the way."""
    with place.workspace.write(place.actor) as tx:
        here = [place.case(tx, place.household(tx, name), **AT_MEETING) for name in ("王秀兰", "周建国")]
        far = place.case(tx, place.household(tx, "石文斌", village=OTHER), **AT_MEETING)
        place.case(tx, place.household(tx, "吴福生"))
        place.case(tx, place.household(tx, "罗秀兰"), **{**AT_MEETING, "status": "suspended"})
        place.case(tx, place.household(tx, "单小英"), workflow="exit", **AT_MEETING)
    return here[0], here[1], far


def heads(place: Place, step: str, scope: str = VILLAGE, workflow: str = "identify") -> list[str]:
    with place.workspace.read() as conn:
        found = candidates(conn, place.look, Wanted(scope, place.round, workflow, step))
    return [line.head for line in found]


def test_candidates_stand_at_the_step(place: Place, cases: object) -> None:
    assert heads(place, "appraise") == ["王秀兰", "周建国"]
    assert set(heads(place, "appraise", TOWNSHIP)) == {"王秀兰", "周建国", "石文斌"}
    assert heads(place, "appraise", workflow="exit") == ["单小英"]
    assert heads(place, "apply") == ["吴福生"]
    assert heads(place, "prais") == []


def test_a_case_with_two_open_steps_is_ready_for_both(place: Place, cases: tuple[EntityId, ...]) -> None:
    place.move(cases[0], stage="appraise compare", opened="appraise=2026-03-02 compare=2026-03-02")
    assert heads(place, "compare") == ["王秀兰"]
    assert "王秀兰" in heads(place, "appraise")


def test_a_case_with_two_stages_is_no_candidate(
    place: Place, twin: Place, cases: tuple[EntityId, ...]
) -> None:
    send(place, twin)
    for here, stage in ((place, "compare"), (twin, "visit")):
        here.move(cases[0], stage=stage, stage_on="2026-03-02", opened=f"{stage}=2026-03-02")
    send(twin, place)
    assert "王秀兰" not in heads(place, "visit") + heads(place, "compare")


MEETING: dict[str, Value] = {
    "body": "representatives",
    "held_on": "2026-03-01",
    "place": "村委会",
    "chair": "甲",
    "recorder": "乙",
    "eligible": 30,
    "present": 24,
}


def test_meetings_with_their_votes(place: Place, cases: tuple[EntityId, ...]) -> None:
    with place.workspace.write(place.actor) as tx:
        held = place.put(tx, Kind.MEETING, round=place.round, **MEETING)
        small = place.put(
            tx, Kind.MEETING, round=place.round, **{**MEETING, "held_on": "2026-02-01", "present": 10}
        )
        place.put(tx, Kind.MEETING, round=place.round, void=1, **MEETING)
    place.move(cases[0], meeting=held, votes_for=20, votes_against=2, votes_abstain=2, appraisal="agree")
    place.move(cases[1], meeting=held, votes_for=9, votes_against=14, votes_abstain=0, recused="丙")
    with place.workspace.read() as conn:
        first, second = meetings(conn, place.policy, place.round)
        linked = cases_linked(conn, place.look, Link.MEETING, held)
    assert (first.id, first.body_name, first.needs, first.households) == (held, "村民代表会议", 20, 2)
    assert (first.agreed, first.concluded, first.faults) == (1, 1, ())
    assert (second.id, second.households) == (small, 0)
    assert second.faults == (Said("meeting.no_quorum", (("eligible", 30), ("needs", 20), ("present", 10))),)
    assert {line.linked for line in linked} == {held}
    by_head = {line.head: line for line in linked}
    assert by_head["王秀兰"].outcome == "agree"
    vote = by_head["周建国"].vote
    assert vote is not None
    assert (vote.votes_for, vote.votes_against, vote.recused) == (9, 14, 1)


def test_a_meeting_of_a_body_the_pack_does_not_know(place: Place) -> None:
    with place.workspace.write(place.actor) as tx:
        place.put(tx, Kind.MEETING, round=place.round, **{**MEETING, "body": "club"})
    with place.workspace.read() as conn:
        (line,) = meetings(conn, place.policy, place.round)
    assert (line.needs, [fault.code for fault in line.faults]) == (0, ["meeting.no_rule"])


NOTICE: dict[str, Value] = {
    "workflow": "identify",
    "from_on": "2026-02-20",
    "to_on": "2026-02-28",
    "posted_on": "2026-02-20",
    "posted_where": "公开栏",
    "notice_on": "2026-02-20",
    "days": 7,
}


def test_notices_and_their_objections(place: Place, cases: tuple[EntityId, ...]) -> None:
    with place.workspace.write(place.actor) as tx:
        posted = place.put(tx, Kind.PUBLICITY, round=place.round, **NOTICE)
        planned = place.put(
            tx, Kind.PUBLICITY, round=place.round, workflow="identify", notice_on="2026-02-01"
        )
        about: dict[str, Value] = {"publicity": posted, "case": cases[0], "received_on": "2026-02-21"}
        closed = place.put(
            tx,
            Kind.OBJECTION,
            content="有车",
            closed=1,
            finding="untrue",
            action="uphold",
            handler=place.people["李红霞"],
            **about,
        )
        opened = place.put(
            tx,
            Kind.OBJECTION,
            content="有房",
            objector="张三丰",
            objector_contact="13800001234",
            channel="phone",
            **about,
        )
        place.put(tx, Kind.OBJECTION, content="误登", void=1, **about)
    place.move(cases[0], publicity=posted)
    place.move(cases[1], publicity=posted, publicity_result="none")
    with place.workspace.read() as conn:
        first, second = publicity_rounds(conn, place.look, place.round)
        raised = objections(conn, place.look, posted)
        linked = cases_linked(conn, place.look, Link.PUBLICITY, posted)
    assert {line.case for line in linked} == set(cases[:2])
    assert (first.id, first.households, first.concluded, first.objections) == (posted, 2, 1, 2)
    assert (first.is_over, first.days_left, first.faults) == (True, -2, ())
    assert (second.id, second.is_over, second.days_left) == (planned, False, None)
    assert [fault.code for fault in second.faults] == ["publicity.not_posted"]
    assert [line.id for line in raised] == [opened, closed]
    assert (raised[0].contact, raised[0].channel) == ("138****1234", "电话")
    assert (raised[0].head, raised[0].due_on, raised[0].closed) == ("王秀兰", "2026-02-26", False)
    assert (raised[1].handler, raised[1].closed, raised[1].action) == (
        "李红霞",
        True,
        place.policy.codes("objection_action").label("uphold"),
    )


def test_a_notice_the_pack_has_no_rule_for(place: Place) -> None:
    pack = place.policy.pack(PACK)
    with place.workspace.write(place.actor) as tx:
        notice = place.put(tx, Kind.PUBLICITY, round=place.round, **NOTICE)
        place.put(tx, Kind.OBJECTION, publicity=notice, content="有车", received_on="2026-02-21")
    bare = Policy({PACK: replace(pack, publicity={})}, place.policy.lists)
    rule = PublicityRule("village", 7, DayType.WORKING, count_first_day=False)
    strange = Policy(
        {PACK: replace(pack, publicity={"village": rule}, calendar=Calendar())}, place.policy.lists
    )
    with place.workspace.read() as conn:
        (line,) = publicity_rounds(conn, replace(place.look, policy=bare), place.round)
        assert line.faults == (Said("publicity.no_rule"),)
        assert objections(conn, replace(place.look, policy=bare), notice)[0].due_on == ""
        (line,) = publicity_rounds(conn, replace(place.look, policy=strange), place.round)
        assert line.faults == (Said("calendar.unknown_year", (("year", 2026),)),)


def test_hits_of_a_case(place: Place, cases: tuple[EntityId, ...]) -> None:
    with place.workspace.write(place.actor) as tx:
        home = str(tx.load(Kind.CASE, cases[0])["household"])
        member = tx.children(Kind.MEMBER, "household", home)[0][0]
        fields: dict[str, Value] = {"case": cases[0], "register": "vehicle", "member": member}
        place.put(tx, Kind.HIT, item="误登", void=1, void_reason="重复", **fields)
        place.put(tx, Kind.HIT, item="小型汽车", value="10万元", source="entered", **fields)
        judged: dict[str, Value] = {"adjudicator1": place.people["周国栋"], "adjudicator2": "f" * 32}
        place.put(
            tx, Kind.HIT, item="房产", verdict="no_effect", **judged, **{**fields, "register": "made_up"}
        )
    with place.workspace.read() as conn:
        lines = {line.item: line for line in hits_of(conn, place.policy, cases[0])}
        assert list(lines)[-1] == "误登"
        with pytest.raises(Refused):
            hits_of(conn, place.policy, "f" * 32)
    car, house, struck = lines["小型汽车"], lines["房产"], lines["误登"]
    assert (car.member_name, car.waits, car.verdict) == ("王秀兰", True, "pending")
    assert car.register_name
    assert car.register_name != "vehicle"
    assert (house.register_name, house.severity, house.waits) == ("made_up", "flag", False)
    assert (struck.void, struck.waits) == (True, False)


def test_draws(place: Place, cases: tuple[EntityId, ...]) -> None:
    township = replace(place.actor, level=Level.TOWNSHIP)
    with place.workspace.write(township) as tx:
        drawn = place.put(
            tx, Kind.SAMPLE, TOWNSHIP, round=place.round, workflow="identify", seed="2026", rate=100, size=2,
            drawn_on="2026-03-02", cases=f"{cases[0]} {cases[1]}",
        )  # fmt: skip
        place.put(tx, Kind.SAMPLE, TOWNSHIP, round=place.round, void=1)
    for case in cases:
        place.move(case, sample_in=drawn)
    place.move(cases[1], sample_result="agree")
    with place.workspace.read() as conn:
        (line,) = samples(conn, place.round)
        linked = {one.case: one for one in cases_linked(conn, place.look, Link.SAMPLE, drawn)}
    assert (line.id, line.seed, line.rate, line.size, line.drawn_on) == (drawn, "2026", 100, 2, "2026-03-02")
    assert (line.cases, line.waiting) == ((cases[0], cases[1]), (cases[0],))
    assert [linked[case].sampled for case in cases] == [True, True, False]
    assert linked[cases[1]].sample_result == "agree"


def test_persons_at_work_come_first(place: Place) -> None:
    with place.workspace.write(place.actor) as tx:
        tx.record("person.left", Kind.PERSON, place.people["李红霞"], {"active": 0})
    with place.workspace.read() as conn:
        found = persons(conn)
    assert [(line.name, line.active) for line in found] == [
        ("周国栋", True),
        ("陈志明", True),
        ("李红霞", False),
    ]
    assert (found[0].position, found[0].unit) == ("村干部", "村委会")
