"""The comparison at a step's page over a real workspace, by clicks."""

from __future__ import annotations

import pytest

from app.domain.ids import Kind, Level
from app.queries import rows
from app.ui.desk import StepSubject
from app.ui.pages.step import StepPage
from tests.files.sheets import write
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture
from tests.usecases.village import synthetic_id

HEADER = ("姓名", "证件号码", "部门", "命中内容", "截止日期")


@pytest.fixture
def case(village):  # noqa: F811
    return village.bring(village.open("吴福生"), "compare")


@pytest.fixture
def open_step(village, runner, ask, qtbot):  # noqa: F811
    def opened(case):
        page = StepPage(Workroom(village).desk(), runner, ask)
        qtbot.addWidget(page)
        runner.changed.connect(page.on_changed)
        page.resize(1286, 728)
        page.show()
        page.show_for(StepSubject("", case, "compare"))
        return page

    return opened


def hits(village, case):  # noqa: F811
    with village.office.workspace.read() as conn:
        return [values for _, values in rows.where(conn, Kind.HIT, case=case)]


def test_without_the_signature_nothing_is_compared(village, open_step):  # noqa: F811
    from app.usecases import cases

    case = village.bring(village.open("吴福生"), "compare")
    cases.act_on_case(village.office, case, "compare.save", {"auth_signed": 0})
    page = open_step(case)
    panel = page.panel
    assert not panel._blocked.isHidden()
    assert panel.new.isHidden()
    panel.sign.click()
    assert panel._blocked.isHidden()
    assert not panel.new.isHidden()
    assert village.values(Kind.CASE, case)["auth_signed"] == 1


def test_a_hit_is_entered_judged_by_two_and_the_step_goes_on(village, case, open_step, runner):  # noqa: F811
    page = open_step(case)
    panel = page.panel
    panel.new.click()
    panel.save.click()
    assert panel.form.problems() == ("register", "value")
    panel.form.fill({"register": "vehicle", "value": "小型客车一辆", "as_of": "2026-02-28"})
    panel.save.click()
    assert len(hits(village, case)) == 1
    assert "逐条核实" in page._missing.text()
    first, second = village.people[Level.VILLAGE]
    panel.judge.click()
    refused = []
    runner.failed.connect(refused.append)
    panel.ruling.fill({"verdict": "no_effect", "reason": "scrapped", "first": first, "second": first})
    panel.save.click()
    assert [error.code for error in refused] == ["comparison.two_people"]
    panel.ruling.fill(
        {
            "verdict": "no_effect",
            "reason": "scrapped",
            "explanation": "已报废",
            "first": first,
            "second": second,
        }
    )
    panel.save.click()
    assert page.frame.primary.text() == "有异常，已核实说明"
    page.frame.primary.click()
    assert village.values(Kind.CASE, case)["compare_result"] == "explained"


def test_a_list_is_read_looked_at_and_taken(village, case, open_step, ask, tmp_path):  # noqa: F811
    other = village.bring(village.open("王秀兰"), "compare")
    file = write(
        tmp_path / "车管.xlsx",
        (
            "反馈",
            [
                ("车辆比对结果",),
                HEADER,
                ("吴福生", synthetic_id(1), "车辆", "小型客车一辆", "2026-02-28"),
                ("王秀兰", "", "某某局", "合作社股东", ""),
                ("外村人", synthetic_id(300), "车辆", "货车", ""),
            ],
        ),
    )
    page = open_step(case)
    ask.answers = [file, True]
    page.panel.read_list.click()
    (hit,) = hits(village, case)
    assert (hit["register"], hit["value"], hit["as_of"], hit["source"]) == (
        "vehicle",
        "小型客车一辆",
        "2026-02-28",
        "imported",
    )
    (second,) = hits(village, other)
    assert (second["register"], second["item"]) == ("other", "某某局")
    ask.answers = [file]
    page.panel.read_list.click()
    assert len(hits(village, case)) == 1


def test_a_list_with_a_fault_changes_nothing(village, case, open_step, ask, tmp_path):  # noqa: F811
    file = write(
        tmp_path / "车管.xlsx",
        (
            "反馈",
            [HEADER, ("吴福生", synthetic_id(1), "车辆", "小型客车", ""), ("王秀兰", "", "车辆", "", "")],
        ),
    )
    page = open_step(case)
    ask.answers = [file]
    page.panel.read_list.click()
    assert hits(village, case) == []
    assert ask.asked[-1] == "导入比对名单"


def test_a_wrong_hit_is_struck(village, case, open_step, ask):  # noqa: F811
    page = open_step(case)
    page.panel.new.click()
    page.panel.form.fill({"register": "vehicle", "value": "小型客车一辆"})
    page.panel.save.click()
    ask.answers = ["登错了人"]
    page.panel.strike.click()
    assert hits(village, case) == []


@pytest.mark.parametrize("size", ["normal", "large"])
def test_nothing_is_clipped(
    case, open_step, assert_no_clipped_labels, assert_accessible_names, request, size
):
    if size == "large":
        request.getfixturevalue("large")
    page = open_step(case)
    page.panel.new.click()
    assert_no_clipped_labels(page)
    assert_accessible_names(page)
