"""An expired certificate, or one that soon ends, is said in time: by the 体检 and before an export."""

from __future__ import annotations

from datetime import date, timedelta

from app.files.package import PackageKind
from app.queries.devices import own_certificate_end
from app.usecases import exports
from app.usecases.certificates import certificate_finding, export_warning
from app.usecases.office import Office
from tests.usecases.exchange import Computers


def left(office: Office, computers: Computers) -> int:
    with office.workspace.read() as conn:
        until = own_certificate_end(conn, office.workspace.standing().device)
    return (date.fromisoformat(until) - computers.clock.moment.date()) // timedelta(days=1)


def test_the_own_certificate_is_told_in_time(computers: Computers) -> None:
    office = computers.office("village-01")
    found = certificate_finding(office)
    assert (found.ok, found.code) == (True, "checkup.certificate_ok")
    assert export_warning(office) is None
    computers.later(days=left(office, computers) - 10)
    found, warned = certificate_finding(office), export_warning(office)
    assert (found.code, found.params["days"]) == ("checkup.certificate_expiring", 10)
    assert warned is not None
    assert (warned.code, warned.params["days"]) == ("device.export_expiring", 10)
    computers.later(days=11)
    found, warned = certificate_finding(office), export_warning(office)
    assert (found.ok, found.code) == (True, "checkup.certificate_expired")
    assert warned is not None
    assert warned.code == "device.export_expired"
    assert exports.export(office, computers.post, PackageKind.UP)  # it stops nothing


def test_an_office_hears_of_those_below(computers: Computers) -> None:
    village, county = computers.office("village-01"), computers.office("county")
    assert certificate_finding(county).code == "checkup.certificate_ok"
    computers.later(days=left(village, computers) - 10)
    with_own_end = certificate_finding(computers.office("township"))
    assert with_own_end.code == "checkup.certificate_expiring"
    below = certificate_finding(county)
    assert (below.code, below.params["count"]) == ("checkup.certificate_below", 2)
    assert "石板村" in str(below.params["places"])


def test_without_a_certificate_nothing_ends(village) -> None:
    assert certificate_finding(village.office).code == "checkup.certificate_none_ok"
    assert export_warning(village.office) is None
