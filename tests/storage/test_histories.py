"""Random histories over the store: thousands over memory, some over real encrypted workspaces."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from app import paths
from app.domain.ids import EntityId, Kind, Level
from app.domain.person import Actor
from app.storage import tables
from app.storage.digest import digest
from app.storage.merge import StreamPart, merge, streams_of
from app.storage.tx import get_meta
from app.storage.workspace import Workspace
from tests.conftest import Figure
from tests.journal.histories import History
from tests.storage import nodes
from tests.storage.conftest import KEY, VILLAGE, PlainJudge, SetClock, found
from tests.storage.nodes import ALLOW, Node

DEVICES = 4
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def noticed(seed: int) -> float:
    """Two of three histories have computers that were rolled back whole: no witness sees it."""
    return 1.0 if seed % 3 == 0 else 0.0


def play_over_memory(seeds: range) -> tuple[dict[int, list[str]], int]:
    """Play histories one after the other; return what went wrong and how many had a fork."""
    computers = [Node(f"d{n}") for n in range(DEVICES)]
    wrong: dict[int, list[str]] = {}
    forks = 0
    for seed in seeds:
        for number, computer in enumerate(computers):
            computer.reset(bytes([number]) * 16)
        history = History(random.Random(seed), computers, noticed(seed), steps=14 if seed % 4 else 30)
        complaints = history.play()
        if complaints:
            wrong[seed] = complaints
        forks += history.forked
    for computer in computers:
        computer.close()
    return wrong, forks


def test_every_history_ends_alike_and_as_the_model_says(acceptance_sizes: bool, figure: Figure) -> None:
    if not acceptance_sizes:
        wrong, forks = play_over_memory(range(120))
        assert (wrong, forks > 12) == ({}, True)
        return
    count, piece = 10_000, 250
    pieces = [range(start, start + piece) for start in range(0, count, piece)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=spawn) as pool:
        ends = list(pool.map(play_over_memory, pieces))
    assert [wrong for wrong, _ in ends if wrong] == []
    forks = sum(forked for _, forked in ends)
    figure("random histories over the store", count, "histories")
    figure("of them with a fork", forks, "histories")
    assert forks >= 1000


class Laptop:
    """A real workspace; what is put back is the whole disk, the witness beside the folder included."""

    def __init__(self, folder: Path, number: int) -> None:
        self.clock = SetClock()
        self.actor = Actor(EntityId(f"{number:032x}"), "陈志明", Level.VILLAGE, VILLAGE)
        self.open = found(folder, self.clock, f"d{number}")
        self._kept = 0
        with self.open.read() as conn:
            self._witness = paths.state_dir() / "witness" / f"{get_meta(conn, 'workspace')}.json"

    @property
    def wall_ms(self) -> int:
        return int(self.clock.moment.timestamp() * 1000)

    @wall_ms.setter
    def wall_ms(self, value: int) -> None:
        self.clock.moment = EPOCH + timedelta(milliseconds=value)

    def put(self, entity: str, changes: dict[str, str]) -> str:
        with self.open.write(self.actor) as tx:
            uid = EntityId(entity)
            return str(tx.record("household.edited", Kind.HOUSEHOLD, uid, changes, extras={"note": "again"}))

    def pack(self) -> list[StreamPart]:
        with self.open.read() as conn:
            return streams_of(conn, [""])

    def unpack(self, parcel: list[StreamPart]) -> None:
        with self.open.bookkeeping() as conn:
            merge(conn, parcel, ALLOW, self.open.deriver, self.wall_ms)

    def snapshot(self) -> Path:
        self.open.close()
        self._kept += 1
        kept = self.open.folder.with_suffix(f".{self._kept}")
        shutil.copytree(self.open.folder, kept)
        shutil.copyfile(self._witness, kept / "witness.json")
        self._reopen()
        return kept

    def restore(self, data: Path) -> None:
        self.open.close()
        shutil.copyfile(data / "workspace.db", self.open.folder / "workspace.db")
        shutil.copyfile(data / "witness.json", self._witness)
        self._reopen()

    def rotate(self) -> None:
        """Let the witness notice."""
        self.open.close()
        self._witness.unlink()
        self._reopen()

    def _reopen(self) -> None:
        self.open = Workspace.open(self.open.folder, KEY, PlainJudge(), self.clock)

    def ids(self) -> set[str]:
        with self.open.read() as conn:
            return set(conn.execute(select(tables.journal.c.id)).scalars())

    def values(self) -> dict[tuple[str, str], list[str]]:
        with self.open.read() as conn:
            return nodes.values(conn)

    def conflicts(self) -> set[tuple[str, str]]:
        with self.open.read() as conn:
            return nodes.conflicts(conn)

    def digest(self) -> str:
        with self.open.read() as conn:
            return digest(conn)

    def rebuilt(self) -> str:
        self.open.rebuild()
        return self.digest()

    def tips(self) -> list[int]:
        with self.open.read() as conn:
            return nodes.tips(conn)

    def unalerted(self) -> int:
        with self.open.read() as conn:
            return nodes.unalerted(conn)


def test_histories_of_real_workspaces(tmp_path: Path, acceptance_sizes: bool, figure: Figure) -> None:
    seeds = range(1, 41) if acceptance_sizes else range(1, 4)
    forks = 0
    for seed in seeds:
        folder = tmp_path / str(seed)
        laptops = [Laptop(folder / str(number), number) for number in range(DEVICES)]
        history = History(random.Random(seed), laptops, noticed(seed), steps=20)
        assert history.play() == [], seed
        forks += history.forked
        for laptop in laptops:
            laptop.open.close()
        shutil.rmtree(folder)
    assert forks > 0
    figure("random histories over real workspaces", len(seeds), "histories")
