"""The first run: each page checks itself, a starter file fills it, the demonstration opens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.domain.errors import Unavailable
from app.domain.ids import Level
from app.ui.desk import NewWorkspace
from app.ui.pages.wizard import WizardPage

GOOD = "石板村的八步通2026"


@pytest.fixture
def door(work):
    return work.door(exists=False)


@pytest.fixture
def page(door, runner, ask, qtbot):
    made = WizardPage(door, runner, ask)
    qtbot.addWidget(made)
    made.resize(1366, 728)
    made.show()
    return made


def place(page, code="990101001001"):
    page.next.click()
    page.place.fill(code, ("青山县", "清溪镇", "石板村"))


def person(page, first=GOOD, again=GOOD):
    page.next.click()
    page.person.form.fill({"person": "陈志明", "position": "村会计"})
    page.person.first.setText(first)
    page.person.again.setText(again)


def test_all_answers_reach_the_door(page, work, qtbot):
    place(page)
    person(page)
    page.next.click()
    page.line.fill(690_000, "青扶〔2026〕1 号")
    with qtbot.waitSignal(page.opened):
        page.next.click()
    assert work.created == NewWorkspace(
        Level.VILLAGE,
        "990101001001",
        ("青山县", "清溪镇", "石板村"),
        "陈志明",
        "村会计",
        GOOD,
        690_000,
        "青扶〔2026〕1 号",
    )


def test_the_line_can_come_later(page, work, qtbot):
    place(page)
    person(page)
    page.next.click()
    page.next.click()
    assert page.at() == 3
    assert page.line.form.problems() == ("fen", "doc")
    page.line.later.click()
    assert not page.line.form.isEnabled()
    with qtbot.waitSignal(page.opened):
        page.next.click()
    assert (work.created.line_fen, work.created.line_doc) == (None, "")


@pytest.mark.parametrize(
    ("level", "names"), [(Level.TOWNSHIP, ("青山县", "清溪镇")), (Level.COUNTY, ("青山县",))]
)
def test_a_level_has_as_many_names_as_it_needs(page, level, names):
    page.role.choose(level)
    place(page, {Level.TOWNSHIP: "990101001000", Level.COUNTY: "990101000000"}[level])
    assert page.place.names() == names
    page.next.click()
    assert page.at() == 2


def test_a_code_of_the_wrong_shape_stays(page):
    place(page, "9901")
    page.next.click()
    assert page.at() == 1
    assert page.place.form.problems() == ("code",)


def test_a_name_must_be_given(page):
    place(page)
    page.place.fill("990101001001", ("青山县", "", "石板村"))
    page.next.click()
    assert page.at() == 1
    assert page.place.form.problems() == ("township",)


@pytest.mark.parametrize(
    ("first", "again", "wrong"),
    [(GOOD, "other", "again"), ("12345678", "12345678", "passphrase"), ("short", "short", "passphrase")],
)
def test_a_bad_passphrase_stays(page, first, again, wrong):
    place(page)
    person(page, first, again)
    page.next.click()
    assert page.at() == 2
    assert page.person.form.problems() == (wrong,)


def test_strength_is_said_while_typing(page, qtbot):
    page.person.first.setText("12345678")
    assert "太短" in page.person.strength.text()
    page.person.first.setText(GOOD)
    assert "好" in page.person.strength.text()


def test_back_keeps_the_answers(page):
    place(page)
    person(page)
    page.back.click()
    assert page.at() == 1
    assert page.place.code() == "990101001001"
    page.back.click()
    assert page.at() == 0
    assert page.back.isHidden()


def test_a_starter_file_fills_the_place_and_the_line(page, ask):
    ask.answers = [Path("清溪镇.hhstart")]
    page.role.starter_asked.emit()
    assert page.at() == 1
    assert page.role.level() is Level.TOWNSHIP
    assert page.place.code() == "990101001000"
    assert page.line.line() == (690_000, "青扶〔2026〕1 号")


def test_no_file_chosen_changes_nothing(page, ask):
    ask.answers = [None]
    page.role.starter_asked.emit()
    assert page.at() == 0


def test_the_demonstration_opens(page, qtbot):
    with qtbot.waitSignal(page.opened):
        page.role.demo_asked.emit()


def test_a_machine_that_says_no_leaves_the_wizard_usable(door, runner, ask, qtbot):
    def full(report, cancelled):
        raise Unavailable("rule.disk_full")

    page = WizardPage(replace(door, open_demo=full), runner, ask)
    qtbot.addWidget(page)
    with qtbot.assertNotEmitted(page.opened):
        page.role.demo_asked.emit()
    assert "rule.disk_full" in page.message()
    assert page.next.isEnabled()


def test_enter_in_the_last_field_goes_to_the_button(page, qtbot):
    place(page)
    page.place.form.focus("village")
    qtbot.keyClick(page.place.form.field("village"), Qt.Key.Key_Return)
    qtbot.waitUntil(page.next.hasFocus)


@pytest.mark.parametrize("number", range(4))
def test_nothing_is_clipped(page, number, assert_no_clipped_labels, assert_accessible_names):
    page._show(number)
    assert_no_clipped_labels(page)
    assert_accessible_names(page)


@pytest.mark.parametrize("number", range(4))
def test_nothing_is_clipped_in_large_type(large, page, number, assert_no_clipped_labels):
    page.place.show_level(Level.VILLAGE)
    page._show(number)
    if number in page._forms:
        page._forms[number].check()
    assert page.height() == 728
    assert_no_clipped_labels(page)
