"""Take in data packages: verified whole, one transaction each, the same file twice changes nothing.

A package of a device nobody vouches for is kept as it came, in the waiting list, and read in by itself
when the certificate arrives.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from app.crypto.device_keys import verify_text
from app.domain.changes import Changes
from app.domain.errors import AppError, BadInput
from app.domain.ids import Kind
from app.domain.region import is_within
from app.domain.trust import parse_trust
from app.domain.trust_chain import merged
from app.files.package_in import read_attachment, read_package
from app.storage import branches, redaction, tables
from app.storage.backup import back_up
from app.storage.cipher import disk_error
from app.storage.merge import StreamPart, merge
from app.storage.room import need_room
from app.storage.workspace import no_collection
from app.usecases.attachments import store_of
from app.usecases.holding import holding, open_tray
from app.usecases.import_record import Noting, conflicts_now, log_import, standing_before
from app.usecases.office import never, no_report
from app.usecases.traces import sweep
from app.usecases.trust import authority, judge_of, load_trust, opening, take_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from app.files.incoming import Tray
    from app.files.package import Ack, Package
    from app.usecases.office import Office


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What one file brought.

    ``new`` and ``known`` count entries; ``conflicts`` the fields in conflict afterwards, ``more_conflicts``
    how many of them this file brought; ``held`` the new entries that may not be shown as fact yet (all of
    them while the sender is not enrolled), ``unknown`` those only a later version of the program can show.
    ``households`` and ``persons`` are those it touched. ``refused`` is the error of a file that was not
    taken in; ``ahead_ms`` how far the sender's clock ran ahead of ours.
    ``number`` is its number in the import log, 0 without one; ``released`` what came of packages that had
    waited for what it brought.
    """

    file: str
    new: int = 0
    known: int = 0
    conflicts: int = 0
    held: int = 0
    unknown: int = 0
    refused: AppError | None = None
    waiting: bool = False
    sender: str = ""
    scope: str = ""
    kind: str = ""
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    ahead_ms: int = 0
    forked: int = 0
    changes: Changes = field(default_factory=Changes)
    number: int = 0
    more_conflicts: int = 0
    households: int = 0
    persons: int = 0
    released: tuple[FileOutcome, ...] = ()


def merge_files(
    office: Office,
    paths: Sequence[Path],
    report: Callable[[int, int], None] = no_report,
    cancelled: Callable[[], bool] = never,
    tray: Tray | None = None,
) -> tuple[FileOutcome, ...]:
    """Take in packages one after another; a bad one is refused and the others go on.

    A backup is made first. With the ``tray`` on which they were looked at, files are not read a second
    time. Cancelling stops between two files; what was taken in stays.
    """
    found: list[FileOutcome] = []
    back_up(office.workspace, reason="import")
    with tray or open_tray(office.workspace) as files:
        for number, path in enumerate(paths):
            report(number, len(paths))
            if cancelled():
                break
            outcome = _one(office, path, files, cancelled)
            files.drop(path)
            if outcome.refused is not None and outcome.refused.code == "work.cancelled":
                break  # in the middle of copying it from the stick
            found.append(outcome)
    sweep(office)
    report(len(paths), len(paths))
    return tuple(found)


def release_waiting(office: Office) -> tuple[FileOutcome, ...]:
    """Read in every waiting package whose sender is vouched for by now.

    One that cannot be read in stays in the list and its outcome says why.
    """
    found: list[FileOutcome] = []
    tried: set[str] = set()
    # What one package brings may vouch for the sender of another.
    while ready := [uid for uid in _ready(office) if uid not in tried]:
        for uid in ready:
            tried.add(uid)
            found.append(_release(office, uid))
    return tuple(found)


def _ready(office: Office) -> list[str]:
    with office.workspace.read() as conn:
        known = authority(conn, load_trust(conn))
        table = tables.waiting
        rows = conn.execute(select(table.c.package, table.c.sender).order_by(table.c.at, table.c.package))
        return [row.package for row in rows if known.is_known(row.sender)]


def _release(office: Office, uid: str) -> FileOutcome:
    """Read one waiting package in, its photos too."""
    table = tables.waiting
    with office.workspace.read() as conn:
        row = conn.execute(select(table).where(table.c.package == uid)).one()
    path = office.workspace.folder / f"waiting-{uid[:16]}.part"
    try:
        _unpack(path, row.data)
        package = replace(
            read_package(path, opening(office.workspace), held=holding(office.workspace)), name=row.name
        )
        with office.workspace.bookkeeping() as conn:
            conn.execute(delete(table).where(table.c.package == uid))
            outcome = _take(office, conn, package)
            _keep_photos(office, conn, path, package)
    except AppError as error:
        return FileOutcome(row.name, scope=row.scope, refused=error)
    finally:
        path.unlink(missing_ok=True)
    return outcome


def _unpack(path: Path, data: bytes) -> None:
    """Lay a package out as the file it was; it is still sealed."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise disk_error(error) from error


_ROOM = 3  # times what a package unpacks to: entries, their projections, and the log until it is written back


def _one(office: Office, path: Path, tray: Tray, cancelled: Callable[[], bool]) -> FileOutcome:
    try:
        with no_collection():
            package, local = tray.take(path, cancelled)
        need_room(office.workspace.folder, _ROOM * (package.manifest.raw + package.manifest.blobs_raw))
        with office.workspace.bookkeeping() as conn:
            outcome = _take(office, conn, package, local)
            # Before the entries are safe: a file that says "refused" has brought nothing.
            if not outcome.waiting:
                _keep_photos(office, conn, local, package)
    except AppError as error:
        return FileOutcome(path.name, refused=error)
    return outcome if outcome.waiting else replace(outcome, released=release_waiting(office))


def _take(office: Office, conn: Connection, package: Package, path: Path | None = None) -> FileOutcome:
    """Take one verified package in, inside the caller's transaction."""
    manifest = package.manifest
    theirs = parse_trust(package.trust)
    both = merged(load_trust(conn), theirs, verify_text)
    refuse_other_area(office, package)
    base = FileOutcome(
        file=package.name,
        sender=package.sender.device,
        scope=manifest.sender.scope,
        kind=str(manifest.kind),
        counts=manifest.counts,
        ahead_ms=max(0, manifest.wall_ms - _wall(office)),
    )
    if not authority(conn, both).is_known(package.sender.device):
        return _keep_waiting(office, conn, package, base, path)
    take_trust(conn, theirs, office.workspace)
    judge = judge_of(authority(conn, load_trust(conn)))
    parts = [
        StreamPart(
            s.uid, s.device, s.scope, s.entries, s.key, s.incarnation, s.seal, links=s.links, bodies=s.bodies
        )
        for s in package.streams
    ]
    before = standing_before(conn, (part.uid for part in parts))
    noting = Noting(office.workspace.deriver)
    done = merge(conn, parts, judge, noting, _wall(office))
    _keep_blobs(conn, package)
    _keep_acks(conn, package, office)
    conflicts = conflicts_now(conn)
    outcome = replace(
        base,
        new=done.new,
        known=done.known,
        held=done.held,
        unknown=done.unknown,
        conflicts=conflicts,
        more_conflicts=max(0, conflicts - before.conflicts),
        households=len(noting.households),
        persons=sum(kind is Kind.MEMBER for kind, _ in done.touched),
        forked=len(done.forked),
        changes=Changes((), tuple(done.touched)),
    )
    told = {name: getattr(outcome, name) for name in _LOGGED}
    return replace(outcome, number=log_import(conn, package, _now(office), done, before, told))


_LOGGED = ("kind", "conflicts", "more_conflicts", "held", "households", "persons", "forked", "ahead_ms")


def refuse_other_area(office: Office, package: Package) -> None:
    """Do nothing when the sender stands above, below or beside us.

    Raises:
        BadInput: ``package.other_area`` (params ``file``, ``place``).
    """
    own, sender = office.workspace.standing().scope, package.sender.scope
    if not (own == sender or is_within(own, sender) or is_within(sender, own)):
        raise BadInput("package.other_area", file=package.name, place=sender)


def _now(office: Office) -> str:
    return office.workspace.clock.now().isoformat(timespec="seconds")


def _wall(office: Office) -> int:
    return int(office.workspace.clock.now().timestamp() * 1000)


def _keep_waiting(
    office: Office, conn: Connection, package: Package, base: FileOutcome, path: Path | None
) -> FileOutcome:
    """Keep a package whole until somebody vouches for its sender."""
    total = sum(len(stream.entries) for stream in package.streams)
    table = tables.waiting
    known = conn.execute(select(table.c.package).where(table.c.package == package.sha256)).first()
    if known is None and path is not None:
        conn.execute(
            insert(table).values(
                package=package.sha256,
                name=package.name,
                sender=package.sender.device,
                scope=package.sender.scope,
                at=_now(office),
                data=path.read_bytes(),
            )
        )
    return replace(base, held=total, waiting=True)


def _keep_blobs(conn: Connection, package: Package) -> None:
    gone = redaction.gone(conn)
    for name, data in package.blobs.items():
        if name in gone:
            continue
        if conn.execute(select(tables.blob.c.hash).where(tables.blob.c.hash == name)).first() is None:
            conn.execute(insert(tables.blob).values(hash=name, data=data))


def _keep_acks(conn: Connection, package: Package, office: Office) -> None:
    """Keep the sender's receipts in place of its earlier ones.

    One for an entry that is not here yet tells nothing today: the earlier ones of that stream stay beside it.
    """
    table, peer = tables.peer_ack, package.sender.device
    at = _now(office)
    acks = package.manifest.acks
    ahead = {ack.stream for ack in acks if not _is_here(conn, ack)}
    conn.execute(delete(table).where(table.c.peer == peer, table.c.stream.not_in(ahead)))
    for ack in sorted(set(acks), key=lambda ack: (ack.stream, ack.n, ack.entry)):
        row = {"peer": peer, "stream": ack.stream, "seq": ack.n, "entry": ack.entry, "at": at}
        conn.execute(
            delete(table).where(*(table.c[code] == row[code] for code in ("peer", "stream", "entry")))
        )
        conn.execute(insert(table).values(row))


def _is_here(conn: Connection, ack: Ack) -> bool:
    return branches.holder(conn, branches.of_stream(conn, ack.stream), ack.n, ack.entry) is not None


def _keep_photos(office: Office, conn: Connection, path: Path, package: Package) -> None:
    """Keep the photos of a package that is being taken in."""
    secrets = opening(office.workspace)
    store = store_of(office)
    gone = redaction.gone(conn)
    for digest in package.attachments:
        name = f"sha256:{digest}"
        if name not in gone and not store.has(name):
            store.put(read_attachment(path, digest, secrets))
