"""What a case is judged by: the income statement of its round and 一超过两不愁三保障."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.ids import Kind
from app.domain.income import Statement, state_income
from app.domain.lines import frozen_line
from app.domain.money import yuan_grouped
from app.domain.verdict import Inputs, Judged, Verdict, judge
from app.queries import rows
from app.queries.case_card import VerdictResult, VerdictRow
from app.queries.field_value import shown

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


def conditions_row(conn: Connection, household: str, round_id: str) -> tuple[str, dict[str, Value]]:
    """Return id and fields of the living conditions seen in a round, ("", {}) when nobody looked.

    Two laptops may each have begun a sheet: the later visit counts, then the greater entity id.
    """
    found = rows.where(conn, Kind.CONDITIONS, household=household, round=round_id)
    ordered = sorted(found, key=lambda row: (rows.text(row[1], "checked_on"), row[0]))
    return ordered[-1] if ordered else ("", {})


def conditions_of(conn: Connection, household: str, round_id: str) -> dict[str, Value]:
    """Return the living conditions seen in a round, empty when nobody looked."""
    return conditions_row(conn, household, round_id)[1]


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


def verdict_rows(conn: Connection, policy: Policy, case: Mapping[str, Value]) -> tuple[VerdictRow, ...]:
    """Return the verdict sheet of a case as it is shown, in pack order."""
    return tuple(
        VerdictRow(
            dimension=judged.dimension.id,
            name=judged.dimension.name,
            result=_RESULTS[judged.state],
            because=judged.reason,
            overridden=judged.is_override,
            computed=_RESULTS[judged.computed],
            rests_on=tuple((reference, _shown(policy, reference, v)) for reference, v in judged.rests_on),
            standard=judged.dimension.standard,
            no_line=judged.no_line,
        )
        for judged in verdicts_of(conn, policy, case)
    )


_RESULTS = {
    Verdict.PASS: VerdictResult.MET,
    Verdict.FAIL: VerdictResult.UNMET,
    Verdict.UNCHECKED: VerdictResult.UNCHECKED,
}
_TOTAL = "income.total_fen"


def _shown(policy: Policy, reference: str, value: Value) -> str:
    kind, _, code = reference.partition(".")
    if reference == _TOTAL and isinstance(value, int):
        return yuan_grouped(value)
    return shown(policy, Kind(kind), code, value, {})
