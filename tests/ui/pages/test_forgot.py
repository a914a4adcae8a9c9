"""A forgotten passphrase in two windows and by two files: the village's door, the township's page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.errors import Refused
from app.ui.main_window import MainWindow
from app.ui.pages.forgot import ForgotPage
from app.ui.pages.rescue import RescuePage
from app.ui.pages.unlock import UnlockPage
from app.ui.runner import Runner
from app.wiring.door import Entrance
from tests.ui.fake_ask import InlineExecutor
from tests.ui.pages.seats import stick

NEW = "hongma baishan laoshu xinqiao"


@pytest.fixture
def door(seats, ask, qtbot):
    """The village's window before its workspace is open."""
    entrance = Entrance(seats.clock, seats.copied("village-01"))
    window = MainWindow(entrance.door(), Runner(InlineExecutor(), InlineExecutor()), lambda _over: ask)
    qtbot.addWidget(window)
    window.resize(1366, 728)
    window.show()
    yield window
    entrance.close()


@pytest.fixture
def page(door):
    door.findChild(UnlockPage).forgot_button.click()
    return door.centralWidget().findChild(ForgotPage)


@pytest.fixture
def post(tmp_path):
    return stick(tmp_path)


def test_from_the_request_to_the_open_workspace(
    door, page, seats, ask, post, qtbot, assert_no_clipped_labels, assert_accessible_names
):
    assert "可以请上级帮忙" in page._others.text()
    assert page.open_button.isHidden()
    page.name.field("person").setText("石秀兰")
    ask.answers = [None, post]
    page.ask_button.click()
    page.ask_button.click()
    [request] = post.glob("*.hhforgot")
    digits = page.code.text().replace(" ", "")
    assert digits in request.name
    assert_no_clipped_labels(door)
    area = seats.window("township", qtbot, ask)
    area.go("settings")
    area.page().people.rescue.click()
    rescue = area.page()
    assert isinstance(rescue, RescuePage)
    ask.answers = [None, request]
    rescue.open.click()
    rescue.open.click()
    assert "石秀兰" in rescue._told.text()
    assert rescue._code.text().replace(" ", "") == digits
    assert not rescue.frame.primary.isEnabled()
    rescue._on_answer()
    rescue.sure.setChecked(True)
    rescue.frame.primary.click()
    assert rescue.form.problems() == ("code",)
    rescue.next_problem()
    rescue.form.fill({"code": "00000000"})
    ask.answers = [post]
    rescue.frame.primary.click()
    assert list(post.glob("*.hhrec")) == []
    rescue.form.fill({"code": digits})
    ask.answers = [post]
    rescue.frame.primary.click()
    [answer] = post.glob("*.hhrec")
    assert answer.name in rescue._result.text()
    ask.answers = [None, request, answer]
    page.open_button.click()
    page.open_button.click()
    assert "不是找回口令的答复" in page.message()
    page.open_button.click()
    assert page.person.count() > 1
    page.save.click()
    assert set(page.form.problems()) == {"person", "passphrase"}
    page.person.setCurrentIndex(1)
    for name in ("passphrase", "again"):
        page.form.field(name).setText(NEW)
    assert_no_clipped_labels(door)
    assert_accessible_names(door)
    page.save.click()
    assert door.area is not None or "您是哪一位" in " ".join(_texts(door))


def _texts(window):
    from PySide6.QtWidgets import QLabel

    return [one.text() for one in window.findChildren(QLabel)]


def test_the_digits_stay_until_the_answer_comes(door, page, ask, post):
    ask.answers = [post]
    page.ask_button.click()
    digits = page.code.text()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    unlock = door.centralWidget().findChild(UnlockPage)
    unlock.forgot_button.click()
    again = door.centralWidget().findChild(ForgotPage)
    assert again.code.text() == digits
    assert "还在等答复" in again.message()
    again.back_button.click()
    assert door.centralWidget().findChild(UnlockPage) is not None


def test_what_is_told_when_nobody_can_help(door, page, seats, ask, qtbot):
    state = page._forgot.state()
    page._on_state(type(state)(possible=False, people=2))
    assert "还没有登记" in page._others.text()
    assert "请这台电脑上有口令的另一位" in page._others.text()
    assert page.ask_button.isHidden()
    page._on_failed(Refused("recovery.nobody"))
    assert "没有人能帮您" in page.message()


def test_a_computer_that_is_not_enrolled_is_pointed_out(work, runner, ask, qtbot, tmp_path):
    page = RescuePage(work.desk(), runner, ask)
    qtbot.addWidget(page)
    page.show_for()
    ask.answers = [tmp_path / "a.hhforgot"]
    page.open.click()
    assert "不在登记名单里" in page._told.text()
    page.form.fill({"code": "12345678"})
    page.sure.setChecked(True)
    ask.answers = [None]
    page.frame.primary.click()
    ask.answers = [tmp_path]
    with qtbot.waitSignal(page.said):
        page.frame.primary.click()


def test_a_door_without_this_offers_nothing(work, runner, ask, qtbot):
    window = MainWindow(work.door(), runner, lambda _over: ask)
    qtbot.addWidget(window)
    assert window.findChild(UnlockPage).forgot_button.isHidden()
    window._show_forgot()
    assert window.centralWidget().findChild(ForgotPage) is None
