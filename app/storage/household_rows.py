"""The rows a household's lines are made of: read from the tables, or as they have just been written.

A household that came in whole with its members, items and cases need not be read back: ``arrived`` makes it
of the values in hand, and ``load`` of whatever is in the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.domain.fields import FIELDS
from app.domain.ids import Kind, Value
from app.storage import tables
from app.storage.engine import plain_rows

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Table

    from app.journal.fold import Folded

    Row = tuple[int, str, Mapping[str, Value]]
    Children = Mapping[str, Sequence[Row]]


class Fresh(NamedTuple):
    """An entity that has no row yet, folded; ``folded`` is None when every field has one head."""

    eid: int
    uid: str
    kind: str
    scope: str
    values: Mapping[str, Value]
    folded: Folded | None


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

_INTEGERS: Mapping[str, frozenset[str]] = {
    kind: frozenset(code for code, field in FIELDS[kind].items() if field.type.is_integer)
    for kind in (Kind.HOUSEHOLD, *_CHILD_KINDS, *_PAPER_KINDS)
}


def load(conn: Connection, uids: list[str]) -> Iterator[Household]:
    """Yield those of these households that have a row, from the tables."""
    children = {str(kind): _children(conn, kind, uids) for kind in _CHILD_KINDS}
    households = list(_rows(conn, Kind.HOUSEHOLD, "uid", uids))
    eids = [eid for eid, _, _ in households]
    for found in children.values():
        eids += [eid for rows_of in found.values() for eid, _, _ in rows_of]
    conflicted, contested = (_marks(conn, table, eids) for table in (tables.conflict, tables.contested))
    papers = [_paper_marks(conn, table, uids) for table in (tables.conflict, tables.contested)]
    for own, uid, values in households:
        of = {kind: found.get(uid, []) for kind, found in children.items()}
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
        self._children: dict[str, list[Fresh]] = {}
        self._odd: set[str] = set()
        for one in fresh:
            kind = one.kind
            if kind == Kind.HOUSEHOLD:
                home = one.uid
            elif kind in _NAMES_HOME and one.values.get("household"):
                home = str(one.values["household"])
            else:
                continue
            if one.folded and one.folded.is_gone:
                continue
            if kind == Kind.HOUSEHOLD:
                self._homes[home] = one
            elif (found := self._children.get(home)) is None:
                self._children[home] = [one]
            else:
                found.append(one)
            if not _is_plain(one.values, kind):
                self._odd.add(home)

    @property
    def named(self) -> set[str]:
        """The households that are here or named by what is here."""
        return {*self._homes, *self._children}

    def named_before(self, conn: Connection, first: int) -> set[str]:
        """Return the households here that entities numbered below ``first`` name already."""
        homes = list(self._homes)
        # Of papers only their conflicts count here.
        kinds = (*_CHILD_KINDS, *_PAPER_KINDS) if _has_contested_papers(conn, first) else _CHILD_KINDS
        found: set[str] = set()
        for start in range(0, len(homes), _CHUNK):
            chunk = homes[start : start + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            for kind in kinds:
                query = f'SELECT household FROM "p_{kind}" WHERE household IN ({marks}) AND eid < ?'  # noqa: S608 -- names are constants of ours
                found.update(home for (home,) in conn.exec_driver_sql(query, (*chunk, first)))
        return found

    def households(self, apart: Container[str]) -> dict[str, Household]:
        """Return the households that are here whole; ``apart`` are those of which more lies elsewhere."""
        return {
            uid: self._household(own)
            for uid, own in self._homes.items()
            if uid not in apart and uid not in self._odd
        }

    def _household(self, own: Fresh) -> Household:
        of: dict[str, list[Row]] = {kind: [] for kind in _CHILD_KINDS}
        every = [own, *self._children.get(own.uid, ())]
        for one in every[1:]:
            if one.kind in of:
                of[one.kind].append((one.eid, one.uid, one.values))
        for rows_of in of.values():
            if len(rows_of) > 1:
                rows_of.sort(key=_by_uid)
        disputed = [(one.eid, one.folded) for one in every if one.folded is not None]
        marks = {eid: len(folded.conflicts) for eid, folded in disputed if folded.conflicts}
        ever = sum(len(folded.contested) for _, folded in disputed)
        return _household((own.eid, own.uid, own.values), of, marks, ever)


_CHUNK = 1000


def _by_uid(row: Row) -> str:
    return row[1]


def _is_plain(values: Mapping[str, Value], kind: str) -> bool:
    """Tell whether reading the values back would give the same: a column may turn "5" into 5."""
    integers = _INTEGERS[kind]
    for code, value in values.items():
        if (type(value) is int) is not (code in integers) and value != "" and code in FIELDS[Kind(kind)]:
            return False
    return True


def _has_contested_papers(conn: Connection, first: int) -> bool:
    """Tell whether writes of a paper numbered below ``first`` disagree or ever did."""
    marks = ", ".join("?" * len(_PAPER_KINDS))
    named = "SELECT 1 FROM contested AS c JOIN entity AS e ON e.eid = c.eid"
    query = f"{named} WHERE c.eid < ? AND e.kind IN ({marks}) LIMIT 1"
    return conn.exec_driver_sql(query, (first, *map(str, _PAPER_KINDS))).first() is not None


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
