"""Exchange by files in the window: write, look, take in, wait, write for a village."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.domain.ids import Kind, Level
from app.files.package import PackageKind
from app.queries.exchange import waiting
from app.ui import theme
from app.ui.desks.sharing import Medium
from app.ui.parts.arrival_words import span
from app.ui.stylesheet import apply
from app.usecases import enrolment, exports, households, merges, workspaces
from tests.ui.pages.seats import stick
from tests.usecases.exchange import CHEAP, TOWNSHIP, digest_of, edit, household

OTHER = "990101001202"


def sharing(area, usb=None):
    area.go("sharing")
    page = area.page()
    if usb is not None:
        page.export.folder.show_medium(Medium(usb, removable=True))
        page._medium = Medium(usb, removable=True)
    return page


def newcomer(seats, usb):
    """Open a village nobody enrolled, with one household and a package on the stick."""
    setup = workspaces.Setup(
        Level.VILLAGE, OTHER, {OTHER: "柳树沟村"}, {"name": "石正华"}, seats.passphrase, cost=CHEAP
    )
    office = workspaces.create(seats.folder / "new", setup, seats.clock)
    enrolment.accept(office, enrolment.write_starter(seats.office("township"), seats.post))
    head = {"name": "石文斌", "sex": "1", "relation": "01", "born": "1970-01-01"}
    households.add_household(office, {"group": "一组"}, [head])
    exports.export(office, usb, PackageKind.UP)
    return office


def said(page):
    return "\n".join(page.about.said())


def todo(page):
    model = page.board.table.model()
    return {model.index(row, 0).data(): model.index(row, 4).data() for row in range(model.rowCount())}


def states(page):
    model = page.board.table.model()
    return {model.index(row, 0).data(): model.index(row, 1).data() for row in range(model.rowCount())}


def test_a_village_hands_a_package_up(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    page = sharing(seats.window("village-01", qtbot, ask), usb)
    assert list(page.export.buttons) == ["up", "peer"]
    assert page.tabs.chosen() == "log"
    with qtbot.waitSignals([page.waiting, page.waited, page.said]):
        page.export.buttons["up"].click()
    [file] = usb.glob("*.hhpkg")
    assert "可以拔出" in page.export.said()
    [looked] = merges.merge_files(seats.office("township"), [file])
    assert (looked.refused, looked.held) == (None, 0)


def test_the_folder_is_remembered(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    page = sharing(seats.window("village-01", qtbot, ask))
    ask.answers = [None, usb]
    page.export.buttons["up"].click()
    assert list(usb.glob("*")) == []
    page.export.folder.choose.click()
    page.export.buttons["peer"].click()
    assert len(list(usb.glob("*-peer-*.hhpkg"))) == 1
    again = sharing(seats.show(seats.desk("village-01"), qtbot, ask))
    assert again.export.folder.path == usb


def test_everything_on_the_stick_is_looked_at_before_anything_is_written(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    village, township = seats.office("village-01"), seats.office("township")
    edit(village, household(village), address="新住址")
    [sent] = exports.export(village, usb, PackageKind.UP)
    (usb / "cut.hhpkg").write_bytes(sent.files[0].read_bytes()[:-300])
    area = seats.window("township", qtbot, ask)
    before = digest_of(township)
    sharing(area, usb).imports.folder.click()
    page = area.page()
    assert area.here() == "sharing_import"
    says = [page.table.model().index(row, 5).data() for row in range(2)]
    assert says == ["可以导入", "不能导入"]
    assert page.frame.primary.text() == "导入 1 份"
    assert digest_of(township) == before
    area.activateWindow()
    qtbot.waitUntil(area.isActiveWindow, timeout=5000)
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert digest_of(township) == digest_of(village) != before
    assert page.table.model().index(0, 5).data() == "已导入"
    page.frame.primary.click()
    assert area.here() == "sharing"
    assert area.page().log.table.model().index(0, 2).data() == "1"


def test_a_second_time_brings_nothing_new(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    [sent] = exports.export(seats.office("village-01"), usb, PackageKind.UP)
    area = seats.window("township", qtbot, ask)
    area.go("sharing_import", sent.files)
    page = area.page()
    assert page.table.model().index(0, 5).data() == "以前都收到过"
    page.frame.primary.click()
    assert "没有新的记录" in page._why.text()


def test_an_empty_stick_says_so(seats, qtbot, ask, tmp_path):
    area = seats.window("township", qtbot, ask)
    page = sharing(area, stick(tmp_path))
    page.imports.folder.click()
    assert area.here() == "sharing"
    assert "没有数据包" in area.banner.text()


def test_files_that_are_all_bad_can_only_be_left(seats, qtbot, ask, tmp_path):
    letter = tmp_path / "letter.hhpkg"
    letter.write_text("信")
    area = seats.window("township", qtbot, ask)
    sharing(area)
    ask.answers = [(letter,)]
    area.page().imports.files.click()
    page = area.page()
    assert "不是八步通的数据包" in said(page)
    page.frame.primary.click()
    assert area.here() == "sharing"


def test_a_certificate_that_ends_is_said_beside_the_export(seats, qtbot, ask):
    area = seats.window("village-01", qtbot, ask)
    assert sharing(area).export._warning.isHidden()
    seats.later(days=530)
    area.go("home")
    page = sharing(area)
    assert "导出照常" in page.export._warning.text()
    assert "申请登记或续期" in page.export._warning.text()
    area.go("checkup")
    [row] = [row for row in area.page().rows if row.line.name == "certificate"]
    row.button.click()
    assert area.here() == "enrol_ask"


def test_a_clock_that_runs_ahead_is_told_in_words(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    seats.later(days=3 * 365)
    [sent] = exports.export(seats.office("village-01"), usb, PackageKind.UP)
    seats.later(days=-3 * 365)
    area = seats.window("township", qtbot, ask)
    area.go("sharing_import", sent.files)
    assert "时间快了 3 年" in said(area.page())


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(90_000, "1 分钟"), (3_600_000 * 5, "5 小时"), (86_400_000 * 40, "40 天"), (86_400_000 * 800, "2 年")],
)
def test_spans_of_time_in_words(milliseconds, words):
    assert span(milliseconds) == words


def test_the_board_shows_who_is_not_enrolled_and_what_waits(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    workspaces.close(newcomer(seats, usb))
    area = seats.window("township", qtbot, ask)
    sharing(area, usb).imports.folder.click()
    assert "还没有登记" in said(area.page())
    area.page().frame.primary.click()
    with seats.office("township").workspace.read() as conn:
        assert [line.scope for line in waiting(conn, {})] == [OTHER]
    area.page().frame.primary.click()
    page = area.page()
    assert states(page)[OTHER] == "未登记"
    assert todo(page)[OTHER] == "待登记 1 份"
    assert page.tabs.chips["waiting"].text() == "待登记的数据包 1 份"
    page.tabs.chips["waiting"].click()
    assert (page.held.isVisible(), page.board.isVisible()) == (True, False)
    page.tabs.chips["log"].click()
    assert page.log.isVisible()


def test_a_township_writes_for_a_village_and_goes_home(seats, qtbot, ask):
    enrolment.name_places(seats.office("township"), {OTHER: "柳树沟村"})
    area = seats.window("township", qtbot, ask)
    page = sharing(area)
    assert states(page)["柳树沟村"] == "未登记"
    page.board.table.setCurrentIndex(page.board.table.rows.index(1, 0))
    with qtbot.waitSignal(area.desk_opened) as opened:
        page.board.proxy.click()
    desk = opened.args[0]
    assert (desk.place.level, desk.place.scope) == (Level.VILLAGE, OTHER)
    proxy = seats.show(desk, qtbot, ask)
    assert not proxy.proxy.isHidden()
    assert seats.room("township").office.actor.scope == OTHER
    head = {"name": "石文斌", "sex": "1", "relation": "01", "born": "1970-01-01"}
    changes = households.add_household(seats.room("township").office, {"group": "一组"}, [head])
    assert any(kind is Kind.HOUSEHOLD for kind, _ in changes.touched)
    proxy.go("sharing")
    assert not proxy.page().export.isVisible()
    with qtbot.waitSignal(proxy.desk_opened) as back:
        proxy.proxy.back.click()
    assert (back.args[0].place.scope, back.args[0].proxy_for) == (TOWNSHIP, "")
    home = seats.show(back.args[0], qtbot, ask)
    assert home.proxy is None
    assert "乡镇代录" in states(sharing(home))["柳树沟村"]


def test_a_package_for_one_village_alone(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    page = sharing(seats.window("township", qtbot, ask), usb)
    assert not page.board.send.isEnabled()
    page.board.table.setCurrentIndex(page.board.table.rows.index(0, 0))
    page.board.send.click()
    [file] = usb.glob("*.hhpkg")
    assert file.name.startswith("990101-001-201-down-")


def test_a_county_has_no_proxy_and_sends_down(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    page = sharing(seats.window("county", qtbot, ask), usb)
    assert page.board.proxy.isHidden()
    page.export.buttons["down"].click()
    assert len(list(usb.glob("990101-001-000-down-*.hhpkg"))) == 1


def test_a_starter_file_is_written(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    page = sharing(seats.window("township", qtbot, ask), usb)
    page.enrol.buttons["starter"].click()
    assert [file.suffix for file in usb.iterdir()] == [".hhstart"]


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
@pytest.mark.parametrize("name", ["village-01", "township", "county"])
def test_nothing_is_clipped(
    seats, qtbot, ask, name, scale, qapp, assert_no_clipped_labels, assert_accessible_names
):
    apply(qapp, theme.Theme(scale=scale))
    area = seats.window(name, qtbot, ask)
    sharing(area)
    assert_no_clipped_labels(area)
    assert_accessible_names(area)
