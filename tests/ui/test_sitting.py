"""Locking the window and changing the person: nothing shows, nothing is lost, what has begun goes on."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton

from app.domain.errors import Unavailable
from app.ui import sitting
from app.ui.main_window import MainWindow
from app.ui.pages.lock import LockPage
from app.ui.runner import Runner

ME, OTHER = "陈志明", "李红霞"


class Waiting(Executor):
    """Keeps the work until the test lets it be done."""

    def __init__(self):
        self.queue = []

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.queue.append((future, fn, args, kwargs))
        return future

    def go(self):
        queue, self.queue = self.queue, []
        for future, fn, args, kwargs in queue:
            try:
                future.set_result(fn(*args, **kwargs))
            except Exception as error:  # noqa: BLE001 - a future carries every outcome
                future.set_exception(error)


@pytest.fixture
def writes():
    return Waiting()


@pytest.fixture
def own(writes, inline):
    return Runner(writes, inline)


@pytest.fixture
def window(work, own, writes, ask, qtbot):
    made = MainWindow(work.door(), own, lambda _over: ask)
    qtbot.addWidget(made)
    made.resize(1366, 728)
    made.open_desk(work.desk())
    made.show()
    writes.go()
    return made


def lock_page(window):
    return window.centralWidget().findChild(LockPage)


def enter(window, writes, text):
    page = lock_page(window)
    page.passphrase.setText(text)
    page.open_button.click()
    writes.go()


def texts(window):
    return [one.text() for kind in (QLabel, QPushButton, QLineEdit) for one in window.findChildren(kind)]


def test_the_lock_shows_nothing_of_what_was_open(window, work, writes, qtbot):
    window.area.go("settings")
    QTest.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.sitting.locked
    assert window.area is None
    assert window.windowTitle() == "八步通（已锁定）"
    assert not any(ME in text or "石板村" in text for text in texts(window))
    assert lock_page(window).passphrase.hasFocus() or not window.isActiveWindow()


def test_the_same_person_finds_the_very_same_page(window, writes):
    window.area.go("settings")
    area = window.area
    area.page().line.form.fill({"doc": "没存的字"})
    window.sitting.lock()
    enter(window, writes, "wrong")
    assert "口令不对" in lock_page(window).message()
    enter(window, writes, ME)
    assert window.area is area
    assert area.page().line.form.values()["doc"] == "没存的字"
    assert window.windowTitle() == "清溪镇 · 石板村"
    assert area.isVisible()


def test_another_person_begins_at_the_same_page_and_the_first_finds_theirs(window, writes):
    window.area.go("settings")
    mine = window.area
    mine.page().line.form.fill({"doc": "没存的字"})
    window.sitting.lock()
    enter(window, writes, OTHER)
    assert window.area is not mine
    assert (window.area.here(), window.area.page()._desk.person.name) == ("settings", OTHER)
    theirs = window.area
    woken = []
    mine.page().wake = lambda: woken.append(1)
    window.sitting.switch()
    enter(window, writes, ME)
    assert window.area is mine
    assert mine.page().line.form.values()["doc"] == "没存的字"
    assert woken == [1]
    window.sitting.switch()
    enter(window, writes, OTHER)
    assert window.area is theirs


def test_who_sits_down_is_noted(window, work, writes, qtbot, monkeypatch):
    monkeypatch.setattr(sitting, "NOTE_MS", 0)

    def noted():
        qtbot.wait(5)
        writes.go()
        return work.done.count("arrive")

    window.open_desk(work.desk())
    assert noted() == 1
    window.sitting.switch()
    window.sitting._on_left()
    assert noted() == 1
    window.sitting.lock()
    assert noted() == 1
    enter(window, writes, ME)
    assert noted() == 2
    window.sitting.switch()
    enter(window, writes, OTHER)
    assert noted() == 3


def test_a_switch_can_be_given_up(window, writes, qtbot):
    area = window.area
    QTest.keyClick(
        window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert window.area is None
    page = lock_page(window)
    page.back_button.click()
    assert window.area is area
    window.sitting.lock()
    assert lock_page(window).back_button.isHidden()
    lock_page(window)._on_back()
    assert window.area is None


def test_the_key_goes_when_nothing_works_any_more(window, work, writes, own, qtbot, monkeypatch):
    monkeypatch.setattr(sitting, "REST_MS", 0)
    results = []
    own.run(lambda: "imported", results.append)
    window.sitting.lock()
    qtbot.wait(10)
    assert "lock" not in work.done
    writes.go()
    qtbot.waitUntil(lambda: writes.queue != [])
    writes.go()
    assert work.done[-1] == "lock"
    assert results == []
    enter(window, writes, ME)
    assert results == ["imported"]


def test_the_key_stays_while_a_draft_is_not_on_the_disk(window, work, writes, qtbot, monkeypatch):
    monkeypatch.setattr(sitting, "REST_MS", 0)
    window.area.page().rest = lambda: False
    window.sitting.lock()
    qtbot.wait(20)
    writes.go()
    assert "lock" not in work.done
    assert window.area is None


def test_a_failure_of_before_is_told_after(window, writes, own):
    def fail():
        raise Unavailable("disk.full")

    own.run(fail)
    window.sitting.lock()
    writes.go()
    enter(window, writes, ME)
    assert "磁盘空间不够" in window.area.banner.text()


def test_what_was_copied_here_is_taken_away(window):
    clipboard = QApplication.clipboard()
    clipboard.setText("990101198001010009")
    window.sitting.lock()
    assert clipboard.text() == ""


def test_boxes_over_the_window_are_given_up(window, qtbot):
    box = QDialog(window)
    box.setModal(True)
    box.show()
    ended = []
    box.finished.connect(ended.append)
    window.sitting.lock()
    assert ended == [QDialog.DialogCode.Rejected]
    assert not box.isVisible()


def test_nobody_there_for_the_minutes_of_the_settings(window, work, writes):
    seconds = [0.0]
    window.sitting.watch._now = lambda: seconds[0]
    work.minutes = 5
    window.sitting.rewatch()
    seconds[0] = 299.0
    assert not window.sitting.watch.look()
    seconds[0] = 300.0
    window.sitting.watch.look()
    assert window.sitting.locked
    window.sitting.lock()
    window.sitting.switch()
    enter(window, writes, ME)
    assert window.sitting.watch.watching


def test_the_demonstration_is_neither_locked_nor_watched(window, work, writes):
    window.open_desk(replace(work.desk(), demo=True))
    assert not window.sitting.watch.watching
    window.area.go("lock")
    assert "演示" in window.area.banner.text()
    window.area.go("switch")
    assert "换成这位" in window.area.banner.text()
    window.sitting.rewatch()
    assert not window.sitting.watch.watching


def test_another_workspace_lets_go_of_what_was_kept(window, work, writes):
    window.sitting.switch()
    enter(window, writes, OTHER)
    assert list(window.sitting._kept) != []
    window._open_other(work.desk())
    assert window.sitting._kept == {}


def test_the_seat_in_a_village_is_given_up_when_somebody_else_sat_down(window, work, writes):
    window.open_desk(replace(work.desk(), proxy_for="石板村"))
    proxy = window.area
    window.sitting.switch()
    enter(window, writes, OTHER)
    window.sitting.switch()
    enter(window, writes, ME)
    assert window.area is not proxy
    assert window.area._desk.proxy_for == ""


def test_the_menu_of_the_person(window, qtbot):
    header = window.area.page().header
    header._person.click()
    assert header.person_menu.isVisible()
    header.person_menu.hide()
    header.person_menu.actions()[1].trigger()
    assert window.sitting.locked
