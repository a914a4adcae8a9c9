"""Computers that exchange files, for tests: a small demonstration, opened again as often as wished.

with Computers(folder, demo) as here:
    village = here.office("village-01")
    [sent] = exports.export(village, here.post, PackageKind.UP)
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from app.crypto.keyslots import Cost
from app.domain.ids import EntityId, Kind
from app.queries import rows
from app.storage.digest import digest
from app.usecases import exports, households, merges, workspaces
from app.usecases.clock import FixedClock
from app.usecases.demo import Made, Plan, make_demo
from app.usecases.office import Office

NOW = datetime(2026, 10, 7, 2, 0, tzinfo=UTC)
COUNTY, TOWNSHIP, VILLAGE = "990101000000", "990101001000", "990101001201"
CHEAP = Cost(1, 64, 1)


def small_demo(folder: Path) -> Made:
    """Make a county, a township and one village of twelve households, enrolled and at work."""
    return make_demo(folder, Plan(1, 12, cost=CHEAP), NOW)


@dataclass
class Computers:
    """Copies of the demonstration's workspaces under ``folder``; closed at the end of the block."""

    folder: Path
    demo: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW + timedelta(hours=1)))
    opened: dict[str, Office] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.post.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for office in self.opened.values():
            workspaces.close(office)

    @property
    def post(self) -> Path:
        return self.folder / "post"

    @property
    def passphrase(self) -> str:
        return (self.demo / "passphrase.txt").read_text(encoding="utf-8").strip()

    def office(self, name: str, origin: str = "") -> Office:
        """Open a workspace, copied from the demonstration's ``origin`` (its own name) on first use."""
        if name not in self.opened:
            self.opened[name] = workspaces.unlock(self.copied(name, origin), self.passphrase, self.clock)
        return self.opened[name]

    def copied(self, name: str, origin: str = "") -> Path:
        """Return the folder of a computer, copied from the demonstration on first use."""
        goal = self.folder / name
        if not goal.exists():
            shutil.copytree(self.demo / (origin or name), goal)
        return goal

    def later(self, **by: float) -> None:
        self.clock.moment += timedelta(**by)

    def send(
        self, sender: Office, receiver: Office, kind: exports.PackageKind, scope: str = ""
    ) -> Sequence[merges.FileOutcome]:
        """Carry everything ``sender`` exports to ``receiver``; a minute passes, so that files differ."""
        self.later(minutes=1)
        files = [file for sent in exports.export(sender, self.post, kind, scope) for file in sent.files]
        outcomes = merges.merge_files(receiver, files)
        assert [one.refused for one in outcomes] == [None] * len(files)
        return outcomes


def digest_of(office: Office, scope: str = VILLAGE) -> str:
    with office.workspace.read() as conn:
        return digest(conn, scope.rstrip("0"))


def household(office: Office, number: int = 0) -> EntityId:
    """Return one household of the office by its place in the order of codes."""
    with office.workspace.read() as conn:
        found = conn.exec_driver_sql("SELECT uid FROM household_line ORDER BY sort, eid").scalars().all()
    return EntityId(found[number])


def edit(office: Office, uid: EntityId, **fields: int | str) -> None:
    """Write fields of a household as its page does."""
    households.edit(office, uid, [households.Edit(Kind.HOUSEHOLD, uid, fields)], "核对后更正")


def value(office: Office, uid: EntityId, code: str) -> object:
    with office.workspace.read() as conn:
        return rows.get(conn, Kind.HOUSEHOLD, uid).get(code, "")


def count(office: Office, table: str) -> int:
    with office.workspace.read() as conn:
        return int(conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)
