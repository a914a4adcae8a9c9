"""Backups to be restored: where they lie, what they hold, and where a restored one goes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.desks.restore import BackupAbout, RestoreDesk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.domain.calendar import Clock
    from app.ui.desk import Desk
    from app.ui.runner import Cancelled, Report

_OFFERED = 6


def restore_desk(folder: Path, clock: Clock, restored: Callable[[Path, str], Desk]) -> RestoreDesk:
    """Return the callables for restoring; ``folder`` is that of the workspace that may be here."""
    return RestoreDesk(
        found=partial(_found, folder, clock), look=partial(_look, clock), restore=partial(_restore, restored)
    )


def free_folder(base: Path, day: str) -> Path:
    """Return a folder below ``base`` for what was restored on a day, that nothing lies in yet."""
    first = found = base / f"恢复的工作区-{day}"
    number = 2
    while found.exists():
        found = first.with_name(f"{first.name}-{number}")
        number += 1
    return found


def _found(folder: Path, clock: Clock) -> Sequence[Path]:
    from app.domain.calendar import civil_date
    from app.files.media import removable_media
    from app.storage.backup import FOLDER
    from app.storage.rotation import dated, is_ahead

    places = [folder / FOLDER]
    for stick in removable_media():
        places += [stick, *(one for one in stick.iterdir() if one.is_dir())]
        places += list(stick.glob("*/八步通备份-*"))
    today = civil_date(clock.now())
    found = [one for place in places for one in dated(place, today)]
    found.sort(key=lambda one: (not is_ahead(one.day, today), one.at), reverse=True)
    return [one.path for one in found[:_OFFERED]]


def _look(clock: Clock, path: Path) -> BackupAbout:
    from datetime import datetime

    from app.domain.calendar import civil_date
    from app.storage.backup import ATTACHMENTS, attachments_name
    from app.storage.rotation import is_ahead
    from app.usecases.backups import describe

    told = describe(path)
    at = datetime.fromisoformat(told.at) if told.at else None
    on = f"{at:%Y-%m-%d %H:%M}" if at else ""
    ahead = at is not None and is_ahead(at.date(), civil_date(clock.now()))
    beside = attachments_name(told.workspace) if told.workspace else ATTACHMENTS
    counts = (told.households, told.persons, told.photos, told.missing)
    return BackupAbout(path, on, told.place, *counts, beside, ahead)


def _restore(
    restored: Callable[[Path, str], Desk], path: Path, passphrase: str, report: Report, _cancelled: Cancelled
) -> Desk:
    report(0, 1)
    desk = restored(path, passphrase)
    report(1, 1)
    return desk
