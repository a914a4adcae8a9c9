"""Public notices over a real workspace, by clicks."""

from __future__ import annotations

import pytest

from app.domain.ids import Kind, Level
from app.ui.desk import StepSubject
from app.ui.pages.notices import NoticesPage
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture


@pytest.fixture
def cases(village):  # noqa: F811
    return [village.bring(village.open(head), "publicise") for head in ("吴福生", "王秀兰")]


@pytest.fixture
def open_page(village, runner, ask, qtbot):  # noqa: F811
    def opened(case=""):
        page = NoticesPage(Workroom(village).desk(), runner, ask)
        qtbot.addWidget(page)
        runner.changed.connect(page.on_changed)
        page.resize(1286, 728)
        page.show()
        page.show_for(StepSubject("", case, "publicise") if case else None)
        return page

    return opened


@pytest.fixture
def posted(cases, open_page):
    page = open_page(cases[0])
    page.frame.primary.click()
    page.frame.primary.click()
    return page


def test_the_period_is_said_before_anything_is_made(cases, open_page):
    page = open_page(cases[0])
    assert page.form.period.text() == "公示7日：3月2日张贴，3月3日至3月9日"
    page.form.grid.field("on").set_value("2026-03-05")
    page.form.grid.on_left("on")
    assert page.form.period.text() == "公示7日：3月5日张贴，3月6日至3月12日"
    assert set(page.form.cases()) == set(cases)
    assert page.form.people.values()["contact_hotline"] == "12317"


def test_a_notice_is_planned_shown_posted_taken_down_and_concluded(village, cases, open_page, qtbot):  # noqa: F811
    page = open_page(cases[0])
    page.form.people.field("contact_village").set_value("0991-5550101")
    page.frame.primary.click()
    assert page.frame.primary.text() == "登记张贴"
    with qtbot.waitSignal(page.asked) as asked:
        page.print.click()
    assert asked.args[0] == "preview"
    assert asked.args[1].data.startswith(b"%PDF")
    assert page.facts.values()["where"] == "村务公开栏和各村民小组公示点"
    page.frame.primary.click()
    assert not page.frame.primary.isVisible()
    village.pass_days(8)
    page.show_for(StepSubject("", cases[0], "publicise"))
    page.frame.primary.click()
    page.frame.primary.click()
    assert [village.stage(case) for case in cases] == ["check", "check"]
    page.show_for()
    page.new.click()
    assert page._notices_desk.contacts(page.place.round)["contact_village"] == "0991-5550101"


def test_only_the_household_objected_to_waits(village, cases, posted, runner):  # noqa: F811
    page = posted
    page.objections.new.click()
    page.objections.save.click()
    assert page.objections.form.problems() == ("case", "content")
    page.objections.form.fill(
        {"case": cases[1], "content": "家里有小汽车", "objector": "孙志强", "received_on": "2026-03-02"}
    )
    page.objections.save.click()
    assert page.objections.table.rows.rowCount() == 1
    village.pass_days(8)
    page.show_for(StepSubject("", cases[0], "publicise"))
    noticed = []
    page.noticed.connect(noticed.append)
    page.frame.primary.click()
    page.frame.primary.click()
    assert [village.stage(case) for case in cases] == ["check", "publicise"]
    assert "王秀兰" in noticed[0]


def test_an_objection_is_settled_by_somebody_else(village, cases, posted):  # noqa: F811
    page = posted
    page.objections.new.click()
    page.objections.form.fill({"case": cases[1], "content": "家里有小汽车", "received_on": "2026-03-02"})
    page.objections.save.click()
    page.objections.answer.click()
    page.objections._answer.fill(
        {
            "handler": village.people[Level.TOWNSHIP][0],
            "finding": "untrue",
            "action": "uphold",
            "note": "车辆早已报废",
            "on": "2026-03-02",
            "way": "当面答复",
        }
    )
    page.objections.save.click()
    (line,) = page.objections._lines
    assert line.closed
    assert line.finding == "不属实"


def test_a_wrong_notice_is_struck(village, cases, posted, ask):  # noqa: F811
    ask.answers = ["贴错了地方"]
    posted.strike.click()
    assert posted.notices == ()
    assert village.values(Kind.CASE, cases[0])["publicity"] == ""


@pytest.mark.parametrize("size", ["normal", "large"])
def test_nothing_is_clipped(
    cases, open_page, assert_no_clipped_labels, assert_accessible_names, request, size
):
    if size == "large":
        request.getfixturevalue("large")
    page = open_page(cases[0])
    assert_no_clipped_labels(page)
    assert_accessible_names(page)
    page.frame.primary.click()
    assert_no_clipped_labels(page)
    page.frame.primary.click()
    page.objections.new.click()
    assert_no_clipped_labels(page)
    assert_accessible_names(page)
