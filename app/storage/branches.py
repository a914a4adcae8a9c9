"""The branches of a forked stream: rows that share a stem, as a tree.

A row holds the entries after ``fork`` up to ``head``; those before stand in its parent, which may be a
branch itself. What two rows share, and up to where a revoked stream is believed, depends on the set of
entries only, never on which branch came first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.journal import chain
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from app.domain.trust import StreamEnd


@dataclass(frozen=True, slots=True)
class Branch:
    """One row of a stream: entries ``fork + 1`` to ``head``; ``parent`` is None for the first row."""

    sid: int
    uid: str
    parent: int | None
    fork: int
    head: int


Path = list[tuple[int, int]]
"""From the first row to a branch: (row, number up to which its entries belong to the branch)."""


def of_stream(conn: Connection, uid: str) -> dict[int, Branch]:
    """Return the rows of one stream by their local number, the oldest first."""
    table = tables.stream
    columns = (table.c.sid, table.c.uid, table.c.parent_sid, table.c.fork_seq, table.c.head_seq)
    rows = conn.execute(select(*columns).where(table.c.uid == uid).order_by(table.c.sid))
    return {sid: Branch(sid, uid, parent, fork or 0, head) for sid, uid, parent, fork, head in rows}


def longest(
    conn: Connection, rows: Mapping[int, Branch], links: Sequence[bytes]
) -> tuple[Branch, int] | None:
    """Return the row that agrees with incoming links the longest, and up to which number.

    None when the stream is not here yet.
    """
    here = next((row for row in rows.values() if row.parent is None), None)
    if here is None:
        return None
    common = _agreement(conn, here, 0, links)
    while common < len(links) and (child := _child(conn, rows, here, common, links)) is not None:
        here, common = child, _agreement(conn, child, common + 1, links)
    return here, common


def _child(
    conn: Connection, rows: Mapping[int, Branch], here: Branch, common: int, links: Sequence[bytes]
) -> Branch | None:
    children = (row for row in rows.values() if row.parent == here.sid and row.fork == common)
    return next((row for row in children if _agrees(conn, row.sid, common + 1, links)), None)


def _agreement(conn: Connection, row: Branch, start: int, links: Sequence[bytes]) -> int:
    """Return the greatest number up to which a row agrees with the links; up to ``start`` it does."""
    last = min(row.head, len(links))
    if last > start and _agrees(conn, row.sid, last, links):
        return last
    low, high = start, last - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _agrees(conn, row.sid, middle, links):
            low = middle
        else:
            high = middle - 1
    return low


def _agrees(conn: Connection, sid: int, number: int, links: Sequence[bytes]) -> bool:
    return _entry(conn, sid, number) == chain.entry_id(links[number - 1])


def _entry(conn: Connection, sid: int, number: int) -> str | None:
    table = tables.journal
    found: str | None = conn.execute(
        select(table.c.id).where(table.c.sid == sid, table.c.seq == number)
    ).scalar()
    return found


def path(rows: Mapping[int, Branch], sid: int, number: int) -> Path:
    """Return the way from the first entry to entry ``number`` of a row."""
    steps = [(sid, number)]
    while (row := rows[steps[-1][0]]).parent is not None:
        steps.append((row.parent, min(row.fork, number)))
    return steps[::-1]


def shared(one: Path, other: Path) -> int:
    """Return the number up to which two ways are the same entries."""
    common = 0
    for (sid, number), (other_sid, other_number) in zip(one, other, strict=False):
        if sid != other_sid:
            break
        common = min(number, other_number)
        if number != other_number:
            break
    return common


def holder(conn: Connection, rows: Mapping[int, Branch], number: int, entry: str) -> int | None:
    """Return the row that holds this entry under this number, None when it is not here."""
    inside = (row.sid for row in rows.values() if row.fork < number <= row.head)
    return next((sid for sid in inside if _entry(conn, sid, number) == entry), None)


def held(conn: Connection, rows: Mapping[int, Branch], sid: int, number: int, entry: str) -> int:
    """Return up to where a row stands on the way to an entry; 0 when that entry is not here."""
    found = holder(conn, rows, number, entry)
    return 0 if found is None else shared(path(rows, sid, rows[sid].head), path(rows, found, number))


def believed(conn: Connection, rows: Mapping[int, Branch], sid: int, ends: Sequence[StreamEnd]) -> int:
    """Return up to which number the entries of a row of a revoked device count.

    An entry counts when it stands on the way to every entry named. While a named entry is not here, what
    all rows share is taken to stand on the way to it, unless one of them is as long: that is another branch,
    and where it left the way is not known.
    """
    return min((_believed(conn, rows, sid, end) for end in ends), default=0)


def _believed(conn: Connection, rows: Mapping[int, Branch], sid: int, end: StreamEnd) -> int:
    if holder(conn, rows, end.number, end.entry) is not None:
        return held(conn, rows, sid, end.number, end.entry)
    if any(row.head >= end.number for row in rows.values()):
        return 0
    return min((row.fork for row in rows.values() if row.parent is not None), default=end.number)
