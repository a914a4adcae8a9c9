"""Cases: open one for a household, take its actions one by one or for many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.action import Acting, available_actions
from app.domain.correction import changed_kinds, effect_of
from app.domain.errors import AppError, Refused
from app.domain.evidence import CaseView
from app.domain.foreign import foreign_step
from app.domain.given import given_from
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.stage import Status, opening_fields, read_state
from app.domain.transition import Transition, act
from app.domain.verdict import Verdict, override_fields
from app.queries import case_facts
from app.queries.since import saw
from app.queries.snapshots import snapshot
from app.storage.approval import approval_digest
from app.usecases.households import reopen
from app.usecases.office import need_inside
from app.usecases.rounds import round_in_force

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from app.domain.changes import Changes
    from app.domain.workflow import Step, Workflow
    from app.storage.tx import Tx
    from app.usecases.office import Office


_ONWARD = frozenset({Status.ACTIVE.value, Status.APPROVED.value})


@dataclass(frozen=True, slots=True)
class Batch:
    """What an act on many cases did; ``refused`` holds the cases left as they were, with the reason."""

    changes: Changes
    done: tuple[EntityId, ...]
    refused: tuple[tuple[EntityId, AppError], ...]


def open_case(office: Office, household: EntityId, workflow: str, given: Mapping[str, Value]) -> Changes:
    """Open a case of ``workflow`` for a household in the round in force; ``given`` are first case fields.

    Raises:
        Refused: ``case.already_open``, ``household.not_active``, ``round.none_open``, ``region.outside``.
    """
    with office.workspace.write(office.actor) as tx:
        start_case(tx, office, household, workflow, given)
    return tx.changes


def start_case(
    tx: Tx, office: Office, household: EntityId, workflow_id: str, given: Mapping[str, Value]
) -> EntityId:
    """Open a case inside a transaction; see ``open_case``."""
    home = tx.load(Kind.HOUSEHOLD, household)
    if home.get("status", "active") not in {"", "active"}:
        raise Refused("household.not_active")
    need_inside(tx, str(home.get("village", "")))
    round_id, in_force = round_in_force(tx, str(home["village"]))
    for _, other in tx.children(Kind.CASE, "household", household):
        same = other.get("workflow") == workflow_id and other.get("round") == round_id
        if same and not read_state(office.policy.workflow(other), other).status.is_ended:
            raise Refused("case.already_open")
    pack = office.policy.pack(str(in_force["pack"]))
    workflow = pack.workflow(workflow_id)
    case = tx.new_id(Kind.CASE, tx.scope_of(household))
    fields: dict[str, Value] = {
        "household": household,
        "round": round_id,
        "pack": pack.ref,
        "pack_hash": pack.hash,
        "line_fen": in_force.get("line_fen", ""),
        "line_doc": in_force.get("line_doc", ""),
        **opening_fields(workflow, tx.today),
        **given,
    }
    extras: dict[str, Value] = {
        "action": "open",
        "to": str(fields["stage"]),
        "on": tx.today.isoformat(),
        "level": str(tx.actor.level),
    }
    tx.record("case.opened", Kind.CASE, case, fields, scope=tx.scope_of(household), extras=extras)
    return case


def act_on_case(
    office: Office, case: EntityId, action: str, data: Mapping[str, Value], on: date | None = None
) -> Changes:
    """Take one action on a case; ``on`` is the declared date (today when left out).

    ``data`` holds case fields and the act's own "reason", "reason_code", "to" and "keep".

    Raises:
        Refused: any code of ``app.domain.transition.act``.
    """
    with office.workspace.write(office.actor) as tx:
        take_action(tx, office, case, action, data, on)
    return tx.changes


def act_on_cases(
    office: Office,
    cases: Sequence[EntityId],
    action: str,
    data: Mapping[str, Value],
    on: date | None = None,
) -> Batch:
    """Take the same action on many cases; those a rule refuses stay as they are and are listed."""
    done: list[EntityId] = []
    refused: list[tuple[EntityId, AppError]] = []
    with office.workspace.write(office.actor) as tx:
        for case in cases:
            try:
                take_action(tx, office, case, action, data, on)
                done.append(case)
            except Refused as error:
                refused.append((case, error))
    return Batch(tx.changes, tuple(done), tuple(refused))


def take_action(
    tx: Tx, office: Office, case: EntityId, action: str, data: Mapping[str, Value], on: date | None = None
) -> Transition:
    """Take one action inside a transaction; nothing is recorded when it is refused."""
    values = tx.load(Kind.CASE, case)
    need_inside(tx, tx.scope_of(case))
    given = given_from(data)
    tx.flush()
    facts = case_facts.facts(tx.conn, case, office.policy, {**values, **given.fields})
    workflow = office.policy.workflow(values)
    acting = Acting(tx.actor.level, tx.actor.person, on or tx.today)
    done = act(workflow, CaseView(values, facts), action, given, acting)
    fields, extras = dict(done.fields), dict(done.extras)
    household = str(values["household"])
    if fields.get("status") in _ONWARD:
        _refuse_foreign(tx, workflow, case, values)
    if done.decides:
        # What the approver saw; a later change of it is shown on the case.
        references = office.policy.approval_fields(values)
        fields["seen"] = approval_digest(tx.conn, references, household, case, values["round"])
    if done.decides or done.returns:
        extras["saw"] = saw(tx.conn, household)
    tx.record(done.op, Kind.CASE, case, fields, extras=extras)
    return done


def _refuse_foreign(tx: Tx, workflow: Workflow, case: EntityId, values: Mapping[str, Value]) -> None:
    """Refuse to build at an office above on a step of such an office that nobody there took.

    Raises:
        Refused: ``workflow.foreign_step`` (param ``step``).
    """
    if tx.actor.level is Level.VILLAGE:
        return
    heads = [head.entry for head in tx.folded(case).heads.get("stage", ())]
    acts = case_facts.stage_acts(tx.conn, case)
    found = foreign_step(workflow, read_state(workflow, values), acts, heads)
    if found is not None:
        raise Refused("workflow.foreign_step", step=found.name)


def ready_outcome(tx: Tx, office: Office, case: EntityId, step: Step, on: date | None = None) -> str:
    """Return the id of the first way forward of an open step that lacks nothing.

    Raises:
        Refused: ``workflow.not_yet`` (params ``what``, ``count``) or what the first way forward lacks.
    """
    values = tx.load(Kind.CASE, case)
    tx.flush()
    view = CaseView(values, case_facts.facts(tx.conn, case, office.policy, values))
    acting = Acting(tx.actor.level, tx.actor.person, on or tx.today)
    actions = available_actions(office.policy.workflow(values), view, acting)
    forward = [
        a for a in actions if a.step == step.id and a.outcome and step.outcome(a.outcome).leads.is_forward
    ]
    for action in forward:
        if not action.missing:
            return action.id
    if not forward:
        raise Refused("workflow.no_such_action", action=step.id)
    first = forward[0].missing[0]
    raise Refused(first.code, **dict(first.params))


def override_verdict(
    office: Office, case: EntityId, dimension: str, verdict: Verdict, reason: str
) -> Changes:
    """Set a dimension's verdict by hand against what the fields say; the reason is kept with it.

    Where the pack says so, a case that has gone on is re-opened, as by a correction.

    Raises:
        Refused: ``verdict.reason_needed`` (param ``dimension``, a name), ``verdict.unknown_dimension``,
            ``region.outside``, ``correction.reason_needed`` (taking an override back without a reason).
    """
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.CASE, case)
        need_inside(tx, tx.scope_of(case))
        pack = office.policy.pack(str(values["pack"]))
        found = next((one for one in pack.dimensions if one.id == dimension), None)
        if found is None:
            raise Refused("verdict.unknown_dimension", dimension=dimension)
        before = snapshot(tx.conn, office.policy, case, values)
        fields = override_fields(found, verdict, reason)
        tx.record("case.verdict_set", Kind.CASE, case, fields)
        tx.flush()
        now = {**values, **fields}
        kinds = changed_kinds(before, snapshot(tx.conn, office.policy, case, now))
        # A judgement that turns re-opens the case like any other correction.
        reopen(tx, office, case, now, effect_of(office.policy.workflow(now), now, kinds), reason)
    return tx.changes
