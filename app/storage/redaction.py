"""Carry out redactions: bodies become their digests, files go, and what went must not come in again.

Every computer does this by itself when a redaction that counts reaches it, whatever arrives first. What
cannot be undone by a transaction (photos, drafts, free pages) is noted under ``SWEEP`` and done after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, Connection, delete, func, insert, literal_column, select, update

from app.journal.authority import EntryState
from app.journal.entry import Body, trusted
from app.journal.redaction import is_redaction, names_gone, reduced
from app.storage import tables
from app.storage.tx import get_meta, set_meta

if TYPE_CHECKING:
    from collections.abc import Iterable

SWEEP: Final = "sweep"
"""Bookkeeping value: "1" while something deleted may still lie in files beside the tables."""

NOWHERE: Final = 0
"""The local number of the entity of an entry that came in reduced: nobody can tell what it was about."""

IS_REDACTED: Final[ColumnElement[bool]] = literal_column(f"journal.state = {int(EntryState.REDACTED)}")
"""The condition, a constant in the statement: else the partial index would not serve."""


def gone(conn: Connection) -> frozenset[str]:
    """Return the names of entries and files ("sha256:<hex>") that must not come in again."""
    return frozenset(conn.execute(select(tables.gone.c.name)).scalars())


def carry_out(conn: Connection, found: Iterable[tuple[str, Body]]) -> None:
    """Carry out redactions ``(id, body)`` that count; the caller projects their entities afterwards."""
    for by, body in found:
        names = names_gone(body)
        _note(conn, by, names)
        _reduce(conn, body.entity, names[0])
        blob, answers = tables.blob, tables.answer_json
        conn.execute(delete(blob).where(blob.c.hash.in_(names[1:])))
        conn.execute(delete(answers).where(answers.c.blob.in_(names[1:])))
        set_meta(conn, SWEEP, "1")


def _note(conn: Connection, by: str, names: Iterable[str]) -> None:
    table = tables.gone
    for name in names:
        if conn.execute(select(table.c.name).where(table.c.name == name)).first() is None:
            conn.execute(insert(table).values(name=name, by=by))


def _reduce(conn: Connection, entity: str, entry: str) -> None:
    table = tables.journal
    own = conn.execute(select(tables.entity.c.eid).where(tables.entity.c.uid == entity)).scalar()
    here = table.c.eid.in_([own, NOWHERE]) if own is not None else table.c.eid == NOWHERE
    rows = conn.execute(
        select(table.c.lid, table.c.body, table.c.state).where(here, table.c.id == entry)
    ).all()
    for row in rows:
        if row.state != EntryState.REDACTED and not is_redaction(trusted(row.body)):
            left = reduced(row.body.encode()).decode()
            _write(conn, row.lid, (own or NOWHERE, EntryState.REDACTED, left))


def _write(conn: Connection, lid: int, row: tuple[int, int, str]) -> None:
    eid, state, body = row
    table = tables.journal
    conn.execute(update(table).where(table.c.lid == lid).values(eid=eid, state=int(state), body=body))


def make_whole(conn: Connection, lid: int, row: tuple[int, int, str]) -> None:
    """Put entity number, state and body back into an entry that had come in reduced."""
    _write(conn, lid, row)


def take_back(conn: Connection, found: Iterable[tuple[str, Body]]) -> None:
    """Let redactions ``(id, body)`` count no longer; what they removed may come in again from elsewhere."""
    table = tables.gone
    bodies = list(found)
    for by, _ in bodies:
        conn.execute(delete(table).where(table.c.by == by))
    for entity in {body.entity for _, body in bodies}:
        for by, body in _redactions_of(conn, entity):
            _note(conn, by, names_gone(body))


def _redactions_of(conn: Connection, entity: str) -> list[tuple[str, Body]]:
    table = tables.journal
    query = (
        select(table.c.id, table.c.body)
        .join(tables.entity, tables.entity.c.eid == table.c.eid)
        .where(tables.entity.c.uid == entity, table.c.state == EntryState.PROJECTED)
    )
    found = [(row.id, trusted(row.body)) for row in conn.execute(query)]
    return [(entry, body) for entry, body in found if is_redaction(body)]


def reduced_rows(conn: Connection, stream: str) -> list[tuple[int, int, str]]:
    """Return local number, number in the stream and id of the entries of a stream that are only digests."""
    table = tables.journal
    query = (
        select(table.c.lid, table.c.seq, table.c.id)
        .join(tables.stream, tables.stream.c.sid == table.c.sid)
        .where(IS_REDACTED, tables.stream.c.uid == stream)
    )
    return [(row.lid, row.seq, row.id) for row in conn.execute(query)]


def withheld(conn: Connection) -> int:
    """Count the entries that came in reduced without a redaction that says why."""
    table = tables.journal
    known = select(tables.gone.c.name)
    query = select(func.count()).select_from(table).where(IS_REDACTED, table.c.id.not_in(known))
    return int(conn.execute(query).scalar() or 0)


def needs_sweep(conn: Connection) -> bool:
    """Tell whether something deleted may still lie in files beside the tables."""
    return get_meta(conn, SWEEP) == "1"
