"""Everything ever written about a household: which values stand, which were replaced, which are held back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.fields import FIELDS
from app.domain.identity import mask_field
from app.domain.ids import Kind, Value
from app.journal.authority import EntryState
from app.journal.redaction import is_redaction
from app.queries import rows
from app.queries.family import entities_of
from app.queries.journal_rows import eids_of, entries_of, writers
from app.storage.projector import fold_entities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from app.journal.fold import Folded
    from app.queries.journal_rows import Written


class Standing(StrEnum):
    """How a written value stands now."""

    CURRENT = "current"  # the one value
    HEAD = "head"  # one of several that do not know of each other
    PAST = "past"  # replaced by a later one
    DELETED = "deleted"  # lawfully deleted: only that it was written is left
    HELD = "held"  # kept, but not shown as fact: not authorised, revoked or of an unknown kind


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One value written to one field; ``field`` is "" for an act that wrote none, ``value`` names it then.

    ``replaces`` are the entries whose values it replaced; ``by`` the writer's name, "" when unknown here;
    ``at`` ISO to the second in China; ``reason`` what was given with a correction, of a deletion the number
    of its request.
    """

    entry: str
    entity: str
    kind: str
    field: str
    value: Value
    replaces: tuple[str, ...]
    by: str
    at: str
    state: Standing
    op: str = ""
    reason: str = ""


def history(conn: Connection, uid: str, *, clear: bool = False) -> tuple[HistoryRow, ...]:
    """Return what was written about a household and all that belongs to it, oldest first.

    ``clear`` shows sensitive values as they are instead of masked.

    Raises:
        Refused: ``entity.unknown`` when there is no such household.
    """
    rows.get(conn, Kind.HOUSEHOLD, uid)
    kinds = {entity: kind for kind, entity in entities_of(conn, uid)}
    eids = eids_of(conn, kinds)
    by_eid = {eid: entity for entity, eid in eids.items()}
    entries = entries_of(conn, eids.values())
    folds = fold_entities(conn, eids.values())
    names = writers(conn, entries)
    found: list[HistoryRow] = []
    for written in entries:
        kind = kinds[by_eid[written.eid]]
        for code, value in sorted(written.body.changes.items()) or [("", _act(written))]:
            found.append(
                HistoryRow(
                    entry=written.entry,
                    entity=by_eid[written.eid],
                    kind=str(kind),
                    field=code,
                    value=value if clear else _masked(kind, code, value),
                    replaces=tuple(written.body.parents.get(code, ())),
                    by=names.get(written.body.actor, ""),
                    at=written.at,
                    state=_standing(written, folds, code),
                    op=written.body.op,
                    reason=_reason(written),
                )
            )
    return tuple(found)


def _reason(written: Written) -> str:
    return str(written.body.extras.get("request" if is_redaction(written.body) else "reason", ""))


def _act(written: Written) -> Value:
    return str(written.body.extras.get("action", "")) or written.body.op


def _masked(kind: Kind, code: str, value: Value) -> Value:
    definition = FIELDS[kind].get(code)
    return mask_field(code, str(value)) if definition is not None and definition.sensitive else value


def _standing(written: Written, folds: Mapping[int, Folded], code: str) -> Standing:
    if written.state is not EntryState.PROJECTED:
        return Standing.HELD
    if is_redaction(written.body):
        return Standing.DELETED
    if not code:
        return Standing.CURRENT
    heads = folds[written.eid].heads[code]
    if written.entry not in {head.entry for head in heads}:
        return Standing.PAST
    return Standing.CURRENT if len(heads) == 1 else Standing.HEAD
