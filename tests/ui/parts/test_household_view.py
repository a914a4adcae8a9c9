"""The list: columns by width, selection by number over resets, Enter opens."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.queries.household_list import ListQuery
from app.ui.models.household_list import Column, HouseholdListModel
from app.ui.parts.household_view import HouseholdView


@pytest.fixture
def view(work, runner, qtbot):
    made = HouseholdView()
    model = HouseholdListModel(work.ids, work.lines, runner, made)
    made.show_model(model)
    qtbot.addWidget(made)
    made.resize(850, 480)
    made.show()
    model.set_query(ListQuery())
    return made


def shown(view):
    return {column for column in Column if not view.isColumnHidden(column)}


def test_the_first_line_is_chosen(view):
    assert view.current_number() == view.model().number(0)


def test_selection_stays_with_the_household(view, qtbot):
    view.move_to_row(20)
    number = view.current_number()
    view.model().set_query(ListQuery(text=view.model().line(20).head[0]))
    assert view.current_number() == number
    assert view.currentIndex().row() != 20


def test_enter_and_double_click_open(view, qtbot):
    view.move_to_row(3)
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [view.model().number(3)]
    place = view.visualRect(view.model().index(5, 1)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == [view.model().number(5)]


def test_arrows_move(view, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex().row() == 2


@pytest.mark.parametrize("width", [520, 700, 850, 1100, 1500])
def test_columns_fill_the_width_and_never_scroll_sideways(view, qtbot, width):
    view.resize(width, 480)
    QApplication.sendPostedEvents()
    used = sum(view.columnWidth(c) for c in shown(view))
    assert used <= view.viewport().width() + 3
    assert view.horizontalScrollBar().maximum() == 0
    assert {Column.CODE, Column.HEAD, Column.DUE} <= shown(view)


def test_wide_shows_more_than_narrow(view):
    view.resize(1500, 480)
    wide = shown(view)
    view.resize(520, 480)
    assert shown(view) < wide


def test_painting_a_line_that_vanished_does_not_fail(view, work, qtbot):
    work.all = []
    view.model()._pages.clear()
    assert not view.grab().isNull()


def test_an_empty_answer_clears_the_choice(view, qtbot):
    with qtbot.waitSignal(view.current_changed) as changed:
        view.model().set_query(ListQuery(text="没有这个人"))
    assert changed.args == [-1]
