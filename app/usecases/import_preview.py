"""What the files of an import would bring, before anything is written.

Nothing is merged for this: streams are compared with ours, and only entities with new entries are folded,
in memory. Files looked at together are taken as if they came in one after another, so the counts add up to
what the import will say.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.crypto.device_keys import verify_text
from app.domain.calendar import CHINA, civil_date
from app.domain.errors import BadInput, Refused, Unavailable
from app.domain.ids import Kind
from app.domain.trust import device_id, parse_trust
from app.domain.trust_chain import certificates_by_device, merged, valid_revocations
from app.journal import chain, redaction
from app.journal.authority import EntryState, Place
from app.journal.entry import Body, trusted
from app.journal.fold import fold, in_conflict
from app.journal.hlc import wall_of
from app.queries.arrival import (
    CertificateState,
    Looked,
    Share,
    blobs_here,
    entries_here,
    known_share,
    reach,
)
from app.storage import tables
from app.usecases.attachments import store_of
from app.usecases.holding import open_tray
from app.usecases.import_doubles import Doubles, Newcomer
from app.usecases.import_record import export_key, volumes_here
from app.usecases.merges import refuse_other_area
from app.usecases.office import Watch
from app.usecases.trust import authority, load_trust

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from sqlalchemy import Connection

    from app.domain.trust import TrustDoc
    from app.files.incoming import Tray
    from app.files.package import Package, Stream
    from app.journal.authority import Authority
    from app.usecases.office import Office

_ALONE = Watch()
_EXPIRING = timedelta(days=30)
_NAMED = re.compile(rb'"(?:blob|file)":"(sha256:[0-9a-f]{64})"')  # other digests are no files
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS = frozenset(str(kind) for kind in Kind)
_HELD = frozenset({EntryState.UNAUTHORISED, EntryState.REVOKED})
_WHO = frozenset({"id_number", "name", "born", "household", "status"})


def preview(office: Office, paths: Sequence[Path], watch: Watch = _ALONE) -> tuple[Looked, ...]:
    """Return what each file would bring and keep nothing of them; codes of ``look_into``."""
    with open_tray(office.workspace) as tray:
        return look_into(office, tray, paths, watch)


def look_into(office: Office, tray: Tray, paths: Sequence[Path], watch: Watch = _ALONE) -> tuple[Looked, ...]:
    """Return what each file would bring, in the order given; a bad one says why and the others go on.

    Raises:
        Refused: ``work.cancelled``.
    """
    batch = _Batch()
    found: list[Looked] = []
    for number, path in enumerate(paths):
        watch.report(number, len(paths))
        try:
            package = tray.look(path, watch.cancelled)
            with office.workspace.read() as conn:
                found.append(_Look(office, conn, batch, package).whole(keep=tray.keeps(path)))
        except (BadInput, Unavailable) as error:
            found.append(Looked(path.name, refused=error))
        if watch.cancelled():
            raise Refused("work.cancelled")
    watch.report(len(paths), len(paths))
    return tuple(batch.completed(looked) for looked in found)


@dataclass(slots=True)
class _Batch:
    """What the files looked at so far bring together."""

    seen: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    entries: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict[str, list[tuple[str, bytes]]])
    arrived: set[str] = field(default_factory=set[str])
    missing: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    volumes: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    exports: dict[str, str] = field(default_factory=dict[str, str])
    doubles: Doubles = field(default_factory=Doubles)

    def completed(self, looked: Looked) -> Looked:
        """Leave out what another of the files brings."""
        key = self.exports.get(looked.package, "")
        come = self.volumes.get(key, set())
        lacking = tuple(number for number in range(1, looked.volume[1] + 1) if number not in come)
        missing = len(self.missing.get(looked.package, set()) - self.arrived)
        return replace(looked, volumes=lacking if key else (), missing=missing)


@dataclass(slots=True)
class _Touched:
    """An entity with new entries: those that count as fact, and what it was before."""

    kind: Kind
    new: list[tuple[str, Body]] = field(default_factory=list[tuple[str, Body]])
    held: list[Body] = field(default_factory=list[Body])
    old: list[tuple[str, Body]] = field(default_factory=list[tuple[str, Body]])
    here: bool = False


class _Look:
    """One look at one package."""

    def __init__(self, office: Office, conn: Connection, batch: _Batch, package: Package) -> None:
        self._office = office
        self._conn = conn
        self._batch = batch
        self._package = package
        self._touched: dict[str, _Touched] = {}
        self._states: Counter[EntryState] = Counter()
        self._known = 0
        self._forked = 0
        self._stretches: list[tuple[int, int]] = []
        self._hlcs: list[int] = []

    def whole(self, *, keep: bool) -> Looked:
        package, manifest = self._package, self._package.manifest
        refuse_other_area(self._office, package)
        trust = merged(load_trust(self._conn), parse_trust(package.trust), verify_text)
        rules = authority(self._conn, trust)
        today = civil_date(self._office.workspace.clock.now())
        certificate, until = _certificate(trust, package.sender.device, today)
        newest, writer = self._newest_of_sender()
        wall = manifest.wall_ms
        base = Looked(
            file=package.name,
            package=package.sha256,
            scope=manifest.sender.scope,
            kind=str(manifest.kind),
            sender=package.sender.device,
            person=self._name_of(writer),
            certificate=certificate,
            until=until,
            written_at=_moment(_EPOCH + timedelta(milliseconds=wall)),
            seen_at=self._seen_at(),
            ahead_ms=max(0, wall - int(self._office.workspace.clock.now().timestamp() * 1000)),
            behind_ms=max(0, newest - wall),
            volume=manifest.volume,
            counts=manifest.counts,
        )
        self._note_volume()
        if not rules.is_known(package.sender.device):
            total = sum(len(stream.entries) for stream in package.streams)
            return replace(base, certificate=CertificateState.UNKNOWN, held=Share(total))
        for stream in package.streams:
            self._compare(stream, rules, keep=keep)
        self._note_files()
        return self._counted(base)

    def _compare(self, stream: Stream, rules: Authority, *, keep: bool) -> None:
        """Find the entries of a stream that neither we nor a file before this one have."""
        ids = _ids(stream)
        found = reach(self._conn, stream.uid, ids)
        self._known += found.known
        self._forked += found.forks
        self._stretches += found.parts
        seen = self._batch.seen.setdefault(stream.uid, set())
        for number in range(found.known, len(ids)):
            if ids[number] in seen:
                self._known += 1
                continue
            seen.add(ids[number])
            raw = stream.entries[number]
            body = _body(stream, number)
            if body is None:
                self._states[EntryState.REDACTED] += 1
                continue
            place = Place(stream.device, stream.uid, stream.scope, number + 1)
            state = rules.state(place, body)
            self._add(ids[number], body, state)
            if keep and state is EntryState.PROJECTED:
                self._batch.entries.setdefault(body.entity, []).append((ids[number], raw))

    def _add(self, entry: str, body: Body, state: EntryState) -> None:
        self._states[state] += 1
        self._hlcs.append(body.hlc)
        if body.kind not in _KINDS:
            return
        touched = self._touched.setdefault(body.entity, _Touched(Kind(body.kind)))
        if state is EntryState.PROJECTED:
            touched.new.append((entry, body))
        elif state in _HELD:
            touched.held.append(body)

    def _counted(self, base: Looked) -> Looked:
        self._load_old()
        new, conflicts, held = _Count(), _Count(), _Count()
        for uid, touched in self._touched.items():
            self._count(uid, touched, new, conflicts, held)
        known = known_share(self._conn, self._stretches)
        return replace(
            base,
            new=new.share(self._states.total()),
            known=Share(self._known, *known),
            conflicts=conflicts.share(conflicts.fields),
            held=held.share(sum(self._states[state] for state in _HELD)),
            added=sum(not one.here and one.kind is Kind.HOUSEHOLD for one in self._touched.values()),
            unknown=self._states[EntryState.UNKNOWN],
            forked=self._forked,
            first_at=_moment(wall_of(min(self._hlcs))) if self._hlcs else "",
            last_at=_moment(wall_of(max(self._hlcs))) if self._hlcs else "",
            doubles=self._batch.doubles.found(self._conn, self._office.workspace.standing().places),
        )

    def _load_old(self) -> None:
        """Give every touched entity the entries it has here and from the files before this one."""
        here = entries_here(self._conn, self._touched)
        for uid, touched in self._touched.items():
            touched.old = here.get(uid, [])
            own = {entry for entry, _ in touched.new}
            before = [one for one in self._batch.entries.get(uid, ()) if one[0] not in own]
            touched.here = uid in here or bool(before)
            touched.old = touched.old + [(entry, trusted(raw)) for entry, raw in before]

    def _count(self, uid: str, touched: _Touched, new: _Count, conflicts: _Count, held: _Count) -> None:
        after = fold([*touched.old, *touched.new])
        values = after.values
        home = uid if touched.kind is Kind.HOUSEHOLD else str(values.get("household", ""))
        person = uid if touched.kind is Kind.MEMBER else ""
        new.add(home, person)
        if touched.held:
            held.add(home or str(touched.held[0].changes.get("household", "")), person)
        fields = {code for code, heads in after.heads.items() if in_conflict(heads)}
        if fields and touched.old:
            fields -= set(fold(touched.old).conflicts)
        if fields:
            conflicts.add(home, person, len(fields))
        if person and any(not _WHO.isdisjoint(body.changes) for _, body in touched.new):
            scope = self._package.sender.scope
            self._batch.doubles.add(Newcomer(uid, home, values, scope))

    def _newest_of_sender(self) -> tuple[int, str]:
        """Return when (milliseconds) and by whom the sender's computer was last written on."""
        newest, writer = 0, ""
        for stream in self._package.streams:
            if stream.device != self._package.sender.device:
                continue
            whole = (_body(stream, number) for number in reversed(range(len(stream.entries))))
            body = next((one for one in whole if one is not None), None)
            if body is not None:
                wall = int(wall_of(body.hlc).timestamp() * 1000)
                if wall >= newest:
                    newest, writer = wall, body.actor
        return newest, writer

    def _name_of(self, person: str) -> str:
        """Return a person's name from here or from the package itself."""
        table = tables.PROJECTED[Kind.PERSON]
        found = self._conn.execute(select(table.c.name).where(table.c.uid == person)).scalar()
        if found or not person:
            return str(found or "")
        mark = f'"e":"{person}"'.encode()
        bodies = [trusted(raw) for stream in self._package.streams for raw in stream.entries if mark in raw]
        return str(fold((str(n), body) for n, body in enumerate(bodies)).values.get("name", ""))

    def _seen_at(self) -> str:
        table = tables.import_log
        query = select(table.c.at).where(table.c.package == self._package.sha256).order_by(table.c.lid.desc())
        at = self._conn.execute(query.limit(1)).scalar()
        return _moment(datetime.fromisoformat(at)) if at else ""

    def _note_volume(self) -> None:
        number, of = self._package.manifest.volume
        if of > 1:
            key = export_key(self._package.manifest)
            self._batch.exports[self._package.sha256] = key
            come = volumes_here(self._conn, self._package.sender.device, key)
            self._batch.volumes.setdefault(key, come).add(number)

    def _note_files(self) -> None:
        """Note which photos and questionnaires the entries name and nobody has delivered."""
        package, batch = self._package, self._batch
        batch.arrived |= {*package.blobs, *(f"sha256:{digest}" for digest in package.attachments)}
        named = {
            match.decode()
            for stream in package.streams
            for raw in stream.entries
            if b'"sha256:' in raw
            for match in _NAMED.findall(raw)
        }
        lacking = named - blobs_here(self._conn, named)
        store = store_of(self._office)
        batch.missing[package.sha256] = {name for name in lacking if not store.has(name)}


class _Count:
    """Distinct households and persons."""

    def __init__(self) -> None:
        self._homes: set[str] = set()
        self._persons: set[str] = set()
        self.fields = 0

    def add(self, home: str, person: str, fields: int = 0) -> None:
        self.fields += fields
        if home:
            self._homes.add(home)
        if person:
            self._persons.add(person)

    def share(self, entries: int) -> Share:
        return Share(entries, len(self._homes), len(self._persons))


def _ids(stream: Stream) -> list[str]:
    links = stream.links or redaction.links(stream.uid, stream.entries)
    return [chain.entry_id(link) for link in links]


def _body(stream: Stream, number: int) -> Body | None:
    """Return an entry (0 is the first); None when it was lawfully deleted and only its digest is left."""
    if redaction.is_reduced(stream.entries[number]):
        return None
    read = stream.bodies[number] if stream.bodies else None
    return read or trusted(stream.entries[number])


def _certificate(trust: TrustDoc, device: str, today: date) -> tuple[CertificateState, str]:
    """Return whether a known device's certificate stands, and the ISO date it ends ("" for a root)."""
    certificates = certificates_by_device(trust).get(device, ())
    until = max((c.valid_until for c in certificates), default="")
    if any(device_id(revocation.key) == device for revocation in valid_revocations(trust)):
        return CertificateState.REVOKED, until
    if until and until < today.isoformat():
        return CertificateState.EXPIRED, until
    if until and until < (today + _EXPIRING).isoformat():
        return CertificateState.EXPIRING, until
    return CertificateState.VALID, until


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat(timespec="seconds")
