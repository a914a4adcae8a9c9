"""Who else is registered here under an identity number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.identity import normalise
from app.domain.ids import Kind
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A present member with the number that was asked about; ``head`` is the head of the household."""

    household: str
    name: str
    head: str
    group: str
    village: str


def known_persons(
    conn: Connection, places: Mapping[str, str], number: str, beside: str = ""
) -> tuple[KnownPerson, ...]:
    """Return the present members of other households than ``beside`` with this number, by household.

    ``places`` names villages by their 12-digit code.
    """
    wanted = normalise(number)
    if not wanted:
        return ()
    member, line = tables.PROJECTED[Kind.MEMBER], tables.household_line
    query = (
        select(line.c.uid, member.c.name, line.c.head, line.c.team, line.c.village)
        .join(line, line.c.uid == member.c.household)
        .where(
            member.c.id_number == wanted,
            member.c.status.in_(("", "present")),
            line.c.status.in_(("", "active")),
            line.c.uid != beside,
        )
        .order_by(line.c.sort)
    )
    return tuple(
        KnownPerson(row.uid, row.name or "", row.head, row.team, places.get(row.village, row.village))
        for row in conn.execute(query)
    )
