"""Enrolment in the window: ask, compare, grant, accept; and the starter file."""

from __future__ import annotations

import pytest

from app.domain.ids import Level
from app.files.package import PackageKind
from app.ui import theme
from app.ui.stylesheet import apply
from app.usecases import enrolment, exports, households, merges, workspaces
from app.wiring.room import Room
from tests.ui.pages.seats import stick
from tests.usecases.exchange import CHEAP, count, digest_of

OTHER = "990101001202"
HEAD = {"name": "石文斌", "sex": "1", "relation": "01", "born": "1970-01-01"}


@pytest.fixture
def newcomer(seats):
    """A village's computer nobody enrolled, behind a window."""
    setup = workspaces.Setup(
        Level.VILLAGE, OTHER, {OTHER: "柳树沟村"}, {"name": "石正华"}, seats.passphrase, cost=CHEAP
    )
    workspaces.close(workspaces.create(seats.folder / "new", setup, seats.clock))
    assert isinstance(seats.room("new"), Room)
    return seats.office("new")


def test_a_computer_is_enrolled_by_three_pages(seats, newcomer, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    village = seats.window("new", qtbot, ask)
    village.go("sharing")
    assert "还没有登记" in village.page().enrol._state.text()
    village.page().enrol.buttons["enrol_ask"].click()
    page = village.page()
    code = page.code.text().replace(" ", "")
    assert code == enrolment.own_code(newcomer)
    ask.answers = [usb]
    page.frame.primary.click()
    [request] = usb.glob("*.hhreq")

    township = seats.window("township", qtbot, ask)
    township.go("enrol_grant")
    page = township.page()
    ask.answers = [request]
    page.open.click()
    assert all(words in page._asked.text() for words in (OTHER, "石正华", "级别：村"))
    assert page.form.field("code").value() == ""
    page.form.field("code").set_value(f"{code[:4]} {code[4:]}")
    assert page.form.field("name").value() == ""  # nobody has told the township
    page.form.field("name").set_value(" 柳树沟村 ")
    ask.answers = [usb]
    page.frame.primary.click()
    [grant] = usb.glob("*.hhcert")
    assert enrolment.read_request(seats.office("township"), request).place == "柳树沟村"
    township.go("devices")
    assert "柳树沟村" in {line.place for line in township.page()._lines.values()}
    township.go("enrol_grant")
    page = township.page()
    ask.answers = [request]
    page.open.click()
    assert page.form.field("name").value() == "柳树沟村"
    page.form.field("code").set_value(code)
    ask.answers = [usb]
    page.frame.primary.click()
    assert grant.name in page._result.text()
    assert not page.frame.primary.isEnabled()

    village.go("enrol_accept")
    page = village.page()
    ask.answers = [grant]
    page.open.click()
    assert "清溪镇" in page._told.text() or "演示县" in page._told.text()
    assert "这是第一次" in page._told.text()
    page.frame.primary.click()
    assert "登记好了" in page._told.text()
    village.go("sharing")
    assert "已经登记" in village.page().enrol._state.text()


def test_a_wrong_code_is_refused_and_can_be_typed_again(seats, newcomer, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    request = enrolment.request(newcomer, usb)
    township = seats.window("township", qtbot, ask)
    failed = []
    township._runner.failed.connect(failed.append)
    township.go("enrol_grant")
    page = township.page()
    ask.answers = [request]
    page.open.click()
    page.frame.primary.click()
    assert page.form.problems() == ("code",)
    page.form.field("code").set_value("00000000")
    ask.answers = [usb]
    page.frame.primary.click()
    assert [error.code for error in failed] == ["enrol.code_differs"]
    assert list(usb.glob("*.hhcert")) == []
    page.form.field("code").set_value(enrolment.own_code(newcomer))
    ask.answers = [usb]
    page.frame.primary.click()
    assert len(list(usb.glob("*.hhcert"))) == 1


def test_what_waited_is_read_in_at_the_grant(seats, newcomer, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    office = seats.office("township")
    enrolment.accept(newcomer, enrolment.write_starter(office, usb))
    households.add_household(newcomer, {"group": "一组"}, [HEAD])
    [sent] = exports.export(newcomer, usb, PackageKind.UP)
    merges.merge_files(office, sent.files)
    assert count(office, "waiting") == 1
    request = enrolment.request(newcomer, usb)
    township = seats.window("township", qtbot, ask)
    township.go("enrol_grant")
    page = township.page()
    ask.answers = [request, usb]
    page.open.click()
    page.form.field("code").set_value(enrolment.own_code(newcomer))
    page.frame.primary.click()
    assert "等着的 1 份数据包已经读入" in page._result.text()
    assert count(office, "waiting") == 0
    assert digest_of(office, OTHER) == digest_of(newcomer, OTHER)


def test_a_starter_file_names_whom_one_will_believe(seats, newcomer, qtbot, ask, tmp_path):
    starter = enrolment.write_starter(seats.office("township"), stick(tmp_path))
    village = seats.window("new", qtbot, ask)
    village.go("enrol_accept")
    page = village.page()
    assert not page.frame.primary.isEnabled()
    ask.answers = [starter]
    page.open.click()
    assert "演示县（990101000000）" in page._told.text()
    assert "9,000" in page._told.text()
    page.frame.primary.click()
    assert "还要申请登记" in page._told.text()
    village.go("sharing")
    assert "但还没有登记" in village.page().enrol._state.text()


def test_a_file_that_is_no_grant_takes_nothing(seats, newcomer, qtbot, ask, tmp_path):
    letter = tmp_path / "letter.hhcert"
    letter.write_text("信")
    village = seats.window("new", qtbot, ask)
    failed = []
    village._runner.failed.connect(failed.append)
    village.go("enrol_accept")
    ask.answers = [letter]
    village.page().open.click()
    assert [error.code for error in failed] == ["enrol.not_a_grant"]
    assert not village.page().frame.primary.isEnabled()


def test_a_village_grants_nobody(seats, qtbot, ask):
    village = seats.window("village-01", qtbot, ask)
    village.go("enrol_grant")
    assert village.here() != "enrol_grant"


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
@pytest.mark.parametrize("page", ["enrol_ask", "enrol_grant", "enrol_accept"])
def test_nothing_is_clipped(
    seats, qtbot, ask, page, scale, qapp, assert_no_clipped_labels, assert_accessible_names
):
    apply(qapp, theme.Theme(scale=scale))
    area = seats.window("township", qtbot, ask)
    area.go(page)
    assert_no_clipped_labels(area)
    assert_accessible_names(area)
