"""Write a data package for the office above, for those below, or for the other laptop of the village."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.errors import Refused
from app.domain.ids import Kind, Level
from app.domain.region import is_within, level_of, significant
from app.domain.trust_chain import certificates_by_device, revoked_keys
from app.files.package import Ack, PackageKind, Stream
from app.files.package_out import PackageContent, PhotoOut, volumes, write_package
from app.storage import branches, tables
from app.storage.merge import streams_of
from app.usecases.attachments import store_of
from app.usecases.office import Watch
from app.usecases.trust import load_trust, own_keys
from app.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from app.crypto.device_keys import DeviceKeys
    from app.domain.trust import Certificate, TrustDoc
    from app.storage.merge import StreamPart
    from app.usecases.office import Office

_ALONE = Watch()
_DIGEST = re.compile(rb'"sha256:([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the files of one package (more than one when photos fill volumes)."""

    scope: str
    files: tuple[Path, ...]
    entries: int
    photos: int


def export(
    office: Office,
    folder: Path,
    kind: PackageKind,
    scope: str = "",
    *,
    everything: bool = False,
    watch: Watch = _ALONE,
) -> tuple[Exported, ...]:
    """Write packages into ``folder``: one up or for the peers, one for each area below.

    ``scope`` (12 digits) names one area below; ``everything`` sends files again that the receiver has
    acknowledged. The export goes into the audit. Who cancels keeps the packages that are whole by then.

    Raises:
        Refused: ``work.cancelled`` (before the first package was whole), ``sync.not_enrolled`` (nobody to
            send to is known), ``sync.nobody_below``, ``sync.nobody_there``, ``region.outside``,
            and the codes of ``write_package``.
        Unavailable: the codes of ``write_package``; an older package is never touched.
    """
    keys = own_keys(office.workspace)
    standing = office.workspace.standing()
    with office.workspace.read() as conn:
        trust = load_trust(conn)
        targets = _targets(trust, standing.scope, kind, scope, keys)
        written: list[Exported] = []
        for area, people in targets.items():
            watch.report(len(written), len(targets))
            if watch.cancelled():
                break
            letter = _Letter(kind, area, people, everything)
            written.append(_write(office, conn, folder, letter, trust, keys))
            # Each by itself: what lies on the stick is noted even if the next one cannot be written.
            _note(office, kind, written[-1])
    if not written:
        raise Refused("work.cancelled")
    watch.report(len(targets), len(targets))
    return tuple(written)


def _note(office: Office, kind: PackageKind, sent: Exported) -> None:
    with office.workspace.write(office.actor) as tx:
        for file in sent.files:
            tx.audit("export", str(kind), {"scope": sent.scope, "file": file.name})


@dataclass(frozen=True, slots=True)
class _Letter:
    kind: PackageKind
    area: str
    people: tuple[Certificate, ...]
    everything: bool


def _targets(
    trust: TrustDoc, own: str, kind: PackageKind, scope: str, keys: DeviceKeys
) -> dict[str, tuple[Certificate, ...]]:
    """Return the receivers of each package: 12-digit area to the certificates it is sealed to."""
    known = [c for found in certificates_by_device(trust).values() for c in found]
    known = [c for c in known if c.key not in {keys.key, *revoked_keys(trust)}]
    same = [c for c in known if c.scope == own]
    if kind is PackageKind.PEER:
        return {own: tuple(same)}
    if kind is PackageKind.UP:
        above = [c for c in known if c.scope != own and is_within(c.scope, own)]
        if not above:
            raise Refused("sync.not_enrolled")
        return {own: (*above, *same)}
    if kind is PackageKind.BOOT and scope and is_within(scope, own):
        return _whole(known, own, scope)
    if scope and not is_within(own, scope):
        raise Refused("region.outside", place=scope)
    below = [c for c in known if c.scope != own and is_within(own, c.scope) and not c.proxy]
    areas = {scope} if scope else {c.scope for c in below if level_of(c.scope) is _next_level(own)}
    if not areas:
        raise Refused("sync.nobody_below")
    found = {area: tuple(c for c in below if c.scope == area) for area in sorted(areas)}
    if not all(found.values()):
        raise Refused("sync.nobody_there", place=next(area for area, cs in found.items() if not cs))
    return found


def _whole(known: Sequence[Certificate], own: str, scope: str) -> dict[str, tuple[Certificate, ...]]:
    """Return who gets all this office holds: the other computers of its own area, or an office above."""
    people = tuple(c for c in known if c.scope == scope and not c.proxy)
    if not people:
        raise Refused("sync.nobody_there", place=scope)
    return {own: people}


def _next_level(own: str) -> Level:
    return Level.TOWNSHIP if level_of(own) is Level.COUNTY else Level.VILLAGE


def _write(
    office: Office, conn: Connection, folder: Path, letter: _Letter, trust: TrustDoc, keys: DeviceKeys
) -> Exported:
    standing = office.workspace.standing()
    streams = _streams(conn, letter)
    skip = {} if letter.everything else _acknowledged(conn, letter.people, streams)
    named = _named_files(streams, skip)
    blobs = _blobs(conn, named)
    photos = _photos(office, (one for one in named if f"sha256:{one}" not in blobs))
    content = partial(
        PackageContent,
        kind=letter.kind,
        level=standing.level,
        scope=standing.scope,
        app=VERSION,
        wall_ms=int(office.workspace.clock.now().timestamp() * 1000),
        streams=[_wire(part) for part in streams],
        trust=trust.to_bytes(),
        acks=_acks(conn),
        counts=_counts(conn),
        area=letter.area,
    )
    recipients = sorted({c.recipient for c in letter.people})
    parts = volumes(photos) or [()]
    files = tuple(
        write_package(
            folder,
            content(blobs=blobs if number == 1 else {}, photos=part, volume=(number, len(parts))),
            keys,
            recipients,
        )
        for number, part in enumerate(parts, start=1)
    )
    return Exported(letter.area, files, sum(len(part.entries) for part in streams), len(photos))


def _streams(conn: Connection, letter: _Letter) -> list[StreamPart]:
    """Return the streams of the area, and going down or sideways those of the areas above it too."""
    inside = streams_of(conn, [significant(letter.area)])
    if letter.kind is PackageKind.UP:
        return inside
    above = [part for part in streams_of(conn, [""]) if is_within(part.scope, letter.area)]
    return inside + [part for part in above if part.scope != letter.area]


def _wire(part: StreamPart) -> Stream:
    return Stream(part.uid, part.scope, part.key, part.incarnation, part.entries, part.seal)


def _acknowledged(
    conn: Connection, people: Iterable[Certificate], streams: Sequence[StreamPart]
) -> dict[int, int]:
    """Return, per row of ours, the number up to which every receiver said it holds the entries.

    A receipt counts for the branch it names and for what other branches share with it; one for an entry
    that is not here says nothing about ours.
    """
    peers = _that_confirm(conn, people)
    return {part.sid: min((_held_by(conn, peer, part) for peer in peers), default=0) for part in streams}


def _that_confirm(conn: Connection, people: Iterable[Certificate]) -> list[str]:
    """Return the devices whose receipts count: a root that is kept apart from every computer sends none."""
    everybody = tuple(people)
    heard = set(conn.execute(select(tables.peer_ack.c.peer).distinct()).scalars())
    offices = {c.scope for c in everybody if not c.is_root}
    return sorted(
        {c.device for c in everybody if not c.is_root or c.device in heard or c.scope not in offices}
    )


def _held_by(conn: Connection, peer: str, part: StreamPart) -> int:
    table = tables.peer_ack
    here = (table.c.peer == peer) & (table.c.stream == part.uid)
    acks = conn.execute(select(table.c.seq, table.c.entry).where(here)).all()
    rows = branches.of_stream(conn, part.uid) if acks else {}
    return max((branches.held(conn, rows, part.sid, ack.seq, ack.entry) for ack in acks), default=0)


def _named_files(streams: Sequence[StreamPart], skip: dict[int, int]) -> set[str]:
    found: set[str] = set()
    for part in streams:
        for body in part.entries[skip.get(part.sid, 0) :]:
            if b'"sha256:' in body:
                found.update(match.decode() for match in _DIGEST.findall(body))
    return found


def _blobs(conn: Connection, named: set[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for digest in sorted(named):
        name = f"sha256:{digest}"
        data = conn.execute(select(tables.blob.c.data).where(tables.blob.c.hash == name)).scalar()
        if data is not None:
            found[digest] = data
    return {f"sha256:{digest}": data for digest, data in found.items()}


def _photos(office: Office, named: Iterable[str]) -> list[PhotoOut]:
    """Return the photos of these digests that have arrived here; sizes are those of the plain bytes."""
    store = store_of(office)
    names = [f"sha256:{digest}" for digest in sorted(named)]
    return [
        PhotoOut(name.removeprefix("sha256:"), len(store.get(name)), partial(store.get, name))
        for name in names
        if store.has(name)
    ]


def _acks(conn: Connection) -> tuple[Ack, ...]:
    """Return receipts for every stream and every branch we hold, so that the others know what is safe."""
    table, entry = tables.stream, tables.journal
    query = (
        select(table.c.uid, table.c.head_seq, entry.c.id)
        .join(entry, (entry.c.sid == table.c.sid) & (entry.c.seq == table.c.head_seq))
        .order_by(table.c.uid, entry.c.id)
    )
    return tuple(Ack(row.uid, row.head_seq, row.id) for row in conn.execute(query))


def _counts(conn: Connection) -> dict[str, int]:
    counts = {"entries": conn.execute(select(func.count()).select_from(tables.journal)).scalar() or 0}
    for kind in (Kind.HOUSEHOLD, Kind.MEMBER, Kind.CASE):
        counts[f"{kind}s"] = (
            conn.execute(select(func.count()).select_from(tables.PROJECTED[kind])).scalar() or 0
        )
    return counts
