"""Updating the program as a person meets it: in the settings and on the unlock page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.domain.errors import Refused
from app.ui.desks.program import CheckLine, ProgramState
from app.ui.pages.settings import SettingsPage
from app.ui.pages.unlock import UnlockPage

PASSPHRASE = "石板村的八步通2026"
STICK = Path("stick") / "babutong-0.2.0-linux-amd64.upd"


@pytest.fixture
def settings(work, desk, runner, ask, qtbot):
    made = SettingsPage(desk, runner, ask)
    qtbot.addWidget(made)
    made.show_for()
    made.show()
    return made


@pytest.fixture
def unlock(work, runner, ask, qtbot):
    work.program_state = ProgramState("0.2.0", previous="0.1.0")
    made = UnlockPage(work.door(), runner, ask)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.update_button.isVisible)
    return made


@pytest.fixture
def closed(monkeypatch):
    """What closing every window would have done."""
    calls = []
    monkeypatch.setattr(QApplication, "closeAllWindows", lambda: calls.append("closed"))
    return calls


def test_an_update_from_a_file_and_the_restart(settings, work, ask, closed, qtbot):
    ask.answers = [STICK, True, True]
    with qtbot.waitSignals([settings.waiting, settings.progressed, settings.waited]):
        settings.program.update_now.click()
    assert work.done == ["install 0.2.0", "restart"]
    assert closed == ["closed"]
    assert ask.asked == ["请选更新文件", "更新程序", "更新装好了"]


def test_what_lies_on_a_stick_is_offered_first(settings, work, ask):
    work.updates_found = [STICK]
    ask.answers = [0, False]
    settings.program.update_now.click()
    assert ask.asked == ["选更新文件", "更新程序"]
    assert work.done == []
    ask.answers = [1, STICK, False]  # another file
    settings.program.update_now.click()
    assert ask.asked[2:] == ["选更新文件", "请选更新文件", "更新程序"]
    ask.answers = [None]
    settings.program.update_now.click()
    assert work.done == []


def test_later_is_said_on_the_card(settings, work, ask, closed):
    ask.answers = [STICK, True, False]
    settings.program.update_now.click()
    assert work.done == ["install 0.2.0"]
    assert closed == []
    assert settings.program.update_now.isHidden()
    settings.program.restart.click()
    assert closed == ["closed"]


def test_an_update_that_waits_for_the_restart_is_shown_so(settings, work):
    work.program_state = ProgramState("0.1.0", "0.1.0", pending="0.2.0")
    settings.show_for()
    assert not settings.program.restart.isHidden()
    assert settings.program.update_now.isHidden()
    assert settings.program.back.isHidden()


def test_another_file_is_refused_with_its_name(settings, runner, ask, qtbot):
    ask.answers = [Path("农户.xlsx")]
    with qtbot.waitSignal(runner.failed) as failed:
        settings.program.update_now.click()
    assert failed.args[0].code == "update.not_an_update"


@pytest.mark.parametrize("code", ["update.from_source", "update.by_package", "update.root_read_only"])
def test_a_program_that_cannot_replace_itself_says_why(settings, work, code):
    work.program_state = ProgramState("0.2.0", "0.1.0", code)
    settings.show_for()
    assert not settings.program.update_now.isEnabled()
    assert settings.program.back.isHidden()


def test_the_way_back_is_one_question(settings, work, ask, closed):
    assert settings.program.back.isHidden()
    work.program_state = ProgramState("0.2.0", "0.1.0")
    settings.show_for()
    assert settings.program.back.text() == "退回 0.1.0"
    ask.answers = [False]
    settings.program.back.click()
    assert work.done == []
    ask.answers = [True]
    settings.program.back.click()
    assert work.done == ["go back", "restart"]
    assert closed == ["closed"]


def test_trouble_on_the_way_back_is_told_before_the_restart(settings, work, ask, closed):
    work.program_state = ProgramState("0.2.0", "0.1.0")
    work.back_trouble = Refused("workspace.nothing_kept")
    settings.show_for()
    ask.answers = [True]
    settings.program.back.click()
    assert "没有升级以前的副本" in ask.told
    assert closed == ["closed"]


def test_the_self_check_says_what_is_wrong(settings, work, ask):
    settings.program.check.click()
    assert "2 项都正常" in ask.told
    work.checked = (CheckLine("打印字体", False, "少了一个。请重新安装。"), CheckLine("窗口显示", True, ""))
    settings.program.check.click()
    assert "打印字体：少了一个。请重新安装。" in ask.told
    assert "窗口显示" not in ask.told


def test_the_unlock_page_offers_the_copy_from_before(unlock, work, qtbot):
    assert unlock.kept_button.isHidden()
    work.newer = True
    unlock.passphrase.setText(PASSPHRASE)
    unlock.open_button.click()
    assert "副本" in unlock.message()
    assert not unlock.kept_button.isHidden()
    with qtbot.waitSignal(unlock.opened):
        unlock.kept_button.click()
    assert work.done == ["take back"]


def test_the_unlock_page_updates_and_goes_back_too(unlock, work, ask, closed):
    ask.answers = [STICK, True, False]
    unlock.update_button.click()
    assert work.done == ["install 0.2.0"]
    ask.answers = [True]
    unlock.back_button.click()
    assert work.done == ["install 0.2.0", "go back", "restart"]
    ask.answers = [Path("x.txt")]
    unlock.update_button.click()
    assert "不是八步通的更新文件" in unlock.message()


def test_a_source_checkout_shows_no_update_on_the_unlock_page(work, runner, ask, qtbot):
    work.program_state = ProgramState("0.2.0", "", "update.from_source")
    made = UnlockPage(work.door(), runner, ask)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.back_button.text() != "")
    assert made.update_button.isHidden()
    assert made.back_button.isHidden()
