"""An approval whose content changed afterwards: the level that approved looks again and stands by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level
from app.queries import rows
from app.queries.approved import approval_of, deciding_step, seen_now
from app.queries.case_facts import conflicts_around
from app.queries.since import saw
from app.usecases.office import need_inside

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.usecases.office import Office

_FOR = {
    Level.VILLAGE: "workflow.for_village",
    Level.TOWNSHIP: "workflow.for_township",
    Level.COUNTY: "workflow.for_county",
}


def reconfirm(office: Office, case: EntityId, reason: str) -> Changes:
    """Let the approval of a case stand for what is recorded now; the reason stays with it.

    Raises:
        Refused: ``entity.unknown``, ``region.outside``, ``returned.reason_needed``,
            ``returned.nothing_changed`` (also for a case nobody approved), ``workflow.for_county`` and its
            like (another level approves), ``workflow.conflicts`` (params ``number``, ``what``).
    """
    with office.workspace.write(office.actor) as tx:
        values = tx.load(Kind.CASE, case)
        need_inside(tx, tx.scope_of(case))
        found = approval_of(tx.conn, office.policy, case)
        step = deciding_step(office.policy.workflow(values))
        if found is None or step is None or not found.changed:
            raise Refused("returned.nothing_changed")
        if step.level is not tx.actor.level:
            raise Refused(_FOR[step.level])
        if not reason.strip():
            raise Refused("returned.reason_needed")
        number = conflicts_around(tx.conn, case, rows.text(values, "household"))
        if number:
            raise Refused("workflow.conflicts", number=number, what=step.name)
        extras = {
            "action": "reconfirm",
            "level": tx.actor.level.value,
            "on": tx.today.isoformat(),
            "reason": reason.strip(),
            "saw": saw(tx.conn, rows.text(values, "household")),
        }
        fields = {"seen": seen_now(tx.conn, office.policy, case, values)}
        tx.record("case.reconfirmed", Kind.CASE, case, fields, extras=extras)
    return tx.changes
