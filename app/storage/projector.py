"""Write projections: fold one entity into its row, then derive the lines of touched households.

Incremental writing and a full rebuild run the same two functions, so they cannot disagree.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, RowMapping, Table, delete, select

from app.domain.ids import Kind, Value
from app.journal.authority import EntryState
from app.journal.entry import trusted
from app.journal.fold import Folded, fold, in_conflict, succession, succession_digest
from app.journal.redaction import OP
from app.storage import tables
from app.storage.engine import plain_rows
from app.storage.household_rows import Arrived, Fresh

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.journal.entry import Body
    from app.storage.shapes import Derives

T = TypeVar("T")
_CHUNK = 400  # bound parameters per IN (...)
BATCH = 10_000
"""Entities folded, written and derived together: smaller batches cost more statements, larger ones memory."""


def folded_values(
    entries: Sequence[tuple[str, Body]],
) -> tuple[Mapping[str, Value], Folded | None, bytes]:
    """Fold all entries ``(id, body)`` of an entity that count.

    Return its values, the fold itself (None when every field has one head), and its digest.
    """
    if len(entries) == 1 and entries[0][1].op != OP:
        entry, body = entries[0]
        heads = {code: (entry, value) for code, value in body.changes.items()}
        return body.changes, None, succession_digest(heads)
    found = succession(entries)
    if found is None:
        folded = fold(entries)
        return folded.values, folded, folded.digest()
    return {code: value for code, (_, value) in found.items()}, None, succession_digest(found)


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


def chunks(items: Iterable[T]) -> Iterable[list[T]]:
    """Cut ids into lists short enough for one statement."""
    everything = list(items)
    for start in range(0, len(everything), _CHUNK):
        yield everything[start : start + _CHUNK]


def project(conn: Connection, kind: Kind, rows: Iterable[tuple[int, str, str, Folded]]) -> None:
    """Write the rows ``(eid, uid, scope, folded)`` of one kind, their conflicts and digests."""
    table = tables.PROJECTED[kind]
    everything = list(rows)
    for chunk in chunks(eid for eid, *_ in everything):
        marks = ", ".join("?" * len(chunk))
        for name in (table.name, tables.conflict.name, tables.contested.name):
            conn.exec_driver_sql(f'DELETE FROM "{name}" WHERE eid IN ({marks})', tuple(chunk))  # noqa: S608 -- names are constants of ours
    # An entity none of whose entries is projected (held, unauthorised) or left leaves no row.
    shown = [row for row in everything if row[3].heads and not row[3].is_gone]
    _insert(conn, table, ((eid, uid, scope, folded.values) for eid, uid, scope, folded in shown))
    _mark(conn, ((eid, folded) for eid, _, _, folded in shown))
    _keep_digests(conn, [(folded.digest(), eid) for eid, _, _, folded in everything])


def add(conn: Connection, kind: Kind, fresh: Sequence[Fresh]) -> None:
    """Write the rows of entities that have none yet and whose digests are kept already."""
    shown = [one for one in fresh if one.values and not (one.folded and one.folded.is_gone)]
    _insert(conn, tables.PROJECTED[kind], ((one.eid, one.uid, one.scope, one.values) for one in shown))
    _mark(conn, ((one.eid, one.folded) for one in shown if one.folded is not None))


_OWN = frozenset({"eid", "uid", "entity_scope", "extra"})


def _insert(
    conn: Connection, table: Table, rows: Iterable[tuple[int, str, str, Mapping[str, Value]]]
) -> None:
    """Insert rows, those with the same fields together: most columns of most rows are empty."""
    known = {column.name for column in table.columns} - _OWN
    groups: dict[tuple[str, ...], list[tuple[Value, ...]]] = {}
    for eid, uid, scope, values in rows:
        codes = tuple(values)
        if known.issuperset(codes):
            groups.setdefault((*codes, "extra"), []).append((eid, uid, scope, *values.values(), "{}"))
        else:
            ours = {code: value for code, value in values.items() if code in known}
            extra = {code: value for code, value in values.items() if code not in known}
            doc = json.dumps(extra, ensure_ascii=False, sort_keys=True)
            groups.setdefault((*ours, "extra"), []).append((eid, uid, scope, *ours.values(), doc))
    for codes, found in groups.items():
        names = "".join(f', "{code}"' for code in codes)
        marks = ", ?" * (2 + len(codes))
        # The driver's own executemany: three times faster than building a statement per row.
        conn.exec_driver_sql(
            f'INSERT INTO "{table.name}" (eid, uid, entity_scope{names}) VALUES (?{marks})',  # noqa: S608 -- names are constants of ours
            found,
        )


def _mark(conn: Connection, rows: Iterable[tuple[int, Folded]]) -> None:
    conflicts: list[tuple[int, str, str]] = []
    contested: list[tuple[int, str]] = []
    for eid, folded in rows:
        conflicts += [
            (eid, code, json.dumps([head.entry for head in heads]))
            for code, heads in folded.heads.items()
            if in_conflict(heads)
        ]
        contested += [(eid, code) for code in folded.contested]
    if conflicts:
        conn.exec_driver_sql("INSERT INTO conflict (eid, field, heads) VALUES (?, ?, ?)", conflicts)
    if contested:
        conn.exec_driver_sql("INSERT INTO contested (eid, field) VALUES (?, ?)", contested)


def _keep_digests(conn: Connection, digests: list[tuple[bytes, int]]) -> None:
    if digests:
        conn.exec_driver_sql("UPDATE entity SET digest = ? WHERE eid = ?", digests)


def add_whole(
    conn: Connection, deriver: Derives, batches: Iterable[Sequence[Fresh]], first: int = 0
) -> set[str]:
    """Write the rows of entities that have none yet, and the lines of households that come whole in a batch.

    Entities numbered below ``first`` were there before. Return the households whose lines are to be made once
    everything is written: more of them lies elsewhere.
    """
    named: set[str] = set()
    parted: set[str] = set()
    for fresh in filter(None, batches):
        by_kind: dict[str, list[Fresh]] = {}
        for one in fresh:
            by_kind.setdefault(one.kind, []).append(one)
        for kind in Kind:
            add(conn, kind, by_kind.get(kind, ()))
        arrived = Arrived(fresh)
        here = arrived.named
        whole = arrived.households((here & named) | arrived.named_before(conn, first))
        deriver.derive(conn, whole.keys(), whole)
        parted |= here - whole.keys()
        named |= here
    return parted


def rebuild(conn: Connection, deriver: Derives, *, batch: int = BATCH) -> None:
    """Drop every projected row and make it again from the journal."""
    for table in reversed(tables.projections.sorted_tables):
        conn.execute(delete(table))
    last = int(conn.exec_driver_sql("SELECT max(eid) FROM entity").scalar() or 0)
    spans = ((start, min(start + batch - 1, last)) for start in range(1, last + 1, batch))
    deriver.derive(conn, add_whole(conn, deriver, (_folded_span(conn, span) for span in spans)))


def _folded_span(conn: Connection, span: tuple[int, int]) -> list[Fresh]:
    """Fold the entities whose local numbers lie in ``span``, both ends included, and keep their digests."""
    entries: dict[int, list[tuple[str, Body]]] = {}
    query = "SELECT eid, id, body FROM journal WHERE eid BETWEEN ? AND ? AND state = ?"
    for eid, entry, body in plain_rows(conn.exec_driver_sql(query, (*span, int(EntryState.PROJECTED)))):
        if (found := entries.get(eid)) is None:
            entries[eid] = [(entry, trusted(body))]
        else:
            found.append((entry, trusted(body)))
    fresh: list[Fresh] = []
    digests: list[tuple[bytes, int]] = []
    query = "SELECT eid, uid, kind, scope, digest FROM entity WHERE eid BETWEEN ? AND ? ORDER BY eid"
    for eid, uid, kind, scope, before in plain_rows(conn.exec_driver_sql(query, span)):
        values, folded, digest = folded_values(entries.get(eid, ()))
        if values:
            fresh.append(Fresh(eid, uid, kind, scope, values, folded))
        if digest != before:
            digests.append((digest, eid))
    _keep_digests(conn, digests)
    return fresh


def row_values(row: RowMapping) -> dict[str, Value]:
    """Return the field values of one projected row, without columns of our own and without NULLs."""
    values: dict[str, Value] = {
        str(code): value for code, value in row.items() if code not in _OWN and value is not None
    }
    extra = row.get("extra")
    if isinstance(extra, str) and extra != "{}":
        values.update(json.loads(extra))
    return values
