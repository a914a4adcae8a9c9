"""Random histories through the command line: whatever was called done is found again, exactly once."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from app.usecases.demo import Plan, make_demo
from tests.acceptance.wanderings import Life, Machine
from tests.usecases.exchange import CHEAP, NOW

LIVES = 12 if os.environ.get("BABUTONG_SIZES") == "acceptance" else 1
STEPS = 120
VILLAGES = ("990101001201", "990101001202")
TOWNSHIP, COUNTY = "990101001000", "990101000000"
STATES = {"current", "head", "past", "held"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wander") / "demo"
    make_demo(folder, Plan(2, 5, cost=CHEAP), NOW)
    return folder


@pytest.fixture
def life(request: pytest.FixtureRequest, demo: Path, tmp_path: Path) -> Life:
    import shutil

    root = tmp_path / "life"
    shutil.copytree(demo, root)
    machines = [
        Machine("village-01", root / "village-01", "village", VILLAGES[0]),
        Machine("village-02", root / "village-02", "village", VILLAGES[1]),
        Machine("township", root / "township", "township", TOWNSHIP),
        Machine("county", root / "county", "county", COUNTY),
    ]
    return Life(root, Random(request.param), machines, root / "passphrase.txt")


@pytest.mark.parametrize("life", range(1, LIVES + 1), indirect=True)
def test_nothing_that_was_called_done_is_lost(life: Life) -> None:
    life.live(STEPS)
    assert len(life.promises) > STEPS // 8, life.done
    life.meet()
    for village in VILLAGES:
        digests = {
            machine.name: life.call(machine, "digest", "--scope", village)[1]["digest"]
            for machine in life.machines
            if village.startswith(machine.scope.rstrip("0"))
        }
        assert len(set(digests.values())) == 1, (digests, life.done)
    for machine in life.machines:
        if machine.level == "village":
            continue
        for home in sorted({promise.household for promise in life.promises}):
            rows = life.history(machine, home)
            written = [(row["entry"], row["entity"], row["field"]) for row in rows]
            assert len(set(written)) == len(written)
            assert {row["state"] for row in rows} <= STATES
            entries = {row["entry"] for row in rows}
            lost = [one for one in life.promises if one.household == home and one.entry not in entries]
            assert lost == [], (machine.name, life.done)
    conflicts = {
        machine.name: sorted(
            (one["entity"], one["field"]) for one in life.call(machine, "conflicts")[1]["conflicts"]
        )
        for machine in life.machines
        if machine.level != "village"
    }
    assert len({str(found) for found in conflicts.values()}) == 1
    for machine in life.machines:
        code, _, told = life.call(machine, "self-check")
        assert code == 0, (machine.name, told)
