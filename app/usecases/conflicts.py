"""Settle a field that was written in two places: one later entry names both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.fields import FIELDS
from app.domain.ids import EntityId, Kind, Value
from app.domain.values import checked_fields
from app.usecases.office import need_inside

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.usecases.office import Office

_STAGE = frozenset({"stage", "status", "stage_on", "opened"})


def resolve_conflict(
    office: Office, entity: EntityId, field: str, *, take: str = "", value: Value | None = None
) -> Changes:
    """Keep the value of head ``take`` (an entry id), or a new ``value``.

    Raises:
        Refused: ``conflict.none`` (param ``field``), ``conflict.no_such_entry``, ``conflict.of_stage``
            (a stage is settled by the action of the case), ``region.outside``.
    """
    with office.workspace.write(office.actor) as tx:
        need_inside(tx, tx.scope_of(entity))
        kind = tx.kind_of(entity)
        heads = tx.folded(entity).heads.get(field, ())
        if len({head.value for head in heads}) < 2:  # noqa: PLR2004 -- a conflict has two sides
            raise Refused("conflict.none", field=field)
        if kind is Kind.CASE and field in _STAGE:
            raise Refused("conflict.of_stage")
        if value is None:
            chosen = [head.value for head in heads if head.entry == take]
            if not chosen:
                raise Refused("conflict.no_such_entry", entry=take)
            value = chosen[0]
        elif field in FIELDS[kind]:
            value = checked_fields(kind, {field: value})[field]
        tx.record("conflict.resolved", kind, entity, {field: value})
    return tx.changes


def kind_of(office: Office, entity: EntityId) -> Kind:
    """Return the kind of an entity.

    Raises:
        Refused: ``entity.unknown``.
    """
    with office.workspace.write(office.actor) as tx:
        return tx.kind_of(entity)
