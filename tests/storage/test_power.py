"""The power fails, or the disk says no, at any moment of the real statements of the program (T3, T4)."""

from __future__ import annotations

import os
import random
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from app.domain.ids import EntityId, Level
from app.domain.person import Actor
from tests.storage import power
from tests.storage.conftest import SetClock, found, household
from tests.storage.power import SHIPPED, Caught, Mode, Recorder

SAVES = 14
SAFE = [Mode("DELETE", "EXTRA"), Mode("TRUNCATE", "FULL")]
UNSAFE = [Mode("WAL", "OFF"), Mode("MEMORY", "FULL"), Mode("DELETE", "OFF")]


@pytest.fixture(scope="module")
def statements(tmp_path_factory):
    """Every writing statement of a workspace that is founded and written to, by transaction."""
    clock = SetClock()
    folder = tmp_path_factory.mktemp("caught")
    with Caught() as caught:
        workspace = found(folder / "one", clock)
        actor = Actor(EntityId("a" * 32), "陈志明", Level.VILLAGE, "990101001201")
        for number in range(SAVES):
            clock.moment += timedelta(minutes=1)
            with workspace.write(actor) as tx:
                for _ in range(number % 3 + 1):
                    household(tx)
        workspace.close()
    assert len(caught.transactions) > SAVES
    return caught.transactions


@pytest.fixture(scope="module")
def golden(statements, tmp_path_factory):
    made = power.states(tmp_path_factory.mktemp("golden"), statements)
    assert len(set(made)) == len(statements) + 1
    return made


_NAMES = iter(range(10**6))


def recorded(folder, statements, mode, settled=power.FOUNDED):
    folder.mkdir()
    vfs = Recorder(f"recorder-{next(_NAMES)}")
    run = power.replay(folder / "one.db", statements, mode, vfs, settled)
    assert run.acked == len(statements)
    return list(vfs.log)


def verdicts(folder, log, golden, images, seed):
    """Pull the plug so often; return how many images were whole, had lost a promise, were damaged."""
    dice = random.Random(seed)
    whole = lost = damaged = 0
    # From the second promise on: before it there is nothing to lose.
    first = next(number for number, entry in enumerate(log) if entry == ("ack", 2))
    for number in range(images):
        files, acked = power.crash_image(log, dice.randrange(first, len(log) + 1), dice)
        image = folder / f"image-{number}"
        image.mkdir()
        for name, data in files.items():
            (image / name).write_bytes(data)
        state = power.digest(image / "one.db")
        shutil.rmtree(image)
        if state not in golden:
            damaged += 1
        elif golden.index(state) < acked:
            lost += 1
        else:
            assert golden.index(state) <= acked + 1
            whole += 1
    return whole, lost, damaged


def test_no_power_cut_costs_what_was_promised(tmp_path, statements, golden, acceptance_sizes, figure):
    images = 800 if acceptance_sizes else 80
    log = recorded(tmp_path / "run", statements, SHIPPED)
    assert sum(entry[0] == "sync" for entry in log) > SAVES
    assert any(entry[0] == "write" and entry[1] == "one.db" for entry in log[len(log) // 2 : -50])
    found_ = verdicts(tmp_path, log, golden, images, seed=1)
    figure(f"power cuts of {images} that damaged {SHIPPED}", found_[2], limit=0)
    figure(f"power cuts of {images} that lost a promise in {SHIPPED}", found_[1], limit=0)
    assert found_ == (images, 0, 0)


@pytest.mark.parametrize("mode", SAFE, ids=str)
def test_other_safe_modes_are_safe_in_this_harness_too(tmp_path, statements, golden, mode, acceptance_sizes):
    images = 200 if acceptance_sizes else 20
    log = recorded(tmp_path / "run", statements, mode)
    assert verdicts(tmp_path, log, golden, images, seed=2) == (images, 0, 0)


@pytest.mark.parametrize("mode", UNSAFE, ids=str)
def test_unsafe_modes_are_caught(tmp_path, statements, golden, mode, acceptance_sizes, figure):
    """The controls: without forcing anything to the disk, or without a journal on it, images are damaged."""
    images = 200 if acceptance_sizes else 30
    log = recorded(tmp_path / "run", statements, mode)
    whole, lost, damaged = verdicts(tmp_path, log, golden, images, seed=3)
    figure(f"power cuts of {images} that damaged or cost in {mode} (a control)", damaged + lost)
    assert damaged > images // 10
    assert whole < images


def test_a_folder_never_forced_to_the_disk_is_caught(tmp_path, statements, golden):
    """A control: the journal from before the switch to WAL comes back and takes everything along."""
    log = recorded(tmp_path / "run", statements, SHIPPED, settled=0)
    _whole, lost, damaged = verdicts(tmp_path, log, golden, 30, seed=4)
    assert (lost > 3, damaged) == (True, 0)


def test_a_new_workspace_forces_its_folder_to_the_disk(tmp_path, monkeypatch):
    forced = []
    real = os.fsync

    def noted(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            forced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    found(tmp_path / "one", SetClock()).close()
    assert str(tmp_path / "one") in forced


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # injected, told twice
@pytest.mark.parametrize("error", [apsw.IOError, apsw.FullError], ids=["failing", "full"])
def test_a_disk_that_says_no_at_any_operation(tmp_path, statements, golden, error, acceptance_sizes, figure):
    """Every write and every fsync in turn: the file is whole and holds what was promised, or one more."""
    most = 300 if acceptance_sizes else 120
    whole = recorded(tmp_path / "whole", statements, SHIPPED)
    step = 1 if acceptance_sizes else 3
    # The start is the same in all; from the middle on there are checkpoints too.
    start = len(whole) // 2
    for number in [*range(1, most + 1, step), *range(start, start + most, step)]:
        folder = tmp_path / f"n{number}"
        folder.mkdir()
        vfs = Recorder(f"failing-{next(_NAMES)}")
        vfs.fail_at, vfs.error = number, error
        run = power.replay(folder / "one.db", statements, SHIPPED, vfs)
        state = power.digest(folder / "one.db")
        assert state in golden, number
        assert run.acked <= golden.index(state) <= run.acked + 1, number
        shutil.rmtree(folder)
    figure(f"operations made to fail ({error.__name__}), none with damage", most)
