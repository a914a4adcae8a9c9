"""What a return marked and nobody put right yet, by the fields a questionnaire asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.calendar import civil_date
from app.domain.ids import Kind
from app.domain.returned import VERDICT
from app.queries import rows
from app.queries.board import Look
from app.queries.returned import rests_on, returned_line
from app.questionnaire.marked import Highlight
from app.usecases.core_records import item_field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from app.queries.returned import MarkLine
    from app.usecases.office import Office

_MONEY = frozenset({Kind.INCOME, Kind.EXPENSE})


def highlights(office: Office, case: str) -> tuple[Highlight, ...]:
    """Return what to highlight while a questionnaire of a case is filled in.

    Once the case was sent up again that is nothing. What has no words of its own carries the reason of the
    whole return.

    Raises:
        Refused: ``entity.unknown`` and the pack's codes.
    """
    workspace = office.workspace
    look = Look(office.policy, civil_date(workspace.clock.now()), workspace.standing().places)
    with workspace.read() as conn:
        line = returned_line(conn, look, case)
        if line is None or not line.open:
            return ()
        left = [mark for mark in line.marks if not mark.fixed]
        return tuple(
            Highlight(field, owner, mark.note or line.reason)
            for mark in left
            for field, owner in _fields(conn, office, case, mark)
        )


def _fields(conn: Connection, office: Office, case: str, mark: MarkLine) -> Iterator[tuple[str, str]]:
    if mark.kind == VERDICT:
        values = rows.get(conn, Kind.CASE, case)
        yield from ((ref, "") for ref in sorted(rests_on(office.policy, values, mark.field)))
    elif mark.kind in _MONEY and mark.entity:
        kind = Kind(mark.kind)
        item = rows.find(conn, kind, mark.entity)
        yield from [(item_field(kind, item), "")] if item else []
    else:
        yield f"{mark.kind}.{mark.field or '*'}", mark.entity if mark.kind == Kind.MEMBER else ""
