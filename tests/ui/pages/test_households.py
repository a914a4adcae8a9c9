"""The list of all households, by clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.domain.changes import Changes
from app.domain.ids import EntityId, Kind
from app.queries.household_list import Chip
from app.ui import theme
from app.ui.pages.households import HouseholdsPage
from app.ui.stylesheet import apply

NAMES = frozenset({"import_roster", "household_new", "rounds"})


@pytest.fixture
def page(desk, runner, ask, qtbot):
    made = HouseholdsPage(desk, runner, ask)
    made.offers(NAMES)
    qtbot.addWidget(made)
    made.resize(1286, 728)
    made.show_for()
    made.show()
    return made


def test_it_lists_households_whatever_their_case(page, work):
    assert page.model.rowCount() == len(work.all)
    assert page.model.query.workflow == ""
    assert page._total.text() == f"{len(work.all)} 户"


def test_enter_and_the_button_open_the_household(page, qtbot):
    with qtbot.waitSignal(page.asked) as asked:
        qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert asked.args == ["household", page.model.line(0).household]
    page.list.move_to_row(4)
    with qtbot.waitSignal(page.asked) as asked:
        page.open.click()
    assert asked.args == ["household", page.model.line(4).household]


@pytest.mark.parametrize(
    ("part", "name"), [("bring", "import_roster"), ("new", "household_new"), ("rounds", "rounds")]
)
def test_buttons_lead_to_their_pages(page, qtbot, part, name):
    with qtbot.waitSignal(page.asked) as asked:
        getattr(page, part).click()
    assert asked.args == [name, None]


def test_a_level_without_these_pages_has_no_buttons(desk, runner, ask, qtbot):
    made = HouseholdsPage(desk, runner, ask)
    made.offers(frozenset({"rounds"}))
    qtbot.addWidget(made)
    made.show_for()
    made.show()
    assert not made.new.isVisible()
    assert not made.bring.isVisible()
    assert made.rounds.isVisible()


def test_search_finds_and_escape_clears(page, work, qtbot):
    assert page.focus_search()
    qtbot.keyClicks(page.header.search, "03-0149")
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)
    assert page.escape()
    qtbot.waitUntil(lambda: page.model.rowCount() == len(work.all), timeout=5000)
    assert not page.escape()


def test_nothing_found_says_what_to_do(page, qtbot):
    page.show_for("没有这个人")
    qtbot.waitUntil(lambda: page.model.rowCount() == 0, timeout=5000)
    assert "没有找到。请换个写法，或按 Esc 清空查找。" in [
        label.text() for label in page.findChildren(QLabel)
    ]
    assert not page.open.isEnabled()


def test_an_empty_workspace_offers_both_ways(page, work, qtbot):
    work.all = []
    page.show_for()
    assert "还没有农户" in [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    with qtbot.waitSignal(page.asked) as asked:
        page._empty_bring.click()
    assert asked.args == ["import_roster", None]


def test_a_chip_narrows(page):
    page.chips.chosen.emit(Chip.OVERDUE)
    assert page.model.query.chip is Chip.OVERDUE


def test_a_change_is_read_again(page, work):
    work.all = work.all[:20]
    page.on_changed(Changes(("e",), ((Kind.HOUSEHOLD, EntityId("h")),)))
    assert page.model.rowCount() == 20


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
@pytest.mark.parametrize("empty", [False, True])
def test_nothing_is_clipped(
    qapp, desk, work, runner, ask, qtbot, scale, empty, assert_no_clipped_labels, assert_accessible_names
):
    apply(qapp, theme.Theme(scale=scale))
    work.all = [] if empty else work.all
    made = HouseholdsPage(desk, runner, ask)
    made.offers(NAMES)
    qtbot.addWidget(made)
    made.resize(1366 - theme.px(80), 728)
    made.show_for()
    made.show()
    assert (made.width(), made.height()) == (1366 - theme.px(80), 728)
    assert_no_clipped_labels(made)
    assert_accessible_names(made)
