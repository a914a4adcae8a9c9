"""The persons who work at this computer.

The window imports this module before its first paint: SQLAlchemy is imported inside functions only.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in charge; inactive ones keep their records but cannot be chosen."""

    id: str
    name: str
    position: str
    unit: str
    active: bool = True
