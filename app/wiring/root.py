"""The page of the root's keys, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.desks.root import RootDesk, RootNow

if TYPE_CHECKING:
    from pathlib import Path

    from app.wiring.room import Room


def root_desk(room: Room) -> RootDesk:
    """Return the callables about the root."""
    return RootDesk(
        now=partial(_now, room),
        write_stick=partial(_write_stick, room),
        sheet=partial(_sheet, room),
        note=partial(_note, room),
        confirm=partial(_confirm, room),
        restore_typed=partial(_restore_typed, room),
        restore_file=partial(_restore_file, room),
    )


def _now(room: Room) -> RootNow:
    from app.usecases.roots import kept

    found = kept(room.office)
    return RootNow(found.held, found.sticks, found.printed, found.confirmed, found.is_safe)


def _write_stick(room: Room, folder: Path, passphrase: str) -> Path:
    from app.usecases.roots import write_stick

    return write_stick(room.office, folder, passphrase)


def _sheet(room: Room) -> bytes:
    from app.usecases.roots import sheet

    return sheet(room.office)


def _note(room: Room, how: str) -> None:
    from app.usecases.roots import note_sheet

    note_sheet(room.office, how)


def _confirm(room: Room, line: int, typed: str) -> None:
    from app.usecases.roots import confirm

    confirm(room.office, line, typed)


def _restore_typed(room: Room, text: str) -> int:
    from app.usecases.roots import restore_typed

    return len(restore_typed(room.office, text))


def _restore_file(room: Room, path: Path, passphrase: str) -> int:
    from app.usecases.roots import restore_file

    return len(restore_file(room.office, path, passphrase))
