"""Appraisal meetings with what they decided and what is wrong with them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.ids import Kind
from app.domain.meeting import Appraisal, faults, majority, needed_present, rule_for, vote_of
from app.queries import rows
from app.queries.case import said

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.queries.case_card import Said
    from app.queries.policy import Policy


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting.

    ``needs`` is how many must be present; ``agreed`` counts what the votes come to,
    ``concluded`` the households whose case has gone on from it. ``faults`` are empty when it counts.
    """

    id: str
    round: str
    body: str
    body_name: str
    held_on: str
    place: str
    chair: str
    recorder: str
    eligible: int
    present: int
    needs: int
    minutes: str
    households: int
    agreed: int
    concluded: int
    faults: tuple[Said, ...]


def meetings(conn: Connection, policy: Policy, round_id: str) -> tuple[MeetingLine, ...]:
    """Return the meetings of a round that were not struck, the latest first.

    Raises:
        Refused: ``entity.unknown`` for the round, or the pack's code.
    """
    pack = policy.pack(rows.text(rows.get(conn, Kind.ROUND, round_id), "pack"))
    lines: list[MeetingLine] = []
    for uid, values in rows.where(conn, Kind.MEETING, round=round_id):
        cases = [case for _, case in rows.where(conn, Kind.CASE, meeting=uid)]
        rule = rule_for(pack.quorum, values)
        votes = [vote_of(case) for case in cases]
        cast = [vote for vote in votes if vote.ballots]
        results = Counter(majority(rule, values, vote) for vote in cast) if rule else Counter[Appraisal]()
        lines.append(
            MeetingLine(
                id=uid,
                round=round_id,
                body=rows.text(values, "body"),
                body_name=policy.codes("meeting_body").label(rows.text(values, "body")),
                held_on=rows.text(values, "held_on"),
                place=rows.text(values, "place"),
                chair=rows.text(values, "chair"),
                recorder=rows.text(values, "recorder"),
                eligible=rows.number(values, "eligible"),
                present=rows.number(values, "present"),
                needs=needed_present(rule, rows.number(values, "eligible")) if rule else 0,
                minutes=rows.text(values, "minutes"),
                households=len(cases),
                agreed=results[Appraisal.AGREE],
                concluded=sum(bool(case.get("appraisal", "")) for case in cases),
                faults=tuple(said(fault) for fault in faults(values, rule, votes)),
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.held_on, line.id), reverse=True))
