"""The desk behind the door: every group of callables, for the person who sits down."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from app.domain.calendar import CHINA
from app.domain.errors import Refused
from app.domain.ids import EntityId, Level
from app.domain.person import Actor
from app.domain.region import parent_of
from app.ui.desk import Desk, LockDesk, Place
from app.wiring.groups import groups
from app.wiring.home import home_desk
from app.wiring.people import lock_desk
from app.wiring.settings import persons, settings_desk

if TYPE_CHECKING:
    from datetime import datetime

    from app.queries.persons import PersonLine
    from app.wiring.room import Room


def make_desk(room: Room, person: str) -> Desk:
    """Return the desk of a room.

    With ``person`` empty the owner of the passphrase sits there, or nobody yet when people without a
    passphrase of their own work under it.
    """
    facts = room.facts
    people = tuple(one for one in persons(room) if one.active)
    may_sit = _may_sit(room, people)
    owner = person or (may_sit[0].id if len(may_sit) == 1 else "")
    here = next((one for one in people if one.id == owner), None)
    return Desk(
        place=Place(facts.level, facts.scope, _place_name(room)),
        person=here,
        people=people if here is not None else may_sit,
        use_person=partial(_use_person, room),
        now=partial(_now, room),
        home=home_desk(room),
        settings=settings_desk(room),
        groups={**groups(room), LockDesk: lock_desk(room, make_desk)},
        demo=room.source.meta("demo") == "1",
        proxy_for=_place_name(room) if room.facts.scope != room.own.scope else "",
        write_for=partial(_write_for, room),
        leave_proxy=partial(_go_home, room, owner),
    )


def _may_sit(room: Room, people: tuple[PersonLine, ...]) -> tuple[PersonLine, ...]:
    """Return who may work after this passphrase: its owner, and those who have none of their own."""
    from app.usecases.keys import owners

    own = {room.person_of(owner) for owner in owners(room.folder)}
    return tuple(one for one in people if one.id == room.person or one.id not in own)


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


def _now(room: Room) -> datetime:
    """Return the moment as the clock on the wall shows it, whatever zone the computer keeps."""
    return room.clock.now().astimezone(CHINA)


def _use_person(room: Room, person: str) -> Desk:
    active = tuple(one for one in persons(room) if one.active)
    found = next((one for one in _may_sit(room, active) if one.id == person), None)
    if found is None:
        raise Refused("people.own_passphrase")
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
