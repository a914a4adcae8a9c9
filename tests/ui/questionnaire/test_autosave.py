"""The draft follows every answer, in order, through failures, and survives the end of the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.errors import Unavailable
from app.questionnaire.engine import Engine
from app.storage.drafts import Drafts
from app.ui.questionnaire.autosave import QUIET_MS, Autosave, InOrder
from tests.questionnaire.forms import NOW, form_of
from tests.ui.questionnaire.typist import FORM, KEY

ROOT = Path(__file__).resolve().parents[3]


class Disk:
    """Takes texts, fails when told to, and runs work only when asked."""

    def __init__(self) -> None:
        self.text = ""
        self.kept: list[str] = []
        self.full = False
        self.waiting: list[tuple] = []

    def write(self, text: str) -> None:
        if self.full:
            raise Unavailable("disk.full")
        self.kept.append(text)

    def start(self, work, on_done, on_failed) -> None:
        self.waiting.append((work, on_done, on_failed))

    def work(self) -> None:
        work, on_done, on_failed = self.waiting.pop(0)
        try:
            work()
        except Unavailable as error:
            on_failed(error)
        else:
            on_done(None)


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def keeper(disk, qapp):
    return Autosave(lambda: disk.text, disk.write, disk.start)


def change(disk, keeper, text):
    disk.text = text
    keeper.touch()


def test_a_pause_of_a_fifth_of_a_second_is_enough(disk, keeper, qtbot):
    assert QUIET_MS < 300
    change(disk, keeper, "a")
    assert keeper.pending
    qtbot.waitUntil(lambda: bool(disk.waiting), timeout=5000)
    with qtbot.waitSignal(keeper.saved):
        disk.work()
    assert disk.kept == ["a"]
    assert not keeper.pending


def test_leaving_a_field_waits_for_nothing(disk, keeper):
    change(disk, keeper, "a")
    keeper.hurry()
    disk.work()
    assert disk.kept == ["a"]
    keeper.hurry()
    assert disk.waiting == []


def test_typing_without_a_pause_is_kept_too(disk, keeper, qtbot):
    keeper._longest.setInterval(30)
    keeper._quiet.setInterval(60_000)
    change(disk, keeper, "a")
    qtbot.waitUntil(lambda: bool(disk.waiting), timeout=5000)


def test_one_write_at_a_time_and_the_newest_last(disk, keeper):
    change(disk, keeper, "a")
    keeper.hurry()
    for text in ("ab", "abc"):
        change(disk, keeper, text)
        keeper.hurry()
    assert len(disk.waiting) == 1
    keeper._quiet.stop()
    disk.work()
    assert len(disk.waiting) == 1
    disk.work()
    assert disk.kept == ["a", "abc"]


def test_an_old_text_never_comes_after_a_newer_one(disk, keeper):
    change(disk, keeper, "old")
    keeper.hurry()
    change(disk, keeper, "new")
    assert keeper.flush()
    disk.work()
    assert disk.kept == ["new"]
    order = InOrder(disk.write)
    order(2, "second")
    order(1, "first")
    assert disk.kept == ["new", "second"]


def test_a_full_disk_is_told_once_and_tried_until_it_works(disk, keeper, qtbot):
    told = []
    keeper.failed.connect(lambda error: told.append(error.code))
    keeper._again.setInterval(10)
    disk.full = True
    change(disk, keeper, "a")
    keeper.hurry()
    disk.work()
    change(disk, keeper, "ab")  # typing goes on
    for _ in range(2):
        qtbot.waitUntil(lambda: bool(disk.waiting), timeout=5000)
        disk.work()
    assert told == ["disk.full"]
    assert not keeper.flush()
    assert told == ["disk.full"]
    disk.full = False
    assert keeper.flush()
    assert disk.kept == ["ab"]
    disk.full = True
    change(disk, keeper, "abc")
    keeper.hurry()
    disk.work()
    assert told == ["disk.full", "disk.full"]


def test_a_write_that_never_comes_back_does_not_hold_up_the_next(disk, keeper, qtbot):
    keeper._lost.setInterval(10)
    change(disk, keeper, "a")
    keeper.hurry()
    disk.waiting.clear()
    qtbot.waitUntil(lambda: bool(disk.waiting), timeout=5000)
    disk.work()
    assert disk.kept == ["a"]


def test_after_the_end_nothing_is_kept(disk, keeper):
    change(disk, keeper, "a")
    keeper.stop()
    keeper.hurry()
    assert keeper.flush()
    assert disk.waiting == []
    assert disk.kept == []


def test_a_killed_process_leaves_its_answers(tmp_path):
    """The typist types without end; it is killed in the middle of it, after the fourth draft it told of."""
    command = [sys.executable, "-m", "tests.ui.questionnaire.typist", str(tmp_path)]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env) as typist:
        assert typist.stdout is not None
        told = [typist.stdout.readline().strip() for _ in range(4)]
        os.kill(typist.pid, signal.SIGKILL)
    assert all(told), told
    drafts = Drafts(tmp_path, KEY)
    kept = drafts.load("visit:1")
    drafts.close()
    assert kept is not None
    engine = Engine(form_of(FORM), NOW, kept[0])
    answered = "".join(entry.stored for name in "abc" for entry in engine.at(f"/data/{name}"))
    assert len(answered) >= int(told[-1])
    assert set(answered) == {"5"}
