"""Lawful deletion in the window: request, look, confirm, slip; and what was deleted before."""

from __future__ import annotations

import pytest

from app.domain.ids import EntityId, Kind
from app.queries import rows
from app.ui.parts.deletion_cards import WHOLE
from app.ui.work_area import WorkArea
from app.usecases import workspaces
from tests.usecases.exchange import household

NUMBER = "依删〔2026〕3号"
SECOND = "第二位同志 口令很长"


@pytest.fixture
def county(seats, qtbot, ask) -> WorkArea:
    workspaces.add_person(seats.office("county"), {"name": "见证人"}, SECOND, seats.passphrase)
    return seats.window("county", qtbot, ask)


@pytest.fixture
def home(seats) -> EntityId:
    return household(seats.office("county"))


def filled(page, who: str, **fields) -> None:
    form = page.request.form
    form.fill({**form.values(), "who": who, "number": NUMBER, "basis": "unlawful", **fields})


def test_a_household_is_deleted_step_by_step(county, seats, home, ask):
    county.go("household", home)
    county.page().choose_section("papers")
    county.page().papers.deletion.click()
    page = county.page()
    assert page.request.who.itemText(1).startswith("整户") or page.request.who.itemText(0).startswith("整户")
    page.frame.primary.click()
    assert set(page.request.form.problems()) == {"who", "number", "basis"}
    page.next_problem()
    filled(page, WHOLE, basis="other", years=0)
    page.frame.primary.click()
    assert set(page.request.form.problems()) == {"words", "years"}
    filled(page, WHOLE, years=10)
    page.frame.primary.click()
    assert "没办结" in page.plan.holds.text()
    assert not page.confirm.override.isHidden()
    assert page.escape()
    page.frame.primary.click()
    page.frame.primary.click()
    assert page.confirm.form.problems() == ("again",)
    page.next_problem()
    page.confirm.form.fill({"again": NUMBER})
    page.confirm.override.fill({"reason": "会议研究同意", "second": SECOND})
    page.elsewhere.table.tick_all(on=True)
    ask.answers = [False]
    page.frame.primary.click()
    with seats.office("county").workspace.read() as conn:
        assert rows.find(conn, Kind.HOUSEHOLD, home) is not None
    ask.answers = [True]
    page.frame.primary.click()
    with seats.office("county").workspace.read() as conn:
        assert rows.find(conn, Kind.HOUSEHOLD, home) is None
    assert NUMBER in page.done.told.text()
    assert page.frame.primary.isHidden()
    page.done.slip.click()
    assert county.page() is not page
    county.go("deletion")
    page = county.page()
    assert page.before.isHidden()
    page.list.slip_asked.emit(NUMBER)
    assert county.page() is not page


def test_a_member_alone_and_the_way_back(county, seats, home):
    county.go("household", home)
    county.page().papers.deletion_asked.emit()
    page = county.page()
    with seats.office("county").workspace.read() as conn:
        member = rows.where(conn, Kind.MEMBER, household=home)[0][0]
    filled(page, member)
    page._on_primary()
    assert page.plan.told.text()
    page.frame.back_asked.emit()
    page.before.click()
    assert "还没有办理过" in page.list.why.text()
    page._on_primary()
    page.frame.back_asked.emit()
    assert county.page() is not page
