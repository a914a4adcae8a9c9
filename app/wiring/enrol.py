"""The three pages of enrolment, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.desks.enrol import Asked, Chosen, EnrolDesk, Granted, Offer
from app.wiring.arrivals import union
from app.wiring.sharing import remember

if TYPE_CHECKING:
    from pathlib import Path

    from app.usecases.merges import FileOutcome
    from app.wiring.room import Room


def enrol_desk(room: Room) -> EnrolDesk:
    """Return the callables of enrolment."""
    return EnrolDesk(
        own_code=partial(_own_code, room),
        request=partial(_request, room),
        read_request=partial(_read_request, room),
        grant=partial(_grant, room),
        offer=partial(_offer, room),
        accept=partial(_accept, room),
        starter=partial(_starter, room),
    )


def _own_code(room: Room) -> str:
    from app.usecases.enrolment import own_code

    return own_code(room.office)


def _request(room: Room, folder: Path) -> Path:
    from app.usecases.enrolment import request

    remember(folder)
    return request(room.office, folder)


def _read_request(room: Room, path: Path) -> Asked:
    from app.usecases.enrolment import read_request

    found = read_request(room.office, path)
    return Asked(found.level, found.scope, found.place, found.person, found.machine, found.code)


def _grant(room: Room, path: Path, folder: Path, code: str, chosen: Chosen) -> Granted:
    from app.files.enrolment import Choice
    from app.usecases.enrolment import grant

    choice = Choice(chosen.level, chosen.scope)
    file, released = grant(room.office, path, folder, code, choice, chosen.name)
    remember(folder)
    return _granted(file, released)


def _offer(room: Room, path: Path) -> Offer:
    from app.usecases.enrolment import look_into

    found = look_into(room.office, path)
    names = {**room.places, **found.starter.places}
    given = found.certificate
    return Offer(
        file=path,
        is_starter=given is None,
        roots=tuple((code, names.get(code, code)) for code in found.roots),
        is_new=found.is_new,
        level=str(given.level) if given else "",
        scope=given.scope if given else "",
        place=names.get(given.scope, given.scope) if given else "",
        places=found.starter.places,
        line_fen=found.starter.line_fen,
        line_doc=found.starter.line_doc,
    )


def _accept(room: Room, path: Path) -> Granted:
    from app.usecases.enrolment import accept

    return _granted(path, accept(room.office, path))


def _granted(file: Path, released: tuple[FileOutcome, ...]) -> Granted:
    failed = sum(one.refused is not None for one in released)
    return Granted(file, len(released) - failed, failed, sum(one.new for one in released), union(released))


def _starter(room: Room, folder: Path) -> Path:
    from app.usecases.enrolment import write_starter

    remember(folder)
    return write_starter(room.office, folder)
