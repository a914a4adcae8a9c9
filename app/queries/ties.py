"""What ties a household to others: split off, second registration, moved from or to another village."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.ids import Kind
from app.queries import rows
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from app.queries.policy import Policy


class TieKind(StrEnum):
    """How the other household stands to this one."""

    DOUBLE_OF = "double_of"  # this one is the second registration of the other
    DOUBLE = "double"  # the other is a second registration of this one
    CAME_FROM = "came_from"
    MOVED_TO = "moved_to"
    SPLIT_FROM = "split_from"
    SPLIT_INTO = "split_into"


@dataclass(frozen=True, slots=True)
class Tie:
    """Another household and where it is; ``head`` and ``village`` are "" when it is not known here."""

    kind: TieKind
    household: str
    head: str
    code: str
    village: str


_OUT = {"alias_of": TieKind.DOUBLE_OF, "came_from": TieKind.CAME_FROM, "split_from": TieKind.SPLIT_FROM}
_IN = {"alias_of": TieKind.DOUBLE, "came_from": TieKind.MOVED_TO, "split_from": TieKind.SPLIT_INTO}


def ties(conn: Connection, places: Mapping[str, str], household: str) -> tuple[Tie, ...]:
    """Return every household this one is tied to; ``places`` names villages by 12-digit code.

    Raises:
        Refused: ``entity.unknown``.
    """
    return tuple(_ties(conn, places, household))


def _ties(conn: Connection, places: Mapping[str, str], household: str) -> Iterator[Tie]:
    values = rows.get(conn, Kind.HOUSEHOLD, household)
    for code, kind in _OUT.items():
        if values.get(code):
            yield _tie(conn, places, kind, str(values[code]))
    table = tables.PROJECTED[Kind.HOUSEHOLD]
    for code, kind in _IN.items():
        query = select(table.c.uid).where(table.c[code] == household).order_by(table.c.uid)
        for uid in conn.execute(query).scalars():
            yield _tie(conn, places, kind, str(uid))


def _tie(conn: Connection, places: Mapping[str, str], kind: TieKind, uid: str) -> Tie:
    line = tables.household_line
    row = conn.execute(select(line.c.head, line.c.code, line.c.village).where(line.c.uid == uid)).first()
    if row is None:
        return Tie(kind, uid, "", "", "")
    return Tie(kind, uid, row.head, row.code, places.get(row.village, row.village))


def papers_of(conn: Connection, policy: Policy, household: str) -> tuple[str, ...]:
    """Return the papers with legal effect of a household in words, oldest first; struck ones left out."""
    types = policy.codes("document_type")
    found = [values for _, values in rows.where(conn, Kind.DOCUMENT, household=household)]
    found.sort(key=lambda paper: (rows.text(paper, "issued_on"), rows.text(paper, "no")))
    named = [
        (types.label(rows.text(one, "type")), rows.text(one, "no"), rows.text(one, "issued_on"))
        for one in found
    ]
    return tuple(" ".join(part for part in parts if part) for parts in named)
