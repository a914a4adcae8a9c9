"""The rows a household's lines are made of: read from the tables, or as they have just been written.

A household that came in whole with its members, items and cases need not be read back: ``arrived`` makes it
of the values in hand, and ``load`` of whatever is in the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.fields import FIELDS
from app.domain.ids import Kind, Value
from app.storage import tables
from app.storage.engine import plain_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Table

    from app.storage.projector import Fresh

    Row = tuple[int, str, Mapping[str, Value]]
    Children = Mapping[Kind, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Household:
    """The projected rows of one household."""

    eid: int
    uid: str
    values: Mapping[str, Value]
    members: tuple[Row, ...]
    incomes: tuple[Mapping[str, Value], ...]
    expenses: tuple[Mapping[str, Value], ...]
    cases: tuple[Row, ...]
    conflicted: Mapping[int, int]  # eid -> fields whose writes disagree
    contested: int  # fields whose writes disagree or ever did


_CHILD_KINDS = (Kind.MEMBER, Kind.INCOME, Kind.EXPENSE, Kind.CONDITIONS, Kind.CASE)
_PAPER_KINDS = (Kind.HIT, Kind.SUBMISSION, Kind.ATTACHMENT, Kind.DOCUMENT)
_NAMES_HOME = frozenset({*_CHILD_KINDS, *_PAPER_KINDS})

_READ: Mapping[Kind, tuple[str, ...]] = {
    Kind.HOUSEHOLD: ("village", "code", "group", "status", "risks", "main_cause", "other_causes"),
    Kind.MEMBER: ("household", "name", "id_number", "relation", "status", "shares_income"),
    Kind.INCOME: ("household", "round", "category", "amount_fen", "counts", "void"),
    Kind.EXPENSE: ("household", "round", "category", "amount_fen", "void"),
    Kind.CONDITIONS: ("household",),
    Kind.CASE: tuple(FIELDS[Kind.CASE]),
}
"""The fields read of each kind; of a case all, for what a judge looks at is its own affair."""

_TYPES: Mapping[Kind, Mapping[str, type]] = {
    kind: {code: int if field.type.is_integer else str for code, field in FIELDS[kind].items()}
    for kind in (Kind.HOUSEHOLD, *_CHILD_KINDS, *_PAPER_KINDS)
}


def load(conn: Connection, uids: list[str]) -> Iterator[Household]:
    """Yield those of these households that have a row, from the tables."""
    children = {kind: _children(conn, kind, uids) for kind in _CHILD_KINDS}
    households = list(_rows(conn, Kind.HOUSEHOLD, "uid", uids))
    eids = [eid for eid, _, _ in households]
    for found in children.values():
        eids += [eid for rows_of in found.values() for eid, _, _ in rows_of]
    conflicted, contested = (_marks(conn, table, eids) for table in (tables.conflict, tables.contested))
    papers = [_paper_marks(conn, table, uids) for table in (tables.conflict, tables.contested)]
    for own, uid, values in households:
        of = {kind: children[kind].get(uid, []) for kind in _CHILD_KINDS}
        mine = [own, *(eid for rows_of in of.values() for eid, _, _ in rows_of)]
        marks = {eid: conflicted[eid] for eid in mine if eid in conflicted} | papers[0].get(uid, {})
        ever = sum(contested.get(eid, 0) for eid in mine) + sum(papers[1].get(uid, {}).values())
        yield _household((own, uid, values), of, marks, ever)


def _household(own: Row, of: Children, conflicted: Mapping[int, int], contested: int) -> Household:
    return Household(
        *own,
        members=tuple(m for m in of[Kind.MEMBER] if m[2].get("status", "") not in {"left", "void"}),
        incomes=tuple(values for _, _, values in of[Kind.INCOME] if not values.get("void")),
        expenses=tuple(values for _, _, values in of[Kind.EXPENSE] if not values.get("void")),
        cases=tuple(of[Kind.CASE]),
        conflicted=conflicted,
        contested=contested,
    )


class Arrived:
    """Entities that were just written for the first time, sorted by the household they name."""

    def __init__(self, fresh: Iterable[Fresh]) -> None:
        self._homes: dict[str, Fresh] = {}
        self._children: dict[str, dict[Kind, list[Row]]] = {}
        self._disputed: dict[str, list[Fresh]] = {}
        self._odd: set[str] = set()
        for one in fresh:
            if one.values and not (one.folded and one.folded.is_gone):
                self._take(one)

    def _take(self, one: Fresh) -> None:
        values = one.values
        if one.kind == Kind.HOUSEHOLD:
            home = one.uid
            self._homes[home] = one
        elif one.kind in _NAMES_HOME and values.get("household"):
            home = str(values["household"])
            found = self._children.setdefault(home, {})
            found.setdefault(Kind(one.kind), []).append((one.eid, one.uid, values))
        else:
            return
        if one.folded is not None:
            self._disputed.setdefault(home, []).append(one)
        if not _is_plain(one):
            self._odd.add(home)

    def households(self, conn: Connection, first: int) -> dict[str, Household]:
        """Return the households that are here whole; entities numbered below ``first`` were there before."""
        whole = [uid for uid in self._homes if uid not in self._odd]
        split: set[str] = set()
        for start in range(0, len(whole), _CHUNK):
            for kind in _NAMES_HOME:
                split |= _named_before(conn, kind, whole[start : start + _CHUNK], first)
        return {uid: self._household(uid) for uid in whole if uid not in split}

    def _household(self, uid: str) -> Household:
        own = self._homes[uid]
        children = self._children.get(uid, {})
        of = {kind: sorted(children.get(kind, ()), key=_by_uid) for kind in _CHILD_KINDS}
        disputed = [(one.eid, one.folded) for one in self._disputed.get(uid, ()) if one.folded is not None]
        marks = {eid: len(folded.conflicts) for eid, folded in disputed if folded.conflicts}
        ever = sum(len(folded.contested) for _, folded in disputed)
        return _household((own.eid, uid, own.values), of, marks, ever)


_CHUNK = 400


def _by_uid(row: Row) -> str:
    return row[1]


def _is_plain(one: Fresh) -> bool:
    """Tell whether reading the values back would give the same: a column may turn "5" into 5."""
    types = _TYPES[Kind(one.kind)]
    for code, value in one.values.items():
        if type(value) is not types.get(code, type(value)) and value != "":
            return False
    return True


def _named_before(conn: Connection, kind: Kind, uids: list[str], first: int) -> set[str]:
    marks = ", ".join("?" * len(uids))
    query = f'SELECT household FROM "p_{kind}" WHERE household IN ({marks}) AND eid < ?'  # noqa: S608 -- names are constants of ours
    return {home for (home,) in conn.exec_driver_sql(query, (*uids, first))}


def _children(conn: Connection, kind: Kind, uids: list[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in _rows(conn, kind, "household", uids):
        found.setdefault(str(row[2]["household"]), []).append(row)
    return found


def _rows(conn: Connection, kind: Kind, column: str, uids: list[str]) -> Iterator[Row]:
    """Yield local number, id and values of the rows of a kind that name one of these, in the order of ids."""
    codes = _READ[kind]
    names = ", ".join(f'"{code}"' for code in codes)
    marks = ", ".join("?" * len(uids))
    query = f'SELECT eid, uid, {names} FROM "p_{kind}" WHERE "{column}" IN ({marks}) ORDER BY uid'  # noqa: S608 -- names are constants of ours
    for eid, uid, *given in plain_rows(conn.exec_driver_sql(query, tuple(uids))):
        yield eid, uid, {code: value for code, value in zip(codes, given, strict=True) if value is not None}


def _marks(conn: Connection, table: Table, eids: list[int]) -> dict[int, int]:
    """Return how many fields of each entity ``table`` (of conflicts, open or ever) names."""
    if not eids:
        return {}
    # Mostly none at all: one look over the span tells.
    query = f"SELECT eid, count(*) FROM {table.name} WHERE eid BETWEEN ? AND ? GROUP BY eid"  # noqa: S608 -- names are constants of ours
    return {eid: n for eid, n in conn.exec_driver_sql(query, (min(eids), max(eids)))}  # noqa: C416 -- rows, not pairs


def _paper_marks(conn: Connection, table: Table, uids: list[str]) -> dict[str, dict[int, int]]:
    """Return the same of what else names a household; few have any, so the rows themselves stay unread."""
    found: dict[str, dict[int, int]] = {}
    if conn.exec_driver_sql(f"SELECT 1 FROM {table.name} LIMIT 1").first() is None:  # noqa: S608 -- a constant of ours
        return found
    marks = ", ".join("?" * len(uids))
    for kind in _PAPER_KINDS:
        query = (
            f'SELECT p.household, m.eid, count(*) FROM "p_{kind}" AS p'  # noqa: S608 -- names are constants of ours
            f" JOIN {table.name} AS m ON m.eid = p.eid"
            f" WHERE p.household IN ({marks}) GROUP BY p.household, m.eid"
        )
        for home, eid, n in conn.exec_driver_sql(query, tuple(uids)):
            found.setdefault(home, {})[eid] = n
    return found
