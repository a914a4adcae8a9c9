"""Settle fields that were written in two places: one later entry names all the values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.correction import changed_kinds, effect_of
from app.domain.errors import Refused
from app.domain.fields import FIELDS
from app.domain.ids import EntityId, Kind, Value
from app.domain.settling import combined
from app.domain.stage import STANDING_FIELDS, read_state
from app.domain.values import checked_fields
from app.queries.conflict_patterns import patterns
from app.queries.family import household_of
from app.queries.journal_rows import eids_of, entries_of
from app.queries.snapshots import snapshot
from app.usecases.households import reopen
from app.usecases.office import need_inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from app.domain.changes import Changes
    from app.queries.journal_rows import Written
    from app.storage.tx import Tx
    from app.usecases.office import Office

    Values = Mapping[str, Value]
    Running = list[tuple[EntityId, dict[str, Value]]]


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one field is settled: keep head ``take`` (an entry id), write ``value``, or all in one.

    ``combine`` counts before ``value``, and ``value`` before ``take``.
    """

    entity: EntityId
    field: str
    take: str = ""
    value: Value | None = None
    combine: bool = False


def resolve_conflicts(office: Office, settlements: Iterable[Settlement], reason: str = "") -> Changes:
    """Settle several fields, all or none; a choice that changes what was published or judged re-opens.

    Raises:
        Refused: ``conflict.none`` (param ``field``), ``conflict.no_such_entry`` (param ``entry``),
            ``conflict.of_stage`` (a stage is settled by the action of the case), ``conflict.no_union``
            (param ``field``), ``region.outside``, ``correction.reason_needed`` (it re-opens a case, and no
            ``reason`` was given).
    """
    with office.workspace.write(office.actor) as tx:
        found: dict[EntityId, dict[str, Value]] = {}
        for one in settlements:
            found.setdefault(one.entity, {})[one.field] = _settled(tx, one)
        _record(tx, office, found, "conflict.resolved", reason)
    return tx.changes


def resolve_pattern(office: Office, pattern: str, side: str = "", reason: str = "") -> Changes:
    """Settle every dispute of one pattern of the desk's area the same way; ``side`` as its choices name it.

    Raises:
        Refused: ``conflict.no_pattern`` (it is settled by now), ``conflict.no_side``, and the codes of
            ``resolve_conflicts``.
    """
    with office.workspace.read() as conn:
        found = next((p for p in patterns(conn, office.policy, office.actor.scope) if p.id == pattern), None)
    if found is None:
        raise Refused("conflict.no_pattern")
    choice = next((one for one in found.choices if one.side == side), None)
    if choice is None:
        raise Refused("conflict.no_side")
    pairs = zip(found.lines, choice.takes, strict=True)
    chosen = [Settlement(EntityId(line.entity), line.field, head.entry) for line, head in pairs]
    return resolve_conflicts(office, chosen, reason)


def revise(office: Office, entity: EntityId, field: str, entry: str, reason: str = "") -> Changes:
    """Decide a settled field anew, for the value of ``entry`` that lost.

    Raises:
        Refused: ``conflict.no_such_entry`` (param ``entry``: it lost no conflict that still counts, because
            somebody wrote the field since), ``conflict.of_stage``, ``region.outside``,
            ``correction.reason_needed``.
    """
    with office.workspace.write(office.actor) as tx:
        need_inside(tx, tx.scope_of(entity))
        kind = tx.kind_of(entity)
        if kind is Kind.CASE and field in STANDING_FIELDS:
            raise Refused("conflict.of_stage")
        lost = {one.entry: one.body.changes.get(field, "") for one in _lost(tx, entity, field)}
        if entry not in lost:
            raise Refused("conflict.no_such_entry", entry=entry)
        _record(tx, office, {entity: {field: lost[entry]}}, "conflict.revised", reason)
    return tx.changes


def _lost(tx: Tx, entity: EntityId, field: str) -> list[Written]:
    """Return the writes the present value was chosen from."""
    heads = tx.folded(entity).heads.get(field, ())
    tx.flush()
    written = {one.entry: one for one in entries_of(tx.conn, eids_of(tx.conn, [entity]).values())}
    named = written[heads[0].entry].body.parents.get(field, ()) if len(heads) == 1 else ()
    return [written[one] for one in named if one in written] if len(named) > 1 else []


def _record(
    tx: Tx, office: Office, found: Mapping[EntityId, Mapping[str, Value]], op: str, reason: str
) -> None:
    """Write the decisions; what they change about running cases is done like any other correction."""
    tx.flush()
    running = _running(tx, office, found)
    before = [snapshot(tx.conn, office.policy, uid, values) for uid, values in running]
    for entity, fields in found.items():
        tx.record(op, tx.kind_of(entity), entity, fields)
    tx.flush()
    for (uid, _), old in zip(running, before, strict=True):
        now = tx.load(Kind.CASE, uid)
        kinds = changed_kinds(old, snapshot(tx.conn, office.policy, uid, now))
        reopen(tx, office, uid, now, effect_of(office.policy.workflow(now), now, kinds), reason)


def _settled(tx: Tx, one: Settlement) -> Value:
    need_inside(tx, tx.scope_of(one.entity))
    if any(head.deleted for found in tx.folded(one.entity).heads.values() for head in found):
        raise Refused("region.deleted")
    kind = tx.kind_of(one.entity)
    heads = tx.folded(one.entity).heads.get(one.field, ())
    if len({head.value for head in heads}) < 2:  # noqa: PLR2004 -- a conflict has two sides
        raise Refused("conflict.none", field=one.field)
    if kind is Kind.CASE and one.field in STANDING_FIELDS:
        raise Refused("conflict.of_stage")
    known = FIELDS[kind].get(one.field)
    if one.combine:
        both = None if known is None else combined(known, [head.value for head in heads])
        if both is None:
            raise Refused("conflict.no_union", field=one.field)
        return both
    if one.value is not None:
        return one.value if known is None else checked_fields(kind, {one.field: one.value})[one.field]
    chosen = [head.value for head in heads if head.entry == one.take]
    if not chosen:
        raise Refused("conflict.no_such_entry", entry=one.take)
    return chosen[0]


def _running(tx: Tx, office: Office, entities: Iterable[EntityId]) -> Running:
    """Return the cases that go on of the households these entities belong to, none in two states."""
    homes = {household_of(tx.conn, tx.kind_of(uid), uid) for uid in entities} - {""}
    return [one for home in sorted(homes) for one in _cases(tx, office, home)]


def _cases(tx: Tx, office: Office, household: str) -> Iterator[tuple[EntityId, dict[str, Value]]]:
    for uid, values in tx.children(Kind.CASE, "household", household):
        together = all(len(tx.folded(uid).heads.get(code, ())) < 2 for code in STANDING_FIELDS)  # noqa: PLR2004 -- two sides
        if together and read_state(office.policy.workflow(values), values).stage_on is not None:
            yield uid, values


def kind_of(office: Office, entity: EntityId) -> Kind:
    """Return the kind of an entity.

    Raises:
        Refused: ``entity.unknown``.
    """
    with office.workspace.write(office.actor) as tx:
        return tx.kind_of(entity)
