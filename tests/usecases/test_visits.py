"""The home visit: a draft that survives, and a finished questionnaire that becomes the records."""

from __future__ import annotations

import pytest

from app.domain.ids import EntityId, Kind
from app.domain.submission import Settled
from app.usecases import households, rounds, visits
from tests.questionnaire.visit_answers import ANSWERS as SAFE
from tests.usecases.expect import refused, written
from tests.usecases.journal import standing
from tests.usecases.test_cases import neighbour
from tests.usecases.village import VILLAGE

# The house is unsafe here.
ANSWERS = {**SAFE, "housing/house/house_grade": "C", "housing/house/house_safe": "0"}


@pytest.fixture
def case(village):
    """A case at the visit."""
    return village.bring(village.open("吴福生"), "visit")


def fill(visit, **other):
    for path, text in {**ANSWERS, **other}.items():
        visit.engine.answer(visit.engine.at(f"/data/{path}")[0], text)


def xml(visit):
    return visit.engine.to_xml(everything=True)


def test_a_fresh_form_knows_what_is_recorded(village, case):
    before = standing(village.office)
    visit = visits.open_visit(village.office, case)
    assert (visit.head, visit.household, visit.draft_at, visit.form) == (
        "吴福生",
        village.homes["吴福生"],
        "",
        "visit",
    )
    assert {"吴福生", "三组"} <= set(xml(visit).replace(">", "<").split("<"))
    assert standing(village.office) == before  # to look is no write
    with refused(village.office, "entity.unknown"):
        visits.open_visit(village.office, EntityId("0" * 32))


def test_a_draft_opens_where_it_was_left_and_can_be_forgotten(village, case):
    visit = visits.open_visit(village.office, case)
    visit.engine.answer(visit.engine.at("/data/basic/respondent")[0], "吴家大嫂")
    before = standing(village.office)
    visits.save_draft(village.office, visit)
    again = visits.open_visit(village.office, case)
    assert (again.draft_at[:10], "吴家大嫂" in xml(again)) == ("2026-03-02", True)
    visits.discard_draft(village.office, again)
    fresh = visits.open_visit(village.office, case)
    assert (fresh.draft_at, "吴家大嫂" in xml(fresh)) == ("", False)
    assert standing(village.office) == before


def test_a_finished_form_becomes_the_records(village, case):
    visit = visits.open_visit(village.office, case)
    fill(visit)
    visits.save_draft(village.office, visit)
    changes = visits.finish_visit(village.office, visit)
    found = written(village.office, changes)
    by_kind: dict[str, list] = {}
    for body in found:
        by_kind.setdefault(body.kind, []).append(body)
    round_id = village.values(Kind.CASE, case)["round"]
    money = {
        (b.changes["category"], b.changes.get("item", "")): b.changes["amount_fen"] for b in by_kind["income"]
    }
    assert money["operating", "crops"] == 980_050
    assert {body.changes["round"] for body in by_kind["income"] + by_kind["expense"]} == {round_id}
    [conditions] = by_kind["conditions"]
    expected = {"house_grade": "C", "house_safe": 0, "checked_on": "2026-03-02", "round": round_id}
    assert expected.items() <= conditions.changes.items()
    [submission] = by_kind["submission"]
    assert submission.changes["form_hash"].startswith("sha256:")
    with village.office.workspace.read() as conn:
        query = "SELECT data FROM blob WHERE hash = ?"
        data = conn.exec_driver_sql(query, (submission.changes["blob"],)).scalar()
    assert b"9800.5" in data
    [own] = by_kind["case"]
    assert (own.op, own.changes["submission"], own.changes["household_signed"]) == (
        "case.visited",
        submission.entity,
        1,
    )
    assert village.stage(case) == "visit"  # its own action closes the step
    assert visits.open_visit(village.office, case).draft_at == ""


def test_a_second_visit_changes_what_differs_and_adds_nothing_twice(village, case):
    visit = visits.open_visit(village.office, case)
    fill(visit)
    visits.finish_visit(village.office, visit)
    again = visits.open_visit(village.office, case)
    fill(again, **{"income/income_operating/crops": "9900"})
    found = written(village.office, visits.finish_visit(village.office, again))
    assert [(b.op, b.changes) for b in found if b.kind == "income"] == [
        ("income.edited", {"amount_fen": 990_000})
    ]
    assert {b.kind for b in found} <= {"income", "submission", "case"}


def test_an_unfinished_form_writes_nothing_and_keeps_its_draft(village, case):
    visit = visits.open_visit(village.office, case)
    visits.save_draft(village.office, visit)
    with refused(village.office, "questionnaire.incomplete"):
        visits.finish_visit(village.office, visit)
    fill(visit, **{"basic/respondent": ""})
    with refused(village.office, "questionnaire.incomplete", count=1):
        visits.finish_visit(village.office, visit)
    assert visits.open_visit(village.office, case).draft_at != ""


def test_a_visit_of_another_village_is_not_written(village, case):
    visit = visits.open_visit(village.office, case)
    fill(visit)
    with refused(village.office, "region.outside", place=VILLAGE):
        visits.finish_visit(neighbour(village), visit)


def test_a_visit_after_the_appraisal_is_a_correction(village, case):
    village.bring(case, "publicise")
    visit = visits.open_visit(village.office, case)
    fill(visit)
    visits.save_draft(village.office, visit)
    with refused(village.office, "correction.reason_needed"):
        visits.finish_visit(village.office, visit)
    assert visits.open_visit(village.office, case).draft_at != ""
    visits.finish_visit(village.office, visit, Settled("补充入户核实"))
    assert village.values(Kind.CASE, case)["status"] == "returned"


def test_the_round_before_is_remembered_in_sums(village, case):
    visit = visits.open_visit(village.office, case)
    fill(visit)
    visits.finish_visit(village.office, visit)
    assert visits.open_visit(village.office, case).previous == {}
    made = rounds.open_round(village.office, rounds.NewRound("2027", 2027, "s8/v1", along={case: True}))
    later = next(uid for kind, uid in made.touched if kind is Kind.ROUND)
    home = village.homes["吴福生"]
    more = {"category": "operating", "item": "crops", "amount_fen": 5, "round": later}
    households.edit(village.office, home, [households.Edit(Kind.INCOME, "", more)])
    previous = visits.open_visit(village.office, case).previous
    assert previous["income.operating.crops"] == "9800.5"
    assert previous["expense.production"] == "800"
