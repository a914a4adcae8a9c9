"""The digest an approval carries: what the approver had before their eyes.

It covers the heads (entry id and value) of the pack's approval fields over the household, its members,
the items and conditions of the case's round, the case and its hits. A later change there gives another.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table, select

from app.domain.ids import Kind, Value
from app.journal.entry import canonical
from app.storage import tables
from app.storage.projector import fold_entities

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_OF_HOUSEHOLD = (Kind.MEMBER,)
_OF_ROUND = (Kind.INCOME, Kind.EXPENSE, Kind.CONDITIONS)


def approval_digest(
    conn: Connection, references: Sequence[str], household: str, case: str, round_id: Value
) -> str:
    """Return "sha256:<hex>" over the fields ``references`` ("kind.field", "kind.*", "kind.prefix_*") name."""
    wanted: dict[str, list[str]] = {}
    for reference in references:
        kind, _, pattern = reference.partition(".")
        wanted.setdefault(kind, []).append(pattern)
    doc: list[tuple[str, dict[str, list[list[Value]]]]] = []
    for kind, eids in _entities(conn, household, case, round_id):
        patterns = wanted.get(kind)
        if not patterns:
            continue
        for eid, folded in sorted(fold_entities(conn, eids).items()):
            heads = {
                code: [[head.entry, head.value] for head in found]
                for code, found in folded.heads.items()
                if matches(code, patterns)
            }
            if heads:
                doc.append((_uid(conn, eid), heads))
    doc.sort(key=str)
    return "sha256:" + hashlib.sha256(canonical(doc)).hexdigest()


def matches(code: str, patterns: Iterable[str]) -> bool:
    """Tell whether one of the patterns ("field", "prefix_*", "*") names a field."""
    return any(code.startswith(p[:-1]) if p.endswith("*") else code == p for p in patterns)


def _entities(
    conn: Connection, household: str, case: str, round_id: Value
) -> Iterator[tuple[str, list[int]]]:
    yield Kind.HOUSEHOLD, _eids(conn, tables.PROJECTED[Kind.HOUSEHOLD], uid=household)
    yield Kind.CASE, _eids(conn, tables.PROJECTED[Kind.CASE], uid=case)
    yield Kind.HIT, _eids(conn, tables.PROJECTED[Kind.HIT], case=case)
    for kind in _OF_HOUSEHOLD:
        yield kind, _eids(conn, tables.PROJECTED[kind], household=household)
    for kind in _OF_ROUND:
        yield kind, _eids(conn, tables.PROJECTED[kind], household=household, round=round_id)


def entities_seen(conn: Connection, household: str, case: str, round_id: Value) -> list[tuple[Kind, str]]:
    """Return kind and id of everything an approval of a case looks at."""
    return [
        (Kind(kind), _uid(conn, eid))
        for kind, eids in _entities(conn, household, case, round_id)
        for eid in sorted(eids)
    ]


def _eids(conn: Connection, table: Table, **equal: Value) -> list[int]:
    query = select(table.c.eid)
    for code, value in equal.items():
        query = query.where(table.c[code] == value)
    return list(conn.execute(query).scalars())


def _uid(conn: Connection, eid: int) -> str:
    uid: str = conn.execute(select(tables.entity.c.uid).where(tables.entity.c.eid == eid)).scalar_one()
    return uid
