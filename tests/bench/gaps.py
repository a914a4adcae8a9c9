"""The longest gap of the window's event loop: idle, and while a roster is imported in the worker."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QTableWidget, QTableWidgetItem

from app.crypto.keyslots import Cost
from app.domain.ids import Level, Value
from app.domain.synthetic import iter_synthetic
from app.ui.runner import Runner
from app.usecases import policy, rosters, rounds, workspaces
from app.usecases.clock import FixedClock
from tests.bench.names import NOW, PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from app.usecases.office import Office

_IDLE_S = 3.0
_TICK_MS = 5


class _Gaps:
    """Ticks every 5 ms, repaints a table every 100 ms, remembers the longest wait between two ticks."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self.table = QTableWidget(20, 8)
        for row in range(20):
            for column in range(8):
                self.table.setItem(row, column, QTableWidgetItem(f"{row} {column}"))
        self.table.resize(1000, 600)
        self.table.show()
        self._ticks, self._paints = QTimer(), QTimer()
        self._ticks.timeout.connect(self._on_tick)
        self._paints.timeout.connect(self.table.viewport().update)
        self._ticks.start(_TICK_MS)
        self._paints.start(100)

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def restart(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()


def ui_gaps(build: Path, households: int = 2000) -> tuple[float, float]:
    """Return the longest gaps in seconds: idle, and during an import of so many households."""
    app = QApplication.instance() or QApplication(["bench"])
    folder = build / "bench-gaps"
    shutil.rmtree(folder, ignore_errors=True)
    scope = "990101001201"
    person: dict[str, Value] = {"name": "陈志明"}
    setup = workspaces.Setup(Level.VILLAGE, scope, {scope: "石板村"}, person, PASSPHRASE, cost=Cost(1, 64, 1))
    office = workspaces.create(folder, setup, FixedClock(NOW))
    rounds.open_round(office, rounds.NewRound("2026年第一批", 2026, policy.DEFAULT))
    gaps = _Gaps()
    runner = Runner(ThreadPoolExecutor(1), ThreadPoolExecutor(2))
    QTimer.singleShot(500, gaps.restart)
    QTimer.singleShot(int(500 + _IDLE_S * 1000), app.quit)
    app.exec()
    idle = gaps.longest
    gaps.restart()
    runner.run(lambda: _import(office, scope, households), lambda _: app.quit())
    app.exec()
    busy = gaps.longest
    workspaces.close(office)
    shutil.rmtree(folder)
    return idle, busy


def _import(office: Office, scope: str, households: int) -> int:
    with office.workspace.write(office.actor) as tx:
        round_id, _ = rounds.round_in_force(tx, scope)
        for household in iter_synthetic(1, households, NOW.date(), scope):
            rosters.put_roster_household(tx, household, scope, round_id)
    return len(tx.changes.entries)
