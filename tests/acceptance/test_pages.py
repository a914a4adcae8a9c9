"""Every page of the program over a real demonstration: nothing clipped, every control named, an X typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.ids import EntityId, Kind, Level
from app.queries import rows
from app.ui import theme
from app.ui.desk import StepSubject
from app.ui.pages import registry
from app.ui.parts.inputs import IdNumberInput
from app.ui.stylesheet import apply
from app.usecases import papers
from app.usecases.demo_month import standing_at
from app.wiring.room import Room
from tests.ui.conftest import (  # noqa: F401 -- fixtures
    ask,
    assert_accessible_names,
    assert_no_clipped_labels,
    looks,
)
from tests.ui.pages.conftest import demo_folder, seats  # noqa: F401 -- fixtures

FOLDERS = {Level.VILLAGE: "village-01", Level.TOWNSHIP: "township", Level.COUNTY: "county"}
PAGES = [
    pytest.param(entry.name, level, id=f"{entry.name}-{level}")
    for level in Level
    for entry in registry.entries(level).values()
]


def _any_case(room: Room, steps: tuple[str, ...]) -> StepSubject:
    for step in steps:
        for case in standing_at(room.office, step, room.facts.scope):
            with room.read() as conn:
                values = rows.get(conn, Kind.CASE, case)
            return StepSubject(str(values["household"]), case, step)
    raise AssertionError(steps)


def _notice(room: Room) -> object:
    with room.read() as conn:
        uid = next(uid for uid, _values in rows.where(conn, Kind.PUBLICITY))
    return papers.preview_notice(room.office, EntityId(uid))


_STEPS = {
    "step": ("review", "visit"),
    "visit": ("visit",),
    "meetings": ("appraise",),
    "notices": ("publicise",),
    "checks": ("check",),
    "audits": ("audit",),
}


def subject_of(name: str, room: Room) -> object:
    """Return what a page is opened for in the demonstration."""
    if name in _STEPS:
        return _any_case(room, _STEPS[name])
    if name in {"deletion", "household", "household_history", "belonging"}:
        return _any_case(room, ("visit",)).household
    return _notice(room) if name == "preview" else None


@pytest.fixture(params=["normal", "large"])
def size(request: pytest.FixtureRequest, qapp: QApplication) -> str:
    if request.param == "large":
        apply(qapp, theme.Theme(scale=theme.LARGE))
    return str(request.param)


@pytest.mark.parametrize(("name", "level"), PAGES)
def test_every_page_is_whole_and_every_control_named(
    name: str,
    level: Level,
    size: str,
    seats,  # noqa: F811
    ask,  # noqa: F811
    qtbot,
    assert_no_clipped_labels: Callable[[QWidget], None],  # noqa: F811
    assert_accessible_names: Callable[[QWidget], None],  # noqa: F811
) -> None:
    area = seats.window(FOLDERS[level], qtbot, ask)
    area.go(name, subject_of(name, seats.room(FOLDERS[level])))
    assert area.here() == name
    assert_no_clipped_labels(area)
    assert_accessible_names(area)
    smallest = area.minimumSizeHint()
    assert (smallest.width() <= 1366, smallest.height() <= 728) == (True, True)


def test_an_id_number_ending_in_x_is_typed_with_the_input_method_on(seats, ask, qtbot) -> None:  # noqa: F811
    area = seats.window("village-01", qtbot, ask)
    area.go("household_new")
    (field, *_others) = [one for one in area.findChildren(IdNumberInput) if one.isVisible()]
    assert field.inputMethodQuery(Qt.InputMethodQuery.ImEnabled) is False
    field.setFocus()
    QTest.keyClicks(field, "99010119800101009")
    QTest.keyClick(field, Qt.Key.Key_X)
    assert field.text().replace(" ", "").upper() == "99010119800101009X"
