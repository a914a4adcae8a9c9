"""What a correction is measured by: how a household stands for one of its cases, before and after."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from app.domain.correction import Snapshot
from app.domain.ids import Kind
from app.domain.income import below_line
from app.domain.verdict import judge
from app.queries import rows
from app.queries.verdicts import conditions_of, inputs_of, members_of
from app.storage.derive import head_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.domain.verdict import Inputs
    from app.queries.policy import Policy

_HERE = frozenset({"", "present"})


def snapshot(conn: Connection, policy: Policy, uid: str, values: Mapping[str, Value]) -> Snapshot:
    """Return how the household of case ``uid`` stands, ``values`` being the case's fields.

    Inside a write the caller flushes first, so that its own writes are seen.
    """
    del uid  # the case's own fields say which household and round it is about
    household, round_id = rows.text(values, "household"), rows.text(values, "round")
    pack = policy.pack(rows.text(values, "pack"))
    inputs = inputs_of(conn, values)
    items = [
        rows.where(conn, kind, household=household, round=round_id) for kind in (Kind.INCOME, Kind.EXPENSE)
    ]
    columns = {column for rule in pack.publicity.values() for column in rule.columns}
    members = members_of(conn, household)
    here = [uid for uid, member in members if rows.text(member, "status") in _HERE]
    return Snapshot(
        published=tuple(_published(conn, household, columns)),
        composition=tuple(here),
        income=_digest(_money(item) for found in items for item in found),
        assets=_digest(sorted(conditions_of(conn, household, round_id).items())),
        verdicts={judged.dimension.id: judged.state.value for judged in judge(pack.dimensions, inputs)},
        below=_below(inputs),
    )


def _published(conn: Connection, household: str, columns: Iterable[str]) -> Iterable[Value]:
    """Return the values of the notice's columns; the running number is no fact about a household."""
    home = rows.find(conn, Kind.HOUSEHOLD, household) or {}
    members = members_of(conn, household)
    derived: dict[str, Value] = {
        "head": rows.text(head_of((0, uid, member) for uid, member in members), "name"),
        "size": sum(rows.text(member, "status") in _HERE for _, member in members),
    }
    for column in sorted(set(columns) - {"no"}):
        yield derived[column] if column in derived else home.get(column, "")


def _money(row: rows.Row) -> tuple[Value, ...]:
    uid, item = row
    return (uid, *(item.get(code, "") for code in ("member", "category", "amount_fen", "counts")))


def _digest(items: Iterable[object]) -> str:
    text = json.dumps(list(items), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _below(inputs: Inputs) -> Value:
    if inputs.line is None or inputs.total_fen is None or inputs.persons < 1:
        return ""
    return int(below_line(inputs.total_fen, inputs.persons, inputs.line.fen))
