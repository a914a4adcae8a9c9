"""The hits of a case's comparison with other registers, with how each was judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.comparison import HitVerdict, is_open
from app.domain.ids import Kind
from app.queries import rows
from app.storage import tables
from app.storage.projector import row_values

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.queries.policy import Policy


@dataclass(frozen=True, slots=True)
class HitLine:
    """One hit.

    ``severity`` is what the pack says of the register's hits ("flag", "veto", "risk"). ``waits``
    tells that nobody judged it yet; ``void`` that it was struck.
    """

    id: str
    case: str
    member: str
    member_name: str
    register: str
    register_name: str
    severity: str
    item: str
    value: str
    as_of: str
    feedback_no: str
    source: str
    verdict: str
    verdict_name: str
    reason: str
    explanation: str
    waits: bool
    void: bool


def hits_of(conn: Connection, policy: Policy, case: str) -> tuple[HitLine, ...]:
    """Return the hits of a case, struck ones last, by register.

    Raises:
        Refused: ``entity.unknown``, or the pack's code when it is not here.
    """
    pack = policy.pack(rows.text(rows.get(conn, Kind.CASE, case), "pack"))
    table = tables.PROJECTED[Kind.HIT]
    query = select(table).where(table.c.case == case).order_by(table.c.register, table.c.uid)
    found = [(str(row["uid"]), row_values(row)) for row in conn.execute(query).mappings()]
    members = rows.many(conn, Kind.MEMBER, (rows.text(values, "member") for _, values in found))
    codes = {name: policy.codes(name) for name in ("register", "hit_verdict")}
    lines: list[HitLine] = []
    for uid, values in found:
        register = rows.text(values, "register")
        known = pack.registers.get(register)
        verdict = rows.text(values, "verdict") or HitVerdict.PENDING.value
        lines.append(
            HitLine(
                id=uid,
                case=case,
                member=rows.text(values, "member"),
                member_name=rows.text(members.get(rows.text(values, "member"), {}), "name"),
                register=register,
                register_name=known.name if known else codes["register"].label(register),
                severity=pack.severity_of(register).value,
                item=rows.text(values, "item"),
                value=rows.text(values, "value"),
                as_of=rows.text(values, "as_of"),
                feedback_no=rows.text(values, "feedback_no"),
                source=rows.text(values, "source"),
                verdict=verdict,
                verdict_name=codes["hit_verdict"].label(verdict),
                reason=rows.text(values, "reason"),
                explanation=rows.text(values, "explanation"),
                waits=is_open(values),
                void=values.get("void") == 1,
            )
        )
    return tuple(sorted(lines, key=lambda line: line.void))
