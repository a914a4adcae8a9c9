"""A village at work, for tests of use cases and of what is read from them.

    village.add_home("吴福生")                    # EntityId of a household of one
    case = village.open("吴福生")                 # its case, at the first step
    village.bring(case, "publicise")              # through the real use cases up to that step
    village.at(Level.TOWNSHIP)                    # the same desk with the township's person at it

Every step is taken by the use case the window would call, by the level that owns it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.crypto.keyslots import Cost
from app.domain.changes import Changes
from app.domain.identity import check_digit
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.lines import Line
from app.domain.person import Actor
from app.queries import rows
from app.storage.tx import CIVIL_ZONE
from app.usecases import cases, households, meetings, publicity, rounds, workspaces
from app.usecases.clock import FixedClock
from app.usecases.office import Office

VILLAGE = "990101001201"
TOWNSHIP = "990101001000"
COUNTY = "990101000000"
PLACES = {VILLAGE: "石板村", TOWNSHIP: "大堰乡", COUNTY: "清溪县", "990000000000": "试验省"}
PASSPHRASE = "八步走稳 先进村再进门 2026"
CHEAP = Cost(1, 64, 1)
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LINE = Line(
    "county-2026", COUNTY, "poverty", "家庭人均纯收入", 880000, date(2026, 1, 1), doc="清农〔2026〕1号"
)
CONTACTS: Mapping[str, Value] = {
    "contact_village": "0991-5550101",
    "contact_township": "0991-5550202",
    "contact_county": "0991-5550303",
}
SCOPES = {Level.VILLAGE: VILLAGE, Level.TOWNSHIP: TOWNSHIP, Level.COUNTY: COUNTY}

GOOD_CONDITIONS: Mapping[str, Value] = {
    "checked_on": "2026-03-02",
    "food": 1,
    "clothing": 1,
    "house_safe": 1,
    "water_safe": 1,
    "education_dropouts": 0,
    "medical_uninsured": 0,
    "medical_problem": 0,
}


def synthetic_id(serial: int, born: str = "19700101", sex: str = "1") -> str:
    """Return an identity number of the never-assigned region, with a right check digit."""
    first = f"990101{born}{serial * 2 + (1 if sex == '1' else 0):03d}"
    return first + check_digit(first)


@dataclass
class Village:
    """The office of the village and the people who act; ``people`` are by level, two for each."""

    office: Office
    clock: FixedClock
    people: dict[Level, tuple[EntityId, EntityId]]
    homes: dict[str, EntityId] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.clock.moment.astimezone(CIVIL_ZONE).date()

    def pass_days(self, days: int) -> None:
        self.clock.moment += timedelta(days=days)

    def at(self, level: Level) -> Office:
        """The same workspace with a person of that level at the desk."""
        return self.office.acting(Actor(self.people[level][0], f"{level}干部", level, SCOPES[level]))

    def add_home(
        self, head: str, others: Sequence[str] = (), group: str = "三组", address: str = "三组12号"
    ) -> EntityId:
        """Register a household: a head, and ``others`` as sons."""
        serial = 10 * len(self.homes) + 1
        member = {"sex": "1", "ethnicity": "01", "health": "1", "labour": "1"}
        members: list[dict[str, Value]] = [
            {
                **member,
                "name": head,
                "relation": "01",
                "id_number": synthetic_id(serial),
                "phone": "19900000001",
            }
        ]
        for place, name in enumerate(others, start=1):
            number = synthetic_id(serial + place, "19980101")
            members.append({**member, "name": name, "relation": "03", "id_number": number})
        fields: dict[str, Value] = {
            "code": f"{VILLAGE}{len(self.homes) + 1:05d}",
            "group": group,
            "address": address,
            "bank_account": "6217990000000000001",
        }
        made = households.add_household(self.office, fields, members)
        self.homes[head] = only(made, Kind.HOUSEHOLD)
        return self.homes[head]

    def open(self, head: str, workflow: str = "identify") -> EntityId:
        """Open a case of a household by its head's name; the household is registered when unknown."""
        home = self.homes.get(head) or self.add_home(head)
        return only(cases.open_case(self.office, home, workflow, {}), Kind.CASE)

    def values(self, kind: Kind, uid: str) -> dict[str, Value]:
        with self.office.workspace.read() as conn:
            return dict(rows.get(conn, kind, uid))

    def stage(self, case: EntityId) -> str:
        return str(self.values(Kind.CASE, case)["stage"])

    def bring(self, case: EntityId, step: str) -> EntityId:
        """Take a case forward until ``step`` is open ("end" for a closed case); the clock moves as needed."""
        while step not in self.stage(case).split():
            self.forward([case])
        return case

    def forward(self, of: Sequence[EntityId]) -> None:
        """Take these cases, all at the same step, through their first open step."""
        step = self.stage(of[0]).split()[0]
        if step == "appraise":
            self.appraise(of)
        elif step == "publicise":
            self.publicise(of)
        else:
            for case in of:
                self._single(case, step)

    def appraise(self, of: Sequence[EntityId], held: Mapping[str, Value] | None = None) -> EntityId:
        """Hold one meeting of 30 representatives for these cases, 28 to 1 for each, and conclude it."""
        meeting: dict[str, Value] = {
            "body": "representatives",
            "held_on": self.today.isoformat(),
            "place": "村委会会议室",
            "chair": "陈志明",
            "recorder": "李秀英",
            "supervisor": "张国强",
            "eligible": 40,
            "present": 30,
            "minutes": "主持人介绍各户情况，到会代表逐户议论后举手表决。",
            **(held or {}),
        }
        ballots: dict[str, Value] = {"votes_for": 28, "votes_against": 1, "votes_abstain": 1, "recused": ""}
        made = meetings.record_meeting(self.office, meeting, dict.fromkeys(of, ballots))
        uid = only(made, Kind.MEETING)
        refuse_nothing(meetings.conclude_meeting(self.office, uid))
        return uid

    def plan_notice(self, of: Sequence[EntityId], contacts: Mapping[str, Value] = CONTACTS) -> EntityId:
        """Plan one notice for these cases, to be posted today."""
        made = publicity.plan_publicity(self.office, of, self.today, contacts)
        return only(made, Kind.PUBLICITY)

    def publicise(self, of: Sequence[EntityId]) -> EntityId:
        """Plan a notice, post it, wait until it is over, and conclude it."""
        uid = self.plan_notice(of)
        publicity.post_publicity(self.office, uid, self.today, "村务公开栏", "陈志明")
        last = date.fromisoformat(str(self.values(Kind.PUBLICITY, uid)["to_on"]))
        self.pass_days((last - self.today).days + 1)
        publicity.take_down(self.office, uid, self.today, "无异议")
        refuse_nothing(publicity.conclude_publicity(self.office, uid))
        return uid

    def _single(self, case: EntityId, step: str) -> None:
        if step in {"visit", "criteria"}:
            self.fill_living(case)
        first, second = self.people[_LEVELS.get(step, Level.VILLAGE)]
        entered = {
            code: {"@1": first, "@2": second}.get(str(value), value) for code, value in _ENTERED[step].items()
        }
        office = self.at(_LEVELS[step]) if step in _LEVELS else self.office
        cases.act_on_case(office, case, f"{step}.{_FORWARD[step]}", entered)

    def fill_living(self, case: EntityId, yuan: int = 26000) -> None:
        """Record a wage and sound living conditions for the case's round, unless they are there."""
        values = self.values(Kind.CASE, case)
        home, round_id = EntityId(str(values["household"])), values["round"]
        with self.office.workspace.read() as conn:
            if rows.where(conn, Kind.CONDITIONS, household=home, round=round_id):
                return
        wage: dict[str, Value] = {
            "category": "wage",
            "item": "wage_local",
            "name": "务工收入",
            "amount_fen": yuan * 100,
            "counts": 1,
        }
        edits = [
            households.Edit(Kind.INCOME, "", {**wage, "round": round_id}),
            households.Edit(Kind.CONDITIONS, "", {**GOOD_CONDITIONS, "round": round_id}),
        ]
        households.edit(self.office, home, edits)


_LEVELS = {"check": Level.TOWNSHIP, "audit": Level.COUNTY}
_FORWARD = {
    "apply": "accept",
    "review": "pass",
    "visit": "consistent",
    "compare": "none",
    "check": "approve",
    "audit": "approve",
    "criteria": "met",
    "agree": "agree",
}
_ENTERED: Mapping[str, Mapping[str, Value]] = {
    "apply": {"applicant": "本人", "source": "self", "documents": "application id_copies", "auth_signed": 1},
    "review": {"relatives_filed": 0, "reviewer1": "@1", "reviewer2": "@2"},
    "visit": {"household_signed": 1, "income_steady": 1, "investigator1": "@1", "investigator2": "@2"},
    "compare": {"auth_signed": 1},
    "check": {"check_opinion": "同意", "checker1": "@1", "checker2": "@2"},
    "audit": {"approval_no": "清农批〔2026〕1号", "decider": "@1"},
    "criteria": {"income_steady": 1, "investigator1": "@1", "investigator2": "@2"},
    "agree": {"household_signed": 1},
}


def found_village(folder: Path, line: Line | None = LINE, pack: str = "s8/v1") -> Village:
    """Make the village's workspace with two people of each level and an open round."""
    clock = FixedClock(START)
    person: dict[str, Value] = {"name": "陈志明", "unit": "石板村村委会", "position": "村党支部书记"}
    setup = workspaces.Setup(Level.VILLAGE, VILLAGE, PLACES, person, PASSPHRASE, cost=CHEAP)
    office = workspaces.create(folder, setup, clock)
    people = {}
    for level, names in _PEOPLE.items():
        added = [only(workspaces.add_person(office, {"name": name}), Kind.PERSON) for name in names]
        people[level] = (added[0], added[1])
    people[Level.VILLAGE] = (office.actor.person, people[Level.VILLAGE][0])
    rounds.open_round(office, rounds.NewRound("2026年度", 2026, pack, line))
    return Village(office, clock, people)


_PEOPLE = {
    Level.VILLAGE: ("李秀英", "张国强"),
    Level.TOWNSHIP: ("周建华", "吴晓燕"),
    Level.COUNTY: ("郑永安", "王海涛"),
}


def only(changes: Changes, kind: Kind) -> EntityId:
    """Return the one entity of a kind that was touched."""
    (uid,) = [uid for touched, uid in changes.touched if touched is kind]
    return uid


def refuse_nothing(batch: cases.Batch) -> None:
    assert [(case, error.code, error.params) for case, error in batch.refused] == []
