"""Alerts: what this computer tells the person at it, and putting one aside once it is dealt with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.queries.alerts import alert_lines
from app.storage import alerts

if TYPE_CHECKING:
    from app.queries.alerts import AlertLine
    from app.usecases.office import Office


def listing(office: Office) -> tuple[AlertLine, ...]:
    """Return the alerts that stand, oldest first."""
    with office.workspace.read() as conn:
        return alert_lines(conn, office.workspace.standing().places)


def set_aside(office: Office, n: int) -> None:
    """Note that the person at the desk has read an alert; the audit says who.

    Raises:
        Refused: ``alerts.none`` when no such alert stands.
    """
    with office.workspace.write(office.actor) as tx:
        if not alerts.set_aside(tx.conn, n, tx.now.isoformat(timespec="seconds")):
            raise Refused("alerts.none", number=n)
        tx.audit("alert_set_aside", str(n), {})
