"""The households a paper lists, in the order of the village."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.ids import Kind
from app.queries import rows
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value

_MARKS = 400  # bound parameters per IN (...)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One case with what a paper says of its household; ``values`` are the case's fields."""

    case: str
    household: str
    village: str
    head: str
    group: str
    size: int
    sort: str
    due_on: str
    values: Mapping[str, Value]


def rows_of_cases(conn: Connection, cases: Iterable[str]) -> list[PaperRow]:
    """Return these cases in the order of village, group and household number; unknown ones are left out."""
    wanted = sorted(set(cases))
    table = tables.case_line
    columns = (table.c.uid, table.c.household, table.c.village, table.c.head, table.c.team, table.c.size)
    found: list[PaperRow] = []
    for start in range(0, len(wanted), _MARKS):
        part = wanted[start : start + _MARKS]
        values = rows.many(conn, Kind.CASE, part)
        query = select(*columns, table.c.sort, table.c.due_on).where(table.c.uid.in_(part))
        found += [
            PaperRow(
                case=row.uid,
                household=row.household,
                village=row.village,
                head=row.head,
                group=row.team,
                size=row.size,
                sort=row.sort,
                due_on=row.due_on,
                values=values[row.uid],
            )
            for row in conn.execute(query)
        ]
    return sorted(found, key=lambda row: (row.sort, row.case))


def rows_where(conn: Connection, field: str, uid: str) -> list[PaperRow]:
    """Return the cases whose field points at a record, in the same order."""
    table = tables.PROJECTED[Kind.CASE]
    query = select(table.c.uid).where(table.c[field] == uid)
    return rows_of_cases(conn, (str(found) for found in conn.execute(query).scalars()))


def totals(listed: Iterable[PaperRow]) -> tuple[int, int]:
    """Return the numbers of households and of persons; a household with two cases is counted once."""
    sizes = {row.household: row.size for row in listed}
    return len(sizes), sum(sizes.values())
