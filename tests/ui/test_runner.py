"""Results come back on the main thread; errors and bugs each take their own way."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from PySide6.QtCore import QObject

from app.domain.changes import Changes
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind
from app.ui.runner import CANCELLED, Job, Runner
from tests.ui.fake_ask import InlineExecutor

TOUCHED = Changes(("e",), ((Kind.CASE, EntityId("c")),))


@pytest.fixture
def threaded(qapp):
    writes, reads = ThreadPoolExecutor(max_workers=1), ThreadPoolExecutor(max_workers=2)
    yield Runner(writes, reads)
    writes.shutdown(wait=True)
    reads.shutdown(wait=True)


class Hears(QObject):
    def __init__(self):
        super().__init__()
        self.heard = []

    def hear(self, *what):
        self.heard.append((threading.current_thread(), *what))


def test_a_write_tells_its_changes_and_its_result_on_the_main_thread(threaded, qtbot):
    ear, workers = Hears(), []

    def work():
        workers.append(threading.current_thread())
        return TOUCHED

    with qtbot.waitSignal(threaded.changed, timeout=5000) as changed:
        threaded.run(work, ear.hear)
    qtbot.waitUntil(lambda: bool(ear.heard), timeout=5000)
    assert changed.args == [TOUCHED]
    assert ear.heard == [(threading.main_thread(), TOUCHED)]
    assert workers != [threading.main_thread()]


def test_writes_keep_their_order(threaded, qtbot):
    ear = Hears()
    for number in range(20):
        threaded.run(partial(int, number), ear.hear)
    qtbot.waitUntil(lambda: len(ear.heard) == 20, timeout=5000)
    assert [n for _, n in ear.heard] == list(range(20))


def refuse(code="rule.says_no"):
    raise Refused(code)


def test_an_error_goes_to_failed(threaded, qtbot):
    with qtbot.waitSignal(threaded.failed, timeout=5000) as failed:
        threaded.run(refuse)
    assert failed.args[0].code == "rule.says_no"


def test_an_error_goes_to_the_one_who_asked_for_it(runner, qtbot):
    ear = Hears()
    with qtbot.assertNotEmitted(runner.failed):
        runner.run(refuse, None, ear.hear)
    assert ear.heard[0][1].code == "rule.says_no"


@pytest.mark.logs_warnings
def test_a_bug_is_logged_and_told_and_stops_nothing(threaded, qtbot, caplog):
    caplog.set_level(logging.ERROR)
    with qtbot.waitSignal(threaded.crashed, timeout=5000) as crashed:
        threaded.run(partial(int, "x"))
    assert isinstance(crashed.args[0], ValueError)
    assert "a job crashed" in caplog.text
    with qtbot.waitSignal(threaded.changed, timeout=5000):
        threaded.run(lambda: TOUCHED)


def test_long_work_reports_and_stops_when_asked(threaded, qtbot):
    progress, began, ended = Hears(), threading.Event(), Hears()

    def work(report, cancelled):
        report(1, 3)
        began.set()
        while not cancelled():
            began.wait(0.001)
        raise Refused(CANCELLED)

    with qtbot.assertNotEmitted(threaded.failed):
        job = threaded.run_long(work, ended.hear, progress.hear)
        qtbot.waitUntil(lambda: bool(progress.heard), timeout=5000)
        job.cancel()
        with qtbot.waitSignal(threaded.busy, check_params_cb=lambda n: n == 0, timeout=5000):
            pass
    assert progress.heard[0][1:] == (1, 3)
    assert ended.heard == []


def test_of_two_answers_in_a_lane_only_the_newer_is_told(threaded, qtbot):
    ear, gate = Hears(), threading.Event()

    def slow():
        gate.wait(5)
        return "old"

    threaded.read(slow, ear.hear, lane="search")
    threaded.read(lambda: "new", ear.hear, lane="search")
    qtbot.waitUntil(lambda: bool(ear.heard), timeout=5000)
    with qtbot.waitSignal(threaded.busy, check_params_cb=lambda n: n == 0, timeout=5000):
        gate.set()
    assert [what for _, what in ear.heard] == ["new"]


def test_a_result_for_a_widget_that_is_gone_is_dropped(threaded, qtbot):
    import shiboken6

    ear, gate = Hears(), threading.Event()
    threaded.read(lambda: gate.wait(5), partial(ear.hear, "x"))
    heard = ear.heard
    shiboken6.delete(ear)
    with qtbot.waitSignal(threaded.busy, check_params_cb=lambda n: n == 0, timeout=5000):
        gate.set()
    assert heard == []


def test_a_result_that_carries_changes_tells_them(runner, qtbot):
    class Imported:
        changes = TOUCHED

    with qtbot.waitSignal(runner.changed) as changed:
        runner.run(Imported)
    assert changed.args == [TOUCHED]


def test_while_the_window_is_locked_results_wait(qapp, qtbot):
    runner, done = Runner(InlineExecutor(), InlineExecutor()), []
    waiting = Job(done.append, number=1)
    runner._begun = 1
    runner.hold()
    future = InlineExecutor().submit(lambda: "before")
    runner._open = 1
    runner._on_arrived(waiting, future)
    runner.run(lambda: "after", done.append)
    assert (done, runner.idle) == (["after"], True)
    runner.resume()
    assert done == ["after", "before"]
