"""Write projections: fold one entity into its row, then derive the lines of touched households.

Incremental writing and a full rebuild run the same two functions, so they cannot disagree.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, insert, select, update

from app.domain.ids import Kind, Value
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.journal.fold import Folded, fold, in_conflict
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.storage.shapes import Derives

_CHUNK = 400  # bound parameters per IN (...)


def fold_entity(conn: Connection, eid: int) -> Folded:
    """Fold the projected entries of one entity."""
    return fold_entities(conn, [eid]).get(eid, Folded({}))


def fold_entities(conn: Connection, eids: Iterable[int]) -> dict[int, Folded]:
    """Fold the projected entries of several entities."""
    found: dict[int, list[tuple[str, str]]] = {}
    for chunk in chunks(eids):
        query = (
            select(tables.journal.c.eid, tables.journal.c.id, tables.journal.c.body)
            .where(tables.journal.c.eid.in_(chunk))
            .where(tables.journal.c.state == EntryState.PROJECTED)
        )
        for eid, entry, body in conn.execute(query):
            found.setdefault(eid, []).append((entry, body))
    return {eid: fold((entry, trusted(body)) for entry, body in rows) for eid, rows in found.items()}


def chunks(items: Iterable[int]) -> Iterable[list[int]]:
    """Cut ids into lists short enough for one statement."""
    everything = list(items)
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]


def project(conn: Connection, kind: Kind, rows: Iterable[tuple[int, str, str, Folded]]) -> None:
    """Write the rows ``(eid, uid, scope, folded)`` of one kind, their conflicts and digests."""
    table = tables.PROJECTED[kind]
    known = [column.name for column in table.columns if column.name not in _OWN]
    everything = list(rows)
    if not everything:
        return
    for chunk in chunks(eid for eid, *_ in everything):
        conn.execute(delete(table).where(table.c.eid.in_(chunk)))
        conn.execute(delete(tables.conflict).where(tables.conflict.c.eid.in_(chunk)))
        conn.execute(delete(tables.contested).where(tables.contested.c.eid.in_(chunk)))
    # An entity none of whose entries is projected (held, unauthorised) or left leaves no row.
    shown = [row for row in everything if row[3].heads and not row[3].is_gone]
    if shown:
        _insert(conn, table, [_row(known, eid, uid, scope, folded) for eid, uid, scope, folded in shown])
    conflicts = [row for eid, _, _, folded in shown for row in _conflicts(eid, folded)]
    if conflicts:
        conn.execute(insert(tables.conflict), conflicts)
    marks = [{"eid": eid, "field": code} for eid, _, _, folded in shown for code in folded.contested]
    if marks:
        conn.execute(insert(tables.contested), marks)
    digest = update(tables.entity).where(tables.entity.c.eid == bindparam("e")).values(digest=bindparam("d"))
    conn.execute(digest, [{"e": eid, "d": folded.digest()} for eid, _, _, folded in everything])


_OWN = frozenset({"eid", "uid", "entity_scope", "extra"})


def _insert(conn: Connection, table: Table, rows: list[tuple[Value | None, ...]]) -> None:
    # The driver's own executemany: three times faster than building a statement per row.
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    marks = ", ".join("?" for _ in table.columns)
    conn.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)  # noqa: S608 -- names are constants of ours


def _row(known: list[str], eid: int, uid: str, scope: str, folded: Folded) -> tuple[Value | None, ...]:
    values = folded.values
    extra = {code: value for code, value in values.items() if code not in known}
    doc = json.dumps(extra, ensure_ascii=False, sort_keys=True)
    return (eid, uid, scope, *(values.get(code) for code in known), doc)


def _conflicts(eid: int, folded: Folded) -> Iterable[dict[str, Value]]:
    for code, heads in folded.heads.items():
        if in_conflict(heads):
            yield {"eid": eid, "field": code, "heads": json.dumps([head.entry for head in heads])}


def rebuild(conn: Connection, deriver: Derives, *, batch: int = 2000) -> None:
    """Drop every projected row and make it again from the journal."""
    for table in reversed(tables.projections.sorted_tables):
        conn.execute(delete(table))
    for kind in Kind:
        query = (
            select(tables.entity.c.eid, tables.entity.c.uid, tables.entity.c.scope)
            .where(tables.entity.c.kind == kind)
            .order_by(tables.entity.c.eid)
        )
        everything = conn.execute(query).all()
        for start in range(0, len(everything), batch):
            part = everything[start : start + batch]
            folds = fold_entities(conn, (row.eid for row in part))
            project(conn, kind, ((r.eid, r.uid, r.scope, folds.get(r.eid, Folded({}))) for r in part))
    deriver.derive_all(conn)


def row_values(row: RowMapping) -> dict[str, Value]:
    """Return the field values of one projected row, without columns of our own and without NULLs."""
    values: dict[str, Value] = {
        str(code): value for code, value in row.items() if code not in _OWN and value is not None
    }
    extra = row.get("extra")
    if isinstance(extra, str) and extra != "{}":
        values.update(json.loads(extra))
    return values
