"""Projected rows as plain field values: one entity, or the live children of one.

Only the sibling modules that hold SQL import this one; the window never does before its first paint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.errors import Refused
from app.domain.ids import Kind
from app.storage import tables
from app.storage.projector import row_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value

    Values = Mapping[str, Value]
    Row = tuple[str, dict[str, Value]]
    """The entity id and the field values of one entity."""

_MARKS = 400  # bound parameters per IN (...)


def find(conn: Connection, kind: Kind, uid: str) -> dict[str, Value] | None:
    """Return the values of one entity, None when there is none of this kind."""
    table = tables.PROJECTED[kind]
    row = conn.execute(select(table).where(table.c.uid == uid)).mappings().first()
    return None if row is None else row_values(row)


def get(conn: Connection, kind: Kind, uid: str) -> dict[str, Value]:
    """Return the values of one entity.

    Raises:
        Refused: ``entity.unknown`` (param ``kind``).
    """
    found = find(conn, kind, uid)
    if found is None:
        raise Refused("entity.unknown", kind=str(kind))
    return found


def where(conn: Connection, kind: Kind, **equal: Value) -> list[Row]:
    """Return the entities whose fields equal the given values, void ones left out, by entity id."""
    table = tables.PROJECTED[kind]
    query = select(table).order_by(table.c.uid)
    for code, value in equal.items():
        query = query.where(table.c[code] == value)
    found = [(str(row["uid"]), row_values(row)) for row in conn.execute(query).mappings()]
    return [(uid, values) for uid, values in found if not values.get("void")]


def many(conn: Connection, kind: Kind, uids: Iterable[str]) -> dict[str, dict[str, Value]]:
    """Return the values of several entities by id; unknown ids are left out."""
    table = tables.PROJECTED[kind]
    everything = sorted(set(uids) - {""})
    found: dict[str, dict[str, Value]] = {}
    for start in range(0, len(everything), _MARKS):
        query = select(table).where(table.c.uid.in_(everything[start : start + _MARKS]))
        found.update((str(row["uid"]), row_values(row)) for row in conn.execute(query).mappings())
    return found


def names(conn: Connection, uids: Iterable[str]) -> dict[str, str]:
    """Return the names of persons by id; a person nobody has told us about has none."""
    return {uid: str(values.get("name", "")) for uid, values in many(conn, Kind.PERSON, uids).items()}


def number(values: Values, code: str) -> int:
    """Return a field as a whole number, 0 when it is empty."""
    value = values.get(code, "")
    return value if isinstance(value, int) else 0


def text(values: Values, code: str) -> str:
    """Return a field as text, "" when it was never written."""
    return str(values.get(code, ""))
