"""Appraisal meetings over a real workspace, by clicks and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.domain.ids import Kind
from app.ui.desk import StepSubject
from app.ui.pages.meetings import MeetingsPage
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture

MEETING = {
    "place": "村委会会议室",
    "chair": "陈志明",
    "recorder": "李秀英",
    "supervisor": "张国强",
    "eligible": 36,
    "present": 31,
}


@pytest.fixture
def cases(village):  # noqa: F811
    return [village.bring(village.open(head), "appraise") for head in ("吴福生", "王秀兰", "赵·买买提")]


@pytest.fixture
def open_page(village, runner, ask, qtbot):  # noqa: F811
    def opened(case=""):
        page = MeetingsPage(Workroom(village).desk(), runner, ask)
        qtbot.addWidget(page)
        runner.changed.connect(page.on_changed)
        page.resize(1286, 728)
        page.show()
        page.show_for(StepSubject("", case, "appraise") if case else None)
        return page

    return opened


def write(page, **values):
    for code, value in values.items():
        page.form.grid.field(code).set_value(value)
        page.form.grid.on_left(code)


def test_the_quorum_is_said_while_typing(cases, open_page):
    page = open_page(cases[0])
    write(page, eligible=36, present=20)
    assert page.form.quorum.text() == "应到 36 人，实到 20 人，至少要到 24 人，会议不算数"
    write(page, present=31)
    assert page.form.quorum.text() == "应到 36 人，实到 31 人，够规定的 24 人，会议算数"


def test_one_meeting_decides_for_many(village, cases, open_page, runner):  # noqa: F811
    page = open_page(cases[0])
    table = page.form.pick.table
    assert table.ticked() == (cases[0],)
    page.form.pick.all.click()
    assert len(table.ticked()) == 3
    write(page, **MEETING)
    page.form.everyone.click()
    table.type_into(cases[1], "votes_for", "10")
    assert "1 户的票数" in page.form.said.text()
    table.type_into(cases[1], "votes_against", "21")
    assert page.form.said.text() == ""
    page.frame.primary.click()
    assert page.frame.primary.text() == "定结果（3 户）"
    page.frame.primary.click()
    assert [village.stage(case) for case in cases] == ["publicise", "end", "publicise"]
    assert village.values(Kind.CASE, cases[1])["status"] == "rejected"
    assert page.votes.rows.rowCount() == 3


def test_keys_go_through_the_votes(cases, open_page, qtbot):
    page = open_page(cases[0])
    table = page.form.pick.table
    table.setFocus()
    table.setCurrentCell(0, 0)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert (table.currentRow(), table.currentColumn()) == (0, 2)
    table.type_into(table.keys()[0], "votes_for", "31")
    table.setCurrentCell(1, 2)
    qtbot.keyClick(table, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    table.repeat()
    assert table.typed_of(table.keys()[1])["votes_for"] == "31"


def test_a_meeting_without_quorum_is_refused_in_words(village, cases, open_page, runner):  # noqa: F811
    page = open_page(cases[0])
    write(page, **{**MEETING, "present": 10})
    page.form.everyone.click()
    refused = []
    runner.failed.connect(refused.append)
    page.frame.primary.click()
    assert [error.code for error in refused] == ["meeting.no_quorum"]
    assert village.values(Kind.CASE, cases[0]).get("meeting", "") == ""


def test_a_wrong_meeting_is_struck(village, cases, open_page, ask):  # noqa: F811
    page = open_page(cases[0])
    write(page, **MEETING)
    page.form.everyone.click()
    page.frame.primary.click()
    ask.answers = ["人数记错了"]
    page.strike.click()
    assert page.meetings == ()
    assert village.values(Kind.CASE, cases[0])["meeting"] == ""


@pytest.mark.parametrize("size", ["normal", "large"])
def test_nothing_is_clipped(
    cases, open_page, assert_no_clipped_labels, assert_accessible_names, request, size
):
    if size == "large":
        request.getfixturevalue("large")
    page = open_page(cases[0])
    assert_no_clipped_labels(page)
    assert_accessible_names(page)
    page = open_page()
    assert_no_clipped_labels(page)
