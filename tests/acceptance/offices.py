"""A village, its township and its county: three workspaces that only ever exchange files.

    with Offices.founded(folder, "s8/v1") as three:
        case = three.open("吴福生")              # at the village's desk, as in tests.usecases.village
        three.bring(case, "check")
        three.up()                                # village -> township -> county
        three.forward([case])                     # the level that owns the step takes it
        three.down()

Everything a village's test helper can do works here too; an act of another level happens in that level's
own workspace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Self

from app.domain.action import Acting, Action, available_actions
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.lines import Line
from app.files.package import PackageKind
from app.queries import rows
from app.queries.case_facts import case_view
from app.storage.digest import digest
from app.usecases import cases, enrolment, exports, merges, rounds, workspaces
from app.usecases.clock import FixedClock
from app.usecases.office import Office
from tests.usecases.village import CHEAP, COUNTY, LINE, PASSPHRASE, PLACES, SCOPES, START, Village, only

STAFF = {
    Level.VILLAGE: ("陈志明", "李秀英", "张国强"),
    Level.TOWNSHIP: ("周建华", "吴晓燕"),
    Level.COUNTY: ("郑永安", "王海涛"),
}


@dataclass
class Offices(Village):
    """The village's helper with a township and a county of their own behind it."""

    folder: Path = Path()
    desks: dict[Level, Office] = field(default_factory=dict)

    @classmethod
    def founded(cls, folder: Path, pack: str, line: Line | None = LINE) -> Self:
        """Make three workspaces, enrol them by files, and open a round of ``pack`` in the township."""
        clock = FixedClock(START)
        desks = {level: _create(folder / level.value, level, clock) for level in Level}
        people = {}
        for level, desk in desks.items():
            more = [
                only(workspaces.add_person(desk, {"name": name}), Kind.PERSON) for name in STAFF[level][1:]
            ]
            people[level] = (desk.actor.person, more[0])
        made = cls(desks[Level.VILLAGE], clock, people, {}, folder, desks)
        made.post.mkdir()
        _enrol(desks[Level.TOWNSHIP], desks[Level.COUNTY], made.post)
        _enrol(desks[Level.VILLAGE], desks[Level.TOWNSHIP], made.post)
        rounds.open_round(desks[Level.TOWNSHIP], rounds.NewRound("2026年度", 2026, pack, line))
        made.down()
        return made

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for desk in self.desks.values():
            workspaces.close(desk)

    @property
    def post(self) -> Path:
        return self.folder / "post"

    def at(self, level: Level) -> Office:
        return self.desks[level]

    def third(self) -> EntityId:
        """The village's third person, who neither reviewed nor visited."""
        with self.office.workspace.read() as conn:
            return next(
                uid for uid, one in rows.where(conn, Kind.PERSON) if one["name"] == STAFF[Level.VILLAGE][2]
            )

    def act(self, level: Level, case: EntityId, action: str, data: Mapping[str, Value] | None = None) -> None:
        cases.act_on_case(self.at(level), case, action, data or {})

    def actions(self, case: EntityId, acting: Acting) -> Sequence[Action]:
        """Return what may be done with a case at the village's desk."""
        with self.office.workspace.read() as conn:
            view = case_view(conn, case, self.office.policy)
        return available_actions(self.office.policy.workflow(view.values), view, acting)

    def up(self) -> None:
        """Carry everything from the village to the township and on to the county."""
        self._carry(Level.VILLAGE, Level.TOWNSHIP, PackageKind.UP)
        self._carry(Level.TOWNSHIP, Level.COUNTY, PackageKind.UP)

    def down(self) -> None:
        """Carry everything from the county to the township and on to the village."""
        self._carry(Level.COUNTY, Level.TOWNSHIP, PackageKind.DOWN)
        self._carry(Level.TOWNSHIP, Level.VILLAGE, PackageKind.DOWN)

    def seen_at(self, level: Level, case: EntityId) -> dict[str, Value]:
        """Return a case as that level's own workspace shows it."""
        with self.at(level).workspace.read() as conn:
            return dict(rows.get(conn, Kind.CASE, case))

    def digests(self) -> set[str]:
        """Return the digests of the village's area in the three workspaces."""
        found = set()
        for desk in self.desks.values():
            with desk.workspace.read() as conn:
                found.add(digest(conn, SCOPES[Level.VILLAGE]))
        return found

    def _carry(self, sender: Level, receiver: Level, kind: PackageKind) -> None:
        for sent in exports.export(self.at(sender), self.post, kind):
            for outcome in merges.merge_files(self.at(receiver), sent.files):
                assert outcome.refused is None, outcome.refused.code
                assert (outcome.held, outcome.conflicts, outcome.waiting) == (0, 0, False)


def _create(folder: Path, level: Level, clock: FixedClock) -> Office:
    person: dict[str, Value] = {"name": STAFF[level][0], "position": "经办"}
    setup = workspaces.Setup(level, SCOPES[level], PLACES, person, PASSPHRASE, cost=CHEAP)
    return workspaces.create(folder, setup, clock)


def _enrol(asking: Office, granting: Office, post: Path) -> None:
    asked = enrolment.request(asking, post)
    code = enrolment.read_request(granting, asked).code
    assert code == enrolment.own_code(asking)
    grant, _released = enrolment.grant(granting, asked, post, code)
    enrolment.accept(asking, grant)


MONITORING = Line(
    "county-2026", COUNTY, "monitoring", "家庭人均纯收入", 850000, date(2026, 1, 1), doc="清农〔2026〕3号"
)
"""The line of the monitoring round."""
