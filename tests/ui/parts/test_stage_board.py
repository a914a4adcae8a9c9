"""The board: real buttons that speak, choose by number and keep their choice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible

from app.ui.parts.stage_board import StageBoard


@pytest.fixture
def board(work, qtbot):
    made = StageBoard()
    qtbot.addWidget(made)
    made.show_board(work.board("", "", "identify"))
    made.resize(1246, made.height())
    made.show()
    return made


def spoken(board):
    return [QAccessible.queryAccessibleInterface(b).text(QAccessible.Text.Name) for b in board._steps]


def test_each_step_says_its_counts(board, work):
    count = work.board("", "", "identify").steps[2]
    assert spoken(board)[2] == f"第3步 入户 {count.total}户 {count.overdue}户超期 {count.due_soon}户临期"
    assert len(spoken(board)) == 8


def test_a_click_and_a_number_choose(board, qtbot):
    with qtbot.waitSignal(board.step_chosen) as chosen:
        qtbot.mouseClick(board._steps[3], Qt.MouseButton.LeftButton)
    assert chosen.args == ["compare"]
    with qtbot.waitSignal(board.step_chosen) as chosen:
        board.choose(0)
    assert chosen.args == [""]
    with qtbot.assertNotEmitted(board.step_chosen):
        board.choose(9)


def test_only_one_step_is_chosen(board):
    board.show_chosen("visit")
    board.show_chosen("audit")
    assert [b.step for b in board._steps if b.isChecked()] == ["audit"]
    assert not board._all.isChecked()


def test_new_counts_keep_the_buttons(board, work):
    before = list(board._steps)
    data = work.board("", "", "identify")
    board.show_board(replace(data, steps=tuple(replace(s, total=s.total + 1) for s in data.steps)))
    assert board._steps == before
    assert f"{data.steps[0].total + 1}户" in spoken(board)[0]


def test_a_pack_with_seven_steps_has_seven_buttons(board, work):
    data = work.board("", "", "exit")
    board.show_board(replace(data, steps=data.steps[:7]))
    assert len(board._steps) == 7
    board.choose(7)
    assert board._steps[6].isChecked()


def test_arrows_go_to_the_neighbour_and_enter_chooses(board, qtbot):
    board._steps[0].click()
    board._steps[0].setFocus()
    qtbot.waitUntil(board._steps[0].hasFocus)
    with qtbot.waitSignal(board.step_chosen) as chosen:
        qtbot.keyClick(board._steps[0], Qt.Key.Key_Right)
    assert chosen.args == ["review"]
    assert board._steps[1].hasFocus()
    with qtbot.waitSignal(board.step_chosen) as chosen:
        qtbot.keyClick(board._steps[1], Qt.Key.Key_Return)
    assert chosen.args == ["review"]
