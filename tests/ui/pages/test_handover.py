"""Handing over in the window: both passphrases, then the new person sits there with the slip before them."""

from __future__ import annotations

import pytest

from app.ui.main_window import MainWindow
from app.ui.pages.handover import HandoverPage
from app.ui.pages.preview import PreviewPage
from app.ui.runner import Runner
from app.usecases.keys import unlock_key
from tests.ui.fake_ask import InlineExecutor

NEW = "hongma baishan laoshu xinqiao"


@pytest.fixture
def window(seats, ask, qtbot):
    made = MainWindow(_no_door(), Runner(InlineExecutor(), InlineExecutor()), lambda _over: ask)
    qtbot.addWidget(made)
    made.resize(1366, 728)
    made.open_desk(seats.desk("village-01"))
    made.show()
    made.area.go("people")
    made.area.page().handover.click()
    return made


def _no_door():
    from tests.ui.fake_desk import FakeWork

    return FakeWork().door()


@pytest.fixture
def page(window):
    assert isinstance(window.area.page(), HandoverPage)
    return window.area.page()


def test_it_counts_what_is_handed_over(page, seats):
    assert "农户：12 户" in page._due.text()
    assert "入户" in page._due.text()


def test_what_is_missing_is_marked(page, window):
    page.frame.primary.click()
    assert set(page.form.problems()) == {"name", "passphrase", "own"}
    page.next_problem()
    other = next(iter(page._people))
    page.who.set_value(other)
    page._on_who()
    assert not page.form.field("name").isEnabled()
    page.frame.primary.click()
    assert "own" in page.form.problems()


def test_the_new_person_sits_there_with_the_slip(page, window, seats, ask):
    page.form.fill(
        {"person": "new", "name": "石秀兰", "position": "文书", "passphrase": NEW, "own": seats.passphrase}
    )
    ask.answers = [False]
    page.frame.primary.click()
    assert isinstance(window.area.page(), HandoverPage)
    ask.answers = [True]
    page.frame.primary.click()
    assert isinstance(window.area.page(), PreviewPage)
    assert window.area.page()._paper.name == "交接单-2026-10-07.pdf"
    assert window.area._desk.person.name == "石秀兰"
    assert unlock_key(seats.folder / "village-01", NEW)[1] == window.area._desk.person.id


def test_somebody_here_takes_over(page, window, seats, ask):
    other = next(iter(page._people.values()))
    page.form.fill({"person": other.id, "passphrase": NEW, "own": "wrong words of nobody"})
    ask.answers = [True]
    page.frame.primary.click()
    assert page.form.problems() == ("own",)  # two are asked for: the field says which one was wrong
    page.form.field("own").setText(seats.passphrase)
    page.form.field("passphrase").setText("123")
    ask.answers = [True]
    page.frame.primary.click()
    assert page.form.problems() == ("passphrase",)
    page.form.field("passphrase").setText(NEW)
    page.reassign.setChecked(False)
    ask.answers = [True]
    page.frame.primary.click()
    assert window.area._desk.person.id == other.id
