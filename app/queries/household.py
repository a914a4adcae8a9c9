"""The whole sheet of a household: people, money, living conditions, cases, papers; and the unmasked value.

get_household(conn, look, household)            # HouseholdSheet of the round in force
reveal(conn, Kind.MEMBER, member, "phone")      # the value behind a mask
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.errors import Refused
from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.domain.income import state_income
from app.queries import rows
from app.queries.board import find_round
from app.queries.case import list_cases_of
from app.queries.conflicts import conflicts_of
from app.queries.document import AttachmentLine, DocumentLine, attachments, documents
from app.queries.field_value import FieldValue, field_values
from app.queries.verdicts import conditions_row
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.domain.income import Statement
    from app.queries.board import Look
    from app.queries.case import CaseLine
    from app.queries.case_card import ConflictLine

    Values = Mapping[str, Value]

_PAST = frozenset({"left", "deceased"})


@dataclass(frozen=True, slots=True)
class MemberSheet:
    """One member with all fields; ``present`` is False for those who died or left."""

    id: str
    name: str
    relation: str
    status: str
    present: bool
    fields: tuple[FieldValue, ...]


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One income or expense item of the round with the same item of the year before.

    ``id`` is empty for an item that was recorded only before; ``amount_fen`` is None then, as
    ``before_fen`` is for a new one. ``counts`` tells whether it enters the income per head.
    """

    id: str
    kind: str
    category: str
    category_name: str
    item: str
    name: str
    member: str
    member_name: str
    amount_fen: int | None
    before_fen: int | None
    counts: bool
    note: str


@dataclass(frozen=True, slots=True)
class HouseholdSheet:
    """A household as its page shows it, for one round.

    ``conditions_id`` is "" while nobody recorded the living conditions of the round; ``before`` names the
    round that stands beside it, "" when there is none. ``statement`` is the arithmetic of the income.
    """

    household: str
    code: str
    village: str
    village_name: str
    status: str
    fields: tuple[FieldValue, ...]
    members: tuple[MemberSheet, ...]
    round: str
    round_name: str
    before: str
    before_name: str
    incomes: tuple[MoneyLine, ...]
    expenses: tuple[MoneyLine, ...]
    statement: Statement
    statement_before: Statement | None
    conditions_id: str
    conditions: tuple[FieldValue, ...]
    cases: tuple[CaseLine, ...]
    attachments: tuple[AttachmentLine, ...]
    documents: tuple[DocumentLine, ...]
    conflicts: tuple[ConflictLine, ...]


def get_household(conn: Connection, look: Look, uid: str, round_id: str = "") -> HouseholdSheet:
    """Return the sheet of a household; an empty ``round_id`` means the round in force there.

    Raises:
        Refused: ``entity.unknown``.
    """
    home = rows.get(conn, Kind.HOUSEHOLD, uid)
    village = rows.text(home, "village")
    in_force = find_round(conn, village, round_id)
    now = in_force.id if in_force else round_id
    members = rows.where(conn, Kind.MEMBER, household=uid)
    people = [(member, values) for member, values in members if values.get("status") != "void"]
    names = {member: rows.text(values, "name") for member, values in people}
    money = _Money(conn, look, uid, names)
    before, before_name = money.round_before(now)
    policy = look.policy
    conditions_id, conditions = conditions_row(conn, uid, now)
    return HouseholdSheet(
        household=uid,
        code=rows.text(home, "code"),
        village=village,
        village_name=look.places.get(village, village),
        status=rows.text(home, "status") or "active",
        fields=field_values(policy, Kind.HOUSEHOLD, uid, home, {}),
        members=tuple(_member(look, member, values) for member, values in _in_order(people)),
        round=now,
        round_name=in_force.name if in_force else "",
        before=before,
        before_name=before_name,
        incomes=money.lines(Kind.INCOME, now, before),
        expenses=money.lines(Kind.EXPENSE, now, before),
        statement=money.statement(now, people),
        statement_before=money.statement(before, people) if before else None,
        conditions_id=conditions_id,
        conditions=field_values(policy, Kind.CONDITIONS, conditions_id, conditions, {}),
        cases=list_cases_of(conn, look, uid),
        attachments=attachments(conn, household=uid),
        documents=documents(conn, policy, household=uid),
        conflicts=conflicts_of(conn, policy, uid),
    )


def reveal(conn: Connection, kind: Kind, uid: str, field: str) -> str:
    """Return a value as it is recorded, for somebody who asked to see it.

    Raises:
        Refused: ``field.unknown`` (params ``kind``, ``field``), ``entity.unknown``.
    """
    if field not in FIELDS[kind]:
        raise Refused("field.unknown", kind=str(kind), field=field)
    return rows.text(rows.get(conn, kind, uid), field)


def _in_order(people: Iterable[rows.Row]) -> list[rows.Row]:
    """Order members: the present ones first, the head first of them, then by relation and birth."""
    return sorted(
        people,
        key=lambda row: (
            rows.text(row[1], "status") in _PAST,
            rows.text(row[1], "relation") or "99",
            rows.text(row[1], "born"),
            row[0],
        ),
    )


def _member(look: Look, uid: str, values: Values) -> MemberSheet:
    status = rows.text(values, "status") or "present"
    return MemberSheet(
        id=uid,
        name=rows.text(values, "name"),
        relation=look.policy.codes("relation").label(rows.text(values, "relation")),
        status=status,
        present=status not in _PAST,
        fields=field_values(look.policy, Kind.MEMBER, uid, values, {}),
    )


class _Money:
    """The income and expense items of one household over all rounds."""

    def __init__(self, conn: Connection, look: Look, household: str, names: Mapping[str, str]) -> None:
        self._conn = conn
        self._look = look
        self._names = names
        self._items = {
            kind: rows.where(conn, kind, household=household) for kind in (Kind.INCOME, Kind.EXPENSE)
        }

    def round_before(self, now: str) -> tuple[str, str]:
        """Return id and name of the latest earlier round with items, ("", "") when there is none."""
        used = {rows.text(item, "round") for items in self._items.values() for _, item in items}
        table = tables.PROJECTED[Kind.ROUND]
        query = select(table.c.uid, table.c.name, table.c.opened_on).where(table.c.uid.in_(used | {now}))
        opened = {row.uid: (row.opened_on or "", row.name or "") for row in self._conn.execute(query)}
        limit = opened.get(now, ("~", ""))[0]
        earlier = [(on, uid, name) for uid, (on, name) in opened.items() if uid != now and on < limit]
        if not earlier:
            return "", ""
        _, uid, name = max(earlier)
        return uid, name

    def statement(self, round_id: str, people: Iterable[rows.Row]) -> Statement:
        """Return the arithmetic of one round."""
        incomes, expenses = (
            [item for _, item in self._items[kind] if item.get("round") == round_id]
            for kind in (Kind.INCOME, Kind.EXPENSE)
        )
        return state_income(incomes, expenses, (values for _, values in people))

    def lines(self, kind: Kind, now: str, before: str) -> tuple[MoneyLine, ...]:
        """Return the items of a round with those of the round before beside them."""
        old: dict[tuple[str, ...], list[MoneyLine]] = {}
        for uid, item in self._items[kind]:
            if before and item.get("round") == before:
                line = self._line(kind, uid, item)
                old.setdefault(_key(line), []).append(line)
        found: list[MoneyLine] = []
        for uid, item in self._items[kind]:
            if item.get("round") == now:
                line = self._line(kind, uid, item)
                beside = old.get(_key(line))
                found.append(replace(line, before_fen=beside.pop(0).amount_fen) if beside else line)
        for rest in old.values():
            found += [replace(line, id="", amount_fen=None, before_fen=line.amount_fen) for line in rest]
        return tuple(sorted(found, key=lambda line: (line.category, line.item, line.name, line.id)))

    def _line(self, kind: Kind, uid: str, item: Values) -> MoneyLine:
        category = rows.text(item, "category")
        codes = self._look.policy.codes("income_category" if kind is Kind.INCOME else "expense_category")
        items = self._look.policy.codes("income_item")
        amount = item.get("amount_fen", "")
        return MoneyLine(
            id=uid,
            kind=str(kind),
            category=category,
            category_name=codes.label(category),
            item=rows.text(item, "item"),
            name=rows.text(item, "name") or items.label(rows.text(item, "item")),
            member=rows.text(item, "member"),
            member_name=self._names.get(rows.text(item, "member"), ""),
            amount_fen=amount if isinstance(amount, int) else None,
            before_fen=None,
            counts=item.get("counts", "") != 0,
            note=rows.text(item, "note"),
        )


def _key(line: MoneyLine) -> tuple[str, ...]:
    return line.category, line.item, line.name, line.member
