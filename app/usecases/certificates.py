"""How long the certificate of this computer lasts, and those of the computers below; what to do in time.

An expired certificate stops nothing: packages are taken in all the same. It is said so that it is renewed.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.domain.calendar import civil_date
from app.queries.devices import DeviceState, ends_soon, own_certificate_end
from app.usecases.checks import Finding
from app.usecases.devices import devices

if TYPE_CHECKING:
    from app.usecases.office import Office

_ENDING = frozenset({DeviceState.EXPIRING, DeviceState.EXPIRED})


def certificate_finding(office: Office) -> Finding:
    """Tell whether this computer's certificate, or one of a computer below, has ended or soon will."""
    until, left = _own_end(office)
    told: dict[str, str | int] = {"day": until, "days": left}
    if until and left < 0:
        return Finding("certificate", True, "checkup.certificate_expired", told)
    if ends_soon(until, _today(office)):
        return Finding("certificate", True, "checkup.certificate_expiring", told)
    below = [line for line in devices(office) if line.state in _ENDING and not line.ours]
    if below:
        names = "、".join(dict.fromkeys(line.place for line in below))
        return Finding(
            "certificate", True, "checkup.certificate_below", {"count": len(below), "places": names}
        )
    return Finding(
        "certificate", True, "checkup.certificate_ok" if until else "checkup.certificate_none_ok", told
    )


def export_warning(office: Office) -> Finding | None:
    """Return what to say before an export when the certificate has ended or soon will; it stops nothing."""
    until, left = _own_end(office)
    if not ends_soon(until, _today(office)):
        return None
    if left < 0:
        return Finding("certificate", True, "device.export_expired", {"day": until})
    return Finding("certificate", True, "device.export_expiring", {"day": until, "days": left})


def _own_end(office: Office) -> tuple[str, int]:
    """Return the last day of the own certificate, "" without one, and the days until then."""
    with office.workspace.read() as conn:
        until = own_certificate_end(conn, office.workspace.standing().device)
    return until, (date.fromisoformat(until) - _today(office)).days if until else 0


def _today(office: Office) -> date:
    return civil_date(office.workspace.clock.now())
