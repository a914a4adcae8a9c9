"""Ticking rows: by the box, by Space in any column, and where wanted by a click anywhere in the row."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.ui.parts.pick_table import PickColumn, PickRow, PickTable


@pytest.fixture(params=[True, False], ids=["by row", "by box"])
def table(request, qtbot):
    columns = (PickColumn("户主", 3), PickColumn("票数", 2, code="votes"), PickColumn("说明", 5))
    made = PickTable("农户", columns, by_row=request.param)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show_rows([PickRow("a", ("石秀兰", "", "第一")), PickRow("b", ("石正华", "", "第二"))])
    made.show()
    return made


def click(table, row, column, *, box=False):
    rect = table.visualItemRect(table.item(row, column))
    at = rect.topLeft() + QPoint(20, rect.height() // 2) if box else rect.center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)


def test_space_ticks_the_row_in_any_column_that_is_not_typed_into(table):
    table.setCurrentCell(1, 2)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert table.ticked() == ("b",)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert table.ticked() == ()
    table.setCurrentCell(0, 1)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert table.ticked() == ()


def test_a_click_in_a_row_ticks_it_where_that_is_wanted(table, request):
    by_row = request.node.callspec.params["table"]
    click(table, 1, 2)
    assert table.ticked() == (("b",) if by_row else ())
    click(table, 0, 1)
    assert "a" not in table.ticked()


def test_a_click_on_the_box_ticks_once(table):
    click(table, 0, 0, box=True)
    assert table.ticked() == ("a",)
    click(table, 0, 0, box=True)
    assert table.ticked() == ()
