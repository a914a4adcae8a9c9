"""Carry over what the old village wrote about a household before it knew that it had moved away.

The old record is never written about again; what is carried over is an entry of the new village's own,
written there by 代录.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.alert import AlertKind
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Value
from app.queries import rows
from app.queries.late_moves import late_changes, new_home_of
from app.storage import alerts
from app.usecases.enrolment import open_proxy
from app.usecases.households import Edit, edit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from app.domain.changes import Changes
    from app.queries.late_moves import LateChange
    from app.usecases.office import Office


def carry_over(office: Office, old: EntityId, keys: Collection[str], reason: str) -> Changes:
    """Write late changes (their keys) on the new record, in the name of its village.

    The alert goes when nothing is left.

    Raises:
        Refused: ``belonging.no_late`` (one is not there any more, or none was chosen), the codes of
            ``open_proxy`` (only a township writes for its villages) and of ``households.edit``.
    """
    with office.workspace.read() as conn:
        new = EntityId(new_home_of(conn, old))
        wanted = [one for one in late_changes(conn, office.policy, old) if one.key in keys]
        if not wanted or len(wanted) != len(set(keys)):
            raise Refused("belonging.no_late")
        village = rows.text(rows.get(conn, Kind.HOUSEHOLD, new), "village")
    changes = edit(open_proxy(office, village), new, _edits(wanted), reason)
    with office.workspace.bookkeeping() as conn:
        if not late_changes(conn, office.policy, old):
            for one in alerts.open_alerts(conn):
                if (one.kind, one.subject) == (AlertKind.LATE_MOVE, old):
                    alerts.set_aside(conn, one.n, office.workspace.clock.now().isoformat(timespec="seconds"))
    return changes


def _edits(wanted: Iterable[LateChange]) -> list[Edit]:
    fields: dict[tuple[Kind, str], dict[str, Value]] = {}
    for one in wanted:
        whose = (one.kind, one.onto or f"+{one.key}")
        fields.setdefault(whose, {}).update(one.values)
    return [
        Edit(kind, "" if onto.startswith("+") else onto, values) for (kind, onto), values in fields.items()
    ]
