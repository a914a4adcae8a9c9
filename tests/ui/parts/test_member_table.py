"""How a table shares its width: by weight, unless a headline or a text would be cut."""

from __future__ import annotations

from app.ui.parts.member_table import RowsTable, TableColumn, TableRow, shares


def test_the_weights_decide_where_everything_fits():
    assert shares(400, (1, 3), (60, 60), (80, 200)) == (100, 300)


def test_a_column_takes_from_the_others_what_its_texts_need():
    found = shares(400, (1, 3), (60, 60), (160, 200))
    assert found[0] >= 160
    assert found[1] >= 200
    assert sum(found) == 400


def test_headlines_come_before_texts():
    found = shares(200, (1, 1, 1), (60, 70, 40), (0, 0, 400))
    assert found[:2] == (60, 70)
    assert sum(found) == 200


def test_where_not_even_the_headlines_fit_the_weights_decide():
    assert shares(100, (1, 1), (90, 60), (0, 0)) == (50, 50)


def test_rows_that_come_later_widen_their_column(qtbot):
    table = RowsTable("人员", (TableColumn("姓名", 4), TableColumn("职务", 1)))
    qtbot.addWidget(table)
    table.resize(420, 200)
    table.show()
    before = table.columnWidth(1)
    table.show_rows([TableRow("a", ("石正华", "村监督委员会主任"))])
    assert table.columnWidth(1) > before
    assert table.columnWidth(1) >= table.sizeHintForColumn(1)
    assert table.columnWidth(0) + table.columnWidth(1) == table.viewport().width()
