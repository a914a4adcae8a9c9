"""What the three pages of enrolment (登记) are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.ids import Level


@dataclass(frozen=True, slots=True)
class Asked:
    """A request file: who asks, for which place and level, on which machine; ``code`` has 8 digits."""

    level: Level
    scope: str
    place: str
    person: str
    machine: str
    code: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the clerk certifies: the level, the 12-digit code, and what the place is called ("" as now)."""

    level: Level
    scope: str
    name: str


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant file that was written or taken.

    ``packages`` waited for it and were read in, ``entries`` came along; ``failed`` could not be read.
    """

    file: Path
    packages: int
    failed: int
    entries: int
    changes: Changes


@dataclass(frozen=True, slots=True)
class Offer:
    """A grant or starter file before it is accepted.

    ``roots`` are those whose word is believed from then on (12-digit code, name), ``is_new`` that they were
    not before; ``level`` and ``scope`` are what is granted, "" for a starter file. ``places`` are the
    names it brings, ``line_fen`` and ``line_doc`` the line it tells (0: none).
    """

    file: Path
    is_starter: bool
    roots: tuple[tuple[str, str], ...]
    is_new: bool
    level: str
    scope: str
    place: str
    places: Mapping[str, str]
    line_fen: int
    line_doc: str


@dataclass(frozen=True, slots=True)
class EnrolDesk:
    """Ask, grant and accept.

    ``request(folder)`` writes this computer's request file; ``own_code()`` are its eight digits.
    ``grant(file, folder, code, choice)``; ``offer(file)`` looks into a grant or starter file without
    taking it. ``starter(folder)`` writes a starter file for everybody below.
    """

    own_code: Callable[[], str]
    request: Callable[[Path], Path]
    read_request: Callable[[Path], Asked]
    grant: Callable[[Path, Path, str, Chosen], Granted]
    offer: Callable[[Path], Offer]
    accept: Callable[[Path], Granted]
    starter: Callable[[Path], Path]
