"""Settle fields that were written in two places: one later entry names all the values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.fields import FIELDS
from app.domain.ids import EntityId, Kind, Value
from app.domain.stage import STANDING_FIELDS
from app.domain.values import checked_fields
from app.usecases.office import need_inside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.changes import Changes
    from app.storage.tx import Tx
    from app.usecases.office import Office


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one field is settled: keep head ``take`` (an entry id) or, with ``value``, write a new one."""

    entity: EntityId
    field: str
    take: str = ""
    value: Value | None = None


def resolve_conflict(
    office: Office, entity: EntityId, field: str, *, take: str = "", value: Value | None = None
) -> Changes:
    """Keep the value of head ``take`` (an entry id), or a new ``value``; see ``resolve_conflicts``."""
    return resolve_conflicts(office, [Settlement(entity, field, take, value)])


def resolve_conflicts(office: Office, settlements: Iterable[Settlement]) -> Changes:
    """Settle several fields, all or none.

    Raises:
        Refused: ``conflict.none`` (param ``field``), ``conflict.no_such_entry`` (param ``entry``),
            ``conflict.of_stage`` (a stage is settled by the action of the case), ``region.outside``.
    """
    with office.workspace.write(office.actor) as tx:
        found: dict[EntityId, dict[str, Value]] = {}
        for one in settlements:
            found.setdefault(one.entity, {})[one.field] = _settled(tx, one)
        for entity, fields in found.items():
            tx.record("conflict.resolved", tx.kind_of(entity), entity, fields)
    return tx.changes


def _settled(tx: Tx, one: Settlement) -> Value:
    need_inside(tx, tx.scope_of(one.entity))
    kind = tx.kind_of(one.entity)
    heads = tx.folded(one.entity).heads.get(one.field, ())
    if len({head.value for head in heads}) < 2:  # noqa: PLR2004 -- a conflict has two sides
        raise Refused("conflict.none", field=one.field)
    if kind is Kind.CASE and one.field in STANDING_FIELDS:
        raise Refused("conflict.of_stage")
    if one.value is not None:
        known = one.field in FIELDS[kind]
        return checked_fields(kind, {one.field: one.value})[one.field] if known else one.value
    chosen = [head.value for head in heads if head.entry == one.take]
    if not chosen:
        raise Refused("conflict.no_such_entry", entry=one.take)
    return chosen[0]


def kind_of(office: Office, entity: EntityId) -> Kind:
    """Return the kind of an entity.

    Raises:
        Refused: ``entity.unknown``.
    """
    with office.workspace.write(office.actor) as tx:
        return tx.kind_of(entity)
