"""体检 of an open workspace: what it holds is whole, backed up and known elsewhere, and what to do if not.

    check_up(office, Watch(report, cancelled))      # findings, in the order they are shown

Nothing is changed. A finding names its sentence by a code, ``<code>_do`` is what to do about it; good codes
end in "_ok", a good finding with another code is something to know.
"""

from __future__ import annotations

import hashlib
import shutil
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.crypto.device_keys import verify_text
from app.domain.calendar import civil_date
from app.domain.errors import AppError, BadInput, Refused
from app.domain.ids import Kind, Level
from app.files.package import Stream
from app.journal.hlc import wall_of
from app.storage import backup, rotation, soundness, tables
from app.storage.merge import streams_of
from app.storage.tx import get_meta
from app.usecases import checks
from app.usecases.attachments import store_of
from app.usecases.certificates import certificate_finding
from app.usecases.checks import LEAST_FREE, Finding
from app.usecases.keys import load_keys
from app.usecases.office import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from sqlalchemy import Connection

    from app.usecases.office import Office

_ALONE = Watch()
_STALE_DAYS = 7  # a backup older than this is said
_SLACK = timedelta(minutes=10)  # a clock may be set back this much
_LONG = timedelta(days=400)  # a clock further ahead of the last entry is doubted
_MB = 1_000_000
_BLOBS = (
    (Kind.SUBMISSION, "blob"),
    (Kind.DOCUMENT, "file"),
    (Kind.FORM, "blob"),
    (Kind.PACK, "blob"),
)


def check_up(office: Office, watch: Watch = _ALONE) -> tuple[Finding, ...]:
    """Look the whole workspace over; it takes as long as reading it in anew.

    Raises:
        Refused: ``work.cancelled``.
        Unavailable: what the machine said when the file can no longer be read at all.
    """
    steps: tuple[Callable[[], Finding], ...] = (
        partial(place_finding, office),
        partial(space_finding, office),
        partial(clock_finding, office),
        partial(file_finding, office),
        partial(chains_finding, office),
        partial(projections_finding, office, watch.cancelled),
        partial(files_finding, office, watch.cancelled),
        partial(drafts_finding, office),
        partial(backup_finding, office),
        partial(backup_dates_finding, office),
        partial(away_finding, office),
        partial(unsent_finding, office),
        partial(certificate_finding, office),
        partial(recovery_finding, office),
    )
    found: list[Finding] = []
    for number, step in enumerate(steps):
        watch.report(number, len(steps))
        if watch.cancelled():
            raise Refused("work.cancelled")
        found.append(step())
    watch.report(len(steps), len(steps))
    return tuple(found)


def place_finding(office: Office) -> Finding:
    """Tell whether the workspace lies on this computer's own disk."""
    found = checks.place_finding(office.workspace.folder)
    return _fine("place") if found.ok else found


def space_finding(office: Office) -> Finding:
    """Tell whether there is room for the work of the next weeks and a backup."""
    folder = office.workspace.folder
    free = shutil.disk_usage(folder).free
    needed = max(LEAST_FREE, 3 * _size(office))
    room: dict[str, str | int] = {"free_mb": free // _MB, "needed_mb": needed // _MB}
    return Finding("space", free >= needed, f"checkup.space_{'ok' if free >= needed else 'low'}", room)


def clock_finding(office: Office) -> Finding:
    """Compare the computer's clock with the newest record made here and with the program's age."""
    now = office.workspace.clock.now()
    plain = checks.clock_finding(office.workspace.clock)
    if not plain.code.endswith("_ok"):
        return Finding("clock", True, "checkup.clock_wrong", plain.params)
    with office.workspace.read() as conn:
        last = int(get_meta(conn, "hlc") or 0)
    newest = wall_of(last)
    dates: dict[str, str | int] = {
        "date": civil_date(now).isoformat(),
        "last": civil_date(newest).isoformat(),
    }
    if last and now < newest - _SLACK:
        return Finding("clock", True, "checkup.clock_back", dates)
    if last and now > newest + _LONG:
        return Finding("clock", True, "checkup.clock_ahead", dates)
    return _fine("clock", date=dates["date"])


def file_finding(office: Office) -> Finding:
    """Read every page of the database and check its authentication."""
    with office.workspace.read() as conn:
        faults = soundness.page_faults(conn)
    if faults:
        return Finding("file", False, "checkup.file_broken", {"count": faults})
    return _fine("file", size_mb=_size(office) // _MB + 1)


def chains_finding(office: Office) -> Finding:
    """Check every entry's hash, the seals of the other computers, and the chain of the audit."""
    with office.workspace.read() as conn:
        count = conn.execute(select(func.count()).select_from(tables.journal)).scalar() or 0
        holds = checks.chains_hold(conn) and soundness.audit_holds(conn) and not list(_bad_seals(conn))
    return _fine("chains", count=count) if holds else Finding("chains", False, "checkup.chains_broken")


def _bad_seals(conn: Connection) -> Iterable[str]:
    """Yield the streams of other computers whose seal does not fit what is here."""
    own = get_meta(conn, "sign_key")
    heads = {
        (row.uid, row.head_seq): row.head for row in conn.execute(select(tables.stream)).all() if row.head_seq
    }
    for part in streams_of(conn, [""]):
        if part.key == own or not part.seal:
            continue
        head = heads.get((part.uid, len(part.entries)), b"").hex()
        stream = Stream(part.uid, part.scope, part.key, part.incarnation, part.entries, part.seal, head)
        if not verify_text(part.key, stream.seal_message(), part.seal):
            yield part.uid


def projections_finding(office: Office, cancelled: Callable[[], bool]) -> Finding:
    """Make every list anew on trial and compare."""
    differing = soundness.differing_projections(office.workspace, office.workspace.deriver, cancelled)
    if differing:
        return Finding("projections", False, "checkup.projections_differ", {"count": len(differing)})
    return _fine("projections")


def files_finding(office: Office, cancelled: Callable[[], bool]) -> Finding:
    """Open every photo, paper and questionnaire the records name; list what has not arrived.

    Raises:
        Refused: ``work.cancelled``.
    """
    with office.workspace.read() as conn:
        photos = _named(conn, Kind.ATTACHMENT, "file")
        blobs = {name for kind, code in _BLOBS for name in _named(conn, kind, code)}
        here = {name: _blob_fits(conn, name, cancelled) for name in sorted(blobs)}
        gone = set(conn.execute(select(tables.gone.c.name)).scalars())  # lawfully deleted: not missed
    here |= {name: _photo_fits(office, name, cancelled) for name in sorted(photos)}
    damaged = sum(fits is False for fits in here.values())
    missing = sum(fits is None and name not in gone for name, fits in here.items())
    if damaged:
        return Finding("files", False, "checkup.files_damaged", {"count": damaged})
    if missing:
        return Finding("files", True, "checkup.files_missing", {"count": missing, "of": len(here)})
    return _fine("files", count=len(here))


def _named(conn: Connection, kind: Kind, code: str) -> set[str]:
    column = tables.PROJECTED[kind].c[code]
    return {str(name) for name in conn.execute(select(column)).scalars() if name}


def _blob_fits(conn: Connection, name: str, cancelled: Callable[[], bool]) -> bool | None:
    _stop_if(cancelled)
    data = conn.execute(select(tables.blob.c.data).where(tables.blob.c.hash == name)).scalar()
    return None if data is None else f"sha256:{hashlib.sha256(data).hexdigest()}" == name


def _photo_fits(office: Office, name: str, cancelled: Callable[[], bool]) -> bool | None:
    _stop_if(cancelled)
    store = store_of(office)
    if not store.has(name):
        return None
    try:
        store.get(name)
    except BadInput:
        return False
    return True


def _stop_if(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Refused("work.cancelled")


def drafts_finding(office: Office) -> Finding:
    """Read the file of unfinished forms through, and say how many there are."""
    if office.drafts.faults():
        return Finding("drafts", False, "checkup.drafts_broken")
    return _fine("drafts", count=len(office.drafts.subjects("")))


def backup_finding(office: Office) -> Finding:
    """Open the newest backup beside the workspace as a restore would."""
    newest = rotation.newest(office.workspace.folder / backup.FOLDER, _today(office))
    if newest is None:
        return Finding("backup", True, "checkup.backup_none")
    try:
        backup.prove(newest.path, office.workspace)
    except AppError:
        return Finding("backup", False, "checkup.backup_damaged", {"file": newest.path.name})
    if rotation.is_ahead(newest.day, _today(office)):
        return Finding("backup", True, "checkup.backup_undated", {"date": newest.day.isoformat()})
    days = (_today(office) - newest.day).days
    dated: dict[str, str | int] = {"date": newest.day.isoformat(), "days": days}
    return Finding("backup", True, f"checkup.backup_{'old' if days > _STALE_DAYS else 'ok'}", dated)


def backup_dates_finding(office: Office) -> Finding:
    """Count the backups beside the workspace that were made on a clock set ahead."""
    today = _today(office)
    found = rotation.dated(office.workspace.folder / backup.FOLDER, today)
    ahead = [one for one in found if rotation.is_ahead(one.day, today)]
    if not ahead:
        return _fine("backup_dates")
    told: dict[str, str | int] = {"count": len(ahead), "file": ahead[0].path.name, "today": today.isoformat()}
    return Finding("backup_dates", True, "checkup.backup_dates_ahead", told)


def away_finding(office: Office) -> Finding:
    """Tell when the workspace was last saved outside this computer."""
    table = tables.audit
    query = select(table.c.at).where(table.c.action == "backup").order_by(table.c.n.desc()).limit(1)
    with office.workspace.read() as conn:
        at = conn.execute(query).scalar()
    if at is None:
        return Finding("away", True, "checkup.away_none")
    day = civil_date(_moment(at))
    days = (_today(office) - day).days
    dated: dict[str, str | int] = {"date": day.isoformat(), "days": days}
    if rotation.is_ahead(day, _today(office)):
        return Finding("away", True, "checkup.away_ahead", dated)
    return Finding("away", True, f"checkup.away_{'old' if days > _STALE_DAYS else 'ok'}", dated)


def unsent_finding(office: Office) -> Finding:
    """Count the entries of this computer that nobody else has said to hold."""
    with office.workspace.read() as conn:
        count = unsent(conn)
    if count == 0:
        return _fine("unsent")
    top = office.workspace.standing().level is Level.COUNTY
    return Finding("unsent", True, "checkup.unsent_top" if top else "checkup.unsent_some", {"count": count})


def unsent(conn: Connection) -> int:
    """Return how many entries written here no receipt of another computer covers."""
    stream, ack, entry = tables.stream, tables.peer_ack, tables.journal
    own = get_meta(conn, "device") or ""
    total = 0
    for row in conn.execute(select(stream).where(stream.c.device == own)).all():
        # A receipt counts when it names the very entry that stands here.
        held = (
            select(func.max(ack.c.seq))
            .join(entry, (entry.c.sid == row.sid) & (entry.c.seq == ack.c.seq) & (entry.c.id == ack.c.entry))
            .where(ack.c.stream == row.uid)
        )
        known = max(conn.execute(held).scalar() or 0, row.fork_seq or 0)
        total += row.head_seq - known
    return total


def recovery_finding(office: Office) -> Finding:
    """Tell whether the office above could open the workspace when every passphrase is forgotten."""
    file = load_keys(office.workspace.folder)
    if file.recoveries:
        return _fine("recovery")
    return Finding("recovery", True, "checkup.recovery_none", {"count": len(file.passphrases)})


def _fine(name: str, **params: str | int) -> Finding:
    return Finding(name, True, f"checkup.{name}_ok", params)


def _size(office: Office) -> int:
    return (office.workspace.folder / "workspace.db").stat().st_size


def _today(office: Office) -> date:
    return civil_date(office.workspace.clock.now())


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
