"""From the door to the work area and about in it; what is imported before the first paint."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from app.domain.changes import Changes
from app.domain.errors import Unavailable
from app.domain.ids import EntityId, Kind, Level
from app.ui import theme
from app.ui.desk import Looks
from app.ui.main_window import MainWindow
from app.ui.pages import registry
from app.ui.pages.home import HomePage
from app.ui.pages.settings import SettingsPage
from app.ui.pages.unlock import UnlockPage
from app.ui.pages.welcome import WelcomePage
from app.ui.pages.wizard import WizardPage
from app.ui.parts.page import Page
from app.ui.runner import Runner

OWN = ("home", "exit", "welcome", "settings")  # pages whose callables every desk has
HEAVY = ("sqlalchemy", "alembic", "openpyxl", "reportlab", "pyxform", "pypinyin", "PIL", "lxml", "lark")


@pytest.fixture
def made(work, runner, ask, qtbot):
    window = MainWindow(work.door(), runner, lambda _over: ask)
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def window(made, work, qtbot):
    made.open_desk(work.desk())
    qtbot.waitUntil(made.isActiveWindow)
    return made


def key(window, qtbot, code, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(QApplication.focusWidget() or window, code, modifier)


FIRST_PAINT = f"""
import sys
from PySide6 import QtCore
from PySide6.QtWidgets import QApplication
from app.ui.desk import Door, Looks
from app.ui.main_window import MainWindow, look_of
from app.ui.runner import Runner
from app.ui.stylesheet import apply

app = QApplication([])
apply(app, look_of(Looks()))
window = MainWindow(Door(True, "here", *[None] * 10), Runner(None, None))
window.show()
assert not window.grab().isNull()
print(sorted(name for name in {HEAVY!r} if name in sys.modules), "Qt" in vars(QtCore))
"""


def test_nothing_heavy_is_imported_before_the_first_paint():
    """Nor are Qt's enumerations made: that alone is a tenth of the start (see ``parts.words``)."""
    done = subprocess.run([sys.executable, "-c", FIRST_PAINT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] False"


def test_the_unlock_page_comes_first_and_opens_the_home(made, qtbot):
    unlock = made.findChild(UnlockPage)
    unlock.passphrase.setText("石板村的八步通2026")
    unlock.open_button.click()
    assert isinstance(made.area.page(), HomePage)
    assert made.windowTitle() == "清溪镇 · 石板村"


def test_without_a_workspace_the_wizard_comes_first(work, runner, ask, qtbot):
    window = MainWindow(work.door(exists=False), runner, lambda _over: ask)
    qtbot.addWidget(window)
    wizard = window.findChild(WizardPage)
    wizard.role.demo_asked.emit()
    assert isinstance(window.area.page(), HomePage)


def test_the_demonstration_can_be_asked_for_from_outside(work, runner, ask, qtbot):
    window = MainWindow(work.door(exists=False), runner, lambda _over: ask)
    qtbot.addWidget(window)
    window.show_demo()
    assert window.area.page().model.rowCount() == 40


def test_a_shared_desk_asks_who_is_there_however_it_was_opened(made, work, qtbot):
    made.open_desk(work.desk(shared=True))
    unlock = made.centralWidget().findChild(UnlockPage)
    assert made.area is None
    next(b for b in unlock.findChildren(QPushButton) if b.text().startswith("李红霞")).click()
    assert made.area.page()._desk.person.name == "李红霞"


def test_an_empty_workspace_shows_the_welcome(made, work, qtbot):
    work.all = []
    made.open_desk(work.desk())
    assert isinstance(made.area.page(), WelcomePage)
    assert [name for name, way in made.area.page()._ways.items() if not way.isHidden()] != []


def test_the_welcome_leads_home_when_a_household_exists(made, work, runner, qtbot):
    everything, work.all = work.all, []
    made.open_desk(work.desk())
    qtbot.waitUntil(lambda: made.area.page().isVisible())
    work.all = everything
    runner.changed.emit(Changes(("e",), ((Kind.HOUSEHOLD, EntityId("h")),)))
    assert isinstance(made.area.page(), HomePage)


def test_the_demonstration_opens_from_the_welcome(made, work, qtbot):
    work.all = []
    made.open_desk(work.desk())
    made.area.page()._ways["demo"].click()
    assert made.area.page().model.rowCount() == 40


def test_digits_choose_steps_but_not_inside_a_field(window, qtbot):
    home = window.area.page()
    home.list.setFocus()
    key(window, qtbot, Qt.Key.Key_3)
    assert home._query.step == "visit"
    home.focus_search()
    qtbot.keyClicks(QApplication.focusWidget(), "5")
    assert home._query.step == "visit"
    assert home.header.search.text() == "5"


def test_ctrl_k_searches_from_everywhere(window, qtbot):
    window.area.go("settings")
    key(window, qtbot, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.area.here() == "home"
    assert isinstance(QApplication.focusWidget(), QLineEdit)


def test_escape_goes_back(window, qtbot):
    window.area.go("settings")
    key(window, qtbot, Qt.Key.Key_Escape)
    assert window.area.here() == "home"
    key(window, qtbot, Qt.Key.Key_Escape)
    assert window.area.here() == "home"


def test_f1_says_what_helps_here_and_escape_takes_it_away(window, qtbot):
    key(window, qtbot, Qt.Key.Key_F1)
    assert "Ctrl+K" in window.area.banner.text()
    key(window, qtbot, Qt.Key.Key_Escape)
    assert window.area.banner.text() == ""


def test_f8_goes_to_the_next_problem(window, qtbot):
    window.area.page().list.setFocus()
    key(window, qtbot, Qt.Key.Key_F8)
    assert window.area.page().list.currentIndex().row() == 1
    key(window, qtbot, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert window.area.page().list.currentIndex().row() == 0


def test_the_rail_goes_to_its_pages(window, qtbot):
    buttons = [one for one in window.area.rail._group.buttons() if one.page in OWN]
    assert len(buttons) > 2
    for button in buttons:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert window.area.here() == button.page
        assert button.isChecked()


def test_pages_are_built_once_and_only_when_visited(window):
    assert list(window.area._pages) == ["home"]
    window.area.go("settings")
    first = window.area.page()
    window.area.go("home")
    window.area.go("settings")
    assert window.area.page() is first


def test_a_page_of_another_level_is_refused_in_words(window):
    window.area.go("no_such_page")
    assert window.area.banner.text()
    assert window.area.here() == "home"


def test_an_error_is_shown_in_the_window(window, runner):
    runner.failed.emit(Unavailable("rule.disk_full"))
    assert "rule.disk_full" in window.area.banner.text()


def test_an_error_before_the_workspace_is_shown_too(made, runner):
    runner.failed.emit(Unavailable("rule.disk_full"))
    assert "rule.disk_full" in made._banner.text()


@pytest.mark.logs_warnings
def test_a_bug_is_shown_in_the_window(window, runner):
    runner.run(lambda: {}["missing"])
    assert "程序出了差错" in window.area.banner.text()


def test_large_type_builds_the_window_anew_at_the_same_page(window, work, qtbot):
    window.area.go("settings")
    before = window.area
    window.area.page().looks.large.click()
    assert window.area is not before
    assert isinstance(window.area.page(), SettingsPage)
    assert theme.current().scale == theme.LARGE
    assert work.looks == Looks(large=True)
    window.area.page().looks.contrast.click()
    assert theme.tokens() == theme.CONTRAST


def test_late_answers_for_a_window_built_anew_do_no_harm(work, ask, qtbot, qapp):
    from concurrent.futures import ThreadPoolExecutor

    writes, reads = ThreadPoolExecutor(max_workers=1), ThreadPoolExecutor(max_workers=2)
    runner = Runner(writes, reads)
    window = MainWindow(work.door(), runner, lambda _over: ask)
    qtbot.addWidget(window)
    window.open_desk(work.desk())
    window.change_looks(Looks(contrast=True))
    qtbot.waitUntil(lambda: window.area.page().model.rowCount() == 300, timeout=5000)
    writes.shutdown(wait=True)
    reads.shutdown(wait=True)


@pytest.mark.parametrize("level", list(Level))
def test_the_pages_of_every_level_can_be_built(level, runner, ask, qtbot):
    from tests.ui.fake_desk import FakeWork

    desk = FakeWork(level=level).desk()
    entries = registry.entries(level)
    for name in OWN:
        page = entries[name].build(desk, runner, ask)
        qtbot.addWidget(page)
        assert isinstance(page, Page)


@pytest.mark.parametrize("looks", [Looks(), Looks(large=True), Looks(contrast=True)])
@pytest.mark.parametrize("page", OWN)
def test_every_page_fits_the_smallest_screen(
    made, work, qtbot, looks, page, assert_no_clipped_labels, assert_accessible_names
):
    if page == "welcome":
        work.all = []
    made.open_desk(work.desk())
    made.change_looks(looks)
    made.area.go(page)
    assert made.minimumSizeHint().width() <= 1366
    assert made.minimumSizeHint().height() <= 728
    made.resize(1366, 728)
    assert made.size().toTuple() == (1366, 728)
    assert_no_clipped_labels(made)
    assert_accessible_names(made)
