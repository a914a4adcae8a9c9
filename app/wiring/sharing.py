"""Exchange by files, filled from the open office."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.domain.calendar import civil_date
from app.settings import load_settings, save_settings
from app.ui.desks.sharing import Medium, Sent, SharingDesk, SharingNow
from app.ui.texts import t
from app.wiring import arrivals
from app.wiring.sharing_papers import receipt, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.desks.sharing import Found
    from app.ui.runner import Cancelled, Report
    from app.wiring.room import Room

_PURPOSE = "package"


def sharing_desk(room: Room) -> SharingDesk:
    """Return the callables of exchange by files."""
    desk = arrivals.Desk(room)
    return SharingDesk(
        now=partial(_now, room),
        media=media,
        export=partial(_export, room),
        find=_find,
        preview=desk.preview,
        merge=desk.merge,
        leave=desk.leave,
        undo_check=desk.undo_check,
        undo=desk.undo,
        summary=partial(summary, room),
        receipt=partial(receipt, room),
    )


def _find(paths: Sequence[Path]) -> Found:
    found = arrivals.find(paths)
    for path in paths[:1]:
        remember(path if path.is_dir() else path.parent)
    return found


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


def _now(room: Room) -> SharingNow:
    from sqlalchemy import func, select

    from app.domain.region import is_within
    from app.domain.trust_chain import valid_certificates
    from app.queries.exchange import import_log, village_board, waiting
    from app.queries.receipts import safety
    from app.storage import tables
    from app.usecases.certificates import export_warning
    from app.usecases.trust import issuing_keys, load_trust, own_keys

    workspace = room.office.workspace
    ending = export_warning(room.office)
    mine = {own_keys(workspace).key, issuing_keys(workspace).key}
    places, own = room.places, room.own
    with room.read() as conn:
        trust = load_trust(conn)
        valid = valid_certificates(trust)
        above = [c for c in valid if c.scope != own.scope and is_within(c.scope, own.scope)]
        root = above[0].scope if above else ""
        safe = safety(conn)
        return SharingNow(
            villages=village_board(conn, places, own.scope),
            waiting=waiting(conn, places),
            imports=import_log(conn, places)[:50],
            conflicts=int(conn.execute(select(func.count()).select_from(tables.conflict)).scalar() or 0),
            enrolled=any(c.key in mine and c.issuer not in mine for c in valid),
            root=places.get(root, root),
            safety=safe,
            above=places.get(safe.above, safe.above),
            today=civil_date(room.clock.now()),
            warning=t(ending.code, **ending.params) if ending is not None else "",
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
