"""The facts around a case: every count changes with the row it counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.calendar import Calendar, DayType
from app.domain.errors import Refused
from app.domain.evidence import CaseFacts
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.publicity import PublicityRule
from app.queries.case_facts import case_view, facts
from app.usecases.policy import Policy
from tests.queries.conftest import OTHER, PACK, TOWNSHIP, Place, id_number, send


class Home:
    """A household with a case, and the facts around it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        with place.workspace.write(place.actor) as tx:
            self.uid = place.household(tx, "王秀兰", members=2)
            self.case = place.case(tx, self.uid)

    def put(self, kind: Kind, **fields: Value) -> EntityId:
        with self.place.workspace.write(self.place.actor) as tx:
            return self.place.put(tx, kind, **fields)

    def facts(self, policy: Policy | None = None, **given: Value) -> CaseFacts:
        with self.place.workspace.read() as conn:
            values = case_view(conn, self.case, self.place.policy).values
            return facts(conn, self.case, policy or self.place.policy, {**values, **given})


@pytest.fixture
def home(place: Place) -> Home:
    return Home(place)


def test_a_fresh_case(home: Home) -> None:
    assert home.facts() == CaseFacts(members=2, verdicts_unchecked=7)


def test_people(home: Home, place: Place) -> None:
    with place.workspace.write(place.actor) as tx:
        placeholder = "999999196001010011"
        place.member(tx, home.uid, "甲", id_number="")
        place.member(tx, home.uid, "乙", id_number=placeholder)
        place.member(tx, home.uid, "丙", status="left")
        place.member(tx, home.uid, "丁", status="deceased")
        place.member(tx, home.uid, "戊", status="void")
    found = home.facts()
    assert (found.members, found.unidentified) == (4, 2)


@pytest.mark.parametrize(
    ("status", "household", "expected"),
    [("present", "active", 1), ("left", "active", 0), ("present", "void", 0), ("", "active", 1)],
)
def test_somebody_registered_twice(
    home: Home, place: Place, status: str, household: str, expected: int
) -> None:
    number = id_number("19700101", 5)
    with place.workspace.write(place.actor) as tx:
        place.member(tx, home.uid, "甲", id_number=number)
        other = place.household(tx, "石文斌", village=OTHER, status=household)
        place.member(tx, other, "甲", id_number=number, status=status)
    assert home.facts().duplicates == expected


def test_an_empty_household_has_no_duplicate(place: Place) -> None:
    with place.workspace.write(place.actor) as tx:
        uid = place.household(tx, "无名", members=0)
        case = place.case(tx, uid)
    with place.workspace.read() as conn:
        found = case_view(conn, case, place.policy).facts
    assert (found.members, found.duplicates, found.no_labour) == (0, 0, 0)


def test_no_identity_number_is_no_duplicate(home: Home, place: Place) -> None:
    with place.workspace.write(place.actor) as tx:
        empty = place.household(tx, "无名", members=0)
        place.case(tx, empty)
        for uid in (home.uid, empty):
            place.member(tx, uid, "甲", id_number="")
    assert home.facts().duplicates == 0


@pytest.mark.parametrize(("codes", "expected"), [((), 0), (("4", "5"), 1), (("5", "3"), 0), (("4",), 1)])
def test_labour(home: Home, place: Place, codes: tuple[str, ...], expected: int) -> None:
    with place.workspace.write(place.actor) as tx:
        for code in codes:
            place.member(tx, home.uid, "甲", labour=code)
    assert home.facts().no_labour == expected


def test_money_conditions_and_verdicts(home: Home, place: Place) -> None:
    with place.workspace.write(place.actor) as tx:
        place.income(tx, home.uid, 100)
        place.income(tx, home.uid, 100, void=1)
        place.income(tx, home.uid, 100, round="e" * 32)
        place.conditions(tx, home.uid, food=1, clothing=0, checked_on="2026-02-01")
    found = home.facts()
    assert (found.income_items, found.conditions) == (1, 1)
    assert (found.verdicts_failed, found.verdicts_unchecked) == (2, 4)  # income and clothing; food holds
    with place.workspace.write(place.actor) as tx:
        place.conditions(tx, home.uid, food=1, clothing=1, checked_on="2026-02-02")
    assert home.facts().verdicts_failed == 1  # the later visit counts


def test_values_not_yet_written_count(home: Home) -> None:
    assert home.facts(override_food="pass", override_reason_food="看过").verdicts_unchecked == 6


def test_hits(home: Home) -> None:
    for verdict in ("", "pending", "veto", "no_effect"):
        home.put(Kind.HIT, case=home.case, register="vehicle", verdict=verdict)
    home.put(Kind.HIT, case=home.case, verdict="veto", void=1)
    found = home.facts()
    assert (found.hits, found.hits_open, found.hits_veto) == (4, 2, 1)


MEETING: dict[str, Value] = {
    "body": "representatives",
    "held_on": "2026-03-01",
    "place": "村委会",
    "chair": "甲",
    "recorder": "乙",
    "eligible": 30,
    "present": 24,
}


@pytest.mark.parametrize(
    ("meeting", "votes", "expected"),
    [
        ({}, (20, 2, 2), (1, 1, 0)),
        ({}, (10, 12, 2), (1, 0, 1)),
        ({}, (0, 0, 0), (0, 0, 0)),
        ({"present": 10}, (6, 2, 2), (0, 1, 0)),  # no quorum
        ({"body": "nobody"}, (20, 2, 2), (0, 0, 0)),
        ({"void": 1}, (20, 2, 2), (0, 0, 0)),
    ],
)
def test_the_meeting(
    home: Home, meeting: dict[str, Value], votes: tuple[int, int, int], expected: tuple[int, int, int]
) -> None:
    uid = home.put(Kind.MEETING, **{**MEETING, "round": home.place.round, **meeting})
    found = home.facts(meeting=uid, votes_for=votes[0], votes_against=votes[1], votes_abstain=votes[2])
    assert (found.meeting_counts, found.majority_agrees, found.majority_disagrees) == expected


NOTICE: dict[str, Value] = {
    "workflow": "identify",
    "posted_on": "2026-03-02",
    "to_on": "2026-03-09",
    "posted_where": "公开栏",
}


def test_the_notice(home: Home) -> None:
    good = home.put(Kind.PUBLICITY, **NOTICE)
    found = home.facts(publicity=good)
    assert (found.publicity_counts, str(found.publicity_to)) == (1, "2026-03-09")
    short = home.put(Kind.PUBLICITY, **{**NOTICE, "to_on": "2026-03-05"})
    assert home.facts(publicity=short).publicity_counts == 0
    struck = home.put(Kind.PUBLICITY, **{**NOTICE, "void": 1})
    assert home.facts(publicity=struck).publicity_to is None


def test_a_notice_in_working_days_of_an_unknown_year_confirms_nothing(home: Home, place: Place) -> None:
    pack = place.policy.pack(PACK)
    rule = PublicityRule("village", 7, DayType.WORKING, count_first_day=False)
    strange = replace(pack, publicity={"village": rule}, calendar=Calendar())
    policy = Policy({PACK: strange}, place.policy.lists)
    good = home.put(Kind.PUBLICITY, **NOTICE)
    found = home.facts(policy, publicity=good)
    assert (found.publicity_counts, str(found.publicity_to)) == (0, "2026-03-09")


def test_objections_papers_and_photos(home: Home) -> None:
    home.put(Kind.OBJECTION, case=home.case, content="收入不实")
    home.put(Kind.OBJECTION, case=home.case, content="已答复", closed=1)
    home.put(Kind.OBJECTION, case=home.case, void=1)
    home.put(Kind.ATTACHMENT, case=home.case, step="visit")
    home.put(Kind.ATTACHMENT, case=home.case, step="visit")
    home.put(Kind.ATTACHMENT, case=home.case, step="visit", void=1)
    home.put(Kind.SUBMISSION, case=home.case)
    found = home.facts()
    assert (found.objections, found.objections_open, found.submissions) == (2, 1, 1)
    assert found.attachments == {"visit": 2}


def test_the_certificate(home: Home) -> None:
    assert home.facts(certificate=home.put(Kind.DOCUMENT, type="certificate")).certificate_valid == 1
    assert home.facts(certificate=home.put(Kind.DOCUMENT, type="notice")).certificate_valid == 0
    assert home.facts(certificate=home.put(Kind.DOCUMENT, type="certificate", void=1)).certificate_valid == 0


def test_a_draw_over_the_area(home: Home, place: Place) -> None:
    draw: dict[str, Value] = {"round": place.round, "workflow": "identify"}
    township = replace(place.actor, level=Level.TOWNSHIP)
    with place.workspace.write(township) as tx:
        place.put(tx, Kind.SAMPLE, OTHER, cases=home.case, **draw)
    assert home.facts().sample_drawn == 0  # drawn for another village
    with place.workspace.write(township) as tx:
        mine = place.put(tx, Kind.SAMPLE, TOWNSHIP, cases=f"{'e' * 32} {home.case}", **draw)
        empty = place.put(tx, Kind.SAMPLE, TOWNSHIP, cases="e" * 32, **draw)
    found = home.facts()
    assert (found.sample_drawn, found.in_sample, found.sample_waiting) == (1, 1, 1)
    assert home.facts(sample_result="agree").sample_waiting == 0
    assert home.facts(sample_in=mine).in_sample == 1
    # The draw the case names counts alone.
    assert (home.facts(sample_in=empty).sample_drawn, home.facts(sample_in=empty).in_sample) == (1, 0)


def test_stages_in_conflict(home: Home, place: Place, twin: Place) -> None:
    send(place, twin)
    for here, stage in ((place, "visit"), (twin, "compare")):
        here.move(home.case, stage=stage, stage_on="2026-03-02", opened=f"{stage}=2026-03-02")
    send(twin, place)
    assert {head.stage for head in home.facts().stage_heads} == {"visit", "compare"}
    with place.workspace.read() as conn:
        view = case_view(conn, home.case, place.policy)
    assert (view.values["stage"], view.values["opened"]) == ("visit", "visit=2026-03-02")


def test_a_pack_that_is_not_here(home: Home) -> None:
    with pytest.raises(Refused) as caught:
        home.facts(pack="x9/v1")
    assert caught.value.code == "pack.unknown"


def test_an_unknown_case(place: Place) -> None:
    with place.workspace.read() as conn, pytest.raises(Refused) as caught:
        case_view(conn, "f" * 32, place.policy)
    assert caught.value.code == "entity.unknown"
