"""The demonstration: a county, a township and its villages, enrolled, with work at every step.

Everything goes through the same use cases a person's clicks go through; only the clock is moved. The
people are synthetic and the line is marked 演示.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from app.crypto.keyslots import Cost
from app.domain.errors import Refused
from app.domain.ids import EntityId, Level, Value
from app.domain.lines import Line
from app.files.package import PackageKind
from app.storage import place
from app.storage.cipher import disk_error
from app.usecases import (
    enrolment,
    exports,
    merges,
    policy,
    rounds,
    workspaces,
)
from app.usecases.clock import FixedClock
from app.usecases.demo_month import Month, Village, begin_exits, county_month, township_month, village_month
from app.usecases.office import never, no_report
from app.usecases.rounds import NewRound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from app.usecases.office import Office

COUNTY, TOWNSHIP = "990101000000", "990101001000"
_COUNTY_NAME, _TOWNSHIP_NAME = "演示县", "清溪镇"
# fmt: off
_VILLAGES = (
    "石板村", "柳树沟村", "向阳村", "大桥村", "双河村",
    "青松村", "石门村", "新田村", "长岭村", "白云村",
    "龙潭村", "竹林村", "马家坪村", "上坝村", "下坝村",
    "枫香村", "红岩村", "梨园村", "茶山村", "羊角村",
    "水磨村", "金竹村", "核桃村", "杉木村", "桐子村",
    "太平村", "和平村", "高坡村", "平寨村", "老街村",
    "河口村", "月亮湾村", "三岔村", "五里村", "七星村",
    "九龙村", "黄土村", "凉水村", "桃源村", "云盘村",
)
# fmt: on
_WORDS = ("石榴", "毛竹", "豆腐", "山泉", "木桥", "稻田", "灯笼", "锄头", "梨花", "小路", "磨盘", "水井")
_PEOPLE = {
    Level.VILLAGE: (("陈志明", "驻村工作队队长"), ("周国栋", "村党支部书记"), ("李红霞", "村委会委员")),
    Level.TOWNSHIP: (("韦文斌", "乡镇经办"), ("罗秀兰", "分管副镇长")),
    Level.COUNTY: (("石正华", "县农业农村局"), ("潘建国", "县农业农村局")),
}
LINE_FEN = 900_000
_BEFORE = 32  # days the story began before the present moment


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


@dataclass(frozen=True, slots=True)
class _Story:
    """The three levels at work."""

    month: Month
    county: Office
    township: Office
    villages: tuple[Village, ...]
    people: Mapping[str, tuple[EntityId, ...]]
    post: Path

    @property
    def village_desks(self) -> list[Office]:
        """The desks of all villages."""
        return [village.desk for village in self.villages]


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
            ``households``), ``work.cancelled`` (what was made is removed again), the codes of
            ``place.refuse_unsafe``.
        Unavailable: any ``disk.…`` code.
    """
    if not 1 <= plan.villages <= len(_VILLAGES) or not 1 <= plan.households <= 20_000:  # noqa: PLR2004 -- what one laptop shows well
        raise Refused("demo.too_many", villages=len(_VILLAGES), households=20_000)
    place.refuse_unsafe(folder)
    if folder.exists() and any(folder.iterdir()):
        raise Refused("demo.not_empty")
    steps = _Progress(report, cancelled, 4 + plan.villages * 4)
    try:
        with ExitStack() as opened:  # closed before anything is removed, whatever happens
            _tell(_begin(folder, plan, now, opened), steps)
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


def _begin(folder: Path, plan: Plan, now: datetime, opened: ExitStack) -> _Story:
    """Create and enrol every workspace; ``opened`` closes them."""
    passphrase = " ".join(secrets.choice(_WORDS) for _ in range(5)) + f" {secrets.randbelow(90) + 10}"
    clock = FixedClock(now - timedelta(days=_BEFORE))
    post = folder / "post"
    try:
        post.mkdir(parents=True)
        (folder / "passphrase.txt").write_text(passphrase + "\n", encoding="utf-8")
    except OSError as error:
        raise disk_error(error) from error
    places = {COUNTY: _COUNTY_NAME, TOWNSHIP: _TOWNSHIP_NAME}
    codes = [f"990101001{201 + n}" for n in range(plan.villages)]
    places |= dict(zip(codes, _VILLAGES, strict=False))
    make = _Maker(places, passphrase, clock, plan.cost, opened)
    county = make.office(folder / "county", Level.COUNTY, COUNTY)
    township = make.office(folder / "township", Level.TOWNSHIP, TOWNSHIP)
    villages = [
        make.office(folder / f"village-{n:02d}", Level.VILLAGE, code) for n, code in enumerate(codes, start=1)
    ]
    _enrol(township, county, post)
    for village in villages:
        _enrol(village, township, post)
    people = {desk.actor.scope: _more_people(desk) for desk in (county, township, *villages)}
    at_work = tuple(Village(desk, n, people[desk.actor.scope]) for n, desk in enumerate(villages))
    month = Month(clock, now, plan.seed, plan.households)
    return _Story(month, county, township, at_work, people, post)


@dataclass(frozen=True, slots=True)
class _Maker:
    places: dict[str, str]
    passphrase: str
    clock: FixedClock
    cost: Cost
    opened: ExitStack

    def office(self, folder: Path, level: Level, scope: str) -> Office:
        name, position = _PEOPLE[level][0]
        person: dict[str, Value] = {"name": name, "position": position, "unit": self.places[scope]}
        setup = workspaces.Setup(
            level, scope, self.places, person, self.passphrase, demo=True, cost=self.cost
        )
        office = workspaces.create(folder, setup, self.clock)
        self.opened.callback(workspaces.close, office)
        return office


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
    month, villages = story.month, story.village_desks
    today = month.day(30)
    begins, doc = date(today.year, 1, 1), "演示标准，不作依据"
    line = Line("demo", COUNTY, "identify", "人均纯收入", LINE_FEN, begins, doc=doc, demo=True)
    name = f"{today.year}年第一批"
    rounds.open_round(story.township, NewRound(name, today.year, policy.DEFAULT, line))
    _send(story, [story.township], villages, PackageKind.DOWN)
    begun = month.clock.moment
    for village in story.villages:
        month.clock.moment = begun  # they live through the same month, not one after the other
        village_month(month, village, steps.step)
    _send(story, villages, [story.township], PackageKind.UP)
    steps.step()
    township_month(month, story.township, story.people[TOWNSHIP], story.villages)
    _send(story, [story.township], [story.county], PackageKind.UP)
    steps.step()
    county_month(month, story.county, story.people[COUNTY])
    _send(story, [story.county], [story.township], PackageKind.DOWN)
    _send(story, [story.township], villages, PackageKind.DOWN)
    for village in story.villages:
        begin_exits(month, village)
    _send(story, villages, [story.township], PackageKind.UP)
    _send(story, [story.township], [story.county], PackageKind.UP)
    steps.step()


def _send(story: _Story, senders: Iterable[Office], receivers: Sequence[Office], kind: PackageKind) -> None:
    for sender in senders:
        for sent in exports.export(sender, story.post, kind):
            for receiver in receivers:
                if kind is PackageKind.UP or receiver.actor.scope == sent.scope:
                    _receive(receiver, sent.files)


def _receive(receiver: Office, files: Sequence[Path]) -> None:
    for outcome in merges.merge_files(receiver, files):
        if outcome.refused is not None:
            raise outcome.refused
