"""Where the step pages offer a questionnaire: the application, the township's check, the exit."""

from __future__ import annotations

import pytest
from PIL import Image

from app.domain.ids import Kind, Level
from app.queries import rows
from app.ui.desk import StepSubject
from app.ui.desks.visit import VisitDesk
from app.ui.questionnaire.titles import form_title
from app.ui.work_area import WorkArea
from tests.questionnaire.apply_answers import ANSWERS as APPLICATION
from tests.questionnaire.check_answers import ANSWERS as AGREED
from tests.ui.pages.test_visit import answer
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture


@pytest.fixture
def open_step(village, runner, ask, qtbot):  # noqa: F811
    def opened(case, level=Level.VILLAGE):
        area = WorkArea(Workroom(village, level).desk(), runner, ask)
        qtbot.addWidget(area)
        area.resize(1366, 728)
        area.show()
        area.go("step", StepSubject("", case, ""))
        return area

    return opened


def test_the_application_offers_its_form_and_asks_for_its_fields_as_before(village, open_step):  # noqa: F811
    case = village.open("吴福生")
    area = open_step(case)
    page = area.page()
    assert page.panel.open.text() == "填写申请登记表"
    assert page.panel.open.isVisible()
    assert page.frame.primary.text() == "受理"
    page.panel.open.click()
    visit = area.page()
    answer(visit, {**APPLICATION, "promise/auth_on": "2026-03-02"})
    visit.view.finish()
    assert area.here() == "step"
    page = area.page()
    assert page.panel.open.text() == "查看问卷"
    assert page.form.grid.field("applicant").value() == "王秀兰"
    page.frame.primary.click()
    assert village.stage(case) == "review"


def test_the_township_fills_in_its_check_and_the_rest_stays_where_it_was(village, open_step):  # noqa: F811
    case = village.bring(village.open("吴福生"), "check")
    area = open_step(case, Level.TOWNSHIP)
    page = area.page()
    assert page.frame.primary.text() == page.panel.open.text()  # the page of the many
    assert page.panel.revisit.text() == "填写乡镇核查表"
    page.panel.revisit.click()
    visit = area.page()
    answer(visit, AGREED)
    visit.view.finish()
    assert area.here() == "step"
    assert area.page().panel.revisit.text() == "修改（生成新的一份）"
    assert village.values(Kind.CASE, case)["sample_result"] == "consistent"


def test_the_village_only_looks_at_the_townships_check(village, open_step):  # noqa: F811
    case = village.bring(village.open("吴福生"), "check")
    area = open_step(case)
    assert not area.page().panel.revisit.isVisible()


def test_the_exit_asks_for_its_own_form_first(village, open_step):  # noqa: F811
    area = open_step(village.open("吴福生", "exit"))
    assert area.page().frame.primary.text() == "填写退出核查表"


def test_a_countys_own_form_is_just_a_questionnaire():
    assert [form_title(form) for form in ("risk", "county-2027")] == ["风险线索单", "问卷"]


def test_the_questionnaire_is_that_of_the_step_it_was_opened_from(village):  # noqa: F811
    case = village.bring(village.open("吴福生"), "visit")
    visits = Workroom(village).desk().group(VisitDesk)
    assert [visits.open(case, step).form for step in ("apply", "visit", "check")] == [
        "apply",
        "visit",
        "check",
    ]
    assert visits.open(case, "compare").form == "visit"  # asks nothing itself; the visit is open


def test_a_photo_stands_at_the_step_whose_form_asked_for_it(village, tmp_path):  # noqa: F811
    case = village.bring(village.open("吴福生"), "visit")
    visits = Workroom(village).desk().group(VisitDesk)
    photo = tmp_path / "申请书.png"
    Image.new("RGB", (20, 20), "white").save(photo)
    visits.attach(case, "apply", photo)
    visits.attach(case, "visit", photo)
    with village.office.workspace.read() as conn:
        steps = {values["step"] for _, values in rows.where(conn, Kind.ATTACHMENT, case=case)}
    assert steps == {"apply", "visit"}
