"""从备份恢复, before any workspace is open: the file, what it holds and lacks, the passphrase."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from app.domain.errors import BadInput
from app.ui.main_window import MainWindow
from app.ui.pages.restore import RestorePage
from app.ui.pages.unlock import UnlockPage
from app.ui.pages.wizard import WizardPage
from app.ui.runner import Runner
from app.usecases import backups, workspaces
from app.usecases.clock import FixedClock
from app.wiring.door import Entrance
from app.wiring.restoring import restore_desk
from tests.ui.fake_ask import FakeAsk, InlineExecutor
from tests.ui.fake_desk import PASSPHRASE, FakeWork
from tests.usecases.exchange import household, value
from tests.usecases.village import PASSPHRASE as WORDS
from tests.usecases.village import found_village


@pytest.fixture
def work():
    return FakeWork()


@pytest.fixture
def window(work, ask, qtbot):
    inline = InlineExecutor()
    made = MainWindow(work.door(), Runner(inline, inline), lambda _over: ask)
    qtbot.addWidget(made)
    made.show()
    made.findChild(UnlockPage).restore_button.click()
    return made


def page_of(window) -> RestorePage:
    return window.findChildren(RestorePage)[-1]


def test_a_backup_dated_after_today_is_listed_last_and_says_so(tmp_path):
    made = found_village(tmp_path / "old")
    now = made.clock.moment
    usual = backups.back_up(made.office).path
    made.clock.moment += timedelta(days=3650)
    ahead = backups.back_up(made.office).path
    workspaces.close(made.office)
    desk = restore_desk(tmp_path / "old", FixedClock(now), lambda _path, _text: FakeWork().desk())
    assert list(desk.found()) == [usual, ahead]
    assert [desk.look(path).ahead for path in (usual, ahead)] == [False, True]


def test_the_page_says_when_the_date_lies_ahead(window, work, ask, tmp_path):
    work.dated_ahead = True
    ask.answers = [tmp_path / "backup.hhbak"]
    page = page_of(window)
    page.choose.click()
    assert "它不一定是最新的一份" in page.facts.text()


def test_nothing_can_be_done_before_a_file_is_chosen(window, ask):
    page = page_of(window)
    assert page.restore.isHidden()
    page._on_restore()
    ask.answers = [None]
    page.choose.click()
    assert page.restore.isHidden()


def test_the_file_says_what_it_holds_and_what_it_lacks(window, work, ask, tmp_path):
    work.photos_missing = 3
    ask.answers = [tmp_path / "backup.hhbak"]
    page = page_of(window)
    page.choose.click()
    assert page.facts.text() == "这份备份是 2026-10-06 17:02 做的。\n石板村：300 户，812 人。"
    assert "9 张照片和附件里，有 3 张没有跟备份放在一起" in page.lacks.text()


def test_a_wrong_passphrase_is_said_and_the_right_one_opens(window, work, ask, tmp_path, qtbot):
    work.backups = [tmp_path / "a.hhbak", tmp_path / "b.hhbak"]
    ask.answers = [1]
    page = page_of(window)
    page.choose.click()
    page.restore.click()
    assert page.message() == "请填做备份时用的口令。"
    page.passphrase.setText("不对的口令")
    page.restore.click()
    assert "口令" in page.message()
    page.passphrase.setText(PASSPHRASE)
    qtbot.keyClick(page.passphrase, Qt.Key.Key_Return)
    assert work.done[0] == "restore b.hhbak"
    assert window.area is not None


def test_another_file_and_none_at_all(window, work, ask, tmp_path):
    work.backups = [tmp_path / "a.hhbak"]
    page = page_of(window)
    ask.answers = [None]
    page.choose.click()
    assert page.restore.isHidden()
    ask.answers = [1, tmp_path / "c.hhbak"]
    page.choose.click()
    page.passphrase.setText(PASSPHRASE)
    page.restore.click()
    assert work.done[0] == "restore c.hhbak"


def test_a_damaged_file_is_said(window, work, ask, tmp_path, monkeypatch):
    def fails(_path):
        raise BadInput("backup.damaged", file="a.hhbak")

    page = page_of(window)
    monkeypatch.setattr(page, "_desk", type(page._desk)(page._desk.found, fails, page._desk.restore))
    ask.answers = [tmp_path / "a.hhbak"]
    page.choose.click()
    assert "a.hhbak" in page.message()


def test_back_to_the_door_and_from_the_first_run(work, ask, qtbot, window):
    page_of(window).back.click()
    assert isinstance(window.centralWidget().layout().itemAt(1).widget(), UnlockPage)
    inline = InlineExecutor()
    first = MainWindow(work.door(exists=False), Runner(inline, inline), lambda _over: ask)
    qtbot.addWidget(first)
    first.show()
    first.findChild(WizardPage).role.restore_asked.emit()
    assert page_of(first).choose.isEnabled()


def test_a_real_backup_is_restored_beside_the_old_workspace(tmp_path, ask: FakeAsk, qtbot):
    village = found_village(tmp_path / "w")
    village.add_home("吴福生", address="旧址")
    made = backups.back_up(village.office, tmp_path / "stick")
    workspaces.close(village.office)
    before = sorted(path.name for path in (tmp_path / "w").iterdir())
    entrance = Entrance(FixedClock(village.clock.moment), tmp_path / "w")
    inline = InlineExecutor()
    window = MainWindow(entrance.door(), Runner(inline, inline), lambda _over: ask)
    qtbot.addWidget(window)
    window.show()
    window.findChild(UnlockPage).restore_button.click()
    page = page_of(window)
    ask.answers = [made.path]
    page.choose.click()
    assert "石板村：1 户，1 人。" in page.facts.text()
    page.passphrase.setText(WORDS)
    page.restore.click()
    assert page.message() == ""
    assert entrance.room is not None
    assert entrance.room.folder == tmp_path / "恢复的工作区-2026-03-02"
    assert value(entrance.room.office, household(entrance.room.office), "address") == "旧址"
    assert sorted(path.name for path in (tmp_path / "w").iterdir()) == before
    entrance.close()
    shutil.rmtree(tmp_path / "w")
    # Once more: into a folder of its own again, found beside the workspace by itself.
    again = Entrance(FixedClock(village.clock.moment), tmp_path / "恢复的工作区-2026-03-02")
    desk = again.door().restore
    assert len(desk.found()) == 1
    desk.restore(desk.found()[0], WORDS, lambda _done, _of: None, lambda: False)
    assert again.room is not None
    assert again.room.folder == tmp_path / "恢复的工作区-2026-03-02-2"
    again.close()
