"""Back up the open workspace; every day by itself, here and at a second place; restore into a new folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.crypto import keyslots
from app.domain.calendar import civil_date
from app.domain.errors import AppError, Refused
from app.storage import backup, room, rotation, tables
from app.storage.cipher import disk_error
from app.storage.copies import SECOND, away_name
from app.storage.copying import settle
from app.storage.tx import get_meta, set_meta
from app.swap import put_in_place
from app.usecases import workspaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.calendar import Clock
    from app.storage.backup import About, BackupFile
    from app.usecases.office import Office

AWAY_DAYS = 7
"""Days without a backup at the second place before it is said."""

_MARK = "backup_mark"  # the newest entry that is in a backup
_SAVED = "second_saved"  # civil date of the last copy there
_PAUSE = timedelta(hours=1)  # between two backups at close
_MB = 1_000_000
_TRIAL = "八步通试写.part"


def back_up(office: Office, folder: Path | None = None) -> BackupFile:
    """Write one backup file, into ``folder`` or the workspace's own; it goes into the audit.

    Raises:
        Unavailable: ``disk.full_needs``, any ``disk.…`` code.
    """
    return back_up_for(office, rotation.BY_HAND, folder)


def back_up_for(office: Office, reason: str, folder: Path | None = None) -> BackupFile:
    """Do the same with another word in the file's name: what is about to be done ("update", "return").

    Raises:
        Unavailable: ``disk.full_needs``, any ``disk.…`` code.
    """
    mark = _newest_entry(office)
    made = backup.back_up(office.workspace, reason=reason, folder=folder)
    with office.workspace.write(office.actor) as tx:
        # One in the workspace's own folder dies with the computer and answers no "when was the last one".
        action = "backup_here" if folder is None else "backup"
        detail = {
            "file": made.path.name,
            "folder": str(made.path.parent),
            "sha256": backup.digest_of(made.path),
        }
        tx.audit(action, "workspace", detail)
        if folder is None:
            tx.set_meta(_MARK, str(mark))
    return made


@dataclass(frozen=True, slots=True)
class Daily:
    """What the daily backup did.

    ``made`` and ``away`` are the new files here and at the second place; ``trouble`` is why one was not
    written, ``absent_days`` how long the second place has not been there when that is worth a word.
    """

    made: Path | None = None
    away: Path | None = None
    trouble: AppError | None = None
    absent_days: int = 0


def back_up_daily(office: Office, media: Sequence[Path] = (), *, closing: bool = False) -> Daily:
    """Back up what was done since the last backup: once a day, and at ``closing`` at most once an hour.

    ``media`` are the sticks plugged in: a second place is found again when its drive got another letter.
    Trouble is told, never raised: work goes on without a backup. Nothing is done for a demonstration.
    """
    if office.workspace.standing().demo:
        return Daily()
    room.lay_in(office.workspace.folder)
    made: Path | None = None
    try:
        if is_due(office, closing=closing):
            made = back_up_for(office, "daily").path
        away = _copy_away(office, media)
    except AppError as error:
        return Daily(made, trouble=error, absent_days=_absent(office, media))
    return Daily(made, away, absent_days=_absent(office, media))


def is_due(office: Office, *, closing: bool = False) -> bool:
    """Tell whether there is work no backup has, and the last one is long enough ago."""
    now = office.workspace.clock.now()
    newest = rotation.newest(office.workspace.folder / backup.FOLDER, civil_date(now))
    if newest is None or rotation.is_ahead(newest.day, civil_date(now)):
        return True
    rested = now - newest.at >= _PAUSE if closing else civil_date(now) != newest.day
    with office.workspace.read() as conn:
        mark = int(get_meta(conn, _MARK) or -1)
    return rested and (_newest_entry(office) != mark or _moment(office.drafts.latest()) > newest.at)


def second_place(office: Office) -> str:
    """Return the folder of the second place as it was chosen, "" when there is none."""
    with office.workspace.read() as conn:
        return get_meta(conn, SECOND) or ""


def choose_second_place(office: Office, folder: Path | None) -> None:
    """Keep every daily backup in ``folder`` too, or no longer anywhere but here.

    Raises:
        Refused: ``backup.same_place`` when it lies in the workspace itself, ``backup.second_missing`` and
            ``backup.second_unwritable`` (param ``folder``) when nothing can be written there.
    """
    if folder is not None:
        if folder.resolve().is_relative_to(office.workspace.folder.resolve()):
            raise Refused("backup.same_place")
        _try_writing(folder)
    with office.workspace.bookkeeping() as conn:
        set_meta(conn, SECOND, str(folder) if folder is not None else "")
        set_meta(conn, _SAVED, civil_date(office.workspace.clock.now()).isoformat())


def _try_writing(folder: Path) -> None:
    if not folder.is_dir():
        raise Refused("backup.second_missing", folder=str(folder))
    trial = folder / _TRIAL
    try:
        trial.write_bytes(b"trial")
        trial.unlink()
    except OSError as error:
        raise Refused("backup.second_unwritable", folder=str(folder)) from error


def _copy_away(office: Office, media: Sequence[Path]) -> Path | None:
    """Copy the newest backup to the second place unless it is there; None when it cannot be reached."""
    place = _reached(office, media)
    today = civil_date(office.workspace.clock.now())
    newest = rotation.newest(office.workspace.folder / backup.FOLDER, today)
    if place is None or newest is None:
        return None
    target = place / newest.path.name
    if target.exists():
        return None
    part = target.with_suffix(".part")
    try:
        place.mkdir(parents=True, exist_ok=True)
        room.need_room(place, newest.path.stat().st_size + _MB)
        backup.copy_attachments(office.workspace.folder / backup.ATTACHMENTS, place / backup.ATTACHMENTS)
        shutil.copyfile(newest.path, part)
        settle(part)
        backup.verify(part)
        put_in_place(part, target)
    except OSError as error:
        raise disk_error(error) from error
    finally:
        _forget(part)
    rotation.thin_out(place, today)
    _note_copy(office, target)
    return target


def _forget(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return  # the stick was pulled and the half file with it


def _note_copy(office: Office, target: Path) -> None:
    with office.workspace.write(office.actor) as tx:
        tx.audit("backup", "workspace", {"file": target.name, "folder": str(target.parent)})
        tx.set_meta(_SAVED, tx.today.isoformat())


def _reached(office: Office, media: Sequence[Path]) -> Path | None:
    """Return where this workspace's copies lie at the second place, None while it is not plugged in."""
    chosen = second_place(office)
    if not chosen:
        return None
    with office.workspace.read() as conn:
        own = away_name(get_meta(conn, "workspace") or "")
    folder = Path(chosen)
    if folder.is_dir():
        return folder / own
    known = [stick / folder.name / own for stick in media] + [stick / own for stick in media]
    return next((place for place in known if place.is_dir()), None)


def _absent(office: Office, media: Sequence[Path]) -> int:
    """Return for how many days the second place has been out of reach, 0 while that is no worry."""
    with office.workspace.read() as conn:
        saved = get_meta(conn, _SAVED) or ""
    if not second_place(office) or not saved or _reached(office, media) is not None:
        return 0
    days = (civil_date(office.workspace.clock.now()) - date.fromisoformat(saved)).days
    return days if days >= AWAY_DAYS else 0


def _newest_entry(office: Office) -> int:
    with office.workspace.read() as conn:
        return conn.execute(select(func.max(tables.journal.c.lid))).scalar() or 0


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text) if text else datetime.min.replace(tzinfo=UTC)


def describe(path: Path) -> About:
    """Return what a backup says of itself before any passphrase.

    Raises:
        BadInput: ``backup.damaged``, ``backup.not_ours``.
    """
    return backup.describe(path)


def restore(path: Path, folder: Path, passphrase: str, clock: Clock) -> None:
    """Unpack a backup into a new folder and open it once, so that a wrong passphrase is found now.

    Opening it there begins a new incarnation: the restored device never continues the old stream.

    Raises:
        Refused: ``workspace.exists``, ``keys.wrong_passphrase``, the codes of ``place.refuse_unsafe``.
        BadInput: ``backup.damaged``, ``backup.not_ours``, ``keys.damaged``.
        Unavailable: any ``disk.…`` code.
    """
    backup.refuse_folder(folder)
    keyslots.unlock(keyslots.read_key_file(backup.key_file(path)), passphrase)  # before anything is unpacked
    backup.restore(path, folder)
    workspaces.close(workspaces.unlock(folder, passphrase, clock))
