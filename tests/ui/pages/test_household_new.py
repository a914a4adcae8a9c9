"""Add a household over a real workspace, by clicks."""

# ruff: noqa: F811 -- the fixture is imported
from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from app.domain.ids import Kind
from app.queries import rows
from app.ui import theme
from app.ui.pages.household_new import NewHouseholdPage
from app.ui.stylesheet import apply
from tests.ui.pages.workroom import Workroom
from tests.usecases.conftest import village  # noqa: F401 - a fixture
from tests.usecases.journal import bodies, ops
from tests.usecases.village import VILLAGE, synthetic_id


@pytest.fixture
def page(village, runner, ask, qtbot):
    made = NewHouseholdPage(Workroom(village).desk(), runner, ask)
    qtbot.addWidget(made)
    made.resize(1286, 728)
    made.show_for()
    made.show()
    return made


def type_in(form, **values):
    for code, value in values.items():
        form.field(code).set_value(value)
        form.on_left(code)


def said(page):
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def fill_head(page):
    type_in(page.members.form, name="吴福生", id_number=synthetic_id(1), phone="19900000001")


def test_it_begins_with_the_head(page):
    assert page.members.form.field("relation").value() == "01"
    assert page.members.table.rows.rowCount() == 1
    assert page.may_leave()


def test_a_household_is_saved_and_its_identification_begun(page, village, qtbot):
    fill_head(page)
    assert (page.members.form.field("sex").value(), page.members.form.field("born").value()) == (
        "1",
        "1970-01-01",
    )
    page.members.new.click()
    type_in(page.members.form, name="吴小妹", id_number=synthetic_id(9, "20100203", "2"), relation="04")
    type_in(page.where.form, group="三组", address="三组12号")
    number = len(bodies(village.office))
    with qtbot.waitSignals([page.asked, page.said]) as signals:
        page.frame.primary.click()
    assert ops(village.office)[number:] == ["household.added", "member.added", "member.added", "case.opened"]
    with village.office.workspace.read() as conn:
        ((home, values),) = rows.where(conn, Kind.HOUSEHOLD, village=VILLAGE)
        ((_, case),) = rows.where(conn, Kind.CASE)
        people = rows.where(conn, Kind.MEMBER, household=home)
    assert (values["group"], case["household"], len(people)) == ("三组", home, 2)
    del signals
    assert page.members.table.rows.rowCount() == 1
    assert page.members.form.field("name").value() == ""


def test_it_may_only_be_saved(page, village, qtbot):
    fill_head(page)
    with qtbot.waitSignal(page.asked) as asked:
        page.only.click()
    assert asked.args[0] == "household"
    assert ops(village.office)[-2:] == ["household.added", "member.added"]


def test_what_is_missing_is_marked_and_nothing_is_written(page, village, qtbot):
    before = len(bodies(village.office))
    type_in(page.members.form, phone="19900000001")
    with qtbot.waitSignal(page.noticed):
        page.frame.primary.click()
    assert {"name", "sex", "born"} <= set(page.members.form.problems())
    assert len(bodies(village.office)) == before


def test_without_anybody_nothing_is_saved(page, village, qtbot):
    page.members.drop.click()
    with qtbot.waitSignal(page.noticed) as told:
        page.save()
    assert told.args == ["先填户主，再保存。"]


def test_two_heads_are_refused_and_what_was_typed_stays(page, village, runner, qtbot):
    fill_head(page)
    page.members.new.click()
    type_in(page.members.form, name="吴二", id_number=synthetic_id(2), relation="01")
    before = len(bodies(village.office))
    with qtbot.waitSignal(runner.failed) as failed:
        page.frame.primary.click()
    assert failed.args[0].code == "household.heads"
    assert len(bodies(village.office)) == before
    assert page.members.table.rows.rowCount() == 2


def test_a_number_known_elsewhere_is_warned_about_but_not_refused(page, village, qtbot):
    village.add_home("赵大山")
    fill_head(page)
    assert any("石板村三组赵大山户的赵大山" in text for text in said(page))
    with qtbot.waitSignal(page.asked):
        page.only.click()


def test_what_was_typed_is_not_lost_by_going_away(page, ask):
    fill_head(page)
    ask.answers = [False, True]
    assert not page.may_leave()
    page.show_for()
    assert page.members.form.field("name").value() == "吴福生"
    assert page.may_leave()
    page.show_for()
    assert page.members.form.field("name").value() == ""


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
def test_nothing_is_clipped(
    qapp, village, runner, ask, qtbot, scale, assert_no_clipped_labels, assert_accessible_names
):
    apply(qapp, theme.Theme(scale=scale))
    made = NewHouseholdPage(Workroom(village).desk(), runner, ask)
    qtbot.addWidget(made)
    made.resize(1366 - theme.px(80), 728)
    made.show_for()
    made.show()
    fill_head(made)
    assert (made.width(), made.height()) == (1366 - theme.px(80), 728)
    assert_no_clipped_labels(made)
    assert_accessible_names(made)
