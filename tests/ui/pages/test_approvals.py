"""The township's checks and the county's approvals over a real workspace, by clicks."""

from __future__ import annotations

import pytest

from app.domain.ids import Kind, Level
from app.ui.desk import StepSubject
from app.ui.pages.approvals import ApprovalsPage
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture

_LEVEL = {"check": Level.TOWNSHIP, "audit": Level.COUNTY}


@pytest.fixture
def cases(village):  # noqa: F811
    made = [village.open(head) for head in ("吴福生", "王秀兰", "李大山")]
    while village.stage(made[0]) != "check":
        village.forward(made)
    return made


@pytest.fixture
def open_page(village, runner, ask, qtbot):  # noqa: F811
    def opened(step, case=""):
        page = ApprovalsPage(Workroom(village, _LEVEL[step]).desk(), runner, ask, step)
        qtbot.addWidget(page)
        runner.changed.connect(page.on_changed)
        page.resize(1286, 728)
        page.show()
        page.show_for(StepSubject("", case, step) if case else None)
        return page

    return opened


def test_a_sample_is_drawn_visited_and_everything_reported(village, cases, open_page):  # noqa: F811
    page = open_page("check")
    assert page.sample.form.values()["seed"] == "2026年度大堰乡"
    page.sample.draw.click()
    (drawn,) = page.sample.sample.cases
    page.pick.all.click()
    page.form.grid.field("check_opinion").set_value("同意")
    page.form.grid.field("checker2").set_value(village.people[Level.TOWNSHIP][1])
    page.frame.primary.click()
    assert village.stage(drawn) == "check"
    assert "回访结果" in page._refused.text()
    page.sample.results.fill({"case": drawn, "result": "consistent"})
    page.sample.save.click()
    assert page.pick.table.ticked() == (drawn,)
    page.frame.primary.click()
    assert {village.stage(case) for case in cases} == {"audit"}


def test_the_draw_can_be_made_again(village, cases, open_page):  # noqa: F811
    page = open_page("check")
    page.sample.form.fill({"seed": "2026-大堰", "rate": 500})
    page.sample.draw.click()
    assert page.sample.sample.size == 2
    noticed = []
    page.noticed.connect(noticed.append)
    page.sample.again.click()
    assert noticed == ["照这个种子重抽，结果一样。"]


def test_some_are_sent_back_with_a_reason(village, cases, open_page):  # noqa: F811
    page = open_page("check", cases[1])
    assert page.pick.table.ticked() == (cases[1],)
    next(a for a in page.menu.actions() if a.text() == "退回村里").trigger()
    page.act_card.form.fill({"to": "visit", "reason_code": "facts"})
    page.act_card.confirm.click()
    assert [village.stage(case) for case in cases] == ["check", "visit", "check"]


def test_the_county_approves_several_under_one_number(village, cases, open_page):  # noqa: F811
    village.forward(cases)
    page = open_page("audit")
    page.pick.table.tick(cases[:2])
    page.form.grid.field("approval_no").set_value("清农批〔2026〕3号")
    assert page.frame.primary.text() == "批准（2 户）"
    page.frame.primary.click()
    values = [village.values(Kind.CASE, case) for case in cases]
    assert [found["status"] for found in values] == ["approved", "approved", "active"]
    assert values[0]["approval_no"] == "清农批〔2026〕3号"
    assert page.pick.table.keys() == (cases[2],)


@pytest.mark.parametrize("size", ["normal", "large"])
def test_nothing_is_clipped(
    cases, open_page, assert_no_clipped_labels, assert_accessible_names, request, size
):
    if size == "large":
        request.getfixturevalue("large")
    page = open_page("check", cases[0])
    assert_no_clipped_labels(page)
    assert_accessible_names(page)


def test_those_who_arrive_later_are_drawn_from_by_themselves(village, cases, open_page):  # noqa: F811
    page = open_page("check")
    page.sample.draw.click()
    assert not page.sample.draw.isVisible()
    late = village.bring(village.open("赵·买买提"), "check")
    page = open_page("check")
    assert "又有 1 户" in page.sample._said.text()
    page.sample.draw.click()
    assert village.values(Kind.CASE, late)["sample_in"] != village.values(Kind.CASE, cases[0])["sample_in"]
