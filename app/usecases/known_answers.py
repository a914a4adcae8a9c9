"""What a questionnaire may show of the records without ever writing it back: fields ``known.<field>``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.ids import EntityId, Kind, Value
from app.domain.income import state_income
from app.questionnaire.corefields import KNOWN, form_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.storage.tx import Tx

_FEN = f"{Kind.INCOME}."  # any amount: yuan in the form, fen in the records


def known_answers(tx: Tx, household: EntityId, case: Mapping[str, Value]) -> dict[str, Value]:
    """Return ``known.case.*``, ``known.household.*`` and ``known.conditions.*`` of the case's round as texts.

    Beside them ``known.persons`` (who share the income), ``known.net`` and ``known.per_head`` (yuan a year,
    "" while no amount is recorded).
    """
    round_id = case.get("round", "")
    fields = {f"{Kind.CASE}.{code}": value for code, value in case.items()}
    fields |= {f"{Kind.HOUSEHOLD}.{code}": v for code, v in tx.load(Kind.HOUSEHOLD, household).items()}
    for found in _of_round(tx, Kind.CONDITIONS, household, round_id):
        fields |= {f"{Kind.CONDITIONS}.{code}": value for code, value in found.items()}
    members = [values for _, values in tx.children(Kind.MEMBER, "household", household)]
    incomes = _of_round(tx, Kind.INCOME, household, round_id)
    statement = state_income(incomes, _of_round(tx, Kind.EXPENSE, household, round_id), members)
    shown: dict[str, Value] = {f"{KNOWN}{field}": form_text(field, value) for field, value in fields.items()}
    head = statement.per_head_fen
    shown[f"{KNOWN}persons"] = str(statement.persons) if statement.persons else ""
    shown[f"{KNOWN}net"] = form_text(_FEN, statement.net_fen) if statement.recorded else ""
    shown[f"{KNOWN}per_head"] = "" if head is None else form_text(_FEN, head)
    return shown


def _of_round(tx: Tx, kind: Kind, household: EntityId, round_id: Value) -> list[dict[str, Value]]:
    return [
        values
        for _, values in tx.children(kind, "household", household)
        if values.get("round", "") == round_id
    ]
