"""Rounds (批次): open one with its line, take unfinished cases along or close them, close it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.action import Acting
from app.domain.errors import Refused
from app.domain.evidence import CaseView
from app.domain.given import Given
from app.domain.ids import EntityId, Kind, Value
from app.domain.lines import choose_line, frozen_fields
from app.domain.region import is_within, significant
from app.domain.stage import read_state
from app.domain.transition import act
from app.domain.workflow import Verb
from app.storage import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.changes import Changes
    from app.domain.lines import Line
    from app.storage.tx import Tx
    from app.usecases.office import Office


IDENTIFY = "identify"


@dataclass(frozen=True, slots=True)
class NewRound:
    """What the user decides when opening a round.

    ``line`` replaces the pack's line of the day; ``along`` maps unfinished case ids to True (taken
    into the new round) or False (closed with the old one); every unfinished case must be named.
    """

    name: str
    year: int
    pack: str
    line: Line | None = None
    along: Mapping[str, bool] | None = None


def open_round(office: Office, new: NewRound) -> Changes:
    """Open a round in the desk's own area, closing the one before.

    Raises:
        Refused: ``round.name_missing``, ``round.year_strange``, ``round.cases_undecided`` (param ``left``);
            ``workflow.for_township`` or ``workflow.for_county`` when a case waits above: take it along.
    """
    pack = office.policy.pack(new.pack)
    if not new.name.strip():
        raise Refused("round.name_missing")
    with office.workspace.write(office.actor) as tx:
        if abs(tx.today.year - new.year) > 1:
            raise Refused("round.year_strange", year=new.year)
        old = open_rounds(tx, office.actor.scope)
        unfinished = [case for uid, _ in old for case in _unfinished(tx, office, uid)]
        along = dict(new.along or {})
        left = [uid for uid, _ in unfinished if uid not in along]
        if left:
            raise Refused("round.cases_undecided", left=len(left))
        line = new.line or choose_line(pack.lines, office.actor.scope, tx.today)
        uid = tx.new_id(Kind.ROUND)
        fields: dict[str, Value] = {
            "name": new.name.strip(),
            "year": new.year,
            "workflows": " ".join(sorted(pack.workflows)),
            "pack": pack.ref,
            "pack_hash": pack.hash,
            "opened_on": tx.today.isoformat(),
            "status": "open",
            "scope": office.actor.scope,
            **frozen_fields(line),
        }
        if line is not None:
            fields |= {"line_indicator": line.indicator, "line_demo": int(line.demo)}
        tx.record("round.opened", Kind.ROUND, uid, fields)
        for case, values in unfinished:
            if along[case]:
                tx.record("case.taken_along", Kind.CASE, case, {"round": uid})
            else:
                _close(tx, office, case, values, new.name.strip())
        for old_uid, _ in old:
            closing: dict[str, Value] = {"status": "closed", "closed_on": tx.today.isoformat()}
            tx.record("round.closed", Kind.ROUND, old_uid, closing)
    return tx.changes


def set_line(office: Office, round_id: EntityId, line: Line) -> Changes:
    """Set or correct the line of an open round; cases keep the line they were opened with.

    Raises:
        Refused: ``round.closed``.
    """
    with office.workspace.write(office.actor) as tx:
        if tx.load(Kind.ROUND, round_id).get("status") != "open":
            raise Refused("round.closed")
        fields: dict[str, Value] = {
            **frozen_fields(line),
            "line_indicator": line.indicator,
            "line_demo": int(line.demo),
        }
        tx.record("round.line_set", Kind.ROUND, round_id, fields)
    return tx.changes


def unfinished_cases(office: Office) -> tuple[EntityId, ...]:
    """Return the cases that a new round would have to take along or close."""
    with office.workspace.write(office.actor) as tx:
        old = open_rounds(tx, office.actor.scope)
        return tuple(case for uid, _ in old for case, _ in _unfinished(tx, office, uid))


def open_rounds(tx: Tx, scope: str) -> list[tuple[EntityId, dict[str, Value]]]:
    """Return the open rounds of exactly this area."""
    return [
        (uid, values)
        for uid, values in tx.children(Kind.ROUND, "scope", scope)
        if values.get("status") == "open"
    ]


def round_in_force(tx: Tx, scope: str) -> tuple[EntityId, dict[str, Value]]:
    """Return the open round that covers ``scope``: its own, else the narrowest of the areas above.

    Raises:
        Refused: ``round.none_open``.
    """
    tx.flush()
    table = tables.PROJECTED[Kind.ROUND]
    rows = tx.conn.execute(select(table.c.uid, table.c.scope).where(table.c.status == "open")).all()
    fitting = [row for row in rows if is_within(row.scope, scope)]
    if not fitting:
        raise Refused("round.none_open")
    best = max(fitting, key=lambda row: (len(significant(row.scope)), row.uid))
    return EntityId(best.uid), tx.load(Kind.ROUND, best.uid)


def _unfinished(tx: Tx, office: Office, round_id: str) -> list[tuple[EntityId, dict[str, Value]]]:
    found: list[tuple[EntityId, dict[str, Value]]] = []
    for uid, values in tx.children(Kind.CASE, "round", round_id):
        state = read_state(office.policy.workflow(values), values)
        if not state.status.is_ended and state.open:
            found.append((uid, values))
    return found


def _close(tx: Tx, office: Office, case: EntityId, values: Mapping[str, Value], successor: str) -> None:
    """Close an unfinished case with its round; the reason is the pack's own, else the next round's name."""
    workflow = office.policy.workflow(values)
    known = workflow.reasons_for(Verb.CLOSE)
    given = Given(reason=successor, reason_code=known[0].id if known else "")
    acting = Acting(tx.actor.level, tx.actor.person, tx.today)
    done = act(workflow, CaseView(values), Verb.CLOSE, given, acting)
    tx.record(done.op, Kind.CASE, case, done.fields, extras=done.extras)
