"""The figures of a workspace in one look, for the CLI's ``status``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.journal.authority import EntryState
from app.queries.board import find_round
from app.storage import line_sql, tables

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from app.storage.workspace import Standing


@dataclass(frozen=True, slots=True)
class Status:
    """What stands in a workspace.

    ``households`` and ``persons`` (present members) count active households; ``cases`` maps workflow to step
    to number, closed ones under "end"; ``conflicts`` counts fields, ``held`` entries that do not count.
    """

    households: int
    persons: int
    cases: dict[str, dict[str, int]]
    conflicts: int
    entries: int
    held: int
    waiting: int
    role: str
    scope: str
    device: str
    round: str


def get_status(conn: Connection, standing: Standing) -> Status:
    """Return the figures of an open workspace."""
    homes = conn.exec_driver_sql(*line_sql.households("")).all()
    active = [(households, persons) for status, households, persons in homes if status == "active"]
    table = tables.board_count
    query = select(table.c.workflow, table.c.step, func.sum(table.c.n).label("n"))
    cases: dict[str, dict[str, int]] = {}
    for row in conn.execute(query.group_by(table.c.workflow, table.c.step)):
        cases.setdefault(row.workflow, {})[row.step] = int(row.n)
    journal = tables.journal
    held = select(func.count()).where(journal.c.state != EntryState.PROJECTED)
    in_force = find_round(conn, standing.scope)
    return Status(
        households=sum(int(households) for households, _ in active),
        persons=sum(int(persons) for _, persons in active),
        cases=cases,
        conflicts=_count(conn, tables.conflict),
        entries=_count(conn, journal),
        held=int(conn.execute(held).scalar() or 0),
        waiting=_count(conn, tables.waiting),
        role=standing.level.value,
        scope=standing.scope,
        device=standing.device,
        round=in_force.name if in_force else "",
    )


def _count(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar() or 0)
