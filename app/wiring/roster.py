"""The import of a roster, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.desks.roster import RosterDesk

if TYPE_CHECKING:
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.roster import Mapped, RosterDraft, RosterPreview
    from app.ui.desks.roster import Describe, RosterWish
    from app.ui.runner import Cancelled, Report
    from app.usecases.rosters import Options
    from app.wiring.room import Room


def roster_desk(room: Room) -> RosterDesk:
    """Return the callables of the import page."""
    return RosterDesk(
        preview=_preview,
        map_header=_map_header,
        targets=_targets,
        dry_run=partial(_dry_run, room),
        error_copy=partial(_error_copy, room),
        template=partial(_template, room),
        import_roster=partial(_import, room),
    )


def _preview(path: Path) -> RosterPreview:
    from app.usecases.rosters import preview_roster

    return preview_roster(path)


def _map_header(path: Path, sheet: str, row: int) -> Mapped:
    from app.usecases.rosters import map_header

    return map_header(path, sheet, row)


def _targets() -> tuple[tuple[str, str], ...]:
    from app.usecases.rosters import roster_targets

    return roster_targets()


def _options(wish: RosterWish) -> Options:
    from app.usecases.rosters import Options as Chosen

    return Chosen(mapping=wish.mapping, open_cases=wish.open_cases, confirmed_old=wish.confirmed_old)


def _dry_run(room: Room, wish: RosterWish) -> RosterDraft:
    from app.usecases.rosters import dry_run

    return dry_run(room.office, wish.path, _options(wish))


def _error_copy(room: Room, wish: RosterWish, target: Path, describe: Describe) -> None:
    from app.usecases.rosters import write_error_copy

    write_error_copy(room.office, wish.path, target, _options(wish), describe)


def _template(room: Room, path: Path) -> None:
    from app.usecases.rosters import write_template

    write_template(room.office, path)


def _import(room: Room, wish: RosterWish, report: Report, cancelled: Cancelled) -> Changes:
    from app.usecases.rosters import import_roster

    return import_roster(room.office, wish.path, _options(wish), report, cancelled)
