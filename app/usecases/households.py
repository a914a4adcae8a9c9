"""Households and what belongs to them: add, edit, correct, leave; nothing is ever erased.

Every edit goes through ``edit``: when a case has gone on, a change that matters is a correction (更正),
needs a reason, and re-opens the case where the pack says so.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.action import Acting
from app.domain.correction import Effect, changed_kinds, effect_of
from app.domain.errors import Refused
from app.domain.fault import refuse_errors
from app.domain.household import ELSEWHERE, household_faults
from app.domain.ids import EntityId, Kind, Value
from app.domain.member import member_faults, tidied
from app.domain.stage import read_state
from app.domain.transition import correct
from app.domain.values import checked_fields
from app.queries.snapshots import snapshot
from app.usecases.office import need_inside

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from app.domain.changes import Changes
    from app.domain.codes import CodeLists
    from app.domain.workflow import Workflow
    from app.storage.tx import Tx
    from app.usecases.office import Office

EDITABLE = (Kind.HOUSEHOLD, Kind.MEMBER, Kind.INCOME, Kind.EXPENSE, Kind.CONDITIONS)
"""Kinds a person edits field by field; everything else changes by an act of its own."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What saving would do to one case; ``step`` and ``redo`` are names of steps, "" and () for nothing.

    ``reprint`` tells that papers already made would no longer say what is recorded.
    """

    case: EntityId
    step: str
    redo: tuple[str, ...]
    reprint: bool

    @property
    def needs_reason(self) -> bool:
        """Tell whether ``edit`` asks for a reason because of this case."""
        return bool(self.step or self.redo)


@dataclass(frozen=True, slots=True)
class Edit:
    """New values of some fields of one entity; ``uid`` empty means a new one of this kind.

    ``fresh`` is the id the new one gets, for other edits to name; "" for any.
    """

    kind: Kind
    uid: str
    fields: Mapping[str, Value]
    fresh: str = ""


def add_household(
    office: Office, fields: Mapping[str, Value], members: Sequence[Mapping[str, Value]]
) -> Changes:
    """Add a household with its members, the head among them.

    Raises:
        Refused: ``region.outside`` and the first fault of the household's or a member's fields.
    """
    with office.workspace.write(office.actor) as tx:
        put_household(tx, office.policy.lists, fields, members)
    return tx.changes


def put_household(
    tx: Tx, lists: CodeLists, fields: Mapping[str, Value], members: Sequence[Mapping[str, Value]]
) -> EntityId:
    """Record a new household inside a transaction; see ``add_household``."""
    village = str(fields.get("village", "") or tx.actor.scope)
    need_inside(tx, village)
    uid = tx.new_id(Kind.HOUSEHOLD, village)
    clean = checked_fields(Kind.HOUSEHOLD, {**fields, "village": village, "status": "active"})
    people = [_clean_member({"status": "present", **member}) for member in members]
    for member in people:
        refuse_errors(member_faults(member, lists, tx.today))
    refuse_errors(household_faults(clean, people, lists, tx.today))
    tx.record("household.added", Kind.HOUSEHOLD, uid, clean, scope=village)
    for member in people:
        added = {**member, "household": uid}
        tx.record("member.added", Kind.MEMBER, tx.new_id(Kind.MEMBER, village), added, scope=village)
    return uid


def edit(office: Office, household: EntityId, edits: Sequence[Edit], reason: str = "") -> Changes:
    """Change fields of a household and its children in one go.

    Raises:
        Refused: ``household.elsewhere`` (moved away, struck, or a second registration),
            ``entity.not_editable``, ``entity.other_household``, the first fault of the new values,
            or ``correction.reason_needed`` (param ``step``, a name) when a running case goes back because
            of it and no reason is given.
    """
    with office.workspace.write(office.actor) as tx:
        apply_edits(tx, office, household, edits, reason)
    return tx.changes


def apply_edits(tx: Tx, office: Office, household: EntityId, edits: Sequence[Edit], reason: str = "") -> None:
    """Change fields inside a transaction; see ``edit``."""
    values = tx.load(Kind.HOUSEHOLD, household)
    need_inside(tx, str(values.get("village", "")))
    if values.get("status", "") in ELSEWHERE:
        raise Refused("household.elsewhere")
    with correcting(tx, office, household, reason):
        for one in edits:
            _apply(tx, office, household, one, reason)
        check_whole(tx, office, household)


@contextmanager
def correcting(tx: Tx, office: Office, household: EntityId, reason: str) -> Generator[None]:
    """Watch what the block changes about a household and record what that does to its cases.

    Raises:
        Refused: ``correction.reason_needed`` (param ``step``, a name).
    """
    running = _running(tx, office, household)
    before = [snapshot(tx.conn, office.policy, uid, values) for uid, values in running]
    yield
    tx.flush()
    for (uid, values), old in zip(running, before, strict=True):
        kinds = changed_kinds(old, snapshot(tx.conn, office.policy, uid, values))
        effect = effect_of(office.policy.workflow(values), values, kinds)
        reopen(tx, office, uid, values, effect, reason)


def preview_effect(office: Office, household: EntityId, edits: Sequence[Edit]) -> tuple[Consequence, ...]:
    """Return what ``edit`` would do to the household's cases, changing nothing.

    Raises:
        Refused: the codes of ``edit``, but for the missing reason.
    """
    found: list[Consequence] = []
    try:
        with office.workspace.write(office.actor) as tx:
            running = _running(tx, office, household)
            before = [snapshot(tx.conn, office.policy, uid, values) for uid, values in running]
            for one in edits:
                _apply(tx, office, household, one, "")
            check_whole(tx, office, household)
            tx.flush()
            for (uid, values), old in zip(running, before, strict=True):
                kinds = changed_kinds(old, snapshot(tx.conn, office.policy, uid, values))
                workflow = office.policy.workflow(values)
                found.append(_told(uid, workflow, effect_of(workflow, values, kinds)))
            raise _OnlyLooking  # noqa: TRY301 -- leaving the block undoes the trial
    except _OnlyLooking:
        return tuple(found)


def _told(case: EntityId, workflow: Workflow, effect: Effect) -> Consequence:
    step = workflow.step(effect.to).name if effect.to else ""
    return Consequence(case, step, tuple(workflow.step(one).name for one in effect.redo), effect.reprint)


class _OnlyLooking(Exception):
    """Ends a trial write."""


def _running(tx: Tx, office: Office, household: EntityId) -> list[tuple[EntityId, dict[str, Value]]]:
    cases = tx.children(Kind.CASE, "household", household)
    return [
        (uid, values)
        for uid, values in cases
        if read_state(office.policy.workflow(values), values).stage_on is not None
    ]


def _apply(tx: Tx, office: Office, household: EntityId, one: Edit, reason: str) -> None:
    if one.kind not in EDITABLE:
        raise Refused("entity.not_editable", kind=str(one.kind))
    clean = checked_fields(one.kind, one.fields)
    extras: dict[str, Value] = {"reason": reason} if reason else {}
    if clean.get("household", household) != household:
        raise Refused("entity.other_household")
    if one.kind is Kind.HOUSEHOLD:
        if "village" in clean:
            need_inside(tx, str(clean["village"]))
        _record_changed(tx, one.kind, household, clean, extras)
    elif not one.uid:
        _record_new(tx, household, one, clean)
    else:
        old = tx.load(one.kind, one.uid)
        if old.get("household") != household:
            raise Refused("entity.other_household")
        if one.kind is Kind.MEMBER:
            clean = _changed_member(tx, office, old, clean)
        _record_changed(tx, one.kind, EntityId(one.uid), clean, extras)


def _record_changed(
    tx: Tx, kind: Kind, uid: EntityId, fields: Mapping[str, Value], extras: Mapping[str, Value]
) -> None:
    heads = tx.folded(uid).heads
    current = tx.load(kind, uid)
    # A field in conflict is written even if it keeps its shown value: that settles it.
    changed = {
        code: value
        for code, value in fields.items()
        if current.get(code, "") != value or len(heads.get(code, ())) > 1
    }
    if changed:
        tx.record(f"{kind}.edited", kind, uid, changed, extras=extras)


def _record_new(tx: Tx, household: EntityId, one: Edit, fields: Mapping[str, Value]) -> None:
    fresh = {**fields, "household": household}
    if one.kind is Kind.MEMBER:
        fresh = {"status": "present", **_clean_member(fresh)}
    scope = tx.scope_of(household)
    uid = EntityId(one.fresh) if one.fresh else tx.new_id(one.kind, scope)
    tx.record(f"{one.kind}.added", one.kind, uid, fresh, scope=scope)


def _clean_member(fields: Mapping[str, Value]) -> dict[str, Value]:
    return checked_fields(Kind.MEMBER, tidied(fields).values)


def _changed_member(
    tx: Tx, office: Office, old: Mapping[str, Value], fields: Mapping[str, Value]
) -> dict[str, Value]:
    """Return what changes about a member, normalised; old faults of other fields do not stop it."""
    whole = _clean_member({**old, **fields})
    lists = office.policy.lists
    known = {(fault.code, fault.field) for fault in member_faults(old, lists, tx.today)}
    fresh = [f for f in member_faults(whole, lists, tx.today) if (f.code, f.field) not in known]
    refuse_errors(fresh)
    return {code: value for code, value in whole.items() if old.get(code, "") != value or code in fields}


def check_whole(tx: Tx, office: Office, household: EntityId) -> None:
    """Refuse a household whose members do not fit together any more.

    Raises:
        Refused: the first error of ``household_faults``, but for nobody being left.
    """
    values = tx.load(Kind.HOUSEHOLD, household)
    members = [member for _, member in tx.children(Kind.MEMBER, "household", household)]
    faults = household_faults(values, members, office.policy.lists, tx.today)
    # A household may be left without anybody when its last member dies or moves away.
    refuse_errors(fault for fault in faults if fault.code not in {"household.no_member", "household.no_head"})


def reopen(
    tx: Tx, office: Office, case: EntityId, values: Mapping[str, Value], effect: Effect, reason: str
) -> None:
    """Record what a correction does to a case, nothing where it does nothing.

    Raises:
        Refused: ``correction.reason_needed`` (param ``step``, a name).
    """
    if not effect.to and not effect.redo:
        return
    workflow = office.policy.workflow(values)
    if not reason.strip():
        raise Refused("correction.reason_needed", step=workflow.step(effect.to).name if effect.to else "")
    done = correct(workflow, values, effect, reason, Acting(tx.actor.level, tx.actor.person, tx.today))
    if done is not None:
        tx.record(done.op, Kind.CASE, case, done.fields, extras=done.extras)
