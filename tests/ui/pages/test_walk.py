"""One household through all eight steps and its exit, by the pages, at three levels' desks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from app.domain.ids import Kind, Level
from app.queries import rows
from app.ui.desk import StepSubject
from app.ui.work_area import WorkArea
from tests.questionnaire.visit_answers import ANSWERS
from tests.ui.pages.test_visit import answer
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture


class Walk(QObject):
    """The windows of three levels over one workspace; what one writes all others read."""

    def __init__(self, village, runner, ask, qtbot):  # noqa: F811
        super().__init__()
        self.village, self.ask = village, ask
        self.said, self.refused = [], []
        runner.failed.connect(lambda error: self.refused.append(error.code))
        self.areas = {}
        for level in Level:
            area = WorkArea(Workroom(village, level).desk(), runner, ask)
            qtbot.addWidget(area)
            area.resize(1366, 728)
            self.areas[level] = area

    def open(self, case, level=Level.VILLAGE, page="step"):
        area = self.areas[level]
        area.show()
        area.go(page, StepSubject("", case, ""))
        return area.page()

    def fill(self, page, **values):
        for code, value in values.items():
            page.form.grid.field(code).set_value(value)
            page.form.grid.on_left(code)

    def step(self, case, level=Level.VILLAGE, **values):
        """Fill in the fields of the open step and press the main button."""
        page = self.open(case, level)
        self.fill(page, **values)
        assert page.sheet.is_open
        page.frame.primary.click()
        assert self.refused == []

    def meeting(self, case):
        page = self.open(case)
        page.frame.primary.click()
        page = self.areas[Level.VILLAGE].page()
        self.fill(page, place="村委会", chair="甲", recorder="乙", eligible=36, present=31)
        page.form.everyone.click()
        page.frame.primary.click()
        page.frame.primary.click()

    def notice(self, case):
        page = self.open(case)
        page.frame.primary.click()
        page = self.areas[Level.VILLAGE].page()
        page.frame.primary.click()
        page.frame.primary.click()
        self.village.pass_days(8)
        page = self.open(case, page="notices")
        page.frame.primary.click()
        page.frame.primary.click()

    def decide(self, case):
        first, second = self.village.people[Level.TOWNSHIP]
        page = self.open(case, Level.TOWNSHIP, "checks")
        self.fill(page, check_opinion="同意", checker1=first, checker2=second)
        page.frame.primary.click()
        page = self.open(case, Level.COUNTY, "audits")
        self.fill(page, approval_no="清农批〔2026〕1号", decider=self.village.people[Level.COUNTY][0])
        page.frame.primary.click()
        assert self.refused == []


@pytest.fixture
def walk(village, runner, ask, qtbot):  # noqa: F811
    return Walk(village, runner, ask, qtbot)


def test_from_application_to_approval(village, walk):  # noqa: F811
    case = village.open("吴福生")
    first, second = village.people[Level.VILLAGE]
    walk.step(case, applicant="本人", source="self", documents="application", auth_signed=1)
    walk.step(case, relatives_filed=0, reviewer1=first, reviewer2=second)
    page = walk.open(case)
    assert page.frame.primary.text() == "填写入户问卷"
    page.frame.primary.click()
    visit = walk.areas[Level.VILLAGE].page()
    answer(visit, ANSWERS)
    visit.view.finish()
    assert walk.areas[Level.VILLAGE].here() == "step"
    walk.step(case, household_signed=1, income_steady=1, investigator1=first, investigator2=second)
    walk.step(case)
    assert village.stage(case) == "appraise"
    walk.meeting(case)
    assert village.stage(case) == "publicise"
    walk.notice(case)
    assert village.stage(case) == "check"
    walk.decide(case)
    values = village.values(Kind.CASE, case)
    assert (values["stage"], values["status"]) == ("end", "approved")


def test_what_follows_a_decision_is_written_afterwards(village, walk):  # noqa: F811
    case = village.bring(village.open("吴福生"), "end")
    area = walk.areas[Level.COUNTY]
    area.show()
    area.go("step", StepSubject("", case, "audit"))
    page = area.page()
    assert page.frame.primary.text() == "保存"
    walk.fill(page, announced_on=village.today.isoformat(), registered_no="2026-017")
    page.frame.primary.click()
    assert village.values(Kind.CASE, case)["registered_no"] == "2026-017"


def test_from_criteria_to_the_certificate(village, walk, ask):  # noqa: F811
    first, second = village.people[Level.VILLAGE]
    case = village.open("吴福生", "exit")
    village.fill_living(case)
    walk.step(case, income_steady=1, investigator1=first, investigator2=second)
    walk.meeting(case)
    walk.step(case, household_signed=1)
    assert village.stage(case) == "publicise"
    walk.notice(case)
    walk.decide(case)
    assert village.stage(case) == "certify"
    page = walk.open(case)
    ask.answers = [True]
    page.frame.primary.click()
    assert walk.areas[Level.VILLAGE].here() == "preview"
    with village.office.workspace.read() as conn:
        ((_, paper),) = rows.where(conn, Kind.DOCUMENT, type="certificate")
    assert paper["no"] == "990101001201-2026-0001"
    walk.step(case)
    assert village.values(Kind.CASE, case)["stage"] == "end"


def test_a_household_may_refuse(village, walk):  # noqa: F811
    case = village.bring(village.open("吴福生", "exit"), "agree")
    page = walk.open(case)
    next(a for a in page.menu.actions() if a.text() == "农户不认可").trigger()
    page.act_card.form.fill({"reason": "还要照顾病人，收入不稳"})
    page.act_card.confirm.click()
    values = village.values(Kind.CASE, case)
    assert (values["status"], values["agreed"]) == ("refused", 0)
    assert values["refused_reason"] == "还要照顾病人，收入不稳"
