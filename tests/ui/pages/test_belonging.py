"""Split, unite, move, strike and bring back, by clicks over a real workspace."""

# ruff: noqa: F811 -- the fixture is imported
from __future__ import annotations

import pytest

from app.domain.ids import Kind, Level
from app.queries import rows
from app.ui.pages.belonging import BelongingPage
from app.usecases.workspaces import name_places
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture

OTHER = "990101001202"


@pytest.fixture
def homes(village):
    """Two households, the first with a son."""
    return village.add_home("吴福生", ["吴大山"]), village.add_home("李四喜", ["李小喜"])


@pytest.fixture
def opened(village, runner, ask, qtbot, monkeypatch):
    """A page over the village at one level, opened for a household; 新田村 is known by name."""
    name_places(village.office, {OTHER: "新田村"})
    monkeypatch.setattr("tests.ui.pages.workroom.PLACES", {**Workroom(village).places, OTHER: "新田村"})

    def open_page(household, level=Level.VILLAGE):
        made = BelongingPage(Workroom(village, level).desk(), runner, ask)
        qtbot.addWidget(made)
        made.resize(1286, 728)
        made.show_for(household)
        made.show()
        return made

    return open_page


def offered(page):
    return [act for act, tab in page.tabs.items() if not tab.isHidden()]


def values(village, uid):
    with village.office.workspace.read() as conn:
        return rows.get(conn, Kind.HOUSEHOLD, uid)


def told(page, qtbot):
    with qtbot.waitSignal(page.said) as signal:
        page.do()
    return signal.args[0]


def noticed(page, qtbot):
    with qtbot.waitSignal(page.noticed) as signal:
        page.do()
    return signal.args[0]


def test_a_son_splits_off(opened, homes, village, ask, qtbot):
    page = opened(homes[0])
    assert offered(page) == ["split", "unite", "void"]
    assert "还没有选谁" in noticed(page, qtbot)
    [son] = page.splitting.picks.people()
    page.splitting.picks.choose(son, "")
    assert "关系" in noticed(page, qtbot)
    page.splitting.picks.choose(son, "01")
    page.splitting.where.fill({"group": "五组", "address": ""})
    ask.answers.append("分家单过")
    assert "分出新户" in told(page, qtbot)
    [tie] = page.file.ties
    assert values(village, tie.household)["group"] == "五组"
    assert page.splitting.picks.people() == ()


def test_two_registrations_are_one_household(opened, homes, village, ask, qtbot):
    page = opened(homes[0])
    page.tabs["unite"].click()
    assert "另一户" in noticed(page, qtbot)
    with qtbot.waitSignal(page.noticed) as signal:
        page.uniting.sought.emit("无此人")
    assert "没有找到" in signal.args[0]
    page.uniting.text.setText("李四喜")
    page.uniting.seek.click()
    assert page.uniting.table.current_key() == homes[1]
    assert len(page.uniting.picks.people()) == 2
    page.uniting.stays.setCurrentIndex(page.uniting.stays.findData(homes[1]))
    page.uniting.stays.activated.emit(0)
    ask.answers.append("两份登记对过户口本")
    told(page, qtbot)
    assert values(village, homes[0])["alias_of"] == homes[1]
    assert offered(page) == ["part"]
    ask.answers.append("其实是两户")
    told(page, qtbot)
    assert values(village, homes[0])["status"] == "active"


def test_struck_and_brought_back(opened, homes, village, ask, qtbot):
    page = opened(homes[0])
    page.tabs["void"].click()
    ask.answers += ["登记错了", True]
    told(page, qtbot)
    assert (values(village, homes[0])["status"], offered(page)) == ("void", ["restore"])
    ask.answers.append("没有错")
    told(page, qtbot)
    assert values(village, homes[0])["status"] == "active"


def test_what_stops_with_a_household_is_said_before_it_is_struck(opened, homes, village, ask):
    case = village.open("吴福生")
    village.bring(case, "publicise")
    village.plan_notice([case])
    page = opened(homes[0])
    page.tabs["void"].click()
    ask.answers += ["登记错了", False]
    page.do()
    assert ["公示还没有张贴" in text for text in ask.texts] == [True, True]
    assert values(village, homes[0])["status"] == "active"


def test_putting_a_running_double_behind_another_asks_twice(opened, homes, village, ask, qtbot):
    village.open("李四喜")
    page = opened(homes[0])
    page.tabs["unite"].click()
    page.uniting.text.setText("李四喜")
    page.uniting.seek.click()
    ask.answers += ["两份登记对过户口本", False]
    page.do()
    assert values(village, homes[1])["status"] == "active"
    ask.answers += ["两份登记对过户口本", True]
    told(page, qtbot)
    assert values(village, homes[1])["status"] == "alias"


def test_nothing_happens_without_a_reason_or_a_yes(opened, homes, village, ask):
    page = opened(homes[0])
    page.tabs["void"].click()
    ask.answers.append(None)
    page.do()
    ask.answers += ["登记错了", False]
    page.do()
    assert values(village, homes[0])["status"] == "active"


def test_a_township_moves_a_household_and_takes_it_back(opened, homes, village, ask, qtbot):
    page = opened(homes[0], Level.TOWNSHIP)
    assert offered(page) == ["unite", "move"]
    page.tabs["move"].click()
    page.do()  # the village is missing: nothing is asked
    page.moving.form.fill({"village": OTHER, "on": "2026-03-01", "group": "一组", "address": ""})
    ask.answers += ["全家搬走", True]
    told(page, qtbot)
    assert (values(village, homes[0])["status"], offered(page)) == ("moved", [])
    [tie] = page.file.ties
    there = opened(tie.household, Level.TOWNSHIP)
    there.tabs["unmove"].click()
    ask.answers.append("没有搬成")
    told(there, qtbot)
    assert values(village, homes[0])["status"] == "active"
