"""Computers in the window: stop a lost one, look through what it wrote late, fill a new one."""

from __future__ import annotations

import pytest

from app.domain.ids import Level
from app.files.package import PackageKind
from app.ui import theme
from app.ui.stylesheet import apply
from app.usecases import devices, enrolment, trust, workspaces
from tests.ui.pages.seats import stick
from tests.usecases.exchange import CHEAP, VILLAGE, edit, household, value


def key_of(office):
    return trust.own_keys(office.workspace).key


def chosen(page, key):
    """Put the cursor of the table on a computer."""
    row = page.table.rows.row_of(key)
    assert row >= 0
    page.table.setCurrentIndex(page.table.rows.index(row, 0))
    return row


def cells(page, row):
    model = page.table.rows
    return " ".join(str(model.index(row, at).data()) for at in range(model.columnCount()))


def test_a_lost_computer_is_stopped_and_its_late_entries_looked_through(seats, qtbot, ask):
    village, township = seats.office("village-01"), seats.office("township")
    area = seats.window("township", qtbot, ask)
    area.go("sharing")
    area.page().devices.click()
    page = area.page()
    row = chosen(page, key_of(village))
    assert "石板村" in cells(page, row) or "正常" in cells(page, row)
    page.stop.click()
    page = area.page()
    assert "条记录有效" in page._means.text()
    page.frame.primary.click()
    assert page.form.problems() == ("reason",)
    page.form.field("reason").set_value("lost")
    ask.answers = [False]
    page.frame.primary.click()
    assert not any(line.state == "revoked" for line in devices.devices(township))
    ask.answers = [True]
    page.frame.primary.click()
    assert not page._done.isHidden()
    area.go("devices")
    page = area.page()
    assert "停用（丢失）" in cells(page, chosen(page, key_of(village)))
    assert not page.stop.isEnabled()
    page.fill.click()  # the line of the lost one is where a person looks for the new one
    assert "先登记" in area.page()._written.text()
    assert area.page().area.value() == ""

    home = household(village)
    for text in ("一组8号", "一组9号"):
        edit(village, home, address=text)
    seats.send(village, township, PackageKind.UP)
    area.go("home")
    area.go("devices")
    page = area.page()
    assert "2" in page.held.text()
    page.held.click()
    page = area.page()
    first, second = page.table.keys()
    assert "一组8号" in page.table.item(0, 3).text()
    page.table.tick([first])
    ask.answers = [True]
    page.decline.click()
    assert page.table.keys() == (second,)
    page.all.click()
    ask.answers = [True]
    page.frame.primary.click()
    assert page.table.keys() == ()
    assert value(township, home, "address") == "一组9号"


def test_a_mistake_is_taken_back(seats, qtbot, ask):
    village, township = seats.office("village-01"), seats.office("township")
    devices.revoke(township, key_of(village), devices.Reason.LOST)
    area = seats.window("township", qtbot, ask)
    area.go("devices")
    page = area.page()
    chosen(page, key_of(village))
    ask.answers = [False]
    page.lift.click()
    assert page.lift.isEnabled()
    ask.answers = [True]
    page.lift.click()
    assert "正常" in cells(page, chosen(page, key_of(village)))
    assert not page.lift.isEnabled()


def test_a_new_computer_is_filled_and_shows_the_same_digits(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    village, township = seats.office("village-01"), seats.office("township")
    setup = workspaces.Setup(
        Level.VILLAGE, VILLAGE, {VILLAGE: "石板村"}, {"name": "石正华"}, seats.passphrase, cost=CHEAP
    )
    workspaces.close(workspaces.create(seats.folder / "new", setup, seats.clock))
    fresh = seats.office("new")
    grant, _ = enrolment.grant(township, enrolment.request(fresh, usb), usb, enrolment.own_code(fresh))
    enrolment.accept(fresh, grant)
    area = seats.window("township", qtbot, ask)
    area.go("devices")
    page = area.page()
    row = chosen(page, key_of(fresh))
    assert "石正华" in cells(page, row)
    page.fill.click()
    page = area.page()
    assert page.area.value() == VILLAGE
    ask.answers = [usb]
    page.write.click()
    told = page._there.text()
    assert not page._there.isHidden()
    assert not page.code.isVisible()  # its own digits would only be mistaken for the other ones
    other = seats.window("new", qtbot, ask)
    other.go("sharing_import", tuple(usb.glob("*.hhpkg")))
    page = other.page()
    assert not page.code.isVisible()
    page.frame.primary.click()
    assert page.code.isVisible()
    assert page.code.text() == told
    other.go("device_new")
    assert other.page().code.text() == told
    assert not other.page().write.isVisible()
    devices.revoke(township, key_of(village), devices.Reason.REPLACED)


def test_a_village_renews_its_certificate_by_the_same_pages(seats, qtbot, ask):
    seats.later(days=500)
    area = seats.window("village-01", qtbot, ask)
    area.go("devices")
    page = area.page()
    assert "续期" in page._own.text()
    assert not page.root.isVisible()
    page.renew.click()
    assert area.here() == "enrol_ask"


def test_the_settings_lead_there_too(seats, qtbot, ask):
    area = seats.window("village-01", qtbot, ask)
    area.go("settings")
    area.page().devices.click()
    assert area.here() == "devices"


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
def test_nothing_is_clipped_with_rows(
    seats, qtbot, ask, scale, qapp, assert_no_clipped_labels, assert_accessible_names
):
    village, township = seats.office("village-01"), seats.office("township")
    line = next(one for one in devices.devices(township) if one.key == key_of(village))
    devices.revoke(township, key_of(village), devices.Reason.STOLEN)
    edit(village, household(village), address="一组8号")
    seats.send(village, township, PackageKind.UP)
    apply(qapp, theme.Theme(scale=scale))
    area = seats.window("township", qtbot, ask)
    for name, subject in (("devices", None), ("device_lost", line), ("device_new", VILLAGE), ("held", None)):
        area.go(name, subject)
        assert area.here() == name
        assert_no_clipped_labels(area)
        assert_accessible_names(area)
