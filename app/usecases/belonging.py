"""Households that become two, turn out to be one, move to another village or should not be here at all.

Nothing is erased: every entity keeps its history, and each act has a way back. Moving is the act of an
office above both villages; the new village gets the values of the day, never the old entries.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.calendar import parse_date
from app.domain.errors import Refused
from app.domain.household import HEAD
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.region import is_within, level_of
from app.domain.stage import Status, read_state
from app.domain.values import checked_fields
from app.queries.late_moves import ALSO_CARRIED, CARRIED
from app.storage import tables
from app.usecases.households import check_whole, correcting
from app.usecases.office import need_inside, refuse_future

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.changes import Changes
    from app.storage.tx import Tx
    from app.usecases.office import Office

ACTIVE, VOID, ALIAS, MOVED = "active", "void", "alias", "moved"
_PRESENT = frozenset({"", "present"})


@dataclass(frozen=True, slots=True)
class NewHome:
    """Where the members who split off live from now on; "" keeps the old group or address."""

    group: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Where a household moves to: ``village`` is a 12-digit code, ``on`` the ISO date it left."""

    village: str
    on: str
    group: str = ""
    address: str = ""
    reason: str = ""
    papers: Sequence[str] = field(default_factory=tuple[str, ...])


def split(
    office: Office, household: EntityId, going: Mapping[EntityId, str], home: NewHome, reason: str
) -> Changes:
    """Let some members form a household of their own (分户); what they earn goes with them.

    ``going`` maps each member who goes to the relation to the new head ("01" for the head).

    Raises:
        Refused: ``belonging.nobody_goes``, ``belonging.nobody_stays``, ``belonging.head_goes`` (param
            ``name``), ``belonging.not_of_it``, ``belonging.one_head``, ``belonging.no_reason``,
            ``belonging.not_active``, ``region.outside``, ``correction.reason_needed`` and the first fault
            of either household.
    """
    _need_reason(reason)
    with office.workspace.write(office.actor) as tx:
        old = _active(tx, household)
        members = dict(tx.children(Kind.MEMBER, "household", household))
        _check_split(members, going)
        scope = tx.scope_of(household)
        uid = tx.new_id(Kind.HOUSEHOLD, scope)
        fields = {
            "village": old.get("village", ""),
            "group": home.group or old.get("group", ""),
            "address": home.address or old.get("address", ""),
            "status": ACTIVE,
            "split_from": household,
        }
        with correcting(tx, office, household, reason):
            clean = checked_fields(Kind.HOUSEHOLD, fields)
            tx.record("household.split", Kind.HOUSEHOLD, uid, clean, scope=scope, extras={"reason": reason})
            for member, relation in going.items():
                fresh = checked_fields(Kind.MEMBER, {"household": uid, "relation": relation})
                tx.record("member.split", Kind.MEMBER, member, fresh, extras={"reason": reason})
            for kind in (Kind.INCOME, Kind.EXPENSE):
                for item, values in tx.children(kind, "household", household):
                    if values.get("member") in going:
                        tx.record(f"{kind}.split", kind, item, {"household": uid})
            check_whole(tx, office, household)
            check_whole(tx, office, uid)
    return tx.changes


def _check_split(members: Mapping[EntityId, Mapping[str, Value]], going: Mapping[EntityId, str]) -> None:
    present = {uid: m for uid, m in members.items() if m.get("status", "") in _PRESENT}
    if not going:
        raise Refused("belonging.nobody_goes")
    if not going.keys() <= present.keys():
        raise Refused("belonging.not_of_it")
    if going.keys() == present.keys():
        raise Refused("belonging.nobody_stays")
    leaving = [m for uid, m in present.items() if uid in going and m.get("relation") == HEAD]
    if leaving:
        raise Refused("belonging.head_goes", name=leaving[0].get("name", ""))
    if list(going.values()).count(HEAD) != 1:
        raise Refused("belonging.one_head")


def unite(
    office: Office, kept: EntityId, double: EntityId, bring: Mapping[EntityId, str], reason: str
) -> Changes:
    """Say that two registrations are one household: ``double`` stands behind ``kept`` from now on.

    ``bring`` are members of the double who are missing in the kept one, with their relation to its head
    ("" keeps the one they have); only a village moves members, and only inside itself.

    Raises:
        Refused: ``belonging.same_one``, ``belonging.keep_the_other`` (the double has been decided on, the
            kept one has not), ``belonging.bring_apart``, ``belonging.not_of_it``, ``belonging.no_reason``,
            ``belonging.not_active``, ``region.outside``, ``correction.reason_needed``.
    """
    _need_reason(reason)
    with office.workspace.write(office.actor) as tx:
        if kept == double:
            raise Refused("belonging.same_one")
        one, other = _active(tx, kept), _active(tx, double)
        if _is_decided(tx, double) and not _is_decided(tx, kept):
            raise Refused("belonging.keep_the_other")
        if bring and (tx.actor.level is not Level.VILLAGE or one.get("village") != other.get("village")):
            raise Refused("belonging.bring_apart")
        known = dict(tx.children(Kind.MEMBER, "household", double))
        if not bring.keys() <= known.keys():
            raise Refused("belonging.not_of_it")
        with correcting(tx, office, kept, reason):
            for member, relation in bring.items():
                fresh = {"household": kept} | ({"relation": relation} if relation else {})
                tx.record("member.joined", Kind.MEMBER, member, checked_fields(Kind.MEMBER, fresh))
            fields = _status(tx, ALIAS, reason) | {"alias_of": kept}
            tx.record("household.alias", Kind.HOUSEHOLD, double, fields)
            check_whole(tx, office, kept)
    return tx.changes


def part(office: Office, double: EntityId, reason: str) -> Changes:
    """Take back that a household is a second registration; members brought over stay where they are.

    Raises:
        Refused: ``belonging.no_double``, ``belonging.no_reason``, ``region.outside``.
    """
    _need_reason(reason)
    with office.workspace.write(office.actor) as tx:
        values = _inside(tx, double)
        if not values.get("alias_of"):
            raise Refused("belonging.no_double")
        fields = _status(tx, ACTIVE, reason) | {"alias_of": ""}
        tx.record("household.alias", Kind.HOUSEHOLD, double, fields)
    return tx.changes


def void(office: Office, household: EntityId, reason: str) -> Changes:
    """Strike a household that should not have been registered; it stays in the history.

    Raises:
        Refused: ``belonging.decided`` (it has been decided on: that is settled by an exit, not by striking
            it), ``belonging.no_reason``, ``belonging.not_active``, ``region.outside``.
    """
    _need_reason(reason)
    with office.workspace.write(office.actor) as tx:
        _active(tx, household)
        if _is_decided(tx, household):
            raise Refused("belonging.decided")
        tx.record("household.void", Kind.HOUSEHOLD, household, _status(tx, VOID, reason))
    return tx.changes


def restore(office: Office, household: EntityId, reason: str) -> Changes:
    """Bring back a household that was struck.

    Raises:
        Refused: ``belonging.not_void``, ``belonging.no_reason``, ``region.outside``.
    """
    _need_reason(reason)
    with office.workspace.write(office.actor) as tx:
        if _inside(tx, household).get("status") != VOID:
            raise Refused("belonging.not_void")
        tx.record("household.restored", Kind.HOUSEHOLD, household, _status(tx, ACTIVE, reason))
    return tx.changes


def move(office: Office, household: EntityId, to: Move) -> Changes:
    """Let a household move to another village (迁往/迁入): closed here, begun anew there.

    The new village gets one household with the values of the day, its members and the list of papers.

    Raises:
        Refused: ``belonging.only_above`` (a village does not move households), ``belonging.bad_date``,
            ``workflow.future_date``, ``belonging.same_village``, ``belonging.no_village``,
            ``belonging.unknown_village`` (nobody named it here), ``belonging.running`` (a case is not
            finished), ``belonging.conflict`` (fields still in conflict, param ``count``),
            ``belonging.no_reason``, ``belonging.not_active``, ``region.outside``.
    """
    _need_reason(to.reason)
    known = office.workspace.standing().places
    with office.workspace.write(office.actor) as tx:
        if tx.actor.level is Level.VILLAGE:
            raise Refused("belonging.only_above")
        old = _active(tx, household)
        if parse_date(to.on) is None:
            raise Refused("belonging.bad_date", text=to.on)
        refuse_future(tx, to.on)
        _check_target(tx, str(old.get("village", "")), to.village)
        if to.village not in known:
            raise Refused("belonging.unknown_village", place=to.village)
        _need_settled(tx, office, household)
        gone = checked_fields(
            Kind.HOUSEHOLD, {"status": MOVED, "status_on": to.on, "status_reason": to.reason}
        )
        tx.record("household.moved_away", Kind.HOUSEHOLD, household, gone)
        uid = tx.new_id(Kind.HOUSEHOLD, to.village)
        fields = {code: old[code] for code in ("address", *CARRIED, *ALSO_CARRIED) if old.get(code)}
        fields |= {"village": to.village, "status": ACTIVE, "status_on": to.on, "group": to.group}
        fields |= {"address": to.address, "came_from": household, "came_with": "；".join(to.papers)}
        clean = checked_fields(Kind.HOUSEHOLD, fields)
        tx.record("household.moved_in", Kind.HOUSEHOLD, uid, clean, scope=to.village)
        for _, member in tx.children(Kind.MEMBER, "household", household):
            if member.get("status", "") in _PRESENT:
                fresh = {**member, "household": uid, "joined_on": to.on, "joined_reason": "moved_in"}
                moved = tx.new_id(Kind.MEMBER, to.village)
                tx.record("member.moved_in", Kind.MEMBER, moved, fresh, scope=to.village)
    return tx.changes


def take_back_move(office: Office, household: EntityId, reason: str) -> Changes:
    """Undo a move while the new village has written nothing about the household it got.

    ``household`` is the new one; it is struck and the old one stands as before.

    Raises:
        Refused: ``belonging.no_move``, ``belonging.used_there`` (param ``count`` of entries),
            ``belonging.no_reason``, ``region.outside``.
    """
    _need_reason(reason)
    with office.workspace.write(office.actor) as tx:
        values = _inside(tx, household)
        old = EntityId(str(values.get("came_from", "")))
        if not old or values.get("status") != ACTIVE:
            raise Refused("belonging.no_move")
        _inside(tx, old)
        used = _written_since(tx, household)
        if used:
            raise Refused("belonging.used_there", count=used)
        tx.record("household.moved_undone", Kind.HOUSEHOLD, household, _status(tx, VOID, reason))
        tx.record("household.moved_undone", Kind.HOUSEHOLD, old, _status(tx, ACTIVE, reason))
    return tx.changes


def _written_since(tx: Tx, household: EntityId) -> int:
    """Return how many entries others wrote about a moved household and its children."""
    children = [
        uid
        for kind in (Kind.MEMBER, Kind.INCOME, Kind.EXPENSE, Kind.CONDITIONS, Kind.CASE, Kind.SUBMISSION)
        for uid, _ in tx.children(kind, "household", household)
    ]
    journal, entity = tables.journal, tables.entity
    query = (
        select(func.count())
        .select_from(journal.join(entity, entity.c.eid == journal.c.eid))
        .where(entity.c.uid.in_([household, *children]))
    )
    present = sum(1 for _ in tx.children(Kind.MEMBER, "household", household))
    return max(0, int(tx.conn.execute(query).scalar() or 0) - 1 - present)


def _check_target(tx: Tx, old: str, village: str) -> None:
    if village == old:
        raise Refused("belonging.same_village")
    if not is_within(tx.actor.scope, village):
        raise Refused("region.outside", place=village)
    if level_of(village) is not Level.VILLAGE:
        raise Refused("belonging.no_village")


def _need_settled(tx: Tx, office: Office, household: EntityId) -> None:
    for _, case in tx.children(Kind.CASE, "household", household):
        workflow = office.policy.workflow(case)
        state = read_state(workflow, case)
        if not state.status.is_ended:
            raise Refused("belonging.running", step=workflow.step(state.open[0]).name)
    tx.flush()
    own = [household, *(uid for uid, _ in tx.children(Kind.MEMBER, "household", household))]
    entity, conflict = tables.entity, tables.conflict
    query = (
        select(func.count())
        .select_from(conflict.join(entity, entity.c.eid == conflict.c.eid))
        .where(entity.c.uid.in_(own))
    )
    count = int(tx.conn.execute(query).scalar() or 0)
    if count:
        raise Refused("belonging.conflict", count=count)


def _is_decided(tx: Tx, household: EntityId) -> bool:
    cases = tx.children(Kind.CASE, "household", household)
    return any(case.get("status") == Status.APPROVED for _, case in cases)


def _active(tx: Tx, household: EntityId) -> dict[str, Value]:
    values = _inside(tx, household)
    if str(values.get("status", "")) not in {"", ACTIVE}:
        raise Refused("belonging.not_active")
    return values


def _inside(tx: Tx, household: EntityId) -> dict[str, Value]:
    values = tx.load(Kind.HOUSEHOLD, household)
    need_inside(tx, str(values.get("village", "")))
    return values


def _status(tx: Tx, status: str, reason: str) -> dict[str, Value]:
    return {"status": status, "status_on": tx.today.isoformat(), "status_reason": reason.strip()}


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("belonging.no_reason")
