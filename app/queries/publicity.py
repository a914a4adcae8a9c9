"""Public notices and the objections raised against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain import objection
from app.domain.calendar import parse_date
from app.domain.errors import Refused
from app.domain.identity import mask_field
from app.domain.ids import Kind
from app.domain.publicity import faults, is_over
from app.domain.workflow import Link
from app.queries import rows
from app.queries.case import said
from app.queries.case_card import Said
from app.queries.running import standing_on
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.domain.pack import Pack
    from app.domain.publicity import PublicityRule
    from app.queries.board import Look


@dataclass(frozen=True, slots=True)
class PublicityLine:
    """One notice; dates are ISO.

    ``is_over`` tells that it was posted and its last day has passed; ``days_left`` counts civil days to the
    last day (negative after it, None without one). ``households`` leaves out those that were struck since,
    ``concluded`` counts those whose case has gone on.
    ``faults`` are empty when the posting counts.
    """

    id: str
    round: str
    workflow: str
    meeting: str
    from_on: str
    to_on: str
    days: int
    notice_on: str
    posted_on: str
    posted_where: str
    posted_by: str
    taken_down_on: str
    result: str
    households: int
    concluded: int
    objections: int
    is_over: bool
    days_left: int | None
    faults: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """One objection; who raised it is masked (``household.reveal``), ``due_on`` is the last day to answer."""

    id: str
    publicity: str
    case: str
    household: str
    head: str
    no: str
    received_on: str
    due_on: str
    contact: str
    channel: str
    content: str
    handler: str
    finding: str
    action: str
    closed: bool


def publicity_rounds(conn: Connection, look: Look, round_id: str) -> tuple[PublicityLine, ...]:
    """Return the notices of a round that were not struck, the latest first.

    Raises:
        Refused: ``entity.unknown`` for the round, or the pack's code.
    """
    pack = look.policy.pack(rows.text(rows.get(conn, Kind.ROUND, round_id), "pack"))
    found = rows.where(conn, Kind.PUBLICITY, round=round_id)
    lines = [_line(conn, look, pack, uid, values) for uid, values in found]
    return tuple(sorted(lines, key=lambda line: (line.posted_on or line.notice_on, line.id), reverse=True))


def objections(conn: Connection, look: Look, publicity: str) -> tuple[ObjectionLine, ...]:
    """Return the objections against a notice, open ones first, then by the day received.

    Raises:
        Refused: ``entity.unknown``, or the pack's code.
    """
    notice = rows.get(conn, Kind.PUBLICITY, publicity)
    pack = look.policy.pack(rows.text(rows.get(conn, Kind.ROUND, rows.text(notice, "round")), "pack"))
    rule = _rule(pack, rows.text(notice, "workflow"))
    found = rows.where(conn, Kind.OBJECTION, publicity=publicity)
    cases = rows.many(conn, Kind.CASE, (rows.text(values, "case") for _, values in found))
    people = rows.names(conn, (rows.text(values, "handler") for _, values in found))
    heads = _heads(conn, {rows.text(case, "household") for case in cases.values()})
    lines: list[ObjectionLine] = []
    for uid, values in found:
        household = rows.text(cases.get(rows.text(values, "case"), {}), "household")
        due = objection.due_on(values, rule.objection_days) if rule else None
        lines.append(
            ObjectionLine(
                id=uid,
                publicity=publicity,
                case=rows.text(values, "case"),
                household=household,
                head=heads.get(household, ""),
                no=rows.text(values, "no"),
                received_on=rows.text(values, "received_on"),
                due_on=due.isoformat() if due else "",
                contact=mask_field("objector_contact", rows.text(values, "objector_contact")),
                channel=look.policy.codes("objection_channel").label(rows.text(values, "channel")),
                content=rows.text(values, "content"),
                handler=people.get(rows.text(values, "handler"), ""),
                finding=look.policy.codes("objection_finding").label(rows.text(values, "finding")),
                action=look.policy.codes("objection_action").label(rows.text(values, "action")),
                closed=values.get("closed") == 1,
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.closed, line.received_on, line.id)))


def _line(conn: Connection, look: Look, pack: Pack, uid: str, values: Mapping[str, Value]) -> PublicityLine:
    standing = standing_on(conn, uid)
    found = rows.where(conn, Kind.CASE, publicity=uid)
    cases = [case for _, case in found if rows.text(case, "household") in standing]
    raised = [found for _, found in rows.where(conn, Kind.OBJECTION, publicity=uid)]
    last = parse_date(values.get("to_on"))
    return PublicityLine(
        id=uid,
        round=rows.text(values, "round"),
        workflow=rows.text(values, "workflow"),
        meeting=rows.text(values, "meeting"),
        from_on=rows.text(values, "from_on"),
        to_on=rows.text(values, "to_on"),
        days=rows.number(values, "days"),
        notice_on=rows.text(values, "notice_on"),
        posted_on=rows.text(values, "posted_on"),
        posted_where=rows.text(values, "posted_where"),
        posted_by=rows.text(values, "posted_by"),
        taken_down_on=rows.text(values, "taken_down_on"),
        result=rows.text(values, "result"),
        households=len(cases),
        concluded=sum(bool(case.get("publicity_result", "")) for case in cases),
        objections=len(raised),
        is_over=is_over(values, look.today),
        days_left=(last - look.today).days if last else None,
        faults=_faults(pack, values),
    )


def _faults(pack: Pack, values: Mapping[str, Value]) -> tuple[Said, ...]:
    rule = _rule(pack, rows.text(values, "workflow"))
    if rule is None:
        return (Said("publicity.no_rule"),)
    try:
        return tuple(said(fault) for fault in faults(values, rule, pack.calendar))
    except Refused as unknown:
        return (Said(unknown.code, tuple(sorted(unknown.params.items()))),)


def _rule(pack: Pack, workflow: str) -> PublicityRule | None:
    steps = pack.workflow(workflow).steps
    return next((pack.publicity_of(step) for step in steps if step.link is Link.PUBLICITY), None)


def _heads(conn: Connection, households: set[str]) -> dict[str, str]:
    line = tables.household_line
    query = select(line.c.uid, line.c.head).where(line.c.uid.in_(sorted(households)))
    return {row.uid: row.head for row in conn.execute(query)}
