"""Which of this computer's own records others hold, as their receipts say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.calendar import CHINA
from app.domain.region import is_within
from app.domain.trust import parse_trust
from app.domain.trust_chain import valid_certificates
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.journal.hlc import wall_of
from app.storage import tables
from app.storage.tx import get_meta

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Safety:
    """How safe the records written on this computer are.

    ``above`` is the 12-digit code of the nearest office above when it has sent receipts, "" otherwise;
    before the ISO moment (China) ``up_to`` it holds all, ``receipt_at`` is when its last receipt came.
    ``unsent`` counts records it does not hold as far as is known here, ``only_here`` those nobody else
    holds.
    """

    above: str = ""
    up_to: str = ""
    receipt_at: str = ""
    unsent: int = 0
    only_here: int = 0


def safety(conn: Connection) -> Safety:
    """Return what the receipts say about the streams this device wrote, under whatever incarnation."""
    own, scope = get_meta(conn, "device") or "", get_meta(conn, "scope") or ""
    streams = _own_streams(conn, own)
    acks = _acks(conn, streams)
    above = _above(conn, scope)
    best = max(above.values(), default="")  # the longest code is the nearest: a township before its county
    unsent = only_here = 0
    held: list[tuple[int, str]] = []
    lacking: list[int] = []
    for sid, head in streams.items():
        told = acks.get(sid, {})
        number, at = max((told[peer] for peer in told if above.get(peer) == best), default=(0, ""))
        only_here += head - max((one for one, _ in told.values()), default=0)
        unsent += head - number
        if number < head:
            lacking.append(_hlc(conn, sid, number + 1))
        if number:
            held.append((_hlc(conn, sid, number), at))
    if not held:
        return Safety(unsent=unsent, only_here=only_here)
    # Streams of several areas are confirmed one by one: all is held before the earliest that is not.
    until = wall_of(min(lacking, default=max(held)[0])).astimezone(CHINA).isoformat(timespec="seconds")
    return Safety(best, until, max(at for _, at in held), unsent, only_here)


def unseen(conn: Connection) -> Mapping[str, int]:
    """Return, per area below, how many records from here its computers have not confirmed."""
    own, scope = get_meta(conn, "device") or "", get_meta(conn, "scope") or ""
    streams = _own_streams(conn, own)
    acks = _acks(conn, streams)
    table = tables.stream
    areas = {row.sid: row.scope for row in conn.execute(select(table.c.sid, table.c.scope))}
    found: dict[str, int] = {}
    for device, area in _devices(conn).items():
        if area == scope or not is_within(scope, area):
            continue
        lacking = sum(
            head - acks.get(sid, {}).get(device, (0, ""))[0]
            for sid, head in streams.items()
            if is_within(areas[sid], area)
        )
        found[area] = min(found.get(area, lacking), lacking)
    return found


def _own_streams(conn: Connection, own: str) -> dict[int, int]:
    table = tables.stream
    query = select(table.c.sid, table.c.head_seq).where(table.c.device == own, table.c.parent_sid.is_(None))
    return {row.sid: row.head_seq for row in conn.execute(query)}


def _acks(conn: Connection, streams: Mapping[int, int]) -> dict[int, dict[str, tuple[int, str]]]:
    """Return, per own stream and peer, up to which number it holds our entries, and when it said so.

    A receipt for an entry that is not ours at that number (another branch) says nothing.
    """
    ack, stream, journal = tables.peer_ack, tables.stream, tables.journal
    query = (
        select(stream.c.sid, ack.c.peer, ack.c.seq, ack.c.at)
        .join(stream, stream.c.uid == ack.c.stream)
        .join(journal, (journal.c.sid == stream.c.sid) & (journal.c.seq == ack.c.seq))
        .where(journal.c.id == ack.c.entry)
    )
    found: dict[int, dict[str, tuple[int, str]]] = {}
    for row in conn.execute(query):
        if row.sid in streams:
            found.setdefault(row.sid, {})[row.peer] = (row.seq, row.at)
    return found


def _devices(conn: Connection) -> dict[str, str]:
    data = conn.execute(select(tables.trust.c.doc)).scalar()
    certificates = valid_certificates(parse_trust(data)) if data is not None else ()
    return {one.device: one.scope for one in certificates if not one.proxy}


def _above(conn: Connection, scope: str) -> dict[str, str]:
    return {d: area for d, area in _devices(conn).items() if area != scope and is_within(area, scope)}


def _hlc(conn: Connection, sid: int, number: int) -> int:
    # What was lawfully deleted tells no time any more; the entry next to it does.
    table = tables.journal
    query = select(table.c.body).where(table.c.sid == sid, table.c.state != EntryState.REDACTED)
    nearest = query.order_by(func.abs(table.c.seq - number), table.c.seq).limit(1)
    body = conn.execute(nearest).scalar()
    return 0 if body is None else trusted(body).hlc
