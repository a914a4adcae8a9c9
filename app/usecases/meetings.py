"""Appraisal meetings (民主评议): one meeting for many households, a vote for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.fault import refuse_errors
from app.domain.household import ELSEWHERE
from app.domain.ids import EntityId, Kind, Value
from app.domain.meeting import faults, majority, rule_for, vote_of
from app.domain.stage import read_state
from app.domain.values import checked_fields
from app.domain.workflow import Leads, Link
from app.usecases.cases import Batch, take_action
from app.usecases.office import need_inside, refuse_future

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.domain.workflow import Step
    from app.storage.tx import Tx
    from app.usecases.office import Office


def record_meeting(
    office: Office, meeting: Mapping[str, Value], votes: Mapping[EntityId, Mapping[str, Value]]
) -> Changes:
    """Record a meeting and the vote on each household; no case advances yet.

    ``votes`` maps a case to votes_for, votes_against, votes_abstain and recused (names joined by "、").

    Raises:
        Refused: ``meeting.no_cases``, ``meeting.mixed`` (several rounds or workflows),
            ``workflow.not_at_step`` (param ``status``), ``workflow.future_date``, ``region.outside`` and
            the first fault of the meeting: quorum, notice, ballots, people.
    """
    with office.workspace.write(office.actor) as tx:
        if not votes:
            raise Refused("meeting.no_cases")
        cases = {uid: tx.load(Kind.CASE, uid) for uid in votes}
        first = next(iter(cases))
        of = (cases[first]["workflow"], cases[first]["round"])
        if any((values["workflow"], values["round"]) != of for values in cases.values()):
            raise Refused("meeting.mixed")
        scope = tx.scope_of(first)
        need_inside(tx, scope)
        fields = checked_fields(Kind.MEETING, {**meeting, "round": cases[first]["round"]})
        refuse_future(tx, fields.get("held_on"))
        pack = office.policy.pack(str(cases[first]["pack"]))
        rule = rule_for(pack.quorum, fields)
        refuse_errors(faults(fields, rule, [vote_of(given) for given in votes.values()]))
        uid = tx.new_id(Kind.MEETING, scope)
        ruled = {**fields, "quorum_rule": rule.id if rule else ""}
        tx.record("meeting.held", Kind.MEETING, uid, ruled, scope=scope)
        for case, given in votes.items():
            step = step_linked(office, cases[case], Link.MEETING)
            take_action(tx, office, case, f"{step.id}.save", {**given, "meeting": uid})
    return tx.changes


def conclude_meeting(office: Office, meeting: EntityId, on: date | None = None) -> Batch:
    """Advance every case of a meeting by what its majority decided; deferred ones stay.

    A case that has left the step already is passed over, so that it may be concluded again for the rest.

    Raises:
        Refused: ``entity.unknown``, ``meeting.struck``.
    """
    done: list[EntityId] = []
    refused: list[tuple[EntityId, AppError]] = []
    with office.workspace.write(office.actor) as tx:
        held = tx.load(Kind.MEETING, meeting)
        if held.get("void"):
            raise Refused("meeting.struck")
        for case, values in waiting_at(tx, office, Link.MEETING, meeting):
            try:
                if _conclude(tx, office, held, case, values, on):
                    done.append(case)
            except Refused as error:
                refused.append((case, error))
    return Batch(tx.changes, tuple(done), tuple(refused))


def strike_meeting(office: Office, meeting: EntityId, reason: str) -> Changes:
    """Strike a wrongly recorded meeting; its cases need a new one.

    Raises:
        Refused: ``workflow.reason_needed`` and, once the next level has acted, the codes of the strike.
    """
    return strike(office, Kind.MEETING, meeting, Link.MEETING, reason)


def strike(office: Office, kind: Kind, uid: EntityId, link: Link, reason: str) -> Changes:
    """Strike a record many cases point at, with a reason, and tell every case."""
    with office.workspace.write(office.actor) as tx:
        tx.load(kind, uid)
        need_inside(tx, tx.scope_of(uid))
        if not reason.strip():
            raise Refused("workflow.reason_needed")
        for case, values in tx.children(Kind.CASE, str(link), uid):
            step = _owner(office, values, link)
            take_action(tx, office, case, f"{step.id}.strike", {"reason": reason})
        void: dict[str, Value] = {"void": 1, "void_reason": reason.strip()}
        tx.record(f"{kind}.struck", kind, uid, void)
        if kind is Kind.PUBLICITY:
            for document, _ in tx.children(Kind.DOCUMENT, "publicity", uid):
                tx.record("document.voided", Kind.DOCUMENT, document, void)
    return tx.changes


def waiting_at(tx: Tx, office: Office, link: Link, uid: EntityId) -> list[tuple[EntityId, dict[str, Value]]]:
    """Return the cases that point at a record and still stand at the step it belongs to.

    Those of a household that was struck, moved away or is a second registration wait for nothing.
    """
    found = tx.children(Kind.CASE, str(link), uid)
    return [
        (case, values)
        for case, values in found
        if _is_at(office, values, link)
        and tx.load(Kind.HOUSEHOLD, EntityId(str(values["household"]))).get("status", "") not in ELSEWHERE
    ]


def _is_at(office: Office, case: Mapping[str, Value], link: Link) -> bool:
    workflow = office.policy.workflow(case)
    return any(workflow.step(step).link is link for step in read_state(workflow, case).open)


def step_linked(office: Office, case: Mapping[str, Value], link: Link) -> Step:
    """Return the open step of a case that points at records of this kind.

    Raises:
        Refused: ``workflow.not_at_step`` (param ``status``) when no such step is open.
    """
    workflow = office.policy.workflow(case)
    state = read_state(workflow, case)
    for step in state.open:
        if workflow.step(step).link is link:
            return workflow.step(step)
    raise Refused("workflow.not_at_step", status=str(state.status))


def _owner(office: Office, case: Mapping[str, Value], link: Link) -> Step:
    for step in office.policy.workflow(case).steps:
        if step.link is link:
            return step
    raise Refused("workflow.not_at_step", status=str(case.get("status", "")))


def _conclude(
    tx: Tx,
    office: Office,
    held: Mapping[str, Value],
    case: EntityId,
    values: Mapping[str, Value],
    on: date | None,
) -> bool:
    step = step_linked(office, values, Link.MEETING)
    pack = office.policy.pack(str(values["pack"]))
    rule = rule_for(pack.quorum, held)
    if rule is None:
        raise Refused("meeting.no_rule")
    decided = majority(rule, held, vote_of(values))
    outcome = step.outcome(decided.value)
    if outcome.leads is Leads.STAY:
        return False
    # What the votes came to is the reason; the ballots stand beside it on the case.
    data: dict[str, Value] = {} if outcome.leads.is_forward else {"reason": outcome.label}
    take_action(tx, office, case, f"{step.id}.{outcome.id}", data, on)
    return True
