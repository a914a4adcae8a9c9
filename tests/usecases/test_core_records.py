"""What a questionnaire writes into the records: three ways compared, nothing overwritten or erased unasked."""

from __future__ import annotations

import pytest

from app.domain.ids import Kind
from app.domain.submission import Settled
from app.queries import rows
from app.questionnaire.metablock import instance_in
from app.usecases import households, submissions, visits
from app.usecases.households import Edit
from tests.questionnaire.visit_answers import ANSWERS
from tests.usecases.expect import refused, written
from tests.usecases.test_submissions import CROPS, edit_group, fill, finish, lines_of, xml_of


@pytest.fixture
def case(village):
    """A case at the visit, its household of two."""
    village.add_home("吴福生", ["吴小军"])
    return village.bring(village.open("吴福生"), "visit")


@pytest.fixture
def finished(village, case):
    """Its finished questionnaire."""
    return finish(village, case)


# ---- what was changed elsewhere ----------------------------------------------------------------------------


def test_what_was_changed_elsewhere_is_not_overwritten_by_an_old_draft(village, case):
    visit = visits.open_visit(village.office, case)
    fill(visit)
    visits.save_draft(village.office, visit)
    edit_group(village, "五组")
    again = visits.open_visit(village.office, case)
    visits.finish_visit(village.office, again)
    assert village.values(Kind.HOUSEHOLD, village.homes["吴福生"])["group"] == "五组"


def test_a_field_changed_here_and_elsewhere_asks(village, finished):
    visit = submissions.change_submission(village.office, finished)
    fill(visit, {"basic/village_group": "四组"})
    edit_group(village, "五组")
    [clash] = visits.look_ahead(village.office, visit).clashes
    assert (clash.cell, clash.recorded, clash.answered) == (("household.group", ""), ("五组",), "四组")
    with refused(village.office, "submission.clash", count=1):
        visits.finish_visit(village.office, visit)
    edit_group(village, "六组")
    with refused(village.office, "submission.clash"):  # not what was shown
        visits.finish_visit(village.office, visit, Settled(take={clash.cell: clash.heads}))
    [clash] = visits.look_ahead(village.office, visit).clashes
    visits.finish_visit(village.office, visit, Settled(take={clash.cell: clash.heads}))
    assert village.values(Kind.HOUSEHOLD, village.homes["吴福生"])["group"] == "四组"


def test_the_record_may_stay(village, finished):
    visit = submissions.change_submission(village.office, finished)
    fill(visit, {"basic/village_group": "四组", CROPS: "9900"})
    edit_group(village, "五组")
    keep = frozenset({("household.group", "")})
    found = written(village.office, visits.finish_visit(village.office, visit, Settled(keep=keep)))
    assert {b.kind for b in found} == {"income", "submission", "case"}
    assert village.values(Kind.HOUSEHOLD, village.homes["吴福生"])["group"] == "五组"


def test_both_saying_the_same_is_no_clash(village, finished):
    visit = submissions.change_submission(village.office, finished)
    fill(visit, {"basic/village_group": "四组"})
    edit_group(village, "四组")
    assert visits.look_ahead(village.office, visit).clashes == ()


# ---- blanks, rows, reasons, arithmetic ---------------------------------------------------------------------


def test_a_blank_erases_only_what_the_person_cleared(village, case):
    home = village.homes["吴福生"]
    visit = visits.open_visit(village.office, case)
    fill(visit, {**ANSWERS, "basic/address": ""})
    visits.finish_visit(village.office, visit)
    assert village.values(Kind.HOUSEHOLD, home)["address"] == ""
    assert village.values(Kind.HOUSEHOLD, home)["group"] == "三组"
    households.edit(village.office, home, [Edit(Kind.HOUSEHOLD, "", {"address": "三组9号"})])
    uid = str(village.values(Kind.CASE, case)["submission"])
    change = submissions.change_submission(village.office, uid)
    fill(change, {CROPS: "1"})
    visits.finish_visit(village.office, change)  # it was blank there, and still is
    assert village.values(Kind.HOUSEHOLD, home)["address"] == "三组9号"


def test_what_is_no_longer_relevant_is_not_erased(village, finished):
    with village.office.workspace.read() as conn:
        [(conditions, values)] = rows.where(conn, Kind.CONDITIONS, household=village.homes["吴福生"])
    assert values["house_grade"] == "B"
    visit = submissions.change_submission(village.office, finished)
    fill(visit, {"housing/house/house_structure": "none"})
    visits.finish_visit(village.office, visit)
    assert village.values(Kind.CONDITIONS, conditions)["house_grade"] == "B"


def test_a_row_taken_out_leaves_the_member_and_is_told(village, case):
    visit = visits.open_visit(village.office, case)
    fill(visit)
    visit.engine.remove_row(visit.engine.at("/data/family/member")[0], 1)
    ahead = visits.look_ahead(village.office, visit)
    [(uid, name)] = ahead.gone
    assert name == "吴小军"
    visits.finish_visit(village.office, visit)
    assert village.values(Kind.MEMBER, uid)["status"] == "present"
    second = visits.open_visit(village.office, case)
    fill(second)
    second.engine.remove_row(second.engine.at("/data/family/member")[0], 1)
    left = {uid: {"status": "left", "status_reason": "moved_out"}}
    visits.finish_visit(village.office, second, Settled(left=left))
    assert village.values(Kind.MEMBER, uid)["status"] == "left"


def test_a_new_row_is_a_new_member(village, case):
    visit = visits.open_visit(village.office, case)
    fill(visit)
    roster = visit.engine.at("/data/family/member")[0]
    visit.engine.add_row(roster)
    row = {"name": "吴小燕", "relation": "04", "sex": "2", "born": "2010-05-01", "health": "1", "labour": "5"}
    for name, text in row.items():
        visit.engine.answer(visit.engine.at(f"/data/family/member/{name}")[2], text)
    found = written(village.office, visits.finish_visit(village.office, visit))
    [added] = [b for b in found if b.op == "member.added"]
    assert (added.changes["name"], added.changes["status"]) == ("吴小燕", "present")


def test_a_correction_is_told_before_finishing(village, case, finished):
    village.bring(case, "publicise")
    visit = submissions.change_submission(village.office, finished)
    fill(visit, {"housing/house/house_grade": "C", "housing/house/house_safe": "0"})
    ahead = visits.look_ahead(village.office, visit)
    assert (ahead.needs_reason, ahead.step != "") == (True, True)
    with refused(village.office, "correction.reason_needed"):
        visits.finish_visit(village.office, visit)
    # A refused finishing does not change the id the next one names.
    visits.finish_visit(village.office, visit, Settled("核实后更正"))
    assert lines_of(village)[0].replaces == finished
    assert instance_in(xml_of(village, finished)) in xml_of(village, lines_of(village)[0].id).decode()


def test_a_different_income_per_head_is_told(village, case):
    visit = visits.open_visit(village.office, case)
    fill(visit)
    ahead = visits.look_ahead(village.office, visit)
    assert (ahead.stated_fen, ahead.counted_fen, ahead.income_differs) == (525_025, 525_025, False)
    households.edit(
        village.office,
        village.homes["吴福生"],
        [
            Edit(
                Kind.INCOME,
                "",
                {
                    "category": "wage",
                    "item": "wage_post",
                    "amount_fen": 100,
                    "round": village.values(Kind.CASE, case)["round"],
                },
            )
        ],
    )
    ahead = visits.look_ahead(village.office, visit)
    assert (ahead.counted_fen, ahead.income_differs) == (525_075, True)
    assert not visits.Ahead(stated_fen=1).income_differs


# ---- amounts of single members -----------------------------------------------------------------------------

LEDGER = """
| survey |
| | type | name | label | calculation | bind::hh:field |
| | begin repeat | m | 成员 | | |
| | text | mid | 号 | | member.id |
| | text | name | 名 | | member.name |
| | decimal | wage | 工资 | | income.wage.wage_local |
| | begin repeat | bill | 药费 | | |
| | decimal | cost | 金额 | | expense.medical |
| | end repeat | | | | |
| | end repeat | | | | |
| | decimal | crops | 种植 | | income.operating.crops |
| | calculate | head | | sum(${wage}) | check.per_head |
| settings |
| | form_id | version | namespaces |
| | ledger | 1 | hh="http://babutong/household" |
"""


def items_of(village, kind):
    with village.office.workspace.read() as conn:
        found = rows.where(conn, kind, household=village.homes["吴福生"])
    return {(str(v.get("item", v["category"])), str(v.get("member", ""))): v["amount_fen"] for _, v in found}


def test_amounts_in_a_members_row_are_the_members_own(village, case, own_forms):
    own_forms.put("ledger", "v1", LEDGER)
    visit = visits.open_visit(village.office, case, "ledger")
    engine = visit.engine
    engine.answer(engine.at("/data/m/wage")[0], "100")
    bills = engine.at("/data/m/bill")[0]
    engine.add_row(bills)
    for number, cost in ((0, "10"), (1, "5")):
        engine.answer(engine.at("/data/m/bill/cost")[number], cost)
    engine.answer(engine.at("/data/crops")[0], "50")
    visits.finish_visit(village.office, visit)
    with village.office.workspace.read() as conn:
        people = {
            v["name"]: uid for uid, v in rows.where(conn, Kind.MEMBER, household=village.homes["吴福生"])
        }
    head = people["吴福生"]
    assert items_of(village, Kind.INCOME) == {("wage_local", head): 10_000, ("crops", ""): 5_000}
    assert items_of(village, Kind.EXPENSE) == {("medical", head): 1_500}
    again = visits.open_visit(village.office, case, "ledger")
    assert again.engine.at("/data/m/wage")[0].stored == "100"
    again.engine.answer(again.engine.at("/data/m/wage")[0], "80")
    visits.finish_visit(village.office, again)
    assert items_of(village, Kind.INCOME)["wage_local", head] == 8_000


def test_a_new_members_amount_goes_with_the_member(village, case, own_forms):
    more = "| | text | name | 名 | | member.name |\n| | text | sex | 性别 | | member.sex |\n| | date | born | 生日 | | member.born |\n| | text | relation | 关系 | | member.relation |"
    own_forms.put("ledger", "v1", LEDGER.replace("| | text | name | 名 | | member.name |", more))
    visit = visits.open_visit(village.office, case, "ledger")
    engine = visit.engine
    engine.add_row(engine.at("/data/m")[0])
    engine.add_row(engine.at("/data/m")[0])  # a row without a name is nobody
    row = {"name": "吴小燕", "sex": "2", "born": "2000-05-01", "relation": "04", "wage": "7.5"}
    for name, text in row.items():
        engine.answer(engine.at(f"/data/m/{name}")[2], text)
    engine.answer(engine.at("/data/m/wage")[3], "1")
    found = written(village.office, visits.finish_visit(village.office, visit))
    [added] = [b for b in found if b.op == "member.added"]
    assert items_of(village, Kind.INCOME) == {("wage_local", added.entity): 750}


def test_one_amount_takes_the_place_of_several(village, case, finished):
    home = village.homes["吴福生"]
    round_id = village.values(Kind.CASE, case)["round"]
    more = {"category": "operating", "item": "crops", "amount_fen": 5, "round": round_id}
    households.edit(village.office, home, [Edit(Kind.INCOME, "", more)])
    visit = visits.open_visit(village.office, case)
    fill(
        visit,
        {
            CROPS: "100",
            **{k: v for k, v in ANSWERS.items() if k.startswith(("basic", "verdict", "food_clothes/assets"))},
        },
    )
    visits.finish_visit(village.office, visit)
    assert items_of(village, Kind.INCOME)["crops", ""] == 10_000
