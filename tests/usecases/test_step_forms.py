"""The questionnaires of the other steps: application, re-check and exit, from the form into the records."""

from __future__ import annotations

import pytest

from app.domain.action import Acting
from app.domain.ids import Kind, Level
from app.queries.board import Look
from app.queries.step_sheet import get_step_sheet
from app.usecases import visits
from tests.questionnaire.apply_answers import ANSWERS as APPLICATION
from tests.questionnaire.check_answers import ANSWERS as AGREED
from tests.questionnaire.exit_answers import ANSWERS as EXIT
from tests.questionnaire.shipped import fill, stored, told
from tests.questionnaire.visit_answers import ANSWERS as VISIT
from tests.usecases.expect import refused, written
from tests.usecases.village import VILLAGE

TODAY = {"promise/auth_on": "2026-03-02"}


@pytest.fixture
def home(village):
    return village.open("吴福生")


def sheet_of(village, case, step, level=Level.VILLAGE):
    office = village.at(level)
    look = Look(office.policy, village.today)
    with office.workspace.read() as conn:
        return get_step_sheet(conn, look, case, step, Acting(level, office.actor.person, village.today))


def revisit(village, case, **other):
    office = village.at(Level.TOWNSHIP)
    visit = visits.open_visit(office, case, "check")
    fill(visit.engine, {**AGREED, **other})
    return office, visit


def test_an_application_fills_in_its_step(village, home):
    visit = visits.open_visit(village.office, home, "apply")
    assert stored(visit.engine, "who/village_group") == "三组"
    assert stored(visit.engine, "family/member[1]/name") == "吴福生"
    fill(visit.engine, {**APPLICATION, **TODAY})
    changes = visits.finish_visit(village.office, visit)
    assert {body.kind for body in written(village.office, changes)} == {"case", "member", "submission"}
    values = village.values(Kind.CASE, home)
    assert (values["applicant"], values["source"], values["auth_signed"]) == ("王秀兰", "self", 1)
    assert values["documents"] == "application authorisation id_copies"
    assert values.get("submission", "") == ""  # that is the visit's
    sheet = sheet_of(village, home, "apply")
    assert (sheet.questionnaire, sheet.submitted_on) == ("apply", "2026-03-02")
    assert sheet_of(village, home, "visit").submitted_on == ""
    village.forward([home])
    assert village.stage(home) == "review"


def test_the_step_is_taken_without_its_questionnaire_as_well(village, home):
    village.bring(home, "end")
    assert village.values(Kind.CASE, home)["status"] == "approved"


def test_a_visit_is_named_by_the_case_and_another_form_leaves_it_alone(village, home):
    village.bring(home, "visit")
    visit = visits.open_visit(village.office, home)
    fill(visit.engine, VISIT)
    visits.finish_visit(village.office, visit)
    named = village.values(Kind.CASE, home)["submission"]
    assert named
    village.bring(home, "check")
    office, again = revisit(village, home)
    visits.finish_visit(office, again)
    assert village.values(Kind.CASE, home)["submission"] == named
    assert sheet_of(village, home, "visit").submitted_on == "2026-03-02"


def test_the_township_writes_its_check_and_nothing_of_the_household(village, home):
    village.bring(home, "check")
    office, visit = revisit(village, home)
    hint = visit.engine.wording.hint(visit.engine.at("/data/items/income")[0])
    assert hint == "村里记的：家庭纯收入 26000 元，人均 26000 元"
    assert told(visit.engine) == {}
    changes = visits.finish_visit(office, visit)
    assert {body.kind for body in written(office, changes)} == {"case", "submission"}
    values = village.values(Kind.CASE, home)
    today = village.today.isoformat()
    assert (values["sample_result"], values["check_opinion"], values["checked_on"]) == (
        "consistent",
        "情况属实，同意上报",
        today,
    )
    assert sheet_of(village, home, "check", Level.TOWNSHIP).submitted_on == today
    assert village.stage(home) == "check"
    village.forward([home])
    assert village.stage(home) == "audit"


def test_a_difference_found_is_kept_until_the_township_sends_the_case_back(village, home):
    village.bring(home, "check")
    found = {
        "items/water": "differs",
        "items/water_why": "水管断了两个月",
        "result/sample_result": "inconsistent",
        "result/check_opinion": "退回村里核实饮水",
    }
    office, visit = revisit(village, home, **found)
    visits.finish_visit(office, visit)
    assert village.values(Kind.CASE, home)["sample_result"] == "inconsistent"


def test_an_exit_is_verified_against_the_cases_line(village):
    case = village.open("吴福生", "exit")
    visit = visits.open_visit(village.office, case, "exit")
    fill(visit.engine, EXIT)
    assert told(visit.engine) == {}
    note = visit.engine.wording.label(visit.engine.at("/data/standards/line_result/line_over")[0])
    assert note == "人均纯收入 29200.3 元，标准 8800 元，达到标准。"
    changes = visits.finish_visit(village.office, visit)
    kinds = {body.kind for body in written(village.office, changes)}
    assert kinds == {"case", "conditions", "expense", "income", "member", "submission"} - {"member"}
    values = village.values(Kind.CASE, case)
    assert (values["criteria_on"], values["income_steady"]) == ("2026-03-02", 1)
    assert values["submission"]
    assert values.get("household_signed", "") == ""  # agreed to at a step of its own
    village.forward([case])
    assert village.stage(case) == "appraise"


def test_the_exit_form_knows_what_was_recorded_this_round(village):
    case = village.open("吴福生", "exit")
    village.fill_living(case, 20000)
    visit = visits.open_visit(village.office, case, "exit")
    assert stored(visit.engine, "income/income_wage/wage_local") == "20000"
    assert stored(visit.engine, "standards/home/house_safe") == "1"
    assert stored(visit.engine, "income/income_result/per_head") == "20000"


def test_a_risk_slip_belongs_to_no_step_yet(village, home):
    """It waits for the work on watching households; until then the pack names it nowhere."""
    packs = [
        village.office.policy.workflow({"pack": "s8/v1", "workflow": name}) for name in ("identify", "exit")
    ]
    assert all(step.questionnaire != "risk" for workflow in packs for step in workflow.steps)
    visit = visits.open_visit(village.office, home, "risk")
    with refused(village.office, "questionnaire.incomplete"):
        visits.finish_visit(village.office, visit)


def test_a_check_of_another_village_is_not_written(village, home):
    from tests.usecases.test_cases import neighbour

    village.bring(home, "check")
    _, visit = revisit(village, home)
    with refused(village.office, "region.outside", place=VILLAGE):
        visits.finish_visit(neighbour(village), visit)
