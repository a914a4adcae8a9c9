"""The work the demonstration shows: what each level does in a month, through the real use cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.comparison import HitVerdict, Ruling
from app.domain.ids import EntityId, Kind, Value
from app.domain.region import significant
from app.domain.synthetic import iter_synthetic
from app.storage import tables
from app.storage.tx import CIVIL_ZONE
from app.usecases import cases, hits, meetings, objections, publicity, rosters, samples
from app.usecases.rounds import round_in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.usecases.clock import FixedClock
    from app.usecases.office import Office

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
_STEPS = tuple(name for name, _ in _SHARES)
_FRESH = _STEPS[:5]  # not yet appraised: begun lately, so that few are overdue
_LATE = 7  # every so many of them stands too long


@dataclass(slots=True)
class Month:
    """The clock the levels share; it moves forward only, towards ``end``."""

    clock: FixedClock
    end: datetime
    seed: int
    households: int

    def day(self, before: int) -> date:
        """Set the clock to nine in the morning so many days before the end, and return the date."""
        moment = (self.end.astimezone(CIVIL_ZONE) - timedelta(days=before)).replace(hour=9, minute=0)
        self.clock.moment = max(self.clock.moment, min(moment, self.end))
        return self.clock.moment.astimezone(CIVIL_ZONE).date()


@dataclass(frozen=True, slots=True)
class Village:
    """A village at work: its desk, its number from 0, and its three people."""

    desk: Office
    number: int
    people: tuple[EntityId, ...]


def village_month(month: Month, village: Village, step: Callable[[], None]) -> None:
    """Take a village's households to the steps they shall stand at."""
    month.day(29)
    homes = _import_people(month, village)
    old = _open_cases(village.desk, homes, _STEPS[5:])
    notice = _old_cases(month, village, old, step)
    month.day(10)
    new = _open_cases(village.desk, homes, _FRESH)
    if notice is not None:
        _end_notice(village.desk, notice, month.day(6))
    _new_cases(month, village, new)
    step()
    waiting = old["publicise"]
    if waiting:
        _post(village.desk, waiting, month.day(3))
    step()


def township_month(
    month: Month, desk: Office, people: tuple[EntityId, ...], villages: Iterable[Village]
) -> None:
    """Draw samples and check most of what the villages sent."""
    day = month.day(4)
    given: dict[str, Value] = {
        "checker1": people[0],
        "checker2": people[1],
        "check_opinion": "材料齐全，程序合规，同意上报",
        "sample_result": "consistent",
    }
    for village in villages:
        waiting = standing_at(desk, "check", village.desk.actor.scope)
        if waiting:
            samples.draw_sample(desk, waiting, f"{village.desk.actor.scope}-{day:%Y%m%d}")
            cases.act_on_cases(desk, waiting[: len(waiting) * 23 // 33], "check.approve", given, day)


def county_month(month: Month, desk: Office, people: tuple[EntityId, ...]) -> None:
    """Decide about most of what the township sent."""
    day = month.day(3)
    waiting = standing_at(desk, "audit", desk.actor.scope)
    given: dict[str, Value] = {"decider": people[0], "approval_no": f"演农〔{day.year}〕1号"}
    cases.act_on_cases(desk, waiting[: len(waiting) * 15 // 23], "audit.approve", given, day)


def begin_exits(month: Month, village: Village) -> None:
    """Let a few households that meet every standard begin to leave."""
    day = month.day(2)
    desk, people = village.desk, village.people
    begun: list[EntityId] = []
    for case in standing_at(desk, "end", desk.actor.scope)[:6]:
        with desk.workspace.write(desk.actor) as tx:
            household = EntityId(str(tx.load(Kind.CASE, case)["household"]))
            begun.append(cases.start_case(tx, desk, household, "exit", {}))
    given: dict[str, Value] = {"investigator1": people[0], "investigator2": people[2], "income_steady": 1}
    met = cases.act_on_cases(desk, begun[:4], "criteria.met", given, day).done
    _appraise(desk, list(met[: len(met) // 2]), day)


def standing_at(office: Office, step: str, scope: str) -> list[EntityId]:
    """Return the cases of an area that stand at a step, in the order of the list."""
    table = tables.case_line
    query = (
        select(table.c.uid)
        .where(table.c.step == step, table.c.village.startswith(significant(scope)))
        .order_by(table.c.sort)
    )
    with office.workspace.read() as conn:
        return [EntityId(uid) for uid in conn.execute(query).scalars()]


def _import_people(month: Month, village: Village) -> dict[str, list[tuple[EntityId, str]]]:
    """Import the village's people; return (household, head) by the step its case shall come to."""
    targets = [name for name, share in _SHARES for _ in range(share)]
    found: dict[str, list[tuple[EntityId, str]]] = {name: [] for name in _STEPS}
    desk, scope = village.desk, village.desk.actor.scope
    first = village.number * month.households
    today = month.clock.moment.astimezone(CIVIL_ZONE).date()
    with desk.workspace.write(desk.actor) as tx:
        round_id, _ = round_in_force(tx, scope)
        people = iter_synthetic(month.seed, month.households, today, scope, first)
        for n, household in enumerate(people):
            uid = rosters.put_roster_household(tx, household, scope, round_id)
            place = n * 37 % 100  # spreads the steps over the villagers' groups
            if place < len(targets):
                head = str(household.members[0].values.get("name", ""))
                found[targets[place]].append((uid, head))
    return found


def _open_cases(
    desk: Office, homes: dict[str, list[tuple[EntityId, str]]], steps: Iterable[str]
) -> dict[str, list[EntityId]]:
    by_step: dict[str, list[EntityId]] = {}
    with desk.workspace.write(desk.actor) as tx:
        for step in steps:
            by_step[step] = []
            for household, head in homes[step]:
                given: dict[str, Value] = {"applicant": head, "source": "self"}
                by_step[step].append(cases.start_case(tx, desk, household, "identify", given))
    return by_step


def _old_cases(
    month: Month, village: Village, by_step: dict[str, list[EntityId]], step: Callable[[], None]
) -> EntityId | None:
    """Take the older cases to the notice; return the one that hangs, with an objection to a household."""
    everything = [case for found in by_step.values() for case in found]
    desk = village.desk
    _each(desk, [(case, "apply.accept", month.day(28)) for case in everything], village)
    _each(desk, [(case, "review.pass", month.day(26)) for case in everything], village)
    step()
    _each(desk, [(case, "visit.consistent", month.day(23)) for case in everything], village)
    _compare(village, everything, month.day(20))
    _appraise(desk, everything, month.day(18))
    step()
    ended = [case for name in ("check", "audit", "end") for case in by_step[name]]
    if not ended:
        return None
    notice = _post(desk, ended, month.day(17))
    month.day(14)
    words: dict[str, Value] = {"channel": "phone", "content": "反映该户在镇上有生意", "anonymous": 1}
    objections.add_objection(desk, notice, ended[0], words)
    return notice


def _end_notice(desk: Office, notice: EntityId, day: date) -> None:
    publicity.take_down(desk, notice, day, "公示期满")
    publicity.conclude_publicity(desk, notice, day)


def _new_cases(month: Month, village: Village, by_step: dict[str, list[EntityId]]) -> None:
    """Take the newer cases to where they wait, most of them only since yesterday."""
    acts = ("apply.accept", "review.pass", "visit.consistent", "compare.none")
    desk, today = village.desk, month.day(1)
    for place, step in enumerate(_FRESH):
        for number, case in enumerate(by_step[step]):
            back = 4 if number % _LATE == _LATE - 1 else 0
            dated = [
                (case, action, today - timedelta(days=place - 1 - n + back))
                for n, action in enumerate(acts[:place])
            ]
            _each(desk, dated, village)
    for case in by_step["compare"][::3]:
        hits.add_hits(desk, case, [_found(today)], "imported")


def _each(desk: Office, acts: Iterable[tuple[EntityId, str, date]], village: Village) -> None:
    with desk.workspace.write(desk.actor) as tx:
        for case, action, day in acts:
            cases.take_action(tx, desk, case, action, _data(action, case, village, day), day)


def _data(action: str, case: EntityId, village: Village, day: date) -> dict[str, Value]:
    """Return what people enter with an action."""
    people, number = village.people, case[-6:].upper()
    by_action: dict[str, dict[str, Value]] = {
        "apply.accept": {
            "documents": "application authorisation booklet",
            "accepted_no": f"受理{number}",
            "auth_signed": 1,
            "auth_no": f"授权{number}",
            "auth_on": day.isoformat(),
        },
        "review.pass": {"reviewer1": people[0], "reviewer2": people[1], "relatives_filed": 0},
        "visit.consistent": {
            "investigator1": people[0],
            "investigator2": people[2],
            "household_signed": 1,
            "income_steady": 0,
        },
    }
    return by_action.get(action, {})


def _found(day: date) -> dict[str, Value]:
    return {
        "register": "vehicle",
        "item": "三轮农用车",
        "value": "1辆",
        "as_of": day.isoformat(),
        "feedback_no": f"反馈{day:%Y%m%d}",
    }


def _compare(village: Village, everything: list[EntityId], day: date) -> None:
    """Every eighth household has a hit, which two people explain."""
    desk, people = village.desk, village.people
    struck = everything[::8]
    for case in struck:
        hit = hits.add_hits(desk, case, [_found(day)], "imported").touched[0][1]
        words = "三轮车用于拉农资，已有多年，不影响认定"
        hits.judge_hit(desk, hit, Ruling(HitVerdict.NO_EFFECT, "", words, people[0], people[1], day))
    plain = [case for case in everything if case not in set(struck)]
    cases.act_on_cases(desk, plain, "compare.none", {}, day)
    cases.act_on_cases(desk, struck, "compare.explained", {}, day)


def _appraise(desk: Office, chosen: list[EntityId], day: date) -> None:
    if not chosen:
        return
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
    changes = meetings.record_meeting(desk, held, dict.fromkeys(chosen, ballots))
    meeting = next(uid for kind, uid in changes.touched if kind is Kind.MEETING)
    meetings.conclude_meeting(desk, meeting, day)


def _post(desk: Office, chosen: list[EntityId], day: date) -> EntityId:
    contacts: dict[str, Value] = {
        "contact_village": "0000-0000001",
        "contact_township": "0000-0000002",
        "contact_county": "0000-0000003",
        "contact_hotline": "12317",
    }
    changes = publicity.plan_publicity(desk, chosen, day, contacts)
    notice = next(uid for kind, uid in changes.touched if kind is Kind.PUBLICITY)
    publicity.post_publicity(desk, notice, day, "村务公开栏", "李红霞")
    return notice
