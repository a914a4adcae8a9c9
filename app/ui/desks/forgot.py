"""What the pages about a forgotten passphrase are given: before the door, and at the office above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from app.domain.ids import Level
    from app.queries.persons import PersonLine


@dataclass(frozen=True, slots=True)
class ForgotState:
    """``possible`` says that an office above can help; ``people`` have a passphrase here.

    ``code`` has the eight digits of the request that waits for its answer, "" without one.
    """

    possible: bool
    people: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A request that was written, with its eight digits."""

    file: Path
    code: str


@dataclass(frozen=True, slots=True)
class ForgotDesk:
    """Before the door; ``request(person, folder)``, ``peek(answer)``, ``finish(answer, person, new)``."""

    state: Callable[[], ForgotState]
    request: Callable[[str, Path], Written]
    peek: Callable[[Path], Sequence[PersonLine]]
    finish: Callable[[Path, str, str], None]


@dataclass(frozen=True, slots=True)
class Plea:
    """A request as the office above sees it; ``known`` says that the computer is enrolled."""

    level: Level
    scope: str
    place: str
    person: str
    machine: str
    code: str
    known: bool


@dataclass(frozen=True, slots=True)
class RescueDesk:
    """At the office above; ``answer(request, folder, code)`` takes the digits heard from the other side.

    ``rescuers()`` are the names of the offices that could help this computer.
    """

    look: Callable[[Path], Plea]
    answer: Callable[[Path, Path, str], Path]
    rescuers: Callable[[], Sequence[str]]
