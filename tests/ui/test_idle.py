"""The watch over nobody being there, with a clock of the test's own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.idle import IdleWatch, awake_seconds


class Now:
    """Seconds that pass only when told."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def now():
    return Now()


@pytest.fixture
def watch(now, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    yield IdleWatch(window, now)
    window.hide()  # until here something holds it


@pytest.fixture
def native(watch):
    made = QWindow()
    made.show()
    watch.follow(made)
    yield made
    made.destroy()


def test_it_says_so_after_the_minutes_and_not_before(watch, now, qtbot):
    watch.start(10)
    now.seconds += 599
    assert not watch.look()
    now.seconds += 1
    with qtbot.waitSignal(watch.due, timeout=0):
        assert watch.look()
    assert not watch.watching
    assert not watch.look()


def test_input_begins_the_minutes_anew(watch, now, native):
    watch.start(10)
    now.seconds += 599
    QTest.keyClick(native, Qt.Key.Key_A)
    now.seconds += 599
    assert not watch.look()
    QTest.mouseMove(native)
    QTest.mouseClick(native, Qt.MouseButton.LeftButton)
    now.seconds += 600
    assert watch.look()


def test_the_first_touch_after_sleep_only_locks(watch, now, native, qtbot):
    seen = []
    native.keyPressEvent = lambda event: seen.append(event.key())
    watch.start(5)
    now.seconds += 3600
    with qtbot.waitSignal(watch.due, timeout=0):
        QTest.keyPress(native, Qt.Key.Key_A)
    assert seen == []
    assert not watch.watching


def test_a_window_that_comes_to_the_front_counts_too(watch, now, native):
    other = QWindow()
    watch._on_window(other)
    watch._on_window(None)
    watch.start(5)
    now.seconds += 299
    QTest.keyClick(other, Qt.Key.Key_A)
    now.seconds += 299
    assert not watch.look()


def test_it_does_nothing_once_stopped(watch, now):
    watch.start(5)
    watch.stop()
    now.seconds += 3600
    assert not watch.look()


def test_the_clock_goes_on():
    assert awake_seconds() <= awake_seconds()
