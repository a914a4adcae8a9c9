"""Taking packages in by clicks and keys: look, skip, take in, print, take back; drop files and folders."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from app.domain.errors import BadInput
from app.domain.ids import Kind
from app.files.package import PackageKind
from app.queries.arrival import CertificateState, Double, Looked, Share
from app.queries.exchange import import_log
from app.queries.tone import Tone
from app.ui import theme
from app.ui.desks.sharing import FileLine, TakenLine
from app.ui.parts.arrival_words import told_after, told_before
from app.ui.parts.import_log_card import ImportsCard
from app.ui.stylesheet import apply
from app.ui.texts import sentence
from app.usecases import backups, enrolment, exports, households
from tests.ui.pages.seats import stick
from tests.ui.pages.test_sharing import OTHER, newcomer, sharing
from tests.usecases.exchange import count, digest_of, edit, household
from tests.usecases.test_import_preview import BODY
from tests.usecases.test_papers import text_of


def packages(seats, usb, number=1):
    """Write packages of a village with one more household edited in each."""
    village = seats.office("village-01")
    files = []
    for at in range(number):
        edit(village, household(village, at), address=f"新住址{at}")
        seats.later(minutes=1)
        files += [file for one in exports.export(village, usb, PackageKind.UP) for file in one.files]
    return tuple(files)


def drop(page, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    keys, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    action = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(5, 5), action, data, buttons, keys)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.dropEvent(QDropEvent(QPointF(5, 5), action, data, buttons, keys))


def column(page, number):
    model = page.table.model()
    return [model.index(row, number).data() for row in range(model.rowCount())]


def opened(seats, qtbot, ask, *files):
    area = seats.window("township", qtbot, ask)
    area.go("sharing_import", files)
    return area, area.page()


def test_one_file_is_skipped_by_the_space_bar_and_taken_after_all(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    files = packages(seats, usb, 2)
    area, page = opened(seats, qtbot, ask, *files)
    assert column(page, 0) == ["导入", "导入"]
    assert page.frame.primary.text() == "导入 2 份"
    assert "2 条新记录" in page._why.text()
    area.activateWindow()
    qtbot.waitUntil(area.isActiveWindow, timeout=5000)
    page.table.setCurrentIndex(page.table.rows.index(1, 0))
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert (column(page, 0), page.frame.primary.text()) == (["导入", "跳过"], "导入 1 份")
    assert page.about.toggle.text() == "导入这份"
    page.frame.primary.click()
    assert column(page, 5) == ["已导入", "没有导入"]
    assert digest_of(seats.office("township")) != digest_of(seats.office("village-01"))
    qtbot.keyClick(page.table, Qt.Key.Key_Space)
    assert column(page, 5) == ["已导入", "没有导入"]


def test_a_backup_is_called_one_and_told_where_it_belongs(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    made = backups.back_up(seats.office("village-01"), usb).path
    area = seats.window("township", qtbot, ask)
    area.go("sharing")
    drop(area.page(), made)
    page = area.page()
    assert column(page, 1) == [made.name]
    assert "是备份，不是数据包" in str(page._told(str(made)))
    assert "从备份恢复" in str(page._told(str(made)))
    area.go("sharing")
    drop(area.page(), usb)  # a folder with nothing but backups holds no package
    assert area.page() is not page


def test_a_click_on_the_first_column_and_the_button_do_the_same(seats, qtbot, ask, tmp_path):
    page = opened(seats, qtbot, ask, *packages(seats, stick(tmp_path)))[1]
    place = page.table.visualRect(page.table.rows.index(0, 0)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (column(page, 0), page.frame.primary.text()) == (["跳过"], "知道了")
    elsewhere = page.table.visualRect(page.table.rows.index(0, 5)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=elsewhere)
    assert column(page, 0) == ["跳过"]
    page.about.toggle.click()
    assert column(page, 0) == ["导入"]


def test_the_whole_import_is_taken_back_from_the_page(seats, qtbot, ask, tmp_path):
    files = packages(seats, stick(tmp_path), 2)
    township = seats.office("township")
    before = digest_of(township), count(township, "journal")
    page = opened(seats, qtbot, ask, *files)[1]
    page.frame.primary.click()
    assert digest_of(township) == digest_of(seats.office("village-01"))
    ask.answers = [False, True]
    page.undo.click()
    assert digest_of(township) != before[0]
    with qtbot.waitSignal(page.said) as said:
        page.undo.click()
    assert "2 条记录" in said.args[0]
    assert (digest_of(township), count(township, "journal")) == before
    assert (page.undo.isHidden(), page.print.isHidden()) == (True, True)
    assert "已经撤销" in page._why.text()


def test_an_import_is_taken_back_and_printed_from_the_log(seats, qtbot, ask, tmp_path):
    files = packages(seats, stick(tmp_path))
    township = seats.office("township")
    before = digest_of(township)
    area, page = opened(seats, qtbot, ask, *files)
    page.frame.primary.click()
    page.frame.primary.click()
    area.go("sharing")
    page = area.page()
    page.tabs.chips["log"].click()
    assert not page.log.undo.isEnabled()
    page.log.table.setCurrentIndex(page.log.table.rows.index(0, 0))
    assert page.log.table.model().index(0, 3).data() == "1 / 0"
    page.log.print.click()
    assert area.here() == "preview"
    area.back()
    ask.answers = [True]
    page.log.undo.click()
    assert digest_of(township) == before


def test_an_import_something_rests_on_says_why_it_stays(seats, qtbot, ask, tmp_path):
    files = packages(seats, stick(tmp_path))
    area, page = opened(seats, qtbot, ask, *files)
    page.frame.primary.click()
    exports.export(seats.office("township"), seats.post, PackageKind.UP)
    with qtbot.waitSignal(page._runner.failed) as failed:
        page.undo.click()
    assert "已经从这台电脑导出过" in sentence(failed.args[0])
    assert area.here() == "sharing_import"


def test_the_summary_is_printed_and_the_page_stays(seats, qtbot, ask, tmp_path):
    area, page = opened(seats, qtbot, ask, *packages(seats, stick(tmp_path)))
    page.frame.primary.click()
    page.print.click()
    assert area.here() == "preview"
    area.back()
    assert (area.here(), column(page, 5)) == ("sharing_import", ["已导入"])


def test_a_receipt_for_the_courier(seats, qtbot, ask):
    area = seats.window("township", qtbot, ask)
    page = sharing(area)
    assert not page.board.receipt.isEnabled()
    page.board.table.setCurrentIndex(page.board.table.rows.index(0, 0))
    page.board.receipt.click()
    assert area.here() == "preview"


def test_a_village_sees_what_is_safe(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    packages(seats, usb)
    page = sharing(seats.window("village-01", qtbot, ask), usb)
    assert "清溪镇已收到" in page.safety.said()
    assert "条记录只在这台电脑上有" in page.safety.said()
    assert page.tabs.chosen() == "log"


def test_files_and_folders_are_dropped(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    inner = usb / "清溪"
    inner.mkdir()
    (usb / ".hidden").mkdir()
    (usb / "照片.jpg").write_bytes(b"x")
    [first] = packages(seats, inner)
    area = seats.window("township", qtbot, ask)
    page = sharing(area)
    drop(page, usb)
    page = area.page()
    assert (area.here(), column(page, 5)) == ("sharing_import", ["可以导入"])
    [second] = packages(seats, tmp_path)
    drop(page, second)
    assert len(column(page, 5)) == 2
    page.frame.primary.click()
    drop(page, first)
    assert column(page, 5) == ["以前都收到过"]


def test_other_files_of_ours_go_to_their_page(seats, qtbot, ask, tmp_path):
    usb = stick(tmp_path)
    office = newcomer(seats, tmp_path)
    request = enrolment.request(office, usb)
    area = seats.window("township", qtbot, ask)
    drop(sharing(area), usb)
    assert area.here() == "enrol_grant"
    assert OTHER in area.page()._asked.text()
    other = seats.window("village-01", qtbot, ask)
    drop(sharing(other), enrolment.write_starter(seats.office("township"), tmp_path))
    assert other.here() == "enrol_accept"
    assert other.page().frame.primary.isEnabled()
    area.go("sharing")
    packages(seats, usb)
    drop(area.page(), usb)
    assert area.here() == "sharing_import"
    assert "1 份登记用的文件" in area.banner.text()
    page = area.page()
    page.frame.primary.click()
    drop(page, request)
    assert "没有要导入的文件" in page._why.text()


def test_who_goes_elsewhere_leaves_no_copies(seats, qtbot, ask, tmp_path):
    area, page = opened(seats, qtbot, ask, *packages(seats, stick(tmp_path)))
    [desk] = [page._sharing.leave.__self__]
    assert desk.tray is not None
    area.go("sharing")
    assert desk.tray is None
    drop(page, tmp_path / "gone.hhpkg")
    assert column(page, 5) == ["可以导入", "不能导入"]


LOOKED = Looked("x.hhpkg", scope="990101001201", kind="up", written_at="2026-10-07T10:00:00+08:00")


def told(**changed):
    from pathlib import Path

    return told_before(FileLine(Path("x.hhpkg"), "石板村", replace(LOOKED, new=Share(3, 1, 1), **changed)))


@pytest.mark.parametrize(
    ("changed", "words", "state"),
    [
        ({"certificate": CertificateState.EXPIRING, "until": "2026-10-20"}, "快到期", "可以导入"),
        ({"certificate": CertificateState.EXPIRED, "until": "2026-10-01"}, "已经到期", "可以导入"),
        ({"certificate": CertificateState.REVOKED}, "已经吊销", "证书已吊销"),
        ({"certificate": CertificateState.UNKNOWN, "held": Share(7)}, "7 条记录先收好", "待登记"),
        ({"behind_ms": 86_400_000 * 3}, "慢了 3 天", "对方时间不对"),
        ({"held": Share(2)}, "超出对方的权限", "可以导入"),
        ({"forked": 1}, "分了岔", "两台电脑用了同一个身份"),
        ({"missing": 4}, "4 个文件", "有文件未到"),
        ({"volume": (1, 3), "volumes": (2, 3)}, "还缺第 2、3 份", "有文件未到"),
        ({"unknown": 5}, "5 条记录是更新的程序写的", "5 条要升级后看"),
    ],
)
def test_what_is_to_be_minded(changed, words, state):
    found = told(**changed)
    assert words in "".join(found.warnings)
    assert found.state == state


def test_doubles_are_told_one_by_one_and_the_rest_counted():
    one = Double("id_number", "石*斌", "柳树沟村", "石板村", "王*兰", "01-0001")
    other = Double("name_born", "石*斌", "柳树沟村", "石板村", "石*林", "")
    found = told(doubles=(one, other, *([one] * 8)))
    assert found.state == "疑似重复 10 户"
    assert "01-0001" in found.warnings[0]
    assert "同时送来" in found.warnings[1]
    assert "还有 4 处" in found.warnings[-1]


def test_quiet_facts():
    lines = told(first_at="2026-10-01T08:00:00+08:00", last_at="2026-10-07T09:30:00+08:00", added=2).lines
    assert "2026-10-01 08:00 到 2026-10-07 09:30" in "".join(lines)
    assert "2 户是第一次" in "".join(lines)
    assert "已经导入过" in "".join(told(seen_at="2026-10-07T09:30:00+08:00").lines)
    assert "发证单位" in "".join(told().lines)


def test_what_came_of_a_file():
    from pathlib import Path

    path = Path("x.hhpkg")
    bad = told_after(TakenLine(path, refused=BadInput("package.missing", file="x")))
    assert (bad.tone, "找不到文件" in bad.warnings[0]) == (Tone.RED, True)
    full = told_after(
        TakenLine(path, "石板村", 9, 1, conflicts=2, held=3, households=4, persons=5, released=1)
    )
    assert "新出现冲突 2 处" in full.warnings[0]
    assert "3 条收下保存" in full.warnings[1]
    assert "另有 1 份" in full.lines[1]
    later = told_after(TakenLine(path, "石板村", 9, unknown=4))
    assert "4 条记录是更新的程序写的" in later.warnings[0]


def test_what_only_a_later_program_shows_is_told_in_the_window_and_on_paper(seats, qtbot, ask, tmp_path):
    usb, village = stick(tmp_path), seats.office("village-01")
    home = household(village)
    with village.workspace.write(village.actor) as tx:
        tx._append(tx._entity(home), structs.replace(BODY, entity=home, kind="clue"))
        tx._touch(Kind.HOUSEHOLD, home, {})
    [file] = [file for one in exports.export(village, usb, PackageKind.UP) for file in one.files]
    area, page = opened(seats, qtbot, ask, file)
    assert column(page, 5) == ["1 条要升级后看"]
    page.frame.primary.click()
    assert any("到“设置”的“程序”里更新" in line for line in page.about.said())
    with seats.office("township").workspace.read() as conn:
        assert import_log(conn, {})[0].unknown == 1
    paper = page._sharing.summary(page._numbers)
    assert "有1条记录是更新的程序写的" in "".join(text_of(paper))
    area.go("sharing")
    log = area.page().findChild(ImportsCard)
    log.table.setCurrentIndex(log.table.rows.index(0, 0))
    assert "1 条记录是更新的程序写的" in log._hint.text()


@pytest.mark.parametrize("scale", [theme.NORMAL, theme.LARGE])
def test_nothing_is_clipped(
    seats, qtbot, ask, tmp_path, scale, qapp, assert_no_clipped_labels, assert_accessible_names
):
    usb = stick(tmp_path)
    office = newcomer(seats, usb)
    head = {"name": "石文斌", "sex": "1", "relation": "01", "born": "1970-01-01"}
    assert households.add_household(office, {"group": "二组"}, [head]).has(Kind.HOUSEHOLD)
    (usb / "cut.hhpkg").write_bytes(packages(seats, usb)[0].read_bytes()[:-300])
    apply(qapp, theme.Theme(scale=scale))
    area = seats.window("township", qtbot, ask)
    drop(sharing(area), usb)
    page = area.page()
    for row in range(3):
        page.table.setCurrentIndex(page.table.rows.index(row, 0))
        assert_no_clipped_labels(area)
    assert_accessible_names(area)
    page.frame.primary.click()
    assert_no_clipped_labels(area)
