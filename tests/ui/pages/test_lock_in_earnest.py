"""The lock with the real workers and the real database: a half-filled questionnaire survives both ways."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.errors import Refused
from app.domain.ids import Kind
from app.queries import rows
from app.ui import sitting
from app.ui.desk import StepSubject
from app.ui.main_window import MainWindow
from app.ui.pages.lock import LockPage
from app.ui.runner import Runner
from app.usecases import people
from app.usecases.demo_month import standing_at
from app.usecases.people import Newcomer
from app.wiring.seat import make_desk
from tests.ui.fake_desk import FakeWork

SECOND = "hongma baishan laoshu xinqiao"
WAIT_MS = 20_000


@pytest.fixture
def room(seats):
    """The village, no longer called a demonstration, with a second person who can unlock."""
    made = seats.room("village-01")
    people.add(made.office, Newcomer("石秀兰", passphrase=SECOND), seats.passphrase)
    with made.office.workspace.write(made.office.actor) as tx:
        tx.set_meta("demo", "0")
    return made


@pytest.fixture
def window(room, ask, qtbot, monkeypatch):
    monkeypatch.setattr(sitting, "REST_MS", 20)
    writes, reads = ThreadPoolExecutor(max_workers=1), ThreadPoolExecutor(max_workers=2)
    made = MainWindow(FakeWork().door(), Runner(writes, reads), lambda _over: ask)
    qtbot.addWidget(made)
    made.resize(1366, 728)
    made.open_desk(make_desk(room, room.person))
    made.show()
    yield made
    writes.shutdown(wait=True)
    reads.shutdown(wait=True)


def subject(room):
    case = standing_at(room.office, "visit", room.facts.scope)[0]
    with room.read() as conn:
        return StepSubject(str(rows.get(conn, Kind.CASE, case)["household"]), case, "visit")


def enter(window, qtbot, text):
    page = window.centralWidget().findChild(LockPage)
    page.passphrase.setText(text)
    page.open_button.click()
    qtbot.waitUntil(lambda: window.area is not None, timeout=WAIT_MS)


def test_a_half_filled_questionnaire_survives_the_lock_and_the_change_of_person(window, room, seats, qtbot):
    window.area.go("visit", subject(room))
    page, area = window.area.page(), window.area
    qtbot.waitUntil(lambda: page.view is not None, timeout=WAIT_MS)
    engine = page.visit.engine
    engine.answer(engine.at("/data/verdict/signed_on")[0], "2026-10-06")
    page._keeper.touch()
    window.sitting.lock()
    qtbot.waitUntil(lambda: room.is_locked, timeout=WAIT_MS)
    with pytest.raises(Refused, match=r"work\.locked"):
        room.source.meta("level")
    view = page.view
    enter(window, qtbot, seats.passphrase)
    assert (window.area is area, page.view is view, room.is_locked) == (True, True, False)
    window.sitting.lock()
    qtbot.waitUntil(lambda: room.is_locked, timeout=WAIT_MS)
    enter(window, qtbot, SECOND)
    theirs = window.area.page()
    assert (window.area is area, window.area.here()) == (False, "visit")
    qtbot.waitUntil(lambda: theirs.view is not None, timeout=WAIT_MS)
    assert "2026-10-06" in theirs.view.draft_xml()
    assert room.office.actor.name == "石秀兰"
