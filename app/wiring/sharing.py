"""Exchange by files, filled from the open office."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.settings import load_settings, save_settings
from app.ui.desks.sharing import FileLine, Medium, Sent, SharingDesk, SharingNow, Taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.ui.runner import Cancelled, Report
    from app.usecases.merges import FileOutcome
    from app.wiring.room import Room

_PURPOSE = "package"


def sharing_desk(room: Room) -> SharingDesk:
    """Return the callables of exchange by files."""
    return SharingDesk(
        now=partial(_now, room),
        media=media,
        export=partial(_export, room),
        packages_in=_packages_in,
        preview=partial(_preview, room),
        merge=partial(_merge, room),
    )


def media() -> tuple[Medium, ...]:
    """Return where files may go: what can be pulled out first, then the folder used last."""
    from app.files.media import removable_media

    found = [Medium(path, removable=True) for path in removable_media()]
    last = load_settings(paths.settings_file()).settings.last_folders.get(_PURPOSE, "")
    folder = Path(last) if last else None
    if folder is not None and folder.is_dir():
        on_stick = [one for one in found if folder.is_relative_to(one.path)]
        # On the stick used last time the folder on it is better than its root.
        found = [Medium(folder, removable=bool(on_stick))] + [one for one in found if one not in on_stick]
        found.sort(key=lambda one: not one.removable)
    return tuple(found)


def remember(folder: Path) -> None:
    """Keep the folder files were written to or read from last."""
    file = paths.settings_file()
    old = load_settings(file).settings
    save_settings(file, replace(old, last_folders={**old.last_folders, _PURPOSE: str(folder)}))


def union(outcomes: Iterable[FileOutcome]) -> Changes:
    """Return what several files touched together."""
    from app.domain.changes import Changes

    touched = [one for outcome in outcomes for one in outcome.changes.touched]
    return Changes((), tuple(dict.fromkeys(touched)))


def _now(room: Room) -> SharingNow:
    from sqlalchemy import func, select

    from app.domain.region import is_within
    from app.domain.trust_chain import valid_certificates
    from app.queries.exchange import import_log, village_board, waiting
    from app.storage import tables
    from app.usecases.trust import issuing_keys, load_trust, own_keys

    workspace = room.office.workspace
    mine = {own_keys(workspace).key, issuing_keys(workspace).key}
    places, own = room.places, room.own
    with room.read() as conn:
        trust = load_trust(conn)
        valid = valid_certificates(trust)
        above = [c for c in valid if c.scope != own.scope and is_within(c.scope, own.scope)]
        root = above[0].scope if above else ""
        return SharingNow(
            villages=village_board(conn, places, own.scope),
            waiting=waiting(conn, places),
            imports=import_log(conn, places)[:50],
            conflicts=int(conn.execute(select(func.count()).select_from(tables.conflict)).scalar() or 0),
            enrolled=any(c.key in mine and c.issuer not in mine for c in valid),
            root=places.get(root, root),
        )


def _export(room: Room, kind: str, folder: Path, area: str, report: Report, cancelled: Cancelled) -> Sent:
    from app.files.package import PackageKind
    from app.usecases.exports import export
    from app.usecases.office import Watch

    watch = Watch(report, cancelled)
    written = export(room.office, folder, PackageKind(kind), area, watch=watch)
    remember(folder)
    places = room.places
    return Sent(
        folder=folder,
        files=tuple(file.name for one in written for file in one.files),
        places=tuple(places.get(one.scope, one.scope) for one in written),
        entries=sum(one.entries for one in written),
        photos=sum(one.photos for one in written),
    )


def _packages_in(folder: Path) -> tuple[Path, ...]:
    from app.domain.errors import Unavailable

    try:
        found = sorted(file for file in folder.iterdir() if file.suffix == ".hhpkg" and file.is_file())
    except OSError as error:
        raise Unavailable("package.folder_missing") from error
    remember(folder)
    return tuple(found)


def _preview(room: Room, files: Sequence[Path], report: Report, cancelled: Cancelled) -> tuple[FileLine, ...]:
    from app.domain.errors import AppError, Refused
    from app.usecases.merges import preview

    found: list[FileLine] = []
    for number, path in enumerate(files):
        report(number, len(files))
        if cancelled():
            raise Refused("work.cancelled")
        try:
            found.append(_line(room, path, preview(room.office, path)))
        except AppError as error:
            found.append(_refused(path, error))
    return tuple(found)


def _merge(room: Room, files: Sequence[Path], report: Report, cancelled: Cancelled) -> Taken:
    from app.usecases.merges import merge_files

    outcomes = merge_files(room.office, files, report, cancelled)
    if files:
        remember(files[0].parent)
    lines = (_line(room, path, outcome) for path, outcome in zip(files, outcomes, strict=False))
    return Taken(tuple(lines), union(outcomes))


def _line(room: Room, path: Path, outcome: FileOutcome) -> FileLine:
    if outcome.refused is not None:
        return _refused(path, outcome.refused)
    return FileLine(
        path=path,
        place=room.places.get(outcome.scope, outcome.scope),
        kind=outcome.kind,
        new=outcome.new,
        known=outcome.known,
        conflicts=outcome.conflicts,
        held=outcome.held,
        waiting=outcome.waiting,
        counts=outcome.counts,
        ahead_ms=outcome.ahead_ms,
    )


def _refused(path: Path, error: AppError) -> FileLine:
    return FileLine(path=path, refused=error)
