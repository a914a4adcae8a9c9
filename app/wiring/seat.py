"""The desk behind the door: every group of callables, for the person who sits down."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from app.domain.calendar import CHINA
from app.domain.ids import EntityId, Level
from app.domain.person import Actor
from app.domain.region import parent_of
from app.ui.desk import Desk, Place
from app.wiring.groups import groups
from app.wiring.home import home_desk
from app.wiring.settings import persons, settings_desk

if TYPE_CHECKING:
    from datetime import datetime

    from app.queries.persons import PersonLine
    from app.wiring.room import Room


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
        now=partial(_now, room),
        home=home_desk(room),
        settings=settings_desk(room),
        groups=groups(room),
        demo=room.source.meta("demo") == "1",
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


def _now(room: Room) -> datetime:
    """Return the moment as the clock on the wall shows it, whatever zone the computer keeps."""
    return room.clock.now().astimezone(CHINA)


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
