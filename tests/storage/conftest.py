"""A real encrypted workspace per test, a fixed clock and an actor."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.person import Actor
from app.domain.stage import StageHead
from app.storage.tx import Tx
from app.storage.workspace import Founding, Workspace

VILLAGE = "990101001201"
KEY = bytes(range(32))
BY_VILLAGE = {"level": "village"}
ORDER = ("apply", "review", "visit", "compare", "appraise", "publicise", "check", "audit")


@dataclass
class SetClock:
    """A clock the test moves."""

    moment: datetime = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


class PlainJudge:
    """Steps in a fixed order, ten days for each."""

    def standing(self, case: Mapping[str, Value], heads: Sequence[StageHead]) -> StageHead:
        return min(heads, key=lambda head: (ORDER.index(head.stage), head.entry))

    def first_step(self, case: Mapping[str, Value]) -> str:
        return str(case.get("stage", "")) or "apply"

    def due_on(self, case: Mapping[str, Value]) -> str:
        return "2026-03-12" if case.get("stage_on") else ""

    def approval_fields(self, case: Mapping[str, Value]) -> Sequence[str]:
        return ("member.*", "household.group")


def found(folder: Path, clock: SetClock, device: str = "d1", scope: str = VILLAGE) -> Workspace:
    founding = Founding(
        Level.VILLAGE, scope, {scope: "石板村"}, device, device.encode().ljust(32, b"."), b"secret"
    )
    return Workspace.create(folder, KEY, founding, PlainJudge(), clock)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def actor() -> Actor:
    return Actor(EntityId("a" * 32), "陈志明", Level.VILLAGE, VILLAGE)


@pytest.fixture
def workspace(tmp_path: Path, clock: SetClock) -> Generator[Workspace]:
    made = found(tmp_path / "one", clock)
    yield made
    made.close()


def household(tx: Tx, name: str = "吴福生", group: str = "3组") -> EntityId:
    """Record one household with its head and a case, the way a use case does."""
    uid, member, case = tx.new_id(), tx.new_id(), tx.new_id()
    tx.record("household.added", Kind.HOUSEHOLD, uid, {"village": VILLAGE, "group": group, "code": "03-0001"})
    head = {"household": uid, "name": name, "relation": "01", "id_number": "990101196001010010"}
    tx.record("member.added", Kind.MEMBER, member, head)
    opened = {
        "household": uid,
        "round": "r" * 32,
        "workflow": "identify",
        "stage": "apply",
        "status": "active",
    }
    tx.record("case.opened", Kind.CASE, case, opened, extras=BY_VILLAGE)
    return uid
