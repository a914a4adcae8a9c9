"""Several writers on one database: one chain, whoever comes first (T6); and two programs on one workspace."""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from app.domain.errors import Refused, Unavailable
from app.domain.ids import EntityId, Kind, Level
from app.domain.person import Actor
from app.storage import lock, soundness
from app.storage.tx import Tx
from app.storage.workspace import Workspace
from app.usecases import checks, workspaces
from tests.storage.conftest import KEY, VILLAGE, PlainJudge, SetClock, found
from tests.usecases.village import PASSPHRASE, found_village

_START = multiprocessing.get_context("forkserver")
ACTOR = Actor(EntityId("a" * 32), "陈志明", Level.VILLAGE, VILLAGE)


class _NoLock:
    """In the place of the lock that keeps a second program out."""

    def release(self) -> None:
        pass


def open_beside(folder: Path) -> Workspace:
    """Open a workspace that another process has open."""
    return Workspace(folder, KEY, PlainJudge(), SetClock(), _NoLock())


def append(workspace: Workspace, number: int) -> None:
    with workspace.write(ACTOR) as tx:
        fields = {"village": VILLAGE, "group": f"{number}组"}
        tx.record("household.added", Kind.HOUSEHOLD, tx.new_id(), fields)


def writer(folder: Path, count: int) -> None:
    workspace = open_beside(folder)
    number = 0
    while number < count:
        try:
            append(workspace, number)
        except Unavailable as error:
            # The others kept it to themselves for five seconds: told, and tried again as a person would.
            if error.code != "workspace.busy":
                raise
        else:
            number += 1
    workspace.close()


def entries(workspace: Workspace) -> int:
    with workspace.read() as conn:
        assert checks.chains_hold(conn)
        return conn.exec_driver_sql("SELECT count(*) FROM journal").scalar() or 0


@pytest.fixture
def folder(tmp_path):
    found(tmp_path / "one", SetClock()).close()
    return tmp_path / "one"


def test_three_writers_make_one_chain(folder, acceptance_sizes, figure):
    count = 400 if acceptance_sizes else 60
    writers = [_START.Process(target=writer, args=(folder, count)) for _ in range(3)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert [one.exitcode for one in writers] == [0, 0, 0]
    workspace = open_beside(folder)
    assert entries(workspace) == 3 * count
    with workspace.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM stream").scalar() == 1
    assert soundness.differing_projections(workspace, workspace.deriver, lambda: False) == ()
    workspace.close()
    figure("entries of three writers at once in one valid chain", 3 * count)


def test_a_remembered_head_is_caught_by_the_database(folder, monkeypatch):
    """The control: programs that remember where their stream ended instead of looking."""
    remembered = {}
    inner = Tx._open_stream

    def open_stream(tx, scope):
        key = (id(tx._deriver), scope)  # each program has its own memory
        if key not in remembered:
            remembered[key] = inner(tx, scope)
        tx._streams[scope] = remembered[key]
        return remembered[key]

    one, other = open_beside(folder), open_beside(folder)
    append(one, 1)
    monkeypatch.setattr(Tx, "_open_stream", open_stream)
    append(one, 2)
    append(other, 3)
    with pytest.raises(IntegrityError, match=r"journal\.sid, journal\.seq"):
        append(one, 4)
    monkeypatch.undo()
    append(one, 5)
    assert entries(one) == 4  # what was not let in was refused to its writer, and is nowhere
    one.close()
    other.close()


def test_a_second_program_is_told_that_the_first_has_it_open(tmp_path):
    village = found_village(tmp_path / "village")
    with pytest.raises(Refused, match=r"workspace\.in_use"):
        workspaces.unlock(village.office.workspace.folder, PASSPHRASE, village.clock)
    village.add_home("吴福生")  # the first one goes on
    workspaces.close(village.office)
    workspaces.close(workspaces.unlock(village.office.workspace.folder, PASSPHRASE, village.clock))


def test_the_lock_of_a_program_that_died_holds_nobody_back(tmp_path):
    village = found_village(tmp_path / "village")
    folder = village.office.workspace.folder
    workspaces.close(village.office)
    child = _START.Process(target=_hold_and_die, args=(folder,))
    child.start()
    child.join()
    assert (folder / lock._NAME).exists()
    workspaces.close(workspaces.unlock(folder, PASSPHRASE, village.clock))
    shutil.rmtree(folder)


def _hold_and_die(folder: Path) -> None:
    import os

    lock.WorkspaceLock(folder)
    os._exit(1)
