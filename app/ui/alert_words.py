"""One alert as one plain sentence: what happened, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.alert import AlertKind
from app.ui.texts import t

if TYPE_CHECKING:
    from app.queries.alerts import AlertLine

_ROTATED = {
    "machine": "alerts.rotated_machine",
    "path": "alerts.rotated_path",
    "nonce": "alerts.rotated_nonce",
    "missing": "alerts.rotated_missing",
}


def alert_words(line: AlertLine) -> str:
    """Return the sentence for the clerk."""
    if line.kind is AlertKind.ROTATED:
        return t(_ROTATED[line.why])
    if line.kind is AlertKind.OWN_STREAM_RETURNED:
        return t("alerts.own_stream_returned")
    if line.kind is AlertKind.REDACTION:
        return _deleted(line)
    if line.kind is AlertKind.LATE_MOVE:
        return _late(line)
    return t("alerts.fork_own") if line.own else t("alerts.fork", place=line.place)


def _late(line: AlertLine) -> str:
    where = {"head": line.head or t("households.nobody"), "place": line.place, "to": line.to}
    told = [t("alerts.late_move", **where)]
    told += [t("alerts.late_move_count", number=line.count)] if line.count else []
    told += [t("alerts.late_move_beside", number=line.beside, to=line.to)] if line.beside else []
    return "".join(told)


def _deleted(line: AlertLine) -> str:
    if not line.copies:
        return t("alerts.redaction")
    until = line.until or t("alerts.redaction_by_hand")
    return t("alerts.redaction_copies", number=line.copies, date=until)
