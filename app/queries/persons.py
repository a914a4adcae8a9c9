"""The persons who work at this computer.

The window imports this module before its first paint: no SQLAlchemy here. ``source`` is a SQLAlchemy
connection or the quick reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.storage.line_sql import Source


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in charge; inactive ones keep their records but cannot be chosen."""

    id: str
    name: str
    position: str
    unit: str
    active: bool = True


def persons(source: Source) -> tuple[PersonLine, ...]:
    """Return every person this workspace knows, those at work first, by name."""
    found = source.exec_driver_sql("SELECT uid, name, position, unit, active FROM p_person")
    lines = [
        PersonLine(uid, name or "", position or "", unit or "", active != 0)
        for uid, name, position, unit, active in found
    ]
    return tuple(sorted(lines, key=lambda line: (not line.active, line.name, line.id)))
