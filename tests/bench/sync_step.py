"""One step of ``./bench sync`` in a process of its own, so that its CPU seconds and memory are its own.

python -m tests.bench.sync_step STEP KEEP FIXTURE…    prints one JSON object
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.ids import Kind
from app.storage import tables
from app.storage.digest import digest
from app.usecases import merges, workspaces
from tests.bench import sync_driver, sync_reads
from tests.bench.w1_packages import Fixture, existing

if TYPE_CHECKING:
    from collections.abc import Generator

    from app.usecases.office import Office

Found = dict[str, float | int | str | bool]


@dataclass(slots=True)
class Span:
    """How long something took: by the clock and of all processors together, in seconds."""

    wall: float = 0.0
    cpu: float = 0.0


class Taking:
    """Takes packages in and times that from the first one on: the backup made before is told beside it."""

    def __init__(self, office: Office, packages: list[Path]) -> None:
        self.span, self._began = Span(), (0.0, 0.0)
        start = time.perf_counter()
        self.outcomes = merges.merge_files(office, packages, self._report)
        self.span.wall, self.span.cpu = (now - then for now, then in zip(_now(), self._began, strict=True))
        self.backup_s = self._began[0] - start

    def _report(self, done: int, _of: int) -> None:
        if not done:
            self._began = _now()


def _now() -> tuple[float, float]:
    return time.perf_counter(), _cpu()


@contextmanager
def measured() -> Generator[Span]:
    span = Span()
    wall, cpu = time.perf_counter(), _cpu()
    yield span
    span.wall, span.cpu = time.perf_counter() - wall, _cpu() - cpu


def _cpu() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def merge(fixture: Fixture, work: Path) -> Found:
    """A1, A3, A4: merge every package, replay them, rebuild."""
    office = fixture.open(work / "office")
    try:
        found = _merged(office, fixture.packages)
        again = Taking(office, fixture.packages)
        before = digest_of(office)
        with measured() as rebuild:
            office.workspace.rebuild()
        return {
            **found,
            "replay_wall_s": again.span.wall,
            "replay_cpu_s": again.span.cpu,
            "replay_new": sum(one.new for one in again.outcomes),
            "backup_of_all_s": again.backup_s,
            "rebuild_wall_s": rebuild.wall,
            "rebuild_cpu_s": rebuild.cpu,
            "rebuild_equal": digest_of(office) == before,
        }
    finally:
        workspaces.close(office)


def county(fixture: Fixture, work: Path) -> Found:
    """A2, A10, A11: merge W2 of forty villages, then of all; then save and search."""
    office = fixture.open(work / "office")
    try:
        packages = fixture.packages
        part = len(packages) * 2 // 5
        first = _merged(office, packages[:part])
        rest = _merged(office, packages[part:])
        whole = {f"w2_{name}": value for name, value in first.items()}
        whole |= {f"county_{n}": float(first[n]) + float(rest[n]) for n in ("wall_s", "cpu_s", "new", "held")}
        whole |= {"county_rss_mb": rest["rss_mb"]}
        whole |= sync_reads.saves(office)
    finally:
        workspaces.close(office)
    return whole | sync_reads.searches(work / "office", fixture)


def export(fixture: Fixture, work: Path) -> Found:
    """A9: a village laptop sends everything it has."""
    office = fixture.open(work / "office")
    try:
        _merged(office, fixture.packages)
        return sync_reads.exported(office, work)
    finally:
        workspaces.close(office)


def plain_merge(fixture: Fixture, work: Path) -> Found:
    """A1, A2, A9 with two questionnaires per household, printed beside them."""
    office = fixture.open(work / "office")
    try:
        return _merged(office, fixture.packages)
    finally:
        workspaces.close(office)


def driver(fixture: Fixture, work: Path) -> Found:
    """A1, A8: the merge proper against raw copying, with and without encryption; opening."""
    return sync_driver.compared(fixture, work) | sync_driver.opened(fixture, work)


def _merged(office: Office, packages: list[Path]) -> Found:
    taking = Taking(office, packages)
    outcomes, span = taking.outcomes, taking.span
    refused = [one.refused for one in outcomes if one.refused]
    if refused:
        raise refused[0]
    with office.workspace.read() as conn:
        conflicts = len(conn.execute(select(tables.conflict.c.eid)).all())
        lines = len(conn.execute(select(tables.PROJECTED[Kind.HOUSEHOLD].c.eid)).all())
    return {
        "wall_s": span.wall,
        "cpu_s": span.cpu,
        "new": sum(one.new for one in outcomes),
        "held": sum(one.held for one in outcomes),
        "conflicts": conflicts,
        "households": lines,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "digest": digest_of(office),
    }


def digest_of(office: Office) -> str:
    with office.workspace.read() as conn:
        return digest(conn)


STEPS: dict[str, Callable[[Fixture, Path], Found]] = {
    "merge": merge,
    "county": county,
    "export": export,
    "plain_merge": plain_merge,
    "driver": driver,
}


def main(name: str, folder: Path) -> None:
    """Run one step on a fixture's folder."""
    work = folder.with_name(f"{folder.name}-{name}-{os.getpid()}")
    work.mkdir(parents=True)
    os.environ["BABUTONG_STATE"] = os.environ["BABUTONG_CONFIG"] = str(work / "state")
    try:
        found = STEPS[name](existing(folder), work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
