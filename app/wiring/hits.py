"""Comparison hits, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind
from app.ui.desks.hits import HitsDesk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.comparison import Ruling
    from app.domain.ids import Value
    from app.queries.comparison import HitLine
    from app.queries.linked import Wanted
    from app.usecases.hit_imports import HitCheck, HitImport
    from app.wiring.room import Room


def hits_desk(room: Room) -> HitsDesk:
    """Return the callables of the comparison."""
    return HitsDesk(
        hits=partial(_hits, room),
        choices=partial(_choices, room),
        sign=partial(_sign, room),
        add=partial(_add, room),
        judge=partial(_judge, room),
        strike=partial(_strike, room),
        check=partial(_check, room),
        take=partial(_take, room),
    )


def _hits(room: Room, case: str) -> Sequence[HitLine]:
    from app.queries.comparison import hits_of

    with room.read() as conn:
        return hits_of(conn, room.policy, case)


def _choices(room: Room, case: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    from app.queries import rows
    from app.queries.verdicts import members_of

    with room.read() as conn:
        values = rows.get(conn, Kind.CASE, case)
        members = members_of(conn, str(values["household"]))
    today, pack = room.look().today, room.policy.pack(str(values["pack"]))
    found = {
        name: tuple((code.code, code.label) for code in room.policy.codes(name).choices(today))
        for name in ("register", "hit_verdict", "hit_reason")
    }
    found["member"] = tuple((uid, str(member.get("name", ""))) for uid, member in members)
    if pack.registers:
        found["register"] = tuple((register.id, register.name) for register in pack.registers.values())
    return found


def _sign(room: Room, case: str, step: str) -> Changes:
    from app.usecases.cases import act_on_case

    return act_on_case(room.office, EntityId(case), f"{step}.save", {"auth_signed": 1})


def _add(room: Room, case: str, fields: Mapping[str, Value]) -> Changes:
    from app.usecases.hits import add_hits

    return add_hits(room.office, EntityId(case), [fields])


def _judge(room: Room, hit: str, ruling: Ruling) -> Changes:
    from app.usecases.hits import judge_hit

    return judge_hit(room.office, EntityId(hit), ruling)


def _strike(room: Room, hit: str, reason: str) -> Changes:
    from app.usecases.hits import strike_hit

    return strike_hit(room.office, EntityId(hit), reason)


def _wanted(room: Room, case: str) -> Wanted:
    """Return all cases of the round that stand where this one is compared."""
    from app.queries import rows
    from app.queries.linked import Wanted as Cases

    with room.read() as conn:
        values = rows.get(conn, Kind.CASE, case)
    steps = room.policy.workflow(values).steps
    step = next((step.id for step in steps if step.page == "compare"), "")
    return Cases(room.facts.scope, str(values["round"]), str(values["workflow"]), step)


def _check(room: Room, case: str, path: Path) -> HitCheck:
    from app.usecases.hit_imports import check_hits

    return check_hits(room.office, room.look(), _wanted(room, case), path)


def _take(room: Room, case: str, path: Path) -> HitImport:
    from app.usecases.hit_imports import import_hits

    return import_hits(room.office, room.look(), _wanted(room, case), path)
