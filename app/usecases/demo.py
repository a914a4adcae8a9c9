"""The demonstration: a county, a township and its villages, enrolled, with work at every step.

Everything goes through the same use cases a person's clicks go through; only the clock is moved. The
people are synthetic and the line is marked 演示.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from app.crypto.keyslots import Cost
from app.domain.comparison import HitVerdict, Ruling
from app.domain.errors import Refused, Unavailable
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.lines import Line
from app.domain.synthetic import iter_synthetic
from app.files.package import PackageKind
from app.storage.tx import CIVIL_ZONE
from app.usecases import (
    cases,
    enrolment,
    exports,
    hits,
    meetings,
    merges,
    objections,
    policy,
    publicity,
    rosters,
    rounds,
    samples,
    workspaces,
)
from app.usecases.clock import FixedClock
from app.usecases.office import never, no_report
from app.usecases.rounds import NewRound, round_in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from app.usecases.office import Office

COUNTY, TOWNSHIP = "990101000000", "990101001000"
_COUNTY_NAME, _TOWNSHIP_NAME = "演示县", "清溪镇"
_VILLAGES = (
    "石板村",
    "柳树沟村",
    "向阳村",
    "大桥村",
    "双河村",
    "青松村",
    "石门村",
    "新田村",
    "长岭村",
    "白云村",
)
_WORDS = ("石榴", "毛竹", "豆腐", "山泉", "木桥", "稻田", "灯笼", "锄头", "梨花", "小路", "磨盘", "水井")
_PEOPLE = {
    Level.VILLAGE: (("陈志明", "驻村工作队队长"), ("周国栋", "村党支部书记"), ("李红霞", "村委会委员")),
    Level.TOWNSHIP: (("韦文斌", "乡镇经办"), ("罗秀兰", "分管副镇长")),
    Level.COUNTY: (("石正华", "县农业农村局"), ("潘建国", "县农业农村局")),
}
LINE_FEN = 900_000
_BEFORE = 32  # days the story began before the present moment

# Of a hundred households: how many have come to which step. The rest have no case.
_SHARES = (
    ("apply", 8),
    ("review", 8),
    ("visit", 16),
    ("compare", 9),
    ("appraise", 9),
    ("publicise", 12),
    ("check", 10),
    ("audit", 8),
    ("end", 15),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make; ``cost`` is the work of the passphrase (the standard one when left out)."""

    villages: int = 1
    households: int = 300
    seed: int = 1
    cost: Cost = field(default_factory=Cost)


@dataclass(frozen=True, slots=True)
class Made:
    """The folders of the demonstration."""

    county: Path
    township: Path
    villages: tuple[Path, ...]
    passphrase: Path


@dataclass(slots=True)
class _Story:
    """The three levels at work, and the clock they share."""

    plan: Plan
    clock: FixedClock
    county: Office
    township: Office
    villages: list[Office]
    people: dict[str, tuple[EntityId, ...]]
    post: Path
    end: datetime

    def day(self, before: int) -> date:
        """Set the clock to nine in the morning so many days before the end, and return the date."""
        end = self.end.astimezone(CIVIL_ZONE)
        moment = (end - timedelta(days=before)).replace(hour=9, minute=0)
        self.clock.moment = max(self.clock.moment, min(moment, self.end))
        return self.clock.moment.astimezone(CIVIL_ZONE).date()


def make_demo(
    folder: Path,
    plan: Plan,
    now: datetime,
    report: Callable[[int, int], None] = no_report,
    cancelled: Callable[[], bool] = never,
) -> Made:
    """Make the demonstration in a new or empty folder.

    Raises:
        Refused: ``demo.not_empty`` (the folder holds something), ``demo.too_many`` (params ``villages``,
            ``households``), ``work.cancelled`` (what was made is removed again).
        Unavailable: any ``disk.…`` code.
    """
    if not 1 <= plan.villages <= len(_VILLAGES) or not 1 <= plan.households <= 20_000:  # noqa: PLR2004 -- what one laptop shows well
        raise Refused("demo.too_many", villages=len(_VILLAGES), households=20_000)
    if folder.exists() and any(folder.iterdir()):
        raise Refused("demo.not_empty")
    steps = _Progress(report, cancelled, 4 + plan.villages * 4)
    try:
        story = _begin(folder, plan, now)
        try:
            _tell(story, steps)
        finally:
            for office in (*story.villages, story.township, story.county):
                workspaces.close(office)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    shutil.rmtree(folder / "post")
    names = tuple(folder / f"village-{n:02d}" for n in range(1, plan.villages + 1))
    return Made(folder / "county", folder / "township", names, folder / "passphrase.txt")


@dataclass(slots=True)
class _Progress:
    report: Callable[[int, int], None]
    cancelled: Callable[[], bool]
    total: int
    done: int = 0

    def step(self) -> None:
        self.done += 1
        self.report(min(self.done, self.total), self.total)
        if self.cancelled():
            raise Refused("work.cancelled")


def _begin(folder: Path, plan: Plan, now: datetime) -> _Story:
    """Create and enrol every workspace."""
    passphrase = " ".join(secrets.choice(_WORDS) for _ in range(5)) + f" {secrets.randbelow(90) + 10}"
    clock = FixedClock(now - timedelta(days=_BEFORE))
    post = folder / "post"
    try:
        post.mkdir(parents=True)
        (folder / "passphrase.txt").write_text(passphrase + "\n", encoding="utf-8")
    except OSError as error:
        raise Unavailable("disk.read_only") from error
    places = {COUNTY: _COUNTY_NAME, TOWNSHIP: _TOWNSHIP_NAME}
    codes = [f"990101001{201 + n}" for n in range(plan.villages)]
    places |= dict(zip(codes, _VILLAGES, strict=False))
    make = _Maker(places, passphrase, clock, plan.cost)
    county = make.office(folder / "county", Level.COUNTY, COUNTY)
    township = make.office(folder / "township", Level.TOWNSHIP, TOWNSHIP)
    villages = [
        make.office(folder / f"village-{n:02d}", Level.VILLAGE, code) for n, code in enumerate(codes, start=1)
    ]
    _enrol(township, county, post)
    for village in villages:
        _enrol(village, township, post)
    story = _Story(plan, clock, county, township, villages, {}, post, now)
    for office in (county, township, *villages):
        story.people[office.actor.scope] = _more_people(office)
    return story


@dataclass(frozen=True, slots=True)
class _Maker:
    places: dict[str, str]
    passphrase: str
    clock: FixedClock
    cost: Cost

    def office(self, folder: Path, level: Level, scope: str) -> Office:
        name, position = _PEOPLE[level][0]
        person: dict[str, Value] = {"name": name, "position": position, "unit": self.places[scope]}
        setup = workspaces.Setup(
            level, scope, self.places, person, self.passphrase, demo=True, cost=self.cost
        )
        return workspaces.create(folder, setup, self.clock)


def _more_people(office: Office) -> tuple[EntityId, ...]:
    found = [office.actor.person]
    for name, position in _PEOPLE[office.level][1:]:
        changes = workspaces.add_person(office, {"name": name, "position": position})
        found.append(changes.touched[0][1])
    return tuple(found)


def _enrol(asking: Office, granting: Office, post: Path) -> None:
    request = enrolment.request(asking, post)
    grant, _ = enrolment.grant(granting, request, post, enrolment.own_code(asking))
    enrolment.accept(asking, grant)


def _tell(story: _Story, steps: _Progress) -> None:
    """Let the levels work for a month."""
    steps.step()
    today = story.day(30)
    line = Line(
        "demo",
        COUNTY,
        "identify",
        "人均纯收入",
        LINE_FEN,
        date(today.year, 1, 1),
        doc="演示标准，不作依据",
        demo=True,
    )
    rounds.open_round(story.township, NewRound(f"{today.year}年第一批", today.year, policy.DEFAULT, line))
    _send(story, [story.township], story.villages, PackageKind.DOWN)
    for number, village in enumerate(story.villages):
        _village_work(story, village, number, steps)
    _send(story, story.villages, [story.township], PackageKind.UP)
    steps.step()
    _township_work(story)
    _send(story, [story.township], [story.county], PackageKind.UP)
    steps.step()
    _county_work(story)
    _send(story, [story.county], [story.township], PackageKind.DOWN)
    _send(story, [story.township], story.villages, PackageKind.DOWN)
    for village in story.villages:
        _exits(story, village)
    _send(story, story.villages, [story.township], PackageKind.UP)
    _send(story, [story.township], [story.county], PackageKind.UP)
    steps.step()


def _send(story: _Story, senders: Iterable[Office], receivers: Sequence[Office], kind: PackageKind) -> None:
    for sender in senders:
        for sent in exports.export(sender, story.post, kind):
            for receiver in receivers:
                if kind is PackageKind.UP or receiver.actor.scope == sent.scope:
                    for outcome in merges.merge_files(receiver, sent.files):
                        if outcome.refused is not None:
                            raise outcome.refused


def _village_work(story: _Story, village: Office, number: int, steps: _Progress) -> None:
    by_step = _open_cases(story, village, number)
    steps.step()
    later = [name for name, _ in _SHARES]

    def beyond(step: str) -> list[EntityId]:
        return [case for name in later[later.index(step) + 1 :] for case in by_step[name]]

    people = story.people[village.actor.scope]
    day = story.day(28)
    _each(village, beyond("apply"), "apply.accept", _application, day)
    day = story.day(26)
    reviewers: dict[str, Value] = {"reviewer1": people[0], "reviewer2": people[1], "relatives_filed": 0}
    cases.act_on_cases(village, beyond("review"), "review.pass", reviewers, day)
    steps.step()
    day = story.day(23)
    seen: dict[str, Value] = {
        "investigator1": people[0],
        "investigator2": people[2],
        "household_signed": 1,
        "income_steady": 0,
    }
    cases.act_on_cases(village, beyond("visit"), "visit.consistent", seen, day)
    _compare(story, village, beyond("compare"), by_step["compare"])
    steps.step()
    _appraise(story, village, beyond("appraise"), "identify")
    running, ended = by_step["publicise"], beyond("publicise")
    _publicise(story, village, ended, 17)
    if running:
        day = story.day(3)
        _post(village, running, day)
    steps.step()


def _open_cases(story: _Story, village: Office, number: int) -> dict[str, list[EntityId]]:
    """Import the people and open cases; return the cases by the step they will come to."""
    by_step: dict[str, list[EntityId]] = {name: [] for name, _ in _SHARES}
    targets = [name for name, share in _SHARES for _ in range(share)]
    day = story.day(29)
    first = number * story.plan.households
    people = iter_synthetic(story.plan.seed, story.plan.households, day, village.actor.scope, first)
    with village.workspace.write(village.actor) as tx:
        round_id, _ = round_in_force(tx, village.actor.scope)
        for n, household in enumerate(people):
            uid = rosters.put_roster_household(tx, household, village.actor.scope, round_id)
            place = n * 37 % 100  # spreads the steps over the villagers' groups
            if place < len(targets):
                head = str(household.members[0].values.get("name", ""))
                given: dict[str, Value] = {"applicant": head, "source": "self", "source_note": ""}
                case = cases.start_case(tx, village, uid, "identify", given)
                by_step[targets[place]].append(case)
    return by_step


def _application(village: Office, case: EntityId) -> dict[str, Value]:
    number = case[:6].upper()
    return {
        "source": "self",
        "documents": "application authorisation booklet",
        "accepted_no": f"受理{number}",
        "auth_signed": 1,
        "auth_no": f"授权{number}",
        "auth_on": village.workspace.clock.now().astimezone(CIVIL_ZONE).date().isoformat(),
    }


def _each(
    office: Office,
    chosen: Iterable[EntityId],
    action: str,
    data: Callable[[Office, EntityId], dict[str, Value]],
    day: date,
) -> None:
    with office.workspace.write(office.actor) as tx:
        for case in chosen:
            cases.take_action(tx, office, case, action, data(office, case), day)


def _compare(story: _Story, village: Office, beyond: list[EntityId], waiting: list[EntityId]) -> None:
    """Every eighth household has a hit; those still waiting keep theirs open."""
    day = story.day(20)
    people = story.people[village.actor.scope]
    struck = [case for n, case in enumerate(beyond) if n % 8 == 0]
    found: dict[str, Value] = {
        "register": "vehicle",
        "item": "三轮农用车",
        "value": "1辆",
        "as_of": day.isoformat(),
        "feedback_no": f"反馈{day:%Y%m%d}",
    }
    for case in struck + waiting[::3]:
        hit = hits.add_hits(village, case, [found], "imported").touched[0][1]
        if case in struck:
            words = "三轮车用于拉农资，已有多年，不影响认定"
            hits.judge_hit(village, hit, Ruling(HitVerdict.NO_EFFECT, "", words, people[0], people[1], day))
    plain = [case for case in beyond if case not in set(struck)]
    cases.act_on_cases(village, plain, "compare.none", {}, day)
    cases.act_on_cases(village, struck, "compare.explained", {}, day)


def _appraise(story: _Story, village: Office, chosen: list[EntityId], workflow: str) -> None:
    if not chosen:
        return
    day = story.day(18 if workflow == "identify" else 2)
    held: dict[str, Value] = {
        "body": "representatives",
        "held_on": day.isoformat(),
        "place": "村委会会议室",
        "chair": "周国栋",
        "recorder": "李红霞",
        "supervisor": "韦福生",
        "eligible": 36,
        "present": 31,
        "minutes": "逐户通报情况和比对结果后表决。",
    }
    ballots: dict[str, Value] = {"votes_for": 29, "votes_against": 1, "votes_abstain": 1}
    changes = meetings.record_meeting(village, held, dict.fromkeys(chosen, ballots))
    meeting = next(uid for kind, uid in changes.touched if kind is Kind.MEETING)
    meetings.conclude_meeting(village, meeting, day)


def _post(village: Office, chosen: list[EntityId], day: date) -> EntityId:
    contacts: dict[str, Value] = {
        "contact_village": "0000-0000001",
        "contact_township": "0000-0000002",
        "contact_county": "0000-0000003",
        "contact_hotline": "12317",
    }
    changes = publicity.plan_publicity(village, chosen, day, contacts)
    notice = next(uid for kind, uid in changes.touched if kind is Kind.PUBLICITY)
    publicity.post_publicity(village, notice, day, "村务公开栏", "李红霞")
    return notice


def _publicise(story: _Story, village: Office, chosen: list[EntityId], before: int) -> None:
    """Post, hear one objection in the village, take down, go on."""
    if not chosen:
        return
    notice = _post(village, chosen, story.day(before))
    story.day(before - 3)
    words: dict[str, Value] = {"channel": "phone", "content": "反映该户在镇上有生意", "anonymous": 1}
    objections.add_objection(village, notice, chosen[0], words)
    day = story.day(7)
    publicity.take_down(village, notice, day, "公示期满")
    publicity.conclude_publicity(village, notice, day)


def _township_work(story: _Story) -> None:
    office, people = story.township, story.people[TOWNSHIP]
    day = story.day(5)
    for village in story.villages:
        waiting = _standing_at(office, "check", village.actor.scope)
        if not waiting:
            continue
        samples.draw_sample(office, waiting, f"{village.actor.scope}-{day:%Y%m%d}")
        forward = waiting[: len(waiting) * 23 // 33]
        given: dict[str, Value] = {
            "checker1": people[0],
            "checker2": people[1],
            "check_opinion": "材料齐全，程序合规，同意上报",
            "sample_result": "consistent",
        }
        cases.act_on_cases(office, forward, "check.approve", given, day)


def _county_work(story: _Story) -> None:
    office, people = story.county, story.people[COUNTY]
    day = story.day(4)
    waiting = _standing_at(office, "audit", COUNTY)
    given: dict[str, Value] = {"decider": people[0], "approval_no": f"演农〔{day.year}〕1号"}
    cases.act_on_cases(office, waiting[: len(waiting) * 15 // 23], "audit.approve", given, day)


def _exits(story: _Story, village: Office) -> None:
    """A few households that meet every standard begin to leave."""
    people = story.people[village.actor.scope]
    day = story.day(2)
    begun: list[EntityId] = []
    for case in _standing_at(village, "end", village.actor.scope)[:6]:
        with village.workspace.write(village.actor) as tx:
            household = EntityId(str(tx.load(Kind.CASE, case)["household"]))
            begun.append(cases.start_case(tx, village, household, "exit", {}))
    given: dict[str, Value] = {"investigator1": people[0], "investigator2": people[2], "income_steady": 1}
    met = cases.act_on_cases(village, begun[:4], "criteria.met", given, day).done
    _appraise(story, village, list(met[: len(met) // 2]), "exit")


def _standing_at(office: Office, step: str, scope: str) -> list[EntityId]:
    from sqlalchemy import select

    from app.storage import tables

    table = tables.case_line
    query = (
        select(table.c.uid)
        .where(table.c.step == step, table.c.village.startswith(scope.rstrip("0")))
        .order_by(table.c.sort)
    )
    with office.workspace.read() as conn:
        return [EntityId(uid) for uid in conn.execute(query).scalars()]
