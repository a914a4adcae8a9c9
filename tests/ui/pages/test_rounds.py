"""Rounds over a real workspace, by clicks."""

# ruff: noqa: F811 -- the fixture is imported
from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.domain.ids import Kind
from app.queries import rows
from app.ui import theme
from app.ui.pages.rounds import RoundsPage
from app.ui.stylesheet import apply
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture
from tests.usecases.journal import bodies


@pytest.fixture
def page(village, runner, ask, qtbot):
    made = RoundsPage(Workroom(village).desk(), runner, ask)
    qtbot.addWidget(made)
    runner.changed.connect(made.on_changed)
    made.resize(1286, 728)
    made.show_for()
    made.show()
    return made


def said(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def cell(table, row, column):
    return table.rows.data(table.rows.index(row, column))


def rounds(village):
    with village.office.workspace.read() as conn:
        return {values["name"]: values for _, values in rows.where(conn, Kind.ROUND)}


def test_the_open_round_stands_with_its_line(page):
    assert [cell(page.table, 0, column) for column in (0, 3, 5)] == ["2026年度", "8,800 元", "正在办"]
    assert "每人每年 8,800 元，依据 清农〔2026〕1号" in said(page)


def test_the_line_is_put_right(page, village):
    page.line.form.fill({"fen": "", "doc": ""})
    page.line.save.click()
    assert set(page.line.form.problems()) == {"fen", "doc"}
    page.line.form.fill({"fen": 900_000, "doc": "清农〔2026〕2号"})
    page.line.save.click()
    assert rounds(village)["2026年度"]["line_fen"] == 900_000
    assert cell(page.table, 0, 3) == "9,000 元"


def test_a_new_round_takes_cases_along_or_closes_them(page, village, ask, qtbot):
    first, second = village.open("吴福生"), village.open("赵大山")
    page.frame.primary.click()
    assert page.opening.table.rows.rowCount() == 2
    assert "结转 2 户，结束 0 户" in said(page)
    page.opening.table.setCurrentIndex(page.opening.table.rows.index(1, 0))
    qtbot.keyClick(page.opening.table, Qt.Key.Key_Return)
    assert "结转 1 户，结束 1 户" in said(page)
    page.opening.form.field("name").set_value("2026年冬季批次")
    page.opening.form.field("fen").set_value(910_000)
    page.opening.form.field("doc").set_value("清农〔2026〕9号")
    ask.answers = [True]
    page.frame.primary.click()
    found = rounds(village)
    assert (found["2026年度"]["status"], found["2026年冬季批次"]["status"]) == ("closed", "open")
    assert found["2026年冬季批次"]["line_doc"] == "清农〔2026〕9号"
    assert village.values(Kind.CASE, first)["status"] == "active"
    assert village.values(Kind.CASE, second)["status"] == "closed"
    assert cell(page.table, 0, 0) == "2026年冬季批次"
    assert page.table.isVisible()


def test_all_at_once(page, village):
    village.open("吴福生")
    village.open("赵大山")
    page.begin()
    page.opening.all_closed.click()
    assert "结转 0 户，结束 2 户" in said(page)
    page.opening.all_along.click()
    assert "结转 2 户，结束 0 户" in said(page)


def test_a_case_that_waits_above_is_only_taken_along(page, village):
    case = village.bring(village.open("吴福生"), "check")
    page.begin()
    assert cell(page.opening.table, 0, 5) == "结转（在上级）"
    page.opening.all_closed.click()
    page.opening.turn(case)
    assert page.opening.along == {case: True}


def test_without_a_line_it_says_so(page, village, ask):
    page.begin()
    assert page.opening.form.field("fen").value() == ""
    assert any("未设标准" in text for text in said(page))
    ask.answers = [True]
    page.frame.primary.click()
    assert [cell(page.table, 0, column) for column in (0, 3)] == ["2026年第2批", "未设标准"]
    assert "未设标准" in said(page)


def test_a_line_needs_its_document_and_a_round_its_name(page, village):
    page.begin()
    before = len(bodies(village.office))
    page.opening.form.field("fen").set_value(900_000)
    page.frame.primary.click()
    assert page.opening.form.problems() == ("doc",)
    page.opening.form.field("doc").set_value("清农〔2026〕9号")
    page.opening.form.field("name").set_value("")
    page.frame.primary.click()
    assert page.opening.form.problems() == ("name",)
    assert len(bodies(village.office)) == before


def test_a_strange_year_is_refused_and_the_answers_stay(page, village, ask, runner, qtbot):
    page.begin()
    page.opening.form.field("year").set_value(2016)
    ask.answers = [True]
    with qtbot.waitSignal(runner.failed) as failed:
        page.frame.primary.click()
    assert failed.args[0].code == "round.year_strange"
    assert page.opening.isVisible()


def test_nothing_begins_without_a_yes(page, village, ask):
    page.begin()
    ask.answers = [False]
    page.frame.primary.click()
    assert len(rounds(village)) == 1
    assert page.escape()
    assert not page.escape()


def test_another_pack_by_its_name(page, village, ask):
    page.begin()
    page.opening.form.field("pack").set_value("monitor-2021/v1")
    page.opening.form.on_left("pack")
    ask.answers = [True]
    page.frame.primary.click()
    assert rounds(village)["2026年第2批"]["pack"] == "monitor-2021/v1"
    assert cell(page.table, 0, 2) == "防返贫监测（2021—2025年）"


def test_a_closed_round_is_only_looked_at(page, village, ask):
    page.begin()
    ask.answers = [True]
    page.frame.primary.click()
    page.table.setCurrentIndex(page.table.rows.index(1, 0))
    assert not page.line.save.isVisible()
    assert "这个批次已经结束，标准不能再改。" in said(page)


def test_the_subject_new_begins_at_once(page):
    page.show_for("new")
    assert page.opening.isVisible()


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
def test_nothing_is_clipped(
    qapp, village, runner, ask, qtbot, scale, assert_no_clipped_labels, assert_accessible_names
):
    apply(qapp, theme.Theme(scale=scale))
    village.open("吴福生")
    made = RoundsPage(Workroom(village).desk(), runner, ask)
    qtbot.addWidget(made)
    made.resize(1366 - theme.px(80), 728)
    made.show_for()
    made.show()
    for begin in (lambda: None, made.begin):
        begin()
        assert (made.width(), made.height()) == (1366 - theme.px(80), 728)
        assert_no_clipped_labels(made)
        assert_accessible_names(made)
