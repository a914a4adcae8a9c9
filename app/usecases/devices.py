"""Stop a computer that was lost (停用), take that back, and fill a new one in its place.

A revocation names, for every stream of the computer that is here, the last entry that counts. What it wrote
until then stays fact; what turns up later is kept and looked through by hand (``app.usecases.held``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.crypto.device_keys import verify_text
from app.domain.changes import Changes
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind
from app.domain.region import significant
from app.domain.trust import Revocation, StreamEnd, device_id, ordered
from app.domain.trust_chain import last_serial, may_revoke, merged, valid_certificates, valid_revocations
from app.files.enrolment import CODE_DIGITS
from app.files.package import PackageKind
from app.queries.devices import Desk, device_lines
from app.queries.journal_rows import moment_of
from app.storage import tables
from app.storage.digest import digest
from app.storage.tx import CIVIL_ZONE
from app.usecases.exports import export
from app.usecases.office import Watch
from app.usecases.trust import issuing_keys, judge_again, load_trust, own_keys, save_trust

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from app.domain.trust import TrustDoc
    from app.queries.devices import DeviceLine
    from app.usecases.exports import Exported
    from app.usecases.office import Office

_ALONE = Watch()


class Reason(StrEnum):
    """Why a computer is stopped; for the reader only, all have the same effect."""

    LOST = "lost"
    STOLEN = "stolen"
    BROKEN = "broken"
    LEFT = "left"  # the one who used it works elsewhere now
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What stopping a computer would mean: ``entries`` of its count, the newest of ``up_to`` (ISO, China).

    ``ends`` names the last entry that counts in each stream, ``changes`` what is shown otherwise afterwards.
    """

    key: str
    entries: int
    up_to: str
    ends: tuple[StreamEnd, ...]
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True, slots=True)
class Filled:
    """A package that fills a new computer; ``code``: digits to compare there, "" for an office above."""

    sent: Exported
    code: str


def devices(office: Office) -> tuple[DeviceLine, ...]:
    """Return every computer of this office's area."""
    standing = office.workspace.standing()
    today = office.workspace.clock.now().astimezone(CIVIL_ZONE).date()
    desk = Desk(standing.scope, standing.device, issuing_keys(office.workspace).key, today)
    with office.workspace.read() as conn:
        return device_lines(conn, standing.places, desk)


def outlook(office: Office, key: str) -> Outlook:
    """Return what stopping the computer with this signing key would mean.

    Raises:
        Refused: the codes of ``revoke``.
    """
    with office.workspace.read() as conn:
        _refuse_foreign(office, load_trust(conn), key)
        return _outlook(conn, key)


def revoke(office: Office, key: str, reason: Reason) -> Outlook:
    """Stop a computer: of what it writes only what is here already counts, and nothing is sealed to it again.

    The statement travels with every package of this office.

    Raises:
        Refused: ``trust.not_yours`` (another office certified it), ``trust.own_device``,
            ``trust.already_revoked`` (by this office; param ``day``).
    """
    keys = issuing_keys(office.workspace)
    with office.workspace.write(office.actor) as tx:
        trust = load_trust(tx.conn)
        _refuse_foreign(office, trust, key)
        seen = _outlook(tx.conn, key)
        known = [r for r in valid_revocations(trust) if (r.key, r.issuer) == (key, keys.key)]
        if known:
            raise Refused("trust.already_revoked", day=known[0].declared_on)
        marks = sorted(c.mark for c in valid_certificates(trust) if c.issuer == key and not c.is_root)
        day = tx.today.isoformat()
        made = Revocation(key, seen.ends, keys.key, day, str(reason), stands=tuple(marks))
        tx.audit("revoke", device_id(key), {"reason": str(reason), "entries": seen.entries})
        return replace(seen, changes=_declare(office, tx.conn, trust, made))


def lift(office: Office, key: str) -> Changes:
    """Take back a revocation this office declared: everything the computer wrote counts again.

    Raises:
        Refused: ``trust.not_revoked`` (by this office).
    """
    keys = issuing_keys(office.workspace)
    with office.workspace.write(office.actor) as tx:
        trust = load_trust(tx.conn)
        if not any((r.key, r.issuer) == (key, keys.key) for r in valid_revocations(trust)):
            raise Refused("trust.not_revoked")
        made = Revocation(key, (), keys.key, tx.today.isoformat(), "lifted", lifted=True)
        tx.audit("unrevoke", device_id(key), {})
        return _declare(office, tx.conn, trust, made)


def fill(office: Office, folder: Path, scope: str, watch: Watch = _ALONE) -> Filled:
    """Write one package with everything of an area, files and photos too, for a new computer there.

    Raises:
        Refused: the codes of ``export``: ``sync.nobody_there`` while the new computer is not enrolled.
        Unavailable: the codes of ``export``.
    """
    [sent] = export(office, folder, PackageKind.BOOT, scope, everything=True, watch=watch)
    with office.workspace.read() as conn:
        whole = (
            office.workspace.standing().scope == sent.scope != scope
        )  # an office above has other areas too
        return Filled(sent, "" if whole else _code(digest(conn, significant(scope))))


def filled_code(office: Office) -> str:
    """Return the eight digits of what this new computer was filled with, its own first entries apart.

    Right after the package was taken in they are those of the computer that wrote it.
    """
    standing = office.workspace.standing()
    with office.workspace.read() as conn:
        return _code(digest(conn, significant(standing.scope), without=standing.device))


def _states(conn: Connection, key: str) -> set[tuple[tuple[Kind, EntityId], int, int]]:
    journal, stream, entity = tables.journal, tables.stream, tables.entity
    query = (
        select(entity.c.kind, entity.c.uid, journal.c.lid, journal.c.state)
        .join(stream, stream.c.sid == journal.c.sid)
        .join(entity, entity.c.eid == journal.c.eid)
        .where(stream.c.device == device_id(key), entity.c.kind.in_([str(kind) for kind in Kind]))
    )
    return {((Kind(row.kind), EntityId(row.uid)), row.lid, row.state) for row in conn.execute(query)}


def _code(digest_hex: str) -> str:
    return f"{int(digest_hex[:16], 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _refuse_foreign(office: Office, trust: TrustDoc, key: str) -> None:
    if key == own_keys(office.workspace).key:
        raise Refused("trust.own_device")
    if not may_revoke(issuing_keys(office.workspace).key, key, trust):
        raise Refused("trust.not_yours")


def _declare(office: Office, conn: Connection, trust: TrustDoc, made: Revocation) -> Changes:
    """Sign and keep a statement, judge anew; return the entities of which entries count otherwise now."""
    keys = issuing_keys(office.workspace)
    numbered = replace(made, serial=last_serial(trust, keys.key, made.key) + 1)
    signed = replace(numbered, signature=keys.sign(numbered.signed_part()))
    before = _states(conn, made.key)
    save_trust(conn, merged(trust, ordered((), set(), {signed}, set()), verify_text))
    judge_again(conn, office.workspace)
    return Changes((), tuple(sorted({one for one, _, _ in before ^ _states(conn, made.key)})))


def _ends(conn: Connection, key: str) -> tuple[StreamEnd, ...]:
    """Return where the streams of a device end here; of a forked one its longest branch counts."""
    stream, journal = tables.stream, tables.journal
    query = (
        select(stream.c.uid, stream.c.head_seq, journal.c.id)
        .join(journal, (journal.c.sid == stream.c.sid) & (journal.c.seq == stream.c.head_seq))
        .where(stream.c.device == device_id(key))
        .order_by(stream.c.uid, stream.c.head_seq, journal.c.id.desc())
    )
    found = {row.uid: StreamEnd(row.uid, row.head_seq, row.id) for row in conn.execute(query)}
    return tuple(found.values())


def _outlook(conn: Connection, key: str) -> Outlook:
    stream, journal = tables.stream, tables.journal
    query = select(func.max(journal.c.lid)).join(stream, stream.c.sid == journal.c.sid)
    last = conn.execute(query.where(stream.c.device == device_id(key))).scalar()
    if last is None:
        return Outlook(key, 0, "", ())
    ends = _ends(conn, key)
    return Outlook(key, sum(end.number for end in ends), moment_of(conn, last), ends)
