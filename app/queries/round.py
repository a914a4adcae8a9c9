"""Rounds with what was decided at their opening, and the cases a new one must take along or close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.errors import Refused
from app.domain.ids import Kind
from app.domain.region import is_within
from app.queries import rows
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from app.domain.ids import Level
    from app.domain.workflow import Step
    from app.queries.board import Look
    from app.queries.policy import Policy

_ENDED = "end"


@dataclass(frozen=True, slots=True)
class RoundSheet:
    """One round; ``line_fen`` is fen per head and year, None: 未设标准.

    ``cases`` counts those of the area, ``unfinished`` those among them with an open step. ``own`` tells
    whether the area opened it itself; others come from the level above and cannot be changed here.
    """

    id: str
    name: str
    year: int
    pack: str
    pack_name: str
    line_fen: int | None
    line_doc: str
    line_demo: bool
    opened_on: str
    is_open: bool
    own: bool
    cases: int
    unfinished: int


@dataclass(frozen=True, slots=True)
class UnfinishedLine:
    """One case that goes on while its round ends; ``step`` holds the names of its open steps.

    ``may_close`` is False for one that waits at another level: it can only be taken along.
    """

    case: str
    head: str
    group: str
    code: str
    workflow: str
    step: str
    may_close: bool = True


def round_sheets(conn: Connection, look: Look, scope: str) -> tuple[RoundSheet, ...]:
    """Return the rounds of an area and of those above it, open ones first, then the latest."""
    counts = _counts(conn, scope)
    table = tables.PROJECTED[Kind.ROUND]
    found: list[RoundSheet] = []
    for uid in conn.execute(select(table.c.uid)).scalars():
        values = rows.get(conn, Kind.ROUND, uid)
        if not is_within(rows.text(values, "scope"), scope):
            continue
        line = values.get("line_fen", "")
        pack = rows.text(values, "pack")
        total, unfinished = counts.get(uid, (0, 0))
        found.append(
            RoundSheet(
                id=uid,
                name=rows.text(values, "name"),
                year=rows.number(values, "year"),
                pack=pack,
                pack_name=_pack_name(look.policy, pack),
                line_fen=line if isinstance(line, int) else None,
                line_doc=rows.text(values, "line_doc"),
                line_demo=values.get("line_demo") == 1,
                opened_on=rows.text(values, "opened_on"),
                is_open=values.get("status") == "open",
                own=values.get("scope") == scope,
                cases=total,
                unfinished=unfinished,
            )
        )
    ordered = sorted(found, key=lambda one: (one.opened_on, one.id), reverse=True)
    return tuple(sorted(ordered, key=lambda one: not one.is_open))


def unfinished_lines(
    conn: Connection, look: Look, cases: Iterable[str], level: Level
) -> tuple[UnfinishedLine, ...]:
    """Return these cases as a person of ``level`` decides about them, in the order of the households."""
    wanted = frozenset(cases)
    case, home = tables.case_line, tables.household_line
    query = (
        select(case.c.uid, home.c.head, home.c.team, home.c.code, case.c.workflow, case.c.pack, case.c.stage)
        .join(home, home.c.uid == case.c.household)
        .order_by(home.c.sort, case.c.uid)
    )
    found: list[UnfinishedLine] = []
    for row in conn.execute(query):
        if row.uid not in wanted:
            continue
        steps = _steps(look.policy, row.pack, row.workflow, row.stage)
        names = "、".join(step.name for step in steps) or row.stage
        may = any(step.level is level for step in steps)
        found.append(UnfinishedLine(row.uid, row.head, row.team, row.code, row.workflow, names, may))
    return tuple(found)


def _counts(conn: Connection, scope: str) -> dict[str, tuple[int, int]]:
    line = tables.case_line
    query = select(line.c.round, line.c.village, line.c.stage, func.count()).group_by(
        line.c.round, line.c.village, line.c.stage
    )
    found: dict[str, tuple[int, int]] = {}
    for round_id, village, stage, number in conn.execute(query):
        if is_within(scope, village):
            total, unfinished = found.get(round_id, (0, 0))
            found[round_id] = (total + number, unfinished + (number if stage != _ENDED else 0))
    return found


def _pack_name(policy: Policy, ref: str) -> str:
    try:
        return policy.pack(ref).name
    except Refused:
        return ref


def _steps(policy: Policy, pack: str, workflow_id: str, stage: str) -> tuple[Step, ...]:
    try:
        workflow = policy.workflow({"pack": pack, "workflow": workflow_id})
        return tuple(workflow.step(step) for step in stage.split())
    except Refused:
        return ()
