"""What a case is judged by: the income statement of its round and 一超过两不愁三保障."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.ids import Kind
from app.domain.income import Statement, state_income
from app.domain.lines import frozen_line
from app.domain.verdict import Inputs, Judged, judge
from app.queries import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.queries.policy import Policy

_GONE = frozenset({"left", "void"})


def members_of(conn: Connection, household: str) -> list[rows.Row]:
    """Return the members of a household who have not left it, the deceased included."""
    found = rows.where(conn, Kind.MEMBER, household=household)
    return [(uid, values) for uid, values in found if values.get("status", "") not in _GONE]


def statement_of(conn: Connection, household: str, round_id: str) -> Statement:
    """Return the income statement of a household in one round."""
    return state_income(
        (values for _, values in rows.where(conn, Kind.INCOME, household=household, round=round_id)),
        (values for _, values in rows.where(conn, Kind.EXPENSE, household=household, round=round_id)),
        (values for _, values in members_of(conn, household)),
    )


def conditions_of(conn: Connection, household: str, round_id: str) -> dict[str, Value]:
    """Return the living conditions seen in a round, empty when nobody looked.

    Two laptops may each have begun a sheet: the later visit counts, then the greater entity id.
    """
    found = rows.where(conn, Kind.CONDITIONS, household=household, round=round_id)
    ordered = sorted(found, key=lambda row: (rows.text(row[1], "checked_on"), row[0]))
    return ordered[-1][1] if ordered else {}


def inputs_of(conn: Connection, case: Mapping[str, Value]) -> Inputs:
    """Return what the verdicts of a case rest on; ``case`` are its field values."""
    household, round_id = rows.text(case, "household"), rows.text(case, "round")
    statement = statement_of(conn, household, round_id)
    home = rows.find(conn, Kind.HOUSEHOLD, household) or {}
    values: dict[str, Value] = {f"household.{code}": value for code, value in home.items()}
    values |= {f"conditions.{c}": value for c, value in conditions_of(conn, household, round_id).items()}
    values |= {f"case.{code}": value for code, value in case.items()}
    total = statement.net_fen if statement.recorded else None
    return Inputs(values, total, statement.persons, frozen_line(case))


def verdicts_of(conn: Connection, policy: Policy, case: Mapping[str, Value]) -> tuple[Judged, ...]:
    """Return the verdict of every dimension of the case's pack, in pack order."""
    dimensions = policy.pack(rows.text(case, "pack")).dimensions
    return judge(dimensions, inputs_of(conn, case)) if dimensions else ()
