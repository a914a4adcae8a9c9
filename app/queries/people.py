"""The people of this computer: what they do, whether they can unlock it, when they last worked at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.identity import mask_phone

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.storage.line_sql import Source


@dataclass(frozen=True, slots=True)
class Colleague:
    """``phone`` is masked; ``last_used`` is ISO with zone, "" for never; ``first`` founded the workspace."""

    id: str
    name: str
    position: str
    unit: str
    phone: str
    active: bool
    can_unlock: bool
    last_used: str
    first: bool = False


def colleagues(source: Source, scope: str, owners: Collection[str]) -> tuple[Colleague, ...]:
    """Return the people of an area, those at work first, by name.

    ``scope`` has 12 digits; ``owners`` are the owners in the key file, "" for the first person.
    """
    used = {str(person): str(at) for person, at in _rows(source, _LAST_USED)}
    first = next((str(value) for (value,) in _rows(source, _FIRST)), "")
    found = [
        Colleague(
            id=str(uid),
            name=str(name or ""),
            position=str(position or ""),
            unit=str(unit or ""),
            phone=mask_phone(str(phone)) if phone else "",
            active=active == 1,
            can_unlock=uid in owners or (uid == first and "" in owners),
            last_used=used.get(str(uid), ""),
            first=uid == first,
        )
        for uid, name, position, unit, phone, active in source.exec_driver_sql(_PEOPLE, (scope,))
    ]
    return tuple(sorted(found, key=lambda one: (not one.active, one.name, one.id)))


_PEOPLE = "SELECT uid, name, position, unit, phone, active FROM p_person WHERE entity_scope = ?"
_LAST_USED = "SELECT person, max(at) FROM audit GROUP BY person"
_FIRST = "SELECT value FROM meta WHERE key = 'first_person'"


def _rows(source: Source, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in source.exec_driver_sql(statement)]
