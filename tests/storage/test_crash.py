"""Killed at any moment: the workspace opens, its chains hold, and what was acknowledged is there."""

from __future__ import annotations

import random
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.ids import Level
from app.usecases import checks, workspaces
from app.usecases.clock import FixedClock
from tests.storage.writer import NOW, PASSPHRASE
from tests.usecases.village import CHEAP, PLACES, VILLAGE

ROOT = Path(__file__).parents[2]
PROMPT = 60.0  # seconds a child may take to start on a busy machine


def killed_after(folder: Path, number: int, seconds: float) -> dict[str, int]:
    """Let the writer work for a while, kill it, and return what it acknowledged."""
    command = [sys.executable, "-m", "tests.storage.writer", str(folder), str(number)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "bufsize": 0}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as child:
        assert child.stdout is not None
        assert select.select([child.stdout], [], [], PROMPT)[0], "the writer did not start"
        assert child.stdout.readline() == b"ready\n"
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        told, complaints = child.communicate()
    assert (child.returncode, complaints) == (-signal.SIGKILL, b"")
    # The last line may be cut: it was on its way when the program died.
    lines = told.decode().split("\n")[:-1]
    return {uid: int(members) for uid, members in (line.split() for line in lines)}


@pytest.mark.parametrize("times", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_a_program_killed_at_any_moment_loses_nothing_acknowledged(tmp_path, times):
    setup = workspaces.Setup(Level.VILLAGE, VILLAGE, PLACES, {"name": "陈志明"}, PASSPHRASE, cost=CHEAP)
    workspaces.close(workspaces.create(tmp_path / "w", setup, FixedClock(NOW)))
    rng = random.Random(20260302)
    acknowledged: dict[str, int] = {}
    for number in range(times):
        acknowledged |= killed_after(tmp_path / "w", number, rng.uniform(0.0, 0.4))
        office = workspaces.unlock(tmp_path / "w", PASSPHRASE, FixedClock(NOW))
        with office.workspace.read() as conn:
            query = (
                "SELECT h.uid, (SELECT count(*) FROM p_member m WHERE m.household = h.uid) AS n, l.size"
                " FROM p_household h JOIN household_line l USING (uid)"
            )
            there = {row.uid: (row.n, row.size) for row in conn.exec_driver_sql(query)}
        assert {uid: there.get(uid) for uid in acknowledged} == {
            uid: (members, members) for uid, members in acknowledged.items()
        }
        assert len(there) <= len(acknowledged) + 2 * (
            number + 1
        )  # the first, and the one that was safe but not told
        if number % 5 == 4:
            assert checks.check_workspace(office) == dict.fromkeys(("file", "chains", "projections"), True)
        workspaces.close(office)
    assert len(acknowledged) > times
