"""The pages of steps inside the window of each level, over the demonstration's workspaces."""

from __future__ import annotations

import os

import pytest

from app.ui.desk import StepSubject

PAGES = {"village-01": ("meetings", "notices"), "township": ("checks",), "county": ("audits",)}


@pytest.mark.parametrize("name", PAGES)
def test_every_level_opens_its_pages_from_the_rail(name, seats, qtbot, ask, assert_no_clipped_labels):
    area = seats.window(name, qtbot, ask)
    for page in PAGES[name]:
        area.go(page)
        assert area.here() == page
        assert area.page().place is not None
        assert area.banner.text() == ""
        assert_no_clipped_labels(area)
        if os.environ.get("SHOTS"):
            area.grab().save(f"{os.environ['SHOTS']}/demo_{name}_{page}.png")


def test_every_household_opens_at_its_step(seats, qtbot, ask):
    area = seats.window("village-01", qtbot, ask)
    area.go("home")
    home = area.page()
    lines = [home.model.line(row) for row in range(home.model.rowCount())]
    opened = set()
    for line in lines:
        if not line.case:
            continue
        area.go("step", StepSubject(line.household, line.case, ""))
        sheet = area.page().sheet
        assert sheet.card.household == line.household
        assert area.banner.text() == ""
        opened.add(sheet.page)
        area.go("home")
    assert len(opened) >= 4


def test_the_primary_action_of_the_home_opens_the_step(seats, qtbot, ask):
    area = seats.window("village-01", qtbot, ask)
    area.go("home")
    home = area.page()
    for row in range(home.model.rowCount()):
        home.list.move_to_row(row)
        if home.detail.primary_text():
            break
    home.detail._primary.click()
    assert area.here() == "step"
    assert area.page().sheet.is_open


def test_back_from_a_page_of_the_rail_is_home(seats, qtbot, ask):
    area = seats.window("village-01", qtbot, ask)
    area.go("meetings")
    area.page().on_back()
    assert area.here() == "home"
