"""What the pages about computers and whom to believe are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.domain.changes import Changes
    from app.queries.devices import DeviceLine
    from app.queries.held import HeldLine
    from app.ui.runner import Cancelled, Report


@dataclass(frozen=True, slots=True)
class DevicesNow:
    """How the computers stand: all of the area, late entries to look at, and this computer's own end.

    ``until`` is the last day of its certificate (ISO, "" while not enrolled), ``ends_soon`` that it is time
    to renew; ``root`` tells that this office holds the keys of a root, ``root_kept`` that they are in safety.
    """

    lines: tuple[DeviceLine, ...]
    held: int
    until: str
    ends_soon: bool
    root: bool
    root_kept: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What stopping one means: ``entries`` count, the newest of ``up_to`` (ISO, China; "" for none)."""

    entries: int
    up_to: str


@dataclass(frozen=True, slots=True)
class Filling:
    """A package for a new computer was written; ``code`` are the eight digits to compare afterwards."""

    files: tuple[str, ...]
    folder: str
    entries: int
    photos: int
    code: str


@dataclass(frozen=True, slots=True)
class DevicesDesk:
    """Computers of the area, stopped ones and what they wrote late, and the filling of new ones.

    Computers go by their signing ``key``. ``revoke(key, reason)``, ``lift(key)``; ``adopt`` and ``decline``
    take ids of held entries. ``fill(folder, scope)`` writes the package for a new computer of an area.
    """

    now: Callable[[], DevicesNow]
    outlook: Callable[[str], Outlook]
    revoke: Callable[[str, str], Changes]
    lift: Callable[[str], Changes]
    held: Callable[[], tuple[HeldLine, ...]]
    adopt: Callable[[tuple[str, ...]], Changes]
    decline: Callable[[tuple[str, ...]], Changes]
    fill: Callable[[Path, str, Report, Cancelled], Filling]
    filled_code: Callable[[], str]
