"""What of a household is under way, and the notice it stands on: to be said before it is struck.

running_cases(conn, policy, household)     # RunningCase, those at a notice with it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.household import ELSEWHERE
from app.domain.ids import Kind
from app.domain.stage import read_state
from app.domain.workflow import Link
from app.queries import rows
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.queries.policy import Policy


@dataclass(frozen=True, slots=True)
class StandingNotice:
    """A notice a case waits at; dates are ISO, ``posted_on`` "" until it hangs.

    ``others`` counts the households that stand on it besides this one.
    """

    id: str
    from_on: str
    to_on: str
    posted_on: str
    others: int


@dataclass(frozen=True, slots=True)
class RunningCase:
    """A case that has not ended; ``workflow`` and ``steps`` are the pack's words."""

    case: str
    workflow: str
    steps: tuple[str, ...]
    notice: StandingNotice | None


def running_cases(conn: Connection, policy: Policy, household: str) -> tuple[RunningCase, ...]:
    """Return the cases of a household that have not ended.

    Raises:
        Refused: the pack's codes, when it is not in this workspace.
    """
    found: list[RunningCase] = []
    for uid, values in rows.where(conn, Kind.CASE, household=household):
        workflow = policy.workflow(values)
        state = read_state(workflow, values)
        if not state.status.is_ended:
            steps = tuple(workflow.step(step).name for step in state.open)
            found.append(RunningCase(uid, workflow.name, steps, notice_of(conn, policy, values)))
    return tuple(found)


def notice_of(conn: Connection, policy: Policy, values: Mapping[str, Value]) -> StandingNotice | None:
    """Return the notice a case with these values waits at, None when it waits at none."""
    workflow = policy.workflow(values)
    uid = rows.text(values, Link.PUBLICITY)
    waits = any(workflow.step(step).link is Link.PUBLICITY for step in read_state(workflow, values).open)
    notice = rows.find(conn, Kind.PUBLICITY, uid) if uid and waits else None
    if notice is None or notice.get("void"):
        return None
    others = standing_on(conn, uid) - {rows.text(values, "household")}
    since, until, posted = (rows.text(notice, code) for code in ("from_on", "to_on", "posted_on"))
    return StandingNotice(uid, since, until, posted, len(others))


def standing_on(conn: Connection, notice: str) -> frozenset[str]:
    """Return the households on a notice, without those struck, moved away or registered twice."""
    case, home = tables.PROJECTED[Kind.CASE], tables.PROJECTED[Kind.HOUSEHOLD]
    query = (
        select(case.c.household)
        .join(home, home.c.uid == case.c.household)
        .where(case.c[Link.PUBLICITY] == notice, func.coalesce(home.c.status, "").not_in(sorted(ELSEWHERE)))
    )
    return frozenset(str(uid) for uid in conn.execute(query).scalars())


def elsewhere(conn: Connection, household: str) -> str:
    """Return why a household stands in no list any more: void, alias or moved, "" when it does."""
    home = rows.find(conn, Kind.HOUSEHOLD, household) or {}
    status = rows.text(home, "status")
    return status if status in ELSEWHERE else ""
