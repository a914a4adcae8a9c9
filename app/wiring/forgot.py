"""A forgotten passphrase: the callables before the door, and those of the office above."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.desks.forgot import ForgotDesk, ForgotState, Plea, RescueDesk, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.domain.calendar import Clock
    from app.queries.persons import PersonLine
    from app.wiring.room import Room


def forgot_desk(folder: Callable[[], Path], clock: Clock) -> ForgotDesk:
    """Return what can be done without a passphrase for the workspace in ``folder()``."""
    return ForgotDesk(
        state=lambda: _state(folder()),
        request=lambda person, target: _request(folder(), clock, person, target),
        peek=lambda answer: _peek(folder(), answer),
        finish=lambda answer, person, new: _finish(folder(), clock, answer, person, new),
    )


def rescue_desk(room: Room) -> RescueDesk:
    """Return what the office above does, and who is above this one."""
    return RescueDesk(
        look=partial(_look, room), answer=partial(_answer, room), rescuers=partial(_rescuers, room)
    )


def _state(folder: Path) -> ForgotState:
    from app.usecases.keys import owners
    from app.usecases.recovery import can_be_recovered, waiting

    kept = waiting(folder)
    return ForgotState(can_be_recovered(folder), len(owners(folder)), kept.code if kept is not None else "")


def _request(folder: Path, clock: Clock, person: str, target: Path) -> Written:
    from app.usecases.recovery import request

    made = request(folder, person, target, clock.now())
    return Written(made.file, made.code)


def _peek(folder: Path, answer: Path) -> tuple[PersonLine, ...]:
    from app.usecases.recovery import peek

    return peek(folder, answer)


def _finish(folder: Path, clock: Clock, answer: Path, person: str, new: str) -> None:
    from app.usecases.recovery import finish

    finish(folder, answer, person, new, clock)


def _look(room: Room, path: Path) -> Plea:
    from app.usecases.recovery import look

    found = look(room.office, path)
    return Plea(
        found.level, found.scope, found.place, found.person, found.machine, found.code, known=found.known
    )


def _answer(room: Room, path: Path, folder: Path, code: str) -> Path:
    from app.usecases.recovery import answer

    return answer(room.office, path, folder, code)


def _rescuers(room: Room) -> Sequence[str]:
    from app.usecases.recovery import rescuers

    places = room.places
    return tuple(places.get(code, code) for code in rescuers(room.office))
