"""The computers this office and those below it work with: what each may do, and how far it has delivered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.calendar import CHINA
from app.domain.region import is_within
from app.domain.trust import TrustDoc, parse_trust
from app.domain.trust_chain import may_revoke, valid_certificates, valid_revocations
from app.journal.authority import EntryState
from app.queries.journal_rows import moment_of
from app.storage import tables
from app.storage.tx import get_meta

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from app.domain.trust import Certificate, Revocation

LABEL = "label:"
"""Beginning of the bookkeeping values that hold what a computer called itself when it asked."""

EXPIRING_DAYS = 60
"""So many days before the end of a certificate it is time to ask for the next one."""


class DeviceState(StrEnum):
    """How a computer stands today."""

    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One computer, or the signing key of an office that certifies others (``issues`` and nothing written).

    ``key`` is its public signing key (64 hex digits), ``level`` its level's code, ``until`` the last day of
    its certificate (ISO). ``delivered_at`` is when its last package came in, ``up_to`` that of its newest
    entry here (ISO, China, "" for none); ``entries`` counts those here, ``held`` those not shown as fact.
    ``reason`` and ``revoked_on`` tell about a revocation. ``ours`` marks this very computer, ``revocable``
    what this office may revoke, ``liftable`` a revocation of its own.
    """

    key: str
    device: str
    level: str
    scope: str
    place: str
    person: str
    machine: str
    state: DeviceState
    until: str
    issues: bool = False
    proxy: bool = False
    ours: bool = False
    delivered_at: str = ""
    up_to: str = ""
    entries: int = 0
    held: int = 0
    reason: str = ""
    revoked_on: str = ""
    revocable: bool = False
    liftable: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks: the 12-digit code and device of this workspace, the key it certifies with, and the day."""

    scope: str
    device: str
    issuer: str
    today: date


def device_lines(conn: Connection, places: Mapping[str, str], desk: Desk) -> tuple[DeviceLine, ...]:
    """Return every computer of the desk's area, by place; a computer that also writes by proxy once."""
    trust = _trust(conn)
    revoked: dict[str, list[Revocation]] = {}
    for one in valid_revocations(trust):
        revoked.setdefault(one.key, []).append(one)
    found: dict[str, list[Certificate]] = {}
    for certificate in valid_certificates(trust):
        if is_within(desk.scope, certificate.scope):
            found.setdefault(certificate.key, []).append(certificate)
    lines = [
        _line(conn, trust, places, desk, (certificates, revoked.get(key, ())))
        for key, certificates in found.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.scope, line.issues, line.until, line.key)))


def _line(
    conn: Connection,
    trust: TrustDoc,
    places: Mapping[str, str],
    desk: Desk,
    about: tuple[list[Certificate], tuple[Revocation, ...] | list[Revocation]],
) -> DeviceLine:
    certificates, revoked = about
    # What it was enrolled as, and of that the certificate that lasts longest.
    chief = max(certificates, key=lambda c: (not c.proxy, c.valid_until))
    label = _label(conn, chief.device)
    entries, held, up_to = _written(conn, chief.device)
    last = max(revoked, key=lambda r: r.declared_on, default=None)
    return DeviceLine(
        key=chief.key,
        device=chief.device,
        level=str(chief.level),
        scope=chief.scope,
        place=places.get(chief.scope, chief.scope),
        person=label.get("person", ""),
        machine=label.get("machine", ""),
        state=_state(chief, desk.today) if last is None else DeviceState.REVOKED,
        until=chief.valid_until,
        issues=any(c.can_issue for c in certificates),
        proxy=any(c.proxy for c in certificates),
        ours=chief.device == desk.device or chief.key == desk.issuer,
        delivered_at=_delivered(conn, chief.device),
        up_to=up_to,
        entries=entries,
        held=held,
        reason=last.reason if last is not None else "",
        revoked_on=last.declared_on if last is not None else "",
        revocable=may_revoke(desk.issuer, chief.key, trust) and chief.device != desk.device,
        liftable=any(r.issuer == desk.issuer for r in revoked),
    )


def own_certificate_end(conn: Connection, device: str) -> str:
    """Return the last day (ISO) on which this computer may deliver, "" while it is not enrolled."""
    certificates = [c for c in valid_certificates(_trust(conn)) if c.device == device and not c.proxy]
    return max((c.valid_until for c in certificates), default="")


def ends_soon(until: str, today: date) -> bool:
    """Tell whether it is time to renew a certificate that ends on ``until`` (ISO; "" has no end)."""
    return bool(until) and date.fromisoformat(until) - today <= timedelta(days=EXPIRING_DAYS)


def _state(certificate: Certificate, today: date) -> DeviceState:
    if certificate.valid_until < today.isoformat():
        return DeviceState.EXPIRED
    return DeviceState.EXPIRING if ends_soon(certificate.valid_until, today) else DeviceState.ACTIVE


def _trust(conn: Connection) -> TrustDoc:
    data = conn.execute(select(tables.trust.c.doc)).scalar()
    return parse_trust(data) if data is not None else TrustDoc()


def _label(conn: Connection, device: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(get_meta(conn, LABEL + device) or "{}")
    return found


def _written(conn: Connection, device: str) -> tuple[int, int, str]:
    """Return how many entries of a device are here, how many are held, and the moment of the newest."""
    stream, journal = tables.stream, tables.journal
    query = select(func.count(), func.max(journal.c.lid)).join(stream, stream.c.sid == journal.c.sid)
    query = query.where(stream.c.device == device)
    count, last = conn.execute(query).one()
    if not count:
        return 0, 0, ""
    held = conn.execute(query.where(journal.c.state == int(EntryState.REVOKED))).one()[0]
    return count, held, moment_of(conn, last)


def _delivered(conn: Connection, device: str) -> str:
    table = tables.import_log
    at = conn.execute(select(func.max(table.c.at)).where(table.c.sender == device)).scalar()
    return datetime.fromisoformat(at).astimezone(CHINA).isoformat(timespec="seconds") if at else ""
