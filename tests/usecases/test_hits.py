"""Hits of the comparison: after the authorisation only, judged by two, struck with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.comparison import HitVerdict, Ruling
from app.domain.ids import EntityId, Kind, Level
from app.usecases import cases, hits
from tests.usecases.expect import refused, written
from tests.usecases.test_cases import neighbour
from tests.usecases.village import VILLAGE, only

CAR = {"register": "vehicle", "item": "三轮农用车", "value": "1辆", "as_of": "2026-02-01"}


@pytest.fixture
def case(village):
    """A case at the comparison."""
    return village.bring(village.open("吴福生"), "compare")


@pytest.fixture
def ruling(village):
    """A right judgement by two people."""
    one, two = village.people[Level.VILLAGE]
    return Ruling(HitVerdict.NO_EFFECT, "", "用于拉农资", one, two, village.today)


def test_hits_are_one_entry_each(village, case):
    changes = hits.add_hits(village.office, case, [CAR, {**CAR, "register": "tax"}], "imported")
    found = written(village.office, changes)
    assert [body.op for body in found] == ["hit.added"] * 2
    home = village.homes["吴福生"]
    assert found[0].changes == {**CAR, "case": case, "household": home, "source": "imported"}


def test_what_is_no_hit(village, case):
    with refused(village.office, "comparison.no_register"):
        hits.add_hits(village.office, case, [CAR, {**CAR, "register": ""}])
    with refused(village.office, "field.unknown", field="wheels"):
        hits.add_hits(village.office, case, [{**CAR, "wheels": 3}])
    village.add_home("赵六")
    with village.office.workspace.read() as conn:
        query = "SELECT uid FROM p_member WHERE household = ?"
        stranger = conn.exec_driver_sql(query, (village.homes["赵六"],)).scalar()
    with refused(village.office, "comparison.other_household"):
        hits.add_hits(village.office, case, [{**CAR, "member": stranger}])
    with refused(village.office, "region.outside", place=VILLAGE):
        hits.add_hits(neighbour(village), case, [CAR])
    fresh = village.open("孙七")
    with refused(village.office, "comparison.not_authorised"):
        hits.add_hits(village.office, fresh, [CAR])


def test_two_people_judge(village, case, ruling):
    hit = only(hits.add_hits(village.office, case, [CAR]), Kind.HIT)
    with refused(village.office, "workflow.missing"):
        cases.act_on_case(village.office, case, "compare.explained", {"auth_signed": 1})
    for wrong, code in (
        ({"second": ruling.first}, "comparison.two_people"),
        ({"explanation": ""}, "comparison.explanation_needed"),
        ({"on": village.today + timedelta(days=1)}, "workflow.future_date"),
    ):
        with refused(village.office, code):
            hits.judge_hit(village.office, hit, replace(ruling, **wrong))
    with refused(village.office, "region.outside", place=VILLAGE):
        hits.judge_hit(neighbour(village), hit, ruling)
    [body] = written(village.office, hits.judge_hit(village.office, hit, ruling))
    assert (body.op, body.changes) == (
        "hit.judged",
        {
            "verdict": "no_effect",
            "explanation": "用于拉农资",
            "adjudicator1": ruling.first,
            "adjudicator2": ruling.second,
            "adjudicated_on": "2026-03-02",
        },
    )
    cases.act_on_case(village.office, case, "compare.explained", {"auth_signed": 1})
    assert village.stage(case) == "appraise"


def test_a_hint_at_need_never_rules_out(village, case, ruling):
    hit = only(hits.add_hits(village.office, case, [{**CAR, "register": "disability"}]), Kind.HIT)
    with refused(village.office, "comparison.risk_register"):
        hits.judge_hit(village.office, hit, replace(ruling, verdict=HitVerdict.VETO))


def test_a_struck_hit_counts_no_more(village, case):
    hit = only(hits.add_hits(village.office, case, [CAR]), Kind.HIT)
    with refused(village.office, "workflow.reason_needed"):
        hits.strike_hit(village.office, hit, "  ")
    with refused(village.office, "region.outside", place=VILLAGE):
        hits.strike_hit(neighbour(village), hit, "录错")
    with refused(village.office, "entity.unknown"):
        hits.strike_hit(village.office, EntityId("0" * 32), "录错")
    [body] = written(village.office, hits.strike_hit(village.office, hit, " 录错户 "))
    assert (body.op, body.changes) == ("hit.struck", {"void": 1, "void_reason": "录错户"})
    cases.act_on_case(village.office, case, "compare.none", {"auth_signed": 1})
