"""Questionnaires at the county's desk: looked at, checked, repaired, published, withdrawn."""

# ruff: noqa: F811 -- the fixture is imported
from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from app.domain.errors import BadInput
from app.domain.ids import Level
from app.files.form_source import read_source
from app.ui.pages.forms import FormsPage
from app.usecases import form_publishing, forms
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture
from tests.usecases.form_books import ROWS, save


@pytest.fixture
def open_page(village, runner, ask, qtbot):
    def opened(level=Level.COUNTY):
        page = FormsPage(Workroom(village, level).desk(), runner, ask)
        qtbot.addWidget(page)
        runner.changed.connect(page.on_changed)
        page.resize(1286, 728)
        page.show()
        page.show_for()
        return page

    return opened


def rows(table):
    model = table.rows
    return [
        tuple(model.data(model.index(row, column)) for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def said(page):
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def choose(page, form, version):
    at = next(n for n, row in enumerate(rows(page.table)) if row[1:3] == (form, version))
    page.table.setCurrentIndex(page.table.rows.index(at, 0))


def test_every_version_stands_in_the_list(open_page):
    page = open_page(Level.VILLAGE)
    assert ("入户核查表", "visit", "1", "随程序", "正在用") in rows(page.table)
    assert page.frame.primary.isHidden()
    assert page.stop.isHidden()
    assert "问卷由县里发布" in said(page)


def test_a_workbook_is_checked_repaired_and_published(open_page, ask, tmp_path, village):
    page = open_page()
    wrong = save(tmp_path, "own", "1", rows=[*ROWS, ("text", "ｘ", "全角名", "")])
    ask.answers = [wrong]
    page.frame.primary.click()
    assert not page.frame.primary.isEnabled()
    assert "有 1 处必须先改好" in said(page)
    assert rows(page.panel.table)[0][0] == "要改"
    assert "第 5 行" in rows(page.panel.table)[0][1]
    target = tmp_path / "改好.xlsx"
    ask.answers = [target]
    page.panel.repair.click()
    assert target.exists()
    assert page.examined.path == target
    assert page.frame.primary.isEnabled()
    assert page.panel.repair.isHidden()
    ask.answers = [True]
    page.frame.primary.click()
    assert ("小问卷", "own", "1", "2026-03-02", "正在用") in rows(page.table)
    assert forms.current_form(village.at(Level.COUNTY), "own").version == "1"


def test_what_breaks_is_told_and_asked_again_before_publishing(open_page, ask, tmp_path, village):
    county = village.at(Level.COUNTY)
    form_publishing.publish(county, read_source(save(tmp_path, "own", "1")))
    page = open_page()
    page.check(save(tmp_path, "own", "2", rows=[ROWS[0]]))
    assert "和正在用的第 1 版相比" in said(page)
    assert "影响以前的答案" in said(page)
    ask.answers = [False]
    page.frame.primary.click()
    assert forms.current_form(county, "own").version == "1"
    page.check(save(tmp_path, "own", "3"))
    assert "题目没有变化" in said(page) or "版本" in said(page)
    assert page.escape()
    assert not page.escape()


def test_a_file_that_is_no_workbook_is_refused_with_its_name(open_page, tmp_path, runner, qtbot):
    page = open_page()
    bad = tmp_path / "照片.xlsx"
    bad.write_bytes(b"\x89PNG")
    with qtbot.waitSignal(runner.failed) as caught:
        page.check(bad)
    error = caught.args[0]
    assert isinstance(error, BadInput)
    assert error.params["file"] == "照片.xlsx"
    assert page.examined is None


def test_a_version_is_withdrawn_with_a_reason(open_page, ask, tmp_path, village):
    form_publishing.publish(village.at(Level.COUNTY), read_source(save(tmp_path, "visit", "2")))
    page = open_page()
    choose(page, "visit", "1")
    assert not page.stop.isEnabled()
    choose(page, "visit", "2")
    ask.answers = [None]
    page.stop.click()
    ask.answers = ["题目写错了"]
    page.stop.click()
    assert ("小问卷", "visit", "2", "2026-03-02", "已停用") in rows(page.table)


def test_the_workbook_of_a_version_is_taken_out_with_its_lists(open_page, ask, tmp_path, village):
    form_publishing.publish(village.at(Level.COUNTY), read_source(save(tmp_path / "a", "own", "1")))
    page = open_page()
    choose(page, "own", "1")
    target = tmp_path / "b" / "取出.xlsx"
    target.parent.mkdir()
    ask.answers = [target]
    page.save.click()
    assert target.read_bytes() == (tmp_path / "a" / "own-1.xlsx").read_bytes()
    assert (tmp_path / "b" / "取出-media" / "villages.csv").exists()
    assert form_publishing.examine(village.at(Level.COUNTY), read_source(target)).checked.publishable


def test_a_workbook_with_mistakes_is_looked_at_without_them(open_page, qtbot, tmp_path):
    page = open_page()
    page.check(save(tmp_path, "own", "1", rows=[*ROWS, ("select_one nolist", "x", "没有选项表", "")]))
    assert not page.frame.primary.isEnabled()
    assert "还比不出和以前的版本有什么不同" in said(page)
    page.panel.look.click()
    shown = page.window_shown
    qtbot.addWidget(shown)
    assert shown.view is not None
    assert {
        "有错误的地方先略过了，上面是其余部分的样子。改好以后才能发布。",
        "survey 表第 5 行 A 列（type）",
    } <= {label.text() for label in shown.findings.findChildren(QLabel)}
    shown.close()


def test_a_version_is_looked_at_from_the_list(open_page, qtbot):
    page = open_page(Level.VILLAGE)
    choose(page, "risk", "1")
    page.table.opened.emit(page.table.current_key())
    qtbot.addWidget(page.window_shown)
    assert page.window_shown.windowTitle() == "预览：风险线索单"
    assert page.window_shown.view is not None
