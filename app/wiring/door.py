"""The door of the window: unlock, create, open the demonstration.

Imported before the first paint: what is needed only behind the door is imported when it opens.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.domain.errors import Refused
from app.domain.ids import Level
from app.domain.region import checked_code, level_of
from app.settings import FontScale, Settings, load_settings, save_settings, with_workspace
from app.ui.desk import Desk, Door, Looks, NewWorkspace, Starter
from app.wiring.forgot import forgot_desk
from app.wiring.program import program_desk
from app.wiring.restoring import free_folder, restore_desk

if TYPE_CHECKING:
    from app.domain.calendar import Clock
    from app.ui.runner import Cancelled, Report
    from app.wiring.room import Room

_FOLDER = "工作区"
_KEYS = "keys.json"
DEMO_HOUSEHOLDS = 120
"""Small enough to be made while somebody waits, large enough to show every step."""


class Entrance:
    """Holds the one room that is open and remembers where workspaces lie."""

    def __init__(self, clock: Clock, folder: Path | None = None) -> None:
        self._clock = clock
        self._room: Room | None = None
        self._starter: Path | None = None
        self._in_demo = False
        self._is_named = folder is not None
        self._folder = folder or _remembered()

    def door(self) -> Door:
        """Return the door the main window is given."""
        return Door(
            exists=(self._folder / _KEYS).exists(),
            where=str(self._folder),
            unlock=self._unlock,
            create=self._create,
            open_demo=self._open_demo,
            check_code=_check_code,
            read_starter=self._read_starter,
            looks=_looks,
            save_looks=_save_looks,
            unlock_kept=self._unlock_kept,
            program=program_desk(),
            restore=restore_desk(self._folder, self._clock, self._restored),
            forgot=forgot_desk(lambda: self._folder, self._clock),
        )

    def close(self) -> None:
        """Close the open room, if any; what was done in it is backed up first."""
        if self._room is not None:
            if self._room.is_open:
                from app.wiring.checkup import daily

                daily(self._room, closing=True)
            self._room.close()
            self._room = None

    @property
    def room(self) -> Room | None:
        """The open room."""
        return self._room

    def _read_starter(self, path: Path) -> Starter:
        from app.usecases.starters import peek

        found = peek(path)
        self._starter = path
        above = sorted(code for code in found.places if level_of(code) is not Level.VILLAGE)
        names = tuple(found.places[code] for code in above)
        # The village chooses its own code; the township's digits are filled in for it.
        return Starter(
            Level.VILLAGE, above[-1][:9] if above else "", names, found.line_fen or None, found.line_doc
        )

    def _unlock(self, passphrase: str) -> Desk:
        from app.usecases.keys import unlock_key

        key, owner = unlock_key(self._folder, passphrase)
        return self.enter(key, owner)

    def _unlock_kept(self, passphrase: str) -> Desk:
        from app.usecases.workspaces import take_back

        take_back(self._folder, passphrase)
        return self._unlock(passphrase)

    def enter(self, key: bytes, owner: str) -> Desk:
        """Open the workspace with its key in hand."""
        from app.wiring.room import Room

        return self._seat(Room(self._folder, key, owner, self._clock))

    def _own_folder(self) -> Path:
        """Return the folder a new workspace goes to: the usual one or one named at the start, if free.

        Never beside a remembered one, which may lie among documents on a share or in a cloud folder.
        """
        by_name = self._is_named and not self._in_demo
        base = self._folder.parent if by_name else paths.default_workspaces_dir()
        first = self._folder if by_name else base / _FOLDER
        number = 2
        while (first / _KEYS).exists():
            first = base / f"{_FOLDER}{number}"
            number += 1
        return first

    def _create(self, wanted: NewWorkspace, report: Report, cancelled: Cancelled) -> Desk:
        from app.usecases import workspaces
        from app.wiring.first_day import found_workspace

        report(0, 2)
        if cancelled():
            raise Refused("work.cancelled")
        folder = self._own_folder()
        office = found_workspace(folder, wanted, self._clock, self._starter)
        report(1, 2)
        self._folder, self._in_demo = folder, False
        workspaces.close(office)
        desk = self._unlock(wanted.passphrase)
        report(2, 2)
        return desk

    def _open_demo(self, report: Report, cancelled: Cancelled) -> Desk:
        from app.usecases.demo import Plan, make_demo

        base = paths.default_workspaces_dir() / "演示"
        if not (base / "passphrase.txt").exists():
            make_demo(base, Plan(1, DEMO_HOUSEHOLDS), self._clock.now(), report, cancelled)
        self.close()
        self._folder, self._in_demo = base / "village-01", True
        return self._unlock((base / "passphrase.txt").read_text(encoding="utf-8").strip())

    def _restored(self, path: Path, passphrase: str) -> Desk:
        """Restore a backup into a folder of its own and open it there; the old folder stays as it is."""
        from app.domain.calendar import civil_date
        from app.usecases.backups import restore

        base = self._folder.parent if self._is_named else paths.default_workspaces_dir()
        folder = free_folder(base, civil_date(self._clock.now()).isoformat())
        restore(path, folder, passphrase, self._clock)
        self.close()
        self._folder, self._in_demo = folder, False
        return self._unlock(passphrase)

    def _seat(self, room: Room) -> Desk:
        if self._room is not None and self._room is not room:
            self._room.close()
        self._room = room
        if not self._in_demo:
            # The demonstration is no workspace of anybody: the next start asks for one again.
            _remember(self._folder)
        from app.wiring.seat import make_desk

        return make_desk(room, "")


def _remembered() -> Path:
    """Return the workspace opened last; if none is remembered the usual folder, or that of version 0.1.0."""
    recent = load_settings(paths.settings_file()).settings.recent_workspaces
    if recent:
        return Path(recent[0])
    usual, old = paths.default_workspaces_dir() / _FOLDER, paths.former_workspaces_dir() / _FOLDER
    return old if (old / _KEYS).exists() and not (usual / _KEYS).exists() else usual


def _check_code(level: Level, code: str) -> None:
    if level_of(checked_code(code)) is not level:
        raise Refused("region.other_level", level=str(level))


def _looks() -> Looks:
    settings = load_settings(paths.settings_file()).settings
    return Looks(settings.font_scale is FontScale.LARGE, settings.high_contrast)


def _save_looks(looks: Looks) -> None:
    scale = FontScale.LARGE if looks.large else FontScale.NORMAL
    old = load_settings(paths.settings_file()).settings
    _keep(replace(old, font_scale=scale, high_contrast=looks.contrast))


def _remember(folder: Path) -> None:
    old = load_settings(paths.settings_file()).settings
    _keep(with_workspace(old, folder))


def _keep(settings: Settings) -> None:
    save_settings(paths.settings_file(), settings)
