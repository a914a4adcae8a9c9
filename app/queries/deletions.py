"""Lawful deletions carried out: on what basis, how much, and which computers have said they know."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.calendar import CHINA
from app.domain.deletion import AskedBy, Basis, Channel, Reach
from app.domain.region import is_within
from app.domain.trust import parse_trust
from app.domain.trust_chain import valid_certificates
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.journal.hlc import wall_of
from app.journal.redaction import is_redaction, names_gone, stands_for
from app.storage import tables
from app.storage.projector import chunks
from app.storage.redaction import IS_REDACTED
from app.storage.tx import get_meta

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Level
    from app.journal.entry import Body


@dataclass(frozen=True, slots=True)
class Reached:
    """A computer the deletion concerns; ``at`` is when its receipt came in (ISO), "" without one."""

    device: str
    level: Level
    scope: str
    place: str
    at: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """One request that was carried out.

    ``on`` is the ISO date it was done on, ``scope`` the 12-digit code of the place, ``files`` how many
    photos and questionnaires went with ``entries`` entries; ``later`` counts entries written about the same
    records since, by somebody who did not know yet.
    """

    request: str
    basis: Basis
    reach: Reach
    asked_on: str
    asked_by: AskedBy
    channel: Channel
    on: str
    scope: str
    place: str
    entries: int
    files: int
    records: Mapping[str, int]
    later: int
    reached: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class _Act:
    entry: str
    stream: str
    seq: int
    scope: str
    body: Body


def deletions(conn: Connection, places: Mapping[str, str]) -> tuple[Deletion, ...]:
    """Return every deletion known here, newest first; ``places`` maps codes to names."""
    acts: dict[str, list[_Act]] = defaultdict(list)
    for act in _acts(conn, _deleted(conn)):
        acts[str(act.body.extras.get("request", ""))].append(act)
    found = [_deletion(conn, places, request, own) for request, own in acts.items()]
    return tuple(sorted(found, key=lambda one: (one.on, one.request), reverse=True))


def deleted_by(conn: Connection, request: str, root: str = "") -> tuple[str, ...]:
    """Return the entities a request deleted entries of, sorted; of a ``root`` those that went whole."""
    acts = (act.body for act in _acts(conn, _deleted(conn)) if act.body.extras.get("request") == request)
    return tuple(sorted({body.entity for body in acts if not root or _went_with(body, root)}))


def redactions_about(conn: Connection, uids: Iterable[str]) -> list[Body]:
    """Return the redactions of entries about these entities that count."""
    eids = conn.execute(select(tables.entity.c.eid).where(tables.entity.c.uid.in_(list(uids)))).scalars()
    return [act.body for act in _acts(conn, list(eids))]


def _went_with(body: Body, root: str) -> bool:
    return body.extras.get("root") == root and not any(body.changes.values())


def _deleted(conn: Connection) -> list[int]:
    return sorted(set(conn.execute(select(tables.journal.c.eid).where(IS_REDACTED)).scalars()) - {0})


def _acts(conn: Connection, eids: Iterable[int]) -> Iterable[_Act]:
    journal, stream = tables.journal, tables.stream
    for chunk in chunks(eids):
        query = (
            select(journal.c.id, journal.c.seq, journal.c.body, stream.c.uid, stream.c.scope)
            .join(stream, stream.c.sid == journal.c.sid)
            .where(journal.c.eid.in_(chunk), journal.c.state == EntryState.PROJECTED)
            .where(journal.c.body.contains('"k":"entry.redacted"', autoescape=True))
        )
        for row in conn.execute(query):
            body = trusted(row.body)
            if is_redaction(body):
                yield _Act(row.id, row.uid, row.seq, row.scope, body)


def _deletion(conn: Connection, places: Mapping[str, str], request: str, acts: list[_Act]) -> Deletion:
    first = min(acts, key=lambda act: act.body.hlc)
    told = first.body.extras
    scope = max(act.scope for act in acts)  # the narrowest: the village
    records: dict[str, set[str]] = defaultdict(set)
    for act in acts:
        records[act.body.kind].add(act.body.entity)
    return Deletion(
        request=request,
        basis=Basis(str(told.get("basis", Basis.OTHER))),
        reach=Reach(str(told.get("of", Reach.HOUSEHOLD))),
        asked_on=str(told.get("asked_on", "")),
        asked_by=AskedBy(str(told.get("asked_by", AskedBy.OFFICE))),
        channel=Channel(str(told.get("channel", Channel.NONE))),
        on=wall_of(first.body.hlc).astimezone(CHINA).date().isoformat(),
        scope=scope,
        place=places.get(scope, scope),
        entries=len({stands_for(act.body) for act in acts}),
        files=len({name for act in acts for name in names_gone(act.body)[1:]}),
        records={kind: len(uids) for kind, uids in sorted(records.items())},
        later=_later(conn, acts),
        reached=tuple(_reached(conn, places, scope, acts)),
    )


def _later(conn: Connection, acts: list[_Act]) -> int:
    """Count what was written, in full and counting, about records of which everything was deleted."""
    root = str(acts[0].body.extras.get("root", ""))
    whole = sorted({act.body.entity for act in acts if _went_with(act.body, root)})
    journal, entity = tables.journal, tables.entity
    found = 0
    for start in range(0, len(whole), 400):
        query = select(journal.c.body).join(entity, entity.c.eid == journal.c.eid)
        query = query.where(entity.c.uid.in_(whole[start : start + 400]))
        query = query.where(journal.c.state == EntryState.PROJECTED)
        found += sum(not is_redaction(trusted(body)) for body in conn.execute(query).scalars())
    return found


def _reached(conn: Connection, places: Mapping[str, str], scope: str, acts: list[_Act]) -> Iterable[Reached]:
    data = conn.execute(select(tables.trust.c.doc)).scalar()
    own, level = get_meta(conn, "device") or "", get_meta(conn, "level") or ""
    last: dict[str, int] = {}
    for act in acts:
        last[act.stream] = max(act.seq, last.get(act.stream, 0))
    concerned = {
        c.device: c
        for c in (valid_certificates(parse_trust(data)) if data is not None else ())
        # A root of our own level is no computer, only the key its certificates hang on.
        if c.device != own
        and not (c.is_root and c.level == level)
        and (is_within(c.scope, scope) or is_within(scope, c.scope))
    }
    for device, certificate in sorted(concerned.items(), key=lambda one: (one[1].scope, one[0])):
        place = places.get(certificate.scope, certificate.scope)
        at = _receipt(conn, device, last)
        yield Reached(device, certificate.level, certificate.scope, place, at)


def _receipt(conn: Connection, device: str, last: Mapping[str, int]) -> str:
    table = tables.peer_ack
    query = select(table.c.stream, table.c.seq, table.c.at).where(table.c.peer == device)
    acks = {row.stream: (row.seq, row.at) for row in conn.execute(query)}
    known = [acks[stream] for stream, seq in last.items() if acks.get(stream, (0, ""))[0] >= seq]
    return max(at for _, at in known) if len(known) == len(last) else ""
