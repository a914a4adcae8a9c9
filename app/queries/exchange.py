"""What came in from others: the log of imports, what waits, and who has delivered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.calendar import CHINA
from app.domain.ids import Level
from app.domain.region import is_within, level_of
from app.domain.trust import parse_trust
from app.domain.trust_chain import valid_certificates
from app.queries.journal_rows import moment_of
from app.queries.receipts import unseen
from app.storage import tables
from app.storage.tx import get_meta

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


class Delivery(StrEnum):
    """How far a village has come."""

    NOT_ENROLLED = "not_enrolled"
    NEVER = "never"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class VillageLine:
    """One village on the board of deliveries.

    ``up_to`` is the moment (ISO, China) of its newest entry that is here, ``received_at`` when that came in,
    ``entries`` how many are here. ``waiting`` counts its packages in the waiting list, ``devices`` the
    enrolled computers that write for it; ``by_proxy`` tells that the township writes for it (代录).
    ``packages`` counts those read in, ``heard_at`` is when the last came, new or not; ``volumes`` parts of
    its exports that have not come and ``unseen`` records from here it has not confirmed.
    """

    scope: str
    name: str
    state: Delivery
    up_to: str
    received_at: str
    entries: int
    devices: int
    waiting: int
    by_proxy: bool
    packages: int = 0
    heard_at: str = ""
    volumes: int = 0
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One package that was read in; ``at`` is ISO in China, ``kind`` "up", "down" or "peer".

    ``conflicts`` are the fields in conflict afterwards, ``more_conflicts`` those it brought; ``households``
    and ``persons`` are those it touched, ``unknown`` its entries a later program can show. What an older
    program did not note is 0 or "".
    """

    number: int
    package: str
    sender: str
    scope: str
    place: str
    at: str
    kind: str
    new: int
    known: int
    conflicts: int
    held: int
    file: str = ""
    more_conflicts: int = 0
    households: int = 0
    persons: int = 0
    forked: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A package of a device nobody vouches for yet."""

    package: str
    file: str
    sender: str
    scope: str
    place: str
    at: str
    size: int


def import_log(conn: Connection, places: Mapping[str, str]) -> tuple[ImportLine, ...]:
    """Return every import, the latest first."""
    table = tables.import_log
    found: list[ImportLine] = []
    for row in conn.execute(select(table).order_by(table.c.lid.desc())):
        summary = json.loads(row.summary)
        found.append(
            ImportLine(
                number=row.lid,
                package=row.package,
                sender=row.sender,
                scope=row.scope,
                place=places.get(row.scope, row.scope),
                at=_in_china(row.at),
                kind=str(summary.get("kind", "")),
                new=row.new,
                known=row.known,
                conflicts=int(summary.get("conflicts", 0)),
                held=int(summary.get("held", 0)),
                file=str(summary.get("file", "")),
                **{name: int(summary.get(name, 0)) for name in _COUNTED},
            )
        )
    return tuple(found)


_COUNTED = ("more_conflicts", "households", "persons", "forked", "unknown")


def waiting(conn: Connection, places: Mapping[str, str]) -> tuple[WaitingLine, ...]:
    """Return the packages that wait for their sender's certificate, oldest first."""
    table = tables.waiting
    columns = (table.c.package, table.c.name, table.c.sender, table.c.scope, table.c.at)
    query = select(*columns, func.length(table.c.data).label("size")).order_by(table.c.at, table.c.package)
    return tuple(
        WaitingLine(
            row.package,
            row.name,
            row.sender,
            row.scope,
            places.get(row.scope, row.scope),
            _in_china(row.at),
            row.size,
        )
        for row in conn.execute(query)
    )


def village_board(conn: Connection, places: Mapping[str, str], scope: str) -> tuple[VillageLine, ...]:
    """Return every village of an area with what it has delivered here, by code.

    Villages are those the workspace knows by name, those of enrolled devices and those anything came from.
    """
    own = get_meta(conn, "device") or ""
    devices = _devices(conn)
    streams = _streams(conn, own)
    waits = _waits(conn)
    packages, behind = _packages(conn), unseen(conn)
    known = {*places, *devices, *streams, *waits}
    villages = sorted(code for code in known if is_within(scope, code) and level_of(code) is Level.VILLAGE)
    lines: list[VillageLine] = []
    for village in villages:
        entries, lid = streams.get(village, (0, 0))
        enrolled = devices.get(village, {})
        state = Delivery.DELIVERED if entries else Delivery.NEVER
        number, heard, lacking = packages.get(village, (0, "", 0))
        lines.append(
            VillageLine(
                scope=village,
                name=places.get(village, village),
                state=state if enrolled or entries else Delivery.NOT_ENROLLED,
                up_to=moment_of(conn, lid),
                received_at=_received_at(conn, lid),
                entries=entries,
                devices=len(enrolled),
                waiting=waits.get(village, 0),
                by_proxy=any(enrolled.values()),
                packages=number,
                heard_at=heard,
                volumes=lacking,
                unseen=behind.get(village, 0),
            )
        )
    return tuple(lines)


def _packages(conn: Connection) -> dict[str, tuple[int, str, int]]:
    """Return, per sending area, how many packages came, when the last, and how many volumes are lacking."""
    table = tables.import_log
    found: dict[str, tuple[int, str]] = {}
    exports: dict[tuple[str, str], tuple[int, set[int]]] = {}
    for row in conn.execute(select(table.c.scope, table.c.at, table.c.summary).order_by(table.c.lid)):
        found[row.scope] = (found.get(row.scope, (0, ""))[0] + 1, _in_china(row.at))
        summary = json.loads(row.summary)
        number, of = summary.get("volume", (1, 1))
        exports.setdefault((row.scope, summary.get("export", "")), (of, set()))[1].add(number)
    lacking: dict[str, int] = {}
    for (scope, _), (of, come) in exports.items():
        lacking[scope] = lacking.get(scope, 0) + of - len(come)
    return {scope: (*one, lacking[scope]) for scope, one in found.items()}


def _devices(conn: Connection) -> dict[str, dict[str, bool]]:
    """Return, per village, the devices certified to write for it and whether as a proxy."""
    data = conn.execute(select(tables.trust.c.doc)).scalar()
    found: dict[str, dict[str, bool]] = {}
    for certificate in valid_certificates(parse_trust(data)) if data is not None else ():
        if certificate.level is Level.VILLAGE:
            found.setdefault(certificate.scope, {})[certificate.device] = certificate.proxy
    return found


def _streams(conn: Connection, own: str) -> dict[str, tuple[int, int]]:
    """Return, per scope, how many entries of other devices are here and the last to arrive."""
    stream, journal = tables.stream, tables.journal
    query = (
        select(stream.c.scope, func.count().label("n"), func.max(journal.c.lid).label("last"))
        .join(journal, journal.c.sid == stream.c.sid)
        .where(stream.c.device != own)
        .group_by(stream.c.scope)
    )
    return {row.scope: (row.n, row.last) for row in conn.execute(query)}


def _waits(conn: Connection) -> dict[str, int]:
    table = tables.waiting
    query = select(table.c.scope, func.count().label("n")).group_by(table.c.scope)
    return {row.scope: row.n for row in conn.execute(query)}


def _received_at(conn: Connection, lid: int) -> str:
    table = tables.import_log
    query = select(table.c.at).where(table.c.first_lid <= lid, table.c.last_lid >= lid)
    return _in_china(conn.execute(query).scalar() or "")


def _in_china(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(CHINA).isoformat(timespec="seconds") if moment else ""
