"""Cases around the records many households share: those one holds, and those ready for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.ids import Kind
from app.domain.meeting import vote_of
from app.domain.region import significant
from app.domain.stage import Status
from app.domain.workflow import Link
from app.queries import rows
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Select

    from app.domain.meeting import Vote
    from app.queries.board import Look

_RUNNING = (Status.ACTIVE.value, Status.RETURNED.value)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which candidates are wanted: the cases of an area, round and workflow with this step open."""

    scope: str
    round: str
    workflow: str
    step: str


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """One case at a step.

    ``linked`` is the meeting, notice, draw or certificate the case's step points at already, "" for none.
    ``vote`` and ``outcome`` are what is recorded at the step; ``income_fen`` is per head.
    """

    case: str
    household: str
    code: str
    head: str
    group: str
    size: int
    village: str
    status: str
    step: str
    due_on: str
    income_fen: int | None
    linked: str = ""
    vote: Vote | None = None
    outcome: str = ""
    sampled: bool = False
    sample_result: str = ""
    conflicts: int = 0


def candidates(conn: Connection, look: Look, wanted: Wanted) -> tuple[CandidateLine, ...]:
    """Return the running cases whose step is open, in the order of village, group and household number.

    Cases with two stages in conflict are left out: they can only be resolved.

    Raises:
        Refused: when the pack of a case is not here.
    """
    line = tables.case_line
    query = (
        select(line)
        .where(line.c.round == wanted.round, line.c.workflow == wanted.workflow)
        .where(line.c.village.startswith(significant(wanted.scope), autoescape=True))
        .where(line.c.status.in_(_RUNNING), line.c.stage_conflict == 0)
        # A stage may hold several open steps; codes are whole words in it.
        .where((" " + line.c.stage + " ").contains(f" {wanted.step} ", autoescape=True))
    )
    return _lines(conn, look, query, wanted.step)


def cases_linked(conn: Connection, look: Look, link: Link, uid: str) -> tuple[CandidateLine, ...]:
    """Return the cases that point at a meeting, notice, draw or certificate, wherever they stand."""
    line, case = tables.case_line, tables.PROJECTED[Kind.CASE]
    query = select(line).join(case, case.c.uid == line.c.uid).where(case.c[link.value] == uid)
    return _lines(conn, look, query, "", link)


def _lines(
    conn: Connection, look: Look, query: Select[tuple[object, ...]], step: str, link: Link | None = None
) -> tuple[CandidateLine, ...]:
    found = conn.execute(query.order_by(tables.case_line.c.sort, tables.case_line.c.eid)).all()
    values = rows.many(conn, Kind.CASE, (row.uid for row in found))
    drawn = _drawn(conn, {rows.text(one, Link.SAMPLE) for one in values.values()})
    lines: list[CandidateLine] = []
    for row in found:
        own = values[row.uid]
        of = next(s for s in look.policy.workflow(own).steps if link in {s.link, None} and step in {s.id, ""})
        place = link or of.link
        vote = vote_of(own)
        lines.append(
            CandidateLine(
                case=row.uid,
                household=row.household,
                code=row.code,
                head=row.head,
                group=row.team,
                size=row.size,
                village=row.village,
                status=row.status,
                step=row.step,
                due_on=row.due_on,
                income_fen=row.per_head_fen,
                linked=rows.text(own, place.value),
                vote=vote if vote.ballots or vote.recused else None,
                outcome=rows.text(own, of.outcome_field),
                sampled=row.uid in drawn,
                sample_result=rows.text(own, "sample_result"),
                conflicts=row.conflicts,
            )
        )
    return tuple(lines)


def _drawn(conn: Connection, samples: Iterable[str]) -> set[str]:
    found = rows.many(conn, Kind.SAMPLE, samples).values()
    return {case for sample in found if not sample.get("void") for case in rows.text(sample, "cases").split()}
