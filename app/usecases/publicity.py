"""Public notices (公示): plan a round for many households, post it, take it down, close it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.calendar import parse_date
from app.domain.errors import Refused
from app.domain.fault import refuse_errors
from app.domain.ids import EntityId, Kind, Value
from app.domain.publicity import compute_period, faults
from app.domain.stage import read_state
from app.domain.values import checked_fields
from app.domain.workflow import Link
from app.usecases.cases import Batch, ready_outcome, take_action
from app.usecases.meetings import step_linked, strike, waiting_at
from app.usecases.office import need_inside, refuse_future

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from app.domain.changes import Changes
    from app.domain.errors import AppError
    from app.domain.publicity import Period, PublicityRule
    from app.storage.tx import Tx
    from app.usecases.office import Office


def period_of(office: Office, case: Mapping[str, Value], posted_on: date) -> Period:
    """Return the period of a notice for this case posted on a day, to show before anything is printed.

    Raises:
        Refused: ``publicity.no_rule``, ``workflow.not_at_step`` or ``calendar.unknown_year``.
    """
    return compute_period(rule_of(office, case), posted_on, office.policy.calendar(case))


def rule_of(office: Office, case: Mapping[str, Value]) -> PublicityRule:
    """Return the publicity rule of the open notice step of a case.

    Raises:
        Refused: ``publicity.no_rule``, ``workflow.not_at_step``.
    """
    pack = office.policy.pack(str(case.get("pack", "")))
    rule = pack.publicity_of(step_linked(office, case, Link.PUBLICITY))
    if rule is None:
        raise Refused("publicity.no_rule")
    return rule


def plan_publicity(
    office: Office, cases: Sequence[EntityId], posted_on: date, contacts: Mapping[str, Value]
) -> Changes:
    """Make one notice for these cases, to be posted on ``posted_on``; its period is computed here.

    ``contacts`` are the contact_… fields. The notice is printed before it is posted.

    Raises:
        Refused: ``publicity.no_cases``, ``publicity.mixed``, ``publicity.on_another`` (a case stands on a
            notice that hangs and still counts), ``region.outside`` and the codes of ``period_of``.
    """
    with office.workspace.write(office.actor) as tx:
        if not cases:
            raise Refused("publicity.no_cases")
        values = {uid: tx.load(Kind.CASE, uid) for uid in cases}
        first = values[cases[0]]
        if any((v["workflow"], v["round"]) != (first["workflow"], first["round"]) for v in values.values()):
            raise Refused("publicity.mixed")
        for known in values.values():
            _refuse_posted(tx, office, known)
        scope = tx.scope_of(cases[0])
        need_inside(tx, scope)
        rule = rule_of(office, first)
        period = compute_period(rule, posted_on, office.policy.calendar(first))
        uid = tx.new_id(Kind.PUBLICITY, scope)
        fields: dict[str, Value] = {
            **contacts,
            **period.fields(rule),
            "round": first["round"],
            "workflow": first["workflow"],
            "meeting": first.get("meeting", ""),
            "notice_on": tx.today.isoformat(),
        }
        checked = checked_fields(Kind.PUBLICITY, fields)
        tx.record("publicity.planned", Kind.PUBLICITY, uid, checked, scope=scope)
        for case in cases:
            step = step_linked(office, values[case], Link.PUBLICITY)
            take_action(tx, office, case, f"{step.id}.save", {"publicity": uid})
    return tx.changes


def post_publicity(office: Office, publicity: EntityId, posted_on: date, where: str, by: str) -> Changes:
    """Record that a notice was posted, and keep its file; a later day than planned moves the period.

    Raises:
        Refused: ``publicity.already_posted``, ``publicity.struck``, ``publicity.future``,
            ``publicity.no_cases`` (no household waits for it any more), ``region.outside`` and the faults
            of a posting.
    """
    from app.usecases import papers  # the typesetter is slow to load, and only a posting needs it here

    imprint = papers.imprint_of(office)
    with office.workspace.write(office.actor) as tx:
        values = _notice(tx, publicity)
        if values.get("posted_on"):
            raise Refused("publicity.already_posted")
        if posted_on > tx.today:
            raise Refused("publicity.future")
        cases = waiting_at(tx, office, Link.PUBLICITY, publicity)
        if not cases:
            raise Refused("publicity.no_cases")
        case = cases[0][1]
        rule = rule_of(office, case)
        calendar = office.policy.calendar(case)
        period = compute_period(rule, posted_on, calendar)
        fields: dict[str, Value] = {
            **period.fields(rule),
            "posted_on": posted_on.isoformat(),
            "posted_where": where.strip(),
            "posted_by": by.strip(),
        }
        refuse_errors(faults({**values, **fields}, rule, calendar))
        tx.record("publicity.posted", Kind.PUBLICITY, publicity, fields)
        papers.put_notice(tx, office, publicity, imprint)
    return tx.changes


def take_down(office: Office, publicity: EntityId, on: date, result: str) -> Changes:
    """Record that a notice came down and what came of it.

    Raises:
        Refused: ``publicity.not_posted``, ``publicity.struck``, ``publicity.taken_down`` (param ``until``)
            when it is too early, ``workflow.future_date``, ``region.outside``.
    """
    with office.workspace.write(office.actor) as tx:
        values = _notice(tx, publicity)
        refuse_future(tx, on.isoformat())
        last = parse_date(values.get("to_on"))
        if not values.get("posted_on") or last is None:
            raise Refused("publicity.not_posted")
        if on < last:
            raise Refused("publicity.taken_down", until=last.isoformat())
        fields: dict[str, Value] = {"taken_down_on": on.isoformat(), "result": result.strip()}
        tx.record("publicity.taken_down", Kind.PUBLICITY, publicity, fields)
    return tx.changes


def conclude_publicity(office: Office, publicity: EntityId, on: date | None = None) -> Batch:
    """Advance every case of a notice whose period is over and that nobody objects to any more.

    A case that has left the step already is passed over, so that it may be concluded again for the rest.

    Raises:
        Refused: ``entity.unknown``, ``publicity.struck``, ``region.outside``.
    """
    done: list[EntityId] = []
    refused: list[tuple[EntityId, AppError]] = []
    with office.workspace.write(office.actor) as tx:
        _notice(tx, publicity)
        for case, values in waiting_at(tx, office, Link.PUBLICITY, publicity):
            try:
                step = step_linked(office, values, Link.PUBLICITY)
                take_action(tx, office, case, ready_outcome(tx, office, case, step, on), {}, on)
                done.append(case)
            except Refused as error:
                refused.append((case, error))
    return Batch(tx.changes, tuple(done), tuple(refused))


def _notice(tx: Tx, publicity: EntityId) -> dict[str, Value]:
    """Return a notice of the desk's own area that stands."""
    values = tx.load(Kind.PUBLICITY, publicity)
    need_inside(tx, tx.scope_of(publicity))
    if values.get("void"):
        raise Refused("publicity.struck")
    return values


def _refuse_posted(tx: Tx, office: Office, case: Mapping[str, Value]) -> None:
    """Refuse to take a household off a notice that hangs, unless it has to be published again."""
    uid = str(case.get(Link.PUBLICITY, ""))
    if not uid:
        return
    state = read_state(office.policy.workflow(case), case)
    again = state.stale | set(state.redo or {})
    posted = tx.load(Kind.PUBLICITY, uid)
    if posted.get("posted_on") and not posted.get("void") and again.isdisjoint(state.open):
        raise Refused("publicity.on_another")


def strike_publicity(office: Office, publicity: EntityId, reason: str) -> Changes:
    """Strike a wrongly recorded notice; its cases need a new one.

    Raises:
        Refused: ``workflow.reason_needed`` and, once the next level has acted, the codes of the strike.
    """
    return strike(office, Kind.PUBLICITY, publicity, Link.PUBLICITY, reason)
