"""The home by keyboard and mouse: board, list, card, search, actions."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.domain.changes import Changes
from app.domain.ids import EntityId, Kind
from app.queries.household_list import Chip, ListQuery
from app.ui import theme
from app.ui.desk import BackupState, StepSubject, Workflow
from app.ui.models.household_list import Column
from app.ui.pages.home import HomePage
from app.ui.stylesheet import apply


@pytest.fixture
def page(desk, runner, ask, qtbot):
    made = HomePage(desk, runner, ask, Workflow.IDENTIFY)
    made.offers(frozenset({"household_new", "print_list"}))
    qtbot.addWidget(made)
    made.resize(1286, 728)
    made.show_for()
    made.show()
    return made


def head(page):
    return page.detail._name.text()


def test_it_opens_with_all_households_and_the_first_card(page, work):
    assert page.model.rowCount() == 300
    assert head(page) == page.model.line(0).head
    assert page._title.text() == "全部农户"
    assert page._total.text() == "300 户"


def test_a_step_narrows_the_list(page, work):
    page.choose_step(3)
    assert page.model.rowCount() == sum(line.step == "visit" for line in work.all)
    assert page._title.text() == "入户"
    assert not page.list.isColumnHidden(Column.FORM)
    page.choose_step(4)
    assert page.list.isColumnHidden(Column.FORM)
    page.choose_step(0)
    assert page.model.rowCount() == 300


def test_a_chip_narrows_further(page):
    page.choose_step(3)
    whole = page.model.rowCount()
    page.chips.chosen.emit(Chip.OVERDUE)
    assert 0 < page.model.rowCount() < whole
    assert all((page.model.line(r).overdue_days or 0) > 0 for r in range(page.model.rowCount()))


def test_search_finds_and_escape_clears(page, qtbot):
    assert page.focus_search()
    qtbot.keyClicks(page.header.search, "03-0149")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)
    assert page.escape()
    qtbot.waitUntil(lambda: page.model.rowCount() == 300, timeout=5000)
    assert not page.escape()


def test_nothing_found_says_what_to_do(page, qtbot):
    page.header.search.setText("没有这个人")
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=5000)
    said = [label.text() for label in page._empty.findChildren(QLabel)]
    assert "没有找到。请换个写法，或按 Esc 清空查找。" in said
    assert page.detail.primary_text() == ""


def test_arrows_change_the_card(page, qtbot):
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    assert head(page) == page.model.line(1).head


def test_enter_opens_the_step_of_the_next_action(page, qtbot):
    with qtbot.waitSignal(page.asked) as asked:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    line = page.model.line(0)
    assert asked.args == ["step", StepSubject(line.household, line.case, line.step, "advance")]


def test_an_action_with_a_reason_asks_and_writes(page, ask, work, qtbot):
    ask.answers = [{"reason": "收入没有写清楚", "to": "apply"}]
    action = page._card.other_actions[0]
    with qtbot.waitSignal(page.said) as said:
        page.detail.action_asked.emit(action)
    assert work.acted == [(page.model.line(0).case, "return", {"reason": "收入没有写清楚", "to": "apply"})]
    assert "退回上一步" in said.args[0]
    ask.answers = [None]
    page.detail.action_asked.emit(action)
    assert len(work.acted) == 1


def test_a_refusal_reaches_the_runner(page, ask, runner, qtbot):
    ask.answers = [{"reason": "不行"}]
    with qtbot.waitSignal(runner.failed) as failed:
        page.detail.action_asked.emit(page._card.other_actions[0])
    assert failed.args[0].code == "work.cancelled_by_test"


def test_a_telephone_is_shown_on_request(page):
    page.detail.reveal_asked.emit(page._card.masked[0])
    assert "13800006620" in [label.text() for label in page.detail.findChildren(QLabel)]


def test_a_change_reads_everything_again(page, work):
    page.list.move_to_row(10)
    kept = head(page)
    work.all = work.all[:200]
    page.on_changed(Changes(("e",), ((Kind.CASE, EntityId("c")),)))
    assert page.model.rowCount() == 200
    assert head(page) == kept
    assert page.header._saved.text() == "已保存到本机 10:42"


def test_f8_finds_the_next_that_is_late(page, qtbot):
    page.list.move_to_row(0)
    page.next_problem()
    assert page.list.currentIndex().row() == 1
    page.list.move_to_row(299)
    with qtbot.waitSignal(page.noticed):
        page.next_problem()
    page.next_problem(backwards=True)
    line = page.model.line(page.list.currentIndex().row())
    assert line.conflicts or line.overdue_days > 0


def test_an_old_backup_is_nagged_about(page):
    assert page.status._reminder.text() == "已 6 天没有备份到 U 盘"


def test_a_backup_dated_after_today_is_no_reason_to_be_calm(page):
    page._on_backup(BackupState(-3640, "2036-10-01"))
    assert page.status._reminder.text() == "上次备份的日期不对，请再备份一次"


def test_an_empty_workspace_asks_for_the_welcome(page, work, qtbot):
    work.all = []
    with qtbot.waitSignal(page.asked) as asked:
        page.show_for()
    assert asked.args[0] == "welcome"


def test_a_query_can_be_the_subject(page):
    page.show_for(ListQuery(step="audit", chip=Chip.ALL))
    assert page._title.text() == "审核"
    assert page.board._steps[7].isChecked()


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
@pytest.mark.parametrize("step", [0, 3])
def test_nothing_is_clipped(
    qapp, desk, runner, ask, qtbot, scale, step, assert_no_clipped_labels, assert_accessible_names
):
    apply(qapp, theme.Theme(scale=scale))
    made = HomePage(desk, runner, ask)
    made.offers(frozenset({"household_new", "print_list"}))
    qtbot.addWidget(made)
    made.resize(1366 - theme.px(80), 728)
    made.show_for()
    made.show()
    made.choose_step(step)
    assert made.width() == 1366 - theme.px(80)
    assert made.height() == 728
    assert_no_clipped_labels(made)
    assert_accessible_names(made)
