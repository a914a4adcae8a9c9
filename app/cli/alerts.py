"""The command that tells what this computer noticed about itself and others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.alert_words import alert_words
from app.usecases import alerts

if TYPE_CHECKING:
    from argparse import Namespace

    from app.cli.desk import Desk, Result
    from app.queries.alerts import AlertLine


def standing(desk: Desk, arguments: Namespace) -> Result:
    """Print the alerts that stand; with ``--set-aside`` put one away first."""
    if arguments.set_aside is not None:
        alerts.set_aside(desk.office, arguments.set_aside)
    return {"alerts": [_line(one) for one in alerts.listing(desk.office)]}


def _line(one: AlertLine) -> dict[str, object]:
    return {
        "n": one.n,
        "at": one.at,
        "kind": str(one.kind),
        "place": one.place,
        "household": one.household,
        "text": alert_words(one),
    }
