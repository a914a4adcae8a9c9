"""Ids first, lines page by page, few pages kept, selection by number."""

from __future__ import annotations

import pytest

from app.domain.changes import Changes
from app.domain.ids import EntityId, Kind
from app.queries.household_list import ListQuery
from app.ui.models.household_list import (
    PAGE,
    PAGES_KEPT,
    Column,
    HouseholdListModel,
    Role,
    due_text,
    short_code,
    yuan,
)


@pytest.fixture
def model(work, runner):
    made = HouseholdListModel(work.ids, work.lines, runner)
    made.set_query(ListQuery())
    return made


def test_qt_finds_no_fault(model, qtmodeltester):
    qtmodeltester.check(model)


def test_only_the_pages_that_are_looked_at_are_read(model, work):
    assert model.rowCount() == 300
    assert work.pages_asked == []
    model.index(0, 0).data()
    model.index(PAGE - 1, 3).data()
    assert [len(page) for page in work.pages_asked] == [PAGE]
    model.index(299, 0).data()
    assert [len(page) for page in work.pages_asked] == [PAGE, 300 - 2 * PAGE]


def test_old_pages_are_forgotten(runner):
    many = PAGE * (PAGES_KEPT + 3)
    asked = []

    def lines(numbers):
        asked.append(numbers[0])
        return []

    model = HouseholdListModel(lambda _query: range(many), lines, runner)
    model.set_query(ListQuery())
    for row in range(0, many, PAGE):
        model.line(row)
    model.line(0)
    assert asked.count(0) == 2
    model.line(many - 1)
    assert asked.count(many - PAGE) == 1


def test_a_line_that_vanished_is_none_and_not_an_error(runner):
    model = HouseholdListModel(lambda _query: [7], lambda _numbers: [], runner)
    model.set_query(ListQuery())
    assert model.line(0) is None
    assert model.index(0, 0).data() is None
    assert model.line(5) is None


def test_rows_are_found_by_number(model):
    number = model.index(17, 0).data(Role.NUMBER)
    assert model.row_of(number) == 17
    assert model.row_of(99_999) == -1


def test_a_change_of_a_kind_shown_reads_again(model, work, qtbot):
    work.all = work.all[:5]
    with qtbot.waitSignal(model.arrived):
        model.on_changed(Changes(("e",), ((Kind.CASE, EntityId("c")),)))
    assert model.rowCount() == 5
    with qtbot.assertNotEmitted(model.arrived):
        model.on_changed(Changes(("e",), ((Kind.FORM, EntityId("f")),)))


def test_cells_say_what_they_mean(model):
    line = model.line(0)
    texts = [model.index(0, column).data() for column in Column]
    assert texts[Column.CODE] == line.code
    assert texts[Column.SIZE] == f"{line.size} 人"
    assert texts[Column.DUE] == due_text(line.overdue_days)


@pytest.mark.parametrize(("days", "text"), [(None, ""), (3, "超期 3 天"), (0, "今天到期"), (-4, "剩 4 天")])
def test_limits_in_words(days, text):
    assert due_text(days) == text


@pytest.mark.parametrize(
    ("fen", "text"),
    [(None, "—"), (0, "0 元"), (49, "0 元"), (50, "1 元"), (784_249, "7,842 元"), (784_250, "7,843 元")],
)
def test_yuan_is_rounded_half_up(fen, text):
    assert yuan(fen) == text


@pytest.mark.parametrize(
    ("code", "shown"),
    [("99010100120100004", "00004"), ("03-0149", "03-0149"), ("", ""), ("990101001201", "990101001201")],
)
def test_a_code_is_shown_without_its_village(code, shown):
    assert short_code(code) == shown


def test_the_first_page_comes_before_all_ids(work, runner):
    totals = []
    model = HouseholdListModel(work.ids, work.lines, runner, None, lambda query: work.ids(query)[:PAGE])
    model.arrived.connect(totals.append)
    model.set_query(ListQuery())
    assert totals == [PAGE, 300]
    model.set_query(ListQuery(step="visit"))
    assert len(totals) == 3
