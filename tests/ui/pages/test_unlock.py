"""The unlock page: the right passphrase opens, a wrong one says so, several people choose."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QPushButton

from app.ui.pages.unlock import UnlockPage

RIGHT = "石板村的八步通2026"


@pytest.fixture
def page(work, runner, ask, qtbot):
    made = UnlockPage(work.door(), runner, ask)
    qtbot.addWidget(made)
    made.resize(1366, 728)
    made.show()
    return made


def test_the_right_passphrase_opens(page, qtbot):
    page.passphrase.setText(RIGHT)
    with qtbot.waitSignal(page.opened) as opened:
        qtbot.keyClick(page.passphrase, Qt.Key.Key_Return)
    assert opened.args[0].person.name == "陈志明"
    assert page.passphrase.text() == ""


def test_a_wrong_one_says_so_and_is_ready_again(page, qtbot):
    qtbot.keyClicks(page.passphrase, "wrong")
    with qtbot.assertNotEmitted(page.opened):
        page.open_button.click()
    assert "口令不对" in page.message()
    assert page.open_button.isEnabled()
    assert page.passphrase.hasSelectedText()


def test_nothing_typed_asks_nothing(page, qtbot):
    before = page.message()
    with qtbot.assertNotEmitted(page.opened):
        qtbot.keyClick(page.passphrase, Qt.Key.Key_Return)
    assert page.message() == before
    assert page.open_button.isEnabled()


def test_a_chinese_passphrase_can_be_typed_once_it_is_shown(page):
    asks = page.passphrase.inputMethodQuery
    assert "眼睛" in page.message()
    page.passphrase._eye.toggle()
    assert asks(Qt.InputMethodQuery.ImEnabled) is True
    assert page.passphrase.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    event = QInputMethodEvent()
    event.setCommitString("石板村")
    QApplication.sendEvent(page.passphrase, event)
    assert page.passphrase.value() == "石板村"


def test_several_people_say_who_they_are(work, runner, ask, qtbot, assert_no_clipped_labels):
    page = UnlockPage(work.door(shared=True), runner, ask)
    qtbot.addWidget(page)
    page.show()
    page.passphrase.setText(RIGHT)
    with qtbot.assertNotEmitted(page.opened):
        page.open_button.click()
    assert_no_clipped_labels(page)
    second = next(b for b in page.findChildren(QPushButton) if b.text().startswith("李红霞"))
    with qtbot.waitSignal(page.opened) as opened:
        second.click()
    assert opened.args[0].person.name == "李红霞"


def test_nothing_is_clipped(page, assert_no_clipped_labels, assert_accessible_names):
    assert_no_clipped_labels(page)
    assert_accessible_names(page)


def test_nothing_is_clipped_in_large_type(large, page, assert_no_clipped_labels):
    assert_no_clipped_labels(page)
