"""The real boxes: cancel is the default, the verb is on the button, a reason is never empty."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget

from app.ui.ask import QtAsk
from app.ui.parts.reason_dialog import ReasonDialog


@pytest.fixture
def over(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def press(text):
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    buttons = {b.text(): b for b in box.findChildren(QPushButton)}
    assert box.defaultButton().text() == "取消"
    buttons[text].click()


@pytest.mark.parametrize(("pressed", "answer"), [("删除 王秀兰 户", True), ("取消", False)])
def test_confirm_names_what_will_happen(over, pressed, answer):
    QTimer.singleShot(0, partial(press, pressed))
    assert QtAsk(over).confirm("删除", "这一户的资料会作废。", "删除 王秀兰 户", danger=True) is answer


def test_choose_gives_the_place_of_the_option(over):
    QTimer.singleShot(0, partial(press, "只看"))
    assert QtAsk(over).choose("打开", "怎么打开？", ("改", "只看")) == 1


def test_a_reason_must_be_written(over, qtbot):
    dialog = ReasonDialog("退回", "请写明原因", over)
    qtbot.addWidget(dialog)
    assert not dialog._ok.isEnabled()
    dialog._edit.setPlainText("  \n ")
    assert not dialog._ok.isEnabled()
    dialog._edit.setPlainText("收入没有写清楚 ")
    assert dialog._ok.isEnabled()
    assert dialog.words() == "收入没有写清楚"


def test_the_reason_comes_back(over):
    def write():
        dialog = QApplication.activeModalWidget()
        dialog._edit.setPlainText("材料不全")
        dialog._ok.click()

    QTimer.singleShot(0, write)
    assert QtAsk(over).reason("退回", "请写明原因") == "材料不全"


def test_a_return_asks_where_to_and_why(over, qtbot):
    dialog = ReasonDialog(
        "退回",
        "请写明原因",
        over,
        reasons=(("r1", "材料不全"), ("r2", "数据有误")),
        targets=(("apply", "申请"), ("visit", "入户")),
    )
    qtbot.addWidget(dialog)
    dialog._to.setCurrentIndex(1)
    dialog._code.setCurrentIndex(1)
    dialog._edit.setPlainText("收入没有写清楚")
    assert dialog.given() == {"reason": "收入没有写清楚", "to": "visit", "reason_code": "r2"}


def test_one_target_is_not_asked_for_but_given(over, qtbot):
    dialog = ReasonDialog("退回", "请写明原因", over, targets=(("apply", "申请"),))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog._edit.setPlainText("材料不全")
    assert dialog._to.isHidden()
    assert dialog.given() == {"reason": "材料不全", "to": "apply"}
