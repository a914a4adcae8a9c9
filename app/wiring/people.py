"""The people of this computer and the lock of its window, filled from the room."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from app import paths
from app.domain.calendar import civil_date
from app.settings import load_settings, save_settings
from app.ui.desk import LockDesk
from app.ui.desks.people import Dues, HandedOver, HandoverDesk, Newcomer, PeopleDesk, Successor, Suggested

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.changes import Changes
    from app.domain.document import Paper
    from app.queries.people import Colleague
    from app.ui.desk import Desk
    from app.wiring.room import Room


def people_desk(room: Room) -> PeopleDesk:
    """Return the callables of the page of people."""
    return PeopleDesk(
        people=partial(_people, room),
        add=partial(_add, room),
        describe=partial(_describe, room),
        disable=partial(_disable, room),
        enable=partial(_enable, room),
        reset=partial(_reset, room),
        change_own=partial(_change_own, room),
        same=partial(_same, room),
        suggest=_suggest,
        sheet=partial(_sheet, room),
    )


def lock_desk(room: Room, seat: Callable[[Room, str], Desk]) -> LockDesk:
    """Return the callables of the lock; ``seat`` makes the desk of a person of a room."""
    return LockDesk(
        arrive=partial(_arrive, room),
        lock=room.lock,
        enter=partial(_enter, room, seat),
        minutes=lock_minutes,
        set_minutes=_set_lock_minutes,
    )


def lock_minutes() -> int:
    """Return after how many minutes without input the window locks itself."""
    return load_settings(paths.settings_file()).settings.lock_minutes


def _set_lock_minutes(minutes: int) -> None:
    old = load_settings(paths.settings_file()).settings
    save_settings(paths.settings_file(), replace(old, lock_minutes=minutes))


def _arrive(room: Room) -> None:
    from app.usecases.people import note_seat
    from app.usecases.recovery import refresh

    note_seat(room.office)
    refresh(room.office)


def _enter(room: Room, seat: Callable[[Room, str], Desk], passphrase: str, switching: bool) -> Desk:
    """Open the room for the owner of the passphrase, or for who worked under it before the lock."""
    from app.usecases.keys import owners
    from app.usecases.workspaces import person_actor

    before = room.person
    owner = room.unlock(passphrase)
    own = {room.person_of(one) for one in owners(room.folder)}
    person = owner if switching or before in own else before
    if person != before:
        room.sit_down(person_actor(room.office.workspace, person))
    return seat(room, person)


def _people(room: Room) -> tuple[Colleague, ...]:
    from app.queries.people import colleagues
    from app.usecases.keys import owners

    return colleagues(room.source, room.own.scope, owners(room.folder))


def _add(room: Room, new: Newcomer) -> Changes:
    from app.usecases import people

    made = people.Newcomer(new.name, new.position, new.phone, new.passphrase)
    return people.add(room.office, made, new.own)


def _describe(room: Room, person: str, position: str, phone: str | None) -> Changes:
    from app.usecases.people import describe

    return describe(room.office, person, position, phone)


def _disable(room: Room, person: str) -> Changes:
    from app.usecases.people import disable

    return disable(room.office, person)


def _enable(room: Room, person: str, passphrase: str, own: str) -> Changes:
    from app.usecases.people import enable

    return enable(room.office, person, passphrase, own)


def _reset(room: Room, person: str, new: str, own: str) -> None:
    from app.usecases.people import reset_passphrase

    reset_passphrase(room.office, person, new, own)


def _change_own(room: Room, old: str, new: str) -> None:
    from app.usecases.people import change_own_passphrase

    change_own_passphrase(room.office, old, new)


def _same(room: Room, person: str) -> Changes:
    from app.usecases.people import be_the_same
    from app.usecases.workspaces import person_actor

    changes = be_the_same(room.office, person)
    room.sit_down(person_actor(room.office.workspace, person))
    return changes


def _suggest() -> Suggested:
    import secrets

    from app.crypto.passphrase_words import suggest

    found = suggest(secrets.token_bytes)
    return Suggested(found.passphrase, found.reminder)


def _sheet(room: Room, name: str, suggested: Suggested) -> Paper:
    from app.domain.document import Paper
    from reports.passphrase_sheet import PassphraseSheet, missing_characters, render

    on = civil_date(room.clock.now()).isoformat()
    sheet = PassphraseSheet(name, suggested.passphrase, suggested.reminder, on)
    return Paper(f"口令单-{on}.pdf", render(sheet), missing_characters(sheet), "passphrase")


def handover_desk(room: Room) -> HandoverDesk:
    """Return the callables of the page of handing over."""
    return HandoverDesk(dues=partial(_dues, room), hand_over=partial(_hand_over, room))


def _dues(room: Room) -> Dues:
    from app.usecases.handover import whats_due

    found = whats_due(room.office)
    return Dues(found.households, found.steps, found.to_come, found.drafts, found.unsent, found.papers)


def _hand_over(room: Room, to: Successor) -> HandedOver:
    """Hand over and let the new person sit down."""
    from app.usecases import handover
    from app.usecases.workspaces import person_actor

    wanted = handover.Successor(
        to.person, to.name, to.position, to.phone, to.passphrase, reassign=to.reassign
    )
    done = handover.hand_over(room.office, wanted, to.own)
    slip = handover.sheet_of(room.office, done)
    room.sit_down(person_actor(room.office.workspace, done.incoming))
    return HandedOver(done.incoming, done.incoming_name, slip, done.changes)
