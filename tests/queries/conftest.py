"""One encrypted village with a round, people and cases written the way the program writes them."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.action import Acting
from app.domain.evidence import CaseView
from app.domain.given import given_from
from app.domain.identity import check_digit
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.person import Actor
from app.domain.stage import opening_fields
from app.domain.transition import act
from app.journal.authority import EntryState
from app.queries import case_facts
from app.queries.board import Look
from app.storage.merge import Merged, merge, streams_of
from app.storage.tx import Tx
from app.storage.workspace import Founding, Workspace
from app.usecases.policy import Policy, shipped
from tests.storage.nodes import Always

VILLAGE = "990101001201"
OTHER = "990101001202"
TOWNSHIP = "990101001000"
COUNTY = "990101000000"
KEY = bytes(range(32))
TODAY = date(2026, 3, 2)
PLACES = {COUNTY: "示范县", TOWNSHIP: "清溪镇", VILLAGE: "石板村", OTHER: "河口村"}
PACK = "s8/v1"


@dataclass
class SetClock:
    """A clock the test moves."""

    moment: datetime = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


def id_number(born: str, order: int) -> str:
    """Return a synthetic number with the right check digit; ``born`` is YYYYMMDD, ``order`` 1..999."""
    first17 = f"990101{born}{order:03d}"
    return first17 + check_digit(first17)


@dataclass
class Place:
    """A workspace with its policy, and short ways to write what a test needs."""

    workspace: Workspace
    policy: Policy
    actor: Actor
    people: dict[str, EntityId] = field(default_factory=dict)
    round: EntityId = field(default_factory=lambda: EntityId(""))
    made: int = 0
    made_people: int = 0

    @property
    def look(self) -> Look:
        return Look(self.policy, TODAY, PLACES)

    def person(self, tx: Tx, name: str) -> EntityId:
        uid = self.people[name] = tx.new_id()
        tx.record(
            "person.added",
            Kind.PERSON,
            uid,
            {"name": name, "position": "村干部", "unit": "村委会", "active": 1},
        )
        return uid

    def open_round(self, tx: Tx, name: str = "2026年第一批", **more: Value) -> EntityId:
        uid = tx.new_id()
        fields: dict[str, Value] = {
            "name": name,
            "year": 2026,
            "workflows": "exit identify",
            "pack": PACK,
            "line_fen": 400_000,
            "line_demo": 1,
            "opened_on": "2026-02-01",
            "status": "open",
            "scope": COUNTY,
            **more,
        }
        tx.record("round.opened", Kind.ROUND, uid, fields)
        return uid

    def household(
        self, tx: Tx, name: str, *, members: int = 1, village: str = VILLAGE, **fields: Value
    ) -> EntityId:
        self.made += 1
        uid = tx.new_id()
        home: dict[str, Value] = {
            "village": village,
            "group": f"{self.made % 3 + 1}组",
            "code": f"03-{self.made:04d}",
            "status": "active",
            **fields,
        }
        tx.record("household.added", Kind.HOUSEHOLD, uid, home, scope=village)
        for n in range(members):
            self.member(
                tx,
                uid,
                name if n == 0 else name[:1] + "小" + "甲乙丙丁"[n % 4],
                relation="01" if n == 0 else "03",
            )
        return uid

    def member(self, tx: Tx, household: EntityId, name: str, **fields: Value) -> EntityId:
        uid = tx.new_id()
        self.made_people += 1
        number = id_number("19600101", self.made_people)
        values: dict[str, Value] = {
            "household": household,
            "name": name,
            "status": "present",
            "id_number": number,
            "sex": "1",
            **fields,
        }
        tx.record("member.added", Kind.MEMBER, uid, values, scope=tx.scope_of(household))
        return uid

    def case(self, tx: Tx, household: EntityId, workflow: str = "identify", **fields: Value) -> EntityId:
        uid = tx.new_id()
        values: dict[str, Value] = {
            "household": household,
            "round": self.round,
            "pack": PACK,
            "line_fen": 400_000,
            **opening_fields(self.policy.pack(PACK).workflow(workflow), tx.today),
            **fields,
        }
        extras: dict[str, Value] = {
            "action": "open",
            "to": str(values["stage"]),
            "on": tx.today.isoformat(),
            "level": "village",
        }
        tx.record("case.opened", Kind.CASE, uid, values, scope=tx.scope_of(household), extras=extras)
        return uid

    def income(self, tx: Tx, household: EntityId, amount_fen: int, **fields: Value) -> EntityId:
        uid = tx.new_id()
        values: dict[str, Value] = {
            "household": household,
            "round": self.round,
            "category": "wage",
            "name": "务工",
            "amount_fen": amount_fen,
            **fields,
        }
        tx.record("income.added", Kind.INCOME, uid, values, scope=tx.scope_of(household))
        return uid

    def conditions(self, tx: Tx, household: EntityId, **fields: Value) -> EntityId:
        uid = tx.new_id()
        values: dict[str, Value] = {
            "household": household,
            "round": self.round,
            "checked_on": "2026-03-01",
            **fields,
        }
        tx.record("conditions.added", Kind.CONDITIONS, uid, values, scope=tx.scope_of(household))
        return uid

    def put(self, tx: Tx, kind: Kind, scope: str = VILLAGE, **fields: Value) -> EntityId:
        uid = tx.new_id()
        tx.record(f"{kind}.added", kind, uid, fields, scope=scope)
        return uid

    def move(self, case: str, level: Level = Level.VILLAGE, **fields: Value) -> None:
        """Write case fields in a transaction of its own, as an act of a level would."""
        with self.workspace.write(replace(self.actor, level=level)) as tx:
            tx.record("case.moved", Kind.CASE, EntityId(case), fields, extras={"level": str(level)})

    def act(
        self, tx: Tx, case: EntityId, action: str, data: Mapping[str, Value], level: Level = Level.VILLAGE
    ) -> None:
        """Take one action the way the program does."""
        values = tx.load(Kind.CASE, case)
        given = given_from(data)
        tx.flush()
        found = case_facts.facts(tx.conn, case, self.policy, {**values, **given.fields})
        acting = Acting(level, tx.actor.person, tx.today)
        done = act(self.policy.workflow(values), CaseView(values, found), action, given, acting)
        tx.record(done.op, Kind.CASE, case, done.fields, extras=done.extras)


def found(folder: Path, clock: SetClock, scope: str = VILLAGE, level: Level = Level.VILLAGE) -> Workspace:
    founding = Founding(level, scope, PLACES, folder.name, folder.name.encode().ljust(32, b"."), b"secret")
    return Workspace.create(folder, KEY, founding, shipped(), clock)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def place(tmp_path: Path, clock: SetClock) -> Generator[Place]:
    """A village with three persons and an open round, without households."""
    made = found(tmp_path / "one", clock)
    actor = Actor(EntityId("a" * 32), "陈志明", Level.VILLAGE, VILLAGE)
    here = Place(made, shipped(), actor)
    with made.write(actor) as tx:
        tx.record(
            "person.added", Kind.PERSON, actor.person, {"name": "陈志明", "position": "村干部", "active": 1}
        )
        here.people["陈志明"] = actor.person
        for name in ("周国栋", "李红霞"):
            here.person(tx, name)
        here.round = here.open_round(tx)
    yield here
    made.close()


def send(
    source: Place, target: Place, scope: str = "9901", state: EntryState = EntryState.PROJECTED
) -> Merged:
    """Bring every entry of one workspace into another; ``state`` is what its authority says of all of them."""
    with source.workspace.read() as conn:
        parts = streams_of(conn, [scope])
    with target.workspace.bookkeeping() as conn:
        return merge(conn, parts, Always(state), target.workspace.deriver, 1_772_000_000_000)


@pytest.fixture
def twin(place: Place, tmp_path: Path, clock: SetClock) -> Generator[Place]:
    """A second laptop of the same village, with everything the first one holds."""
    made = found(tmp_path / "two", clock)
    other = replace(place, workspace=made, people=dict(place.people))
    send(place, other)
    yield other
    made.close()
