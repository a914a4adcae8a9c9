"""The door of the window: unlock, create, open the demonstration; and the desk behind it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.domain.errors import Refused
from app.domain.ids import EntityId, Level
from app.domain.person import Actor
from app.domain.region import checked_code, level_of, parent_of
from app.settings import FontScale, Settings, load_settings, save_settings, with_workspace
from app.ui.desk import Desk, Door, Looks, NewWorkspace, Place, Starter
from app.wiring.groups import groups
from app.wiring.home import home_desk
from app.wiring.room import Room
from app.wiring.settings import persons, settings_desk

if TYPE_CHECKING:
    from app.domain.calendar import Clock
    from app.queries.persons import PersonLine
    from app.ui.runner import Cancelled, Report

DEMO_HOUSEHOLDS = 120
"""Small enough to be made while somebody waits, large enough to show every step."""


class Entrance:
    """Holds the one room that is open and remembers where workspaces lie."""

    def __init__(self, clock: Clock, folder: Path | None = None) -> None:
        self._clock = clock
        self._room: Room | None = None
        self._starter: Path | None = None
        self._folder = folder or self._remembered()

    def door(self) -> Door:
        """Return the door the main window is given."""
        return Door(
            exists=(self._folder / "keys.json").exists(),
            where=str(self._folder),
            unlock=self._unlock,
            create=self._create,
            open_demo=self._open_demo,
            check_code=_check_code,
            read_starter=self._read_starter,
            looks=_looks,
            save_looks=_save_looks,
        )

    def close(self) -> None:
        """Close the open room, if any."""
        if self._room is not None:
            self._room.close()
            self._room = None

    @property
    def room(self) -> Room | None:
        """The open room."""
        return self._room

    def _remembered(self) -> Path:
        recent = load_settings(paths.settings_file()).settings.recent_workspaces
        return Path(recent[0]) if recent else paths.default_workspaces_dir() / "工作区"

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

    def enter(self, key: bytes, owner: str) -> Desk:
        """Open the workspace with its key in hand."""
        return self._seat(Room(self._folder, key, owner, self._clock))

    def _create(self, wanted: NewWorkspace, report: Report, cancelled: Cancelled) -> Desk:
        from app.usecases import workspaces
        from app.wiring.first_day import found_workspace

        report(0, 2)
        if cancelled():
            raise Refused("work.cancelled")
        office = found_workspace(self._folder, wanted, self._clock, self._starter)
        report(1, 2)
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
        self._folder = base / "village-01"
        return self._unlock((base / "passphrase.txt").read_text(encoding="utf-8").strip())

    def _seat(self, room: Room) -> Desk:
        if self._room is not None and self._room is not room:
            self._room.close()
        self._room = room
        _remember(self._folder)
        return make_desk(room, "")


def make_desk(room: Room, person: str) -> Desk:
    """Return the desk of a room; with several people and ``person`` empty nobody sits there yet."""
    facts = room.facts
    people = tuple(one for one in persons(room) if one.active)
    owner = person or (people[0].id if len(people) == 1 else "")
    here = next((one for one in people if one.id == owner), None)
    return Desk(
        place=Place(facts.level, facts.scope, _place_name(room)),
        person=here,
        people=people,
        use_person=partial(_use_person, room),
        now=room.clock.now,
        home=home_desk(room),
        settings=settings_desk(room),
        groups=groups(room),
        proxy_for=_place_name(room) if room.facts.scope != room.own.scope else "",
        write_for=partial(_write_for, room),
        leave_proxy=partial(_go_home, room, owner),
    )


def _write_for(room: Room, village: str) -> Desk:
    """Return the desk at which this township writes for one of its villages (代录)."""
    from app.usecases.enrolment import open_proxy

    office = open_proxy(room.office, village)
    room.sit_down(office.actor)
    return make_desk(room, office.actor.person)


def _go_home(room: Room, person: str) -> Desk:
    """Return the desk of the workspace's own area with the same person at it."""
    actor = room.office.actor
    room.sit_down(replace(actor, level=room.own.level, scope=room.own.scope))
    return make_desk(room, person)


def _use_person(room: Room, person: str) -> Desk:
    found: PersonLine = next(one for one in persons(room) if one.id == person)
    actor = Actor(EntityId(found.id), found.name, room.facts.level, room.facts.scope)
    room.sit_down(actor)
    return make_desk(room, person)


def _place_name(room: Room) -> str:
    places, scope = room.places, room.facts.scope
    own = places.get(scope, scope)
    if room.facts.level is Level.VILLAGE:
        above = places.get(parent_of(scope), "")
        return f"{above} · {own}" if above else own
    return own


def _check_code(level: Level, code: str) -> None:
    if level_of(checked_code(code)) is not level:
        raise Refused("region.other_level", level=str(level))


def _looks() -> Looks:
    settings = load_settings(paths.settings_file()).settings
    return Looks(settings.font_scale is FontScale.LARGE, settings.unknown.get("contrast") is True)


def _save_looks(looks: Looks) -> None:
    scale = FontScale.LARGE if looks.large else FontScale.NORMAL
    old = load_settings(paths.settings_file()).settings
    _keep(replace(old, font_scale=scale, unknown={**old.unknown, "contrast": looks.contrast}))


def _remember(folder: Path) -> None:
    old = load_settings(paths.settings_file()).settings
    _keep(with_workspace(old, folder))


def _keep(settings: Settings) -> None:
    save_settings(paths.settings_file(), settings)
