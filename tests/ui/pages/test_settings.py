"""Settings: looks, line, backup and people, each by its own card."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from app.domain.changes import Changes
from app.domain.errors import Unavailable
from app.domain.ids import EntityId, Kind
from app.ui.desk import BackupState, Looks
from app.ui.pages.settings import SettingsPage


@pytest.fixture
def page(desk, runner, ask, qtbot):
    made = SettingsPage(desk, runner, ask)
    qtbot.addWidget(made)
    runner.changed.connect(made.on_changed)
    made.resize(1286, 728)
    made.show_for()
    made.show()
    return made


def said(page):
    return [label.text() for label in page.findChildren(QLabel)]


def test_looks_are_asked_for(page, qtbot):
    with qtbot.waitSignal(page.looks_wanted) as wanted:
        page.looks.large.click()
    assert wanted.args == [Looks(large=True)]
    with qtbot.waitSignal(page.looks_wanted) as wanted:
        page.looks.contrast.click()
    assert wanted.args == [Looks(large=True, contrast=True)]


def test_the_line_is_set_with_its_document(page, work, qtbot):
    assert "2026 年第三批：未设标准" in said(page)
    page.line.save.click()
    assert page.line.form.problems() == ("fen", "doc")
    page.line.form.fill({"fen": 690_000, "doc": "青扶〔2026〕1 号"})
    with qtbot.waitSignal(page.said):
        page.line.save.click()
    assert work.line == (690_000, "青扶〔2026〕1 号")
    assert "2026 年第三批：每人每年 6,900 元，依据 青扶〔2026〕1 号" in said(page)


def test_a_backup_goes_to_the_folder_chosen(page, work, ask, tmp_path, qtbot):
    ask.answers = [tmp_path]
    with qtbot.waitSignals([page.waiting, page.progressed, page.waited, page.said]):
        page.backup.now.click()
    assert work.backed_up.parent == tmp_path
    assert any(str(tmp_path) in text for text in said(page))


def test_a_backup_dated_after_today_is_not_taken_for_the_last(page):
    page.backup.show_state(BackupState(-3640, "2036-10-01", "E:\\备份"))
    assert any("当时电脑的日期是错的" in text for text in said(page))


def test_no_folder_no_backup(page, work, ask):
    ask.answers = [None]
    page.backup.now.click()
    assert work.backed_up is None


def test_a_backup_that_fails_ends_the_strip(desk, runner, ask, tmp_path, qtbot):
    def full(folder, report, cancelled):
        raise Unavailable("rule.disk_full")

    page = SettingsPage(replace(desk, settings=replace(desk.settings, back_up=full)), runner, ask)
    qtbot.addWidget(page)
    ask.answers = [tmp_path]
    with qtbot.waitSignals([page.waited, runner.failed]):
        page.backup.now.click()


def test_the_people_are_told_and_lead_to_their_page(page, work, qtbot):
    assert "现在是 陈志明。2 个人用这台电脑，各用各的口令。" in said(page)
    with qtbot.waitSignal(page.asked) as asked:
        page.people.open.click()
    assert asked.args == ["people", None]
    page.people.show_people("", 0)
    assert "几个人用这台电脑，各用各的口令。" in said(page)


def test_the_time_until_the_window_locks_is_chosen(page, work, qtbot):
    assert page.people._group.checkedId() == 10
    with qtbot.waitSignal(page.asked) as asked:
        page.people._group.button(20).click()
    assert (work.minutes, asked.args) == (20, ["watch", None])
    page.people.show_minutes(7)
    assert page.people._group.checkedId() == 20


def test_a_round_without_line_and_no_round(page, work, desk):
    page.line.show_line(replace(work.line_now(), round_name=""))
    assert "还没有开批次，开了批次再设。" in said(page)
    assert not page.line.save.isEnabled()


def test_only_its_own_kinds_make_it_read(page, work):
    work.people.pop()
    page.on_changed(Changes(("e",), ((Kind.CASE, EntityId("c")),)))
    assert any("2 个人" in text for text in said(page))
    page.on_changed(Changes(("e",), ((Kind.PERSON, EntityId("p")),)))
    assert any("1 个人" in text for text in said(page))


def test_nothing_is_clipped(page, assert_no_clipped_labels, assert_accessible_names):
    assert_no_clipped_labels(page)
    assert_accessible_names(page)


def test_nothing_is_clipped_in_large_type(large, page, assert_no_clipped_labels):
    assert_no_clipped_labels(page)
