"""The page of the 体检 over a real workspace: what it shows, what its buttons do, the technician's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import Refused, Unavailable
from app.ui.checkup_words import State
from app.ui.desks.checkup import CheckupDesk
from app.ui.pages.checkup import CheckupPage
from app.ui.parts.second_place import SecondPlace
from app.ui.runner import Runner
from app.usecases import backups
from tests.ui.fake_ask import FakeAsk, InlineExecutor


def checkup(area) -> CheckupPage:
    area.go("checkup")
    page = area.page()
    assert isinstance(page, CheckupPage)
    return page


def spoil(office) -> None:
    with office.workspace.bookkeeping() as conn:
        conn.exec_driver_sql("UPDATE p_household SET address = '改过的'")


def test_it_begins_by_itself_and_says_how_all_stands(seats, qtbot, ask):
    page = checkup(seats.window("village-01", qtbot, ask))
    assert len(page.rows) == 14
    assert [row.line for row in page.rows if row.line.state is State.BAD] == []
    shown = page.rows
    page.show_for()
    assert page.rows is shown  # found once is shown until somebody asks again
    page.frame.primary.click()
    assert page.rows is not shown


def test_a_list_that_differs_is_made_anew_by_its_button(seats, qtbot, ask):
    area = seats.window("village-01", qtbot, ask)
    spoil(seats.office("village-01"))
    page = checkup(area)
    assert (page.rows[0].line.name, page.rows[0].line.state) == ("projections", State.BAD)
    assert page.rows[0].button is not None
    page.next_problem()
    with qtbot.waitSignal(page.said):
        page.rows[0].button.click()
    page.frame.primary.click()
    assert all(row.line.state is not State.BAD for row in page.rows)


def test_a_backup_elsewhere_and_the_way_to_the_exchange(seats, qtbot, ask, tmp_path):
    area = seats.window("village-01", qtbot, ask)
    page = checkup(area)
    by_name = {row.line.name: row for row in page.rows}
    ask.answers = [None, tmp_path / "stick"]
    by_name["away"].button.click()
    assert not (tmp_path / "stick").exists()
    with qtbot.waitSignals([page.waiting, page.said, page.waited]):
        by_name["away"].button.click()
    assert len(list((tmp_path / "stick").glob("*.hhbak"))) == 1
    page._on_asked(page.rows[0].line.act.__class__.SHARING)
    assert area.here() == "sharing"


def test_the_findings_are_saved_for_the_technician(seats, qtbot, ask, tmp_path):
    page = checkup(seats.window("village-01", qtbot, ask))
    ask.answers = [None, tmp_path / "体检结果.txt", tmp_path / "none" / "x.txt"]
    page.save.click()
    with qtbot.waitSignal(page.said):
        page.save.click()
    text = (tmp_path / "体检结果.txt").read_text(encoding="utf-8-sig")
    assert text.startswith("八步通体检结果")
    assert "[正常] 记录" in text
    page.save.click()
    assert not (tmp_path / "none").exists()


class Stuck:
    """A desk whose work fails as it is told."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def look(self, _report, _cancelled):
        raise self.error

    def back_up(self, _folder, _report, _cancelled):
        raise self.error


def stuck(qtbot, ask, error) -> CheckupPage:
    from tests.ui.fake_desk import FakeWork

    desk = FakeWork().desk()
    plain, broken = desk.group(CheckupDesk), Stuck(error)
    desk.groups[CheckupDesk] = CheckupDesk(
        broken.look, plain.rebuild, broken.back_up, plain.save, plain.daily, plain.second, plain.choose_second
    )
    inline = InlineExecutor()
    page = CheckupPage(desk, Runner(inline, inline), ask)
    qtbot.addWidget(page)
    page.show()
    return page


def test_stopped_or_failed_it_can_be_begun_again(qtbot, ask):
    page = stuck(qtbot, ask, Refused("work.cancelled"))
    page.show_for()
    assert (page.rows, page.frame.primary.isEnabled(), page.save.isEnabled()) == ([], True, False)
    assert page._empty.isVisible()
    failed = stuck(qtbot, ask, Unavailable("disk.failing"))
    with qtbot.waitSignal(failed._runner.failed):
        failed.show_for()
    ask.answers = [Path("/nowhere")]
    with qtbot.waitSignals([failed._runner.failed, failed.waited]):
        failed._back_up()


def test_the_second_place_is_chosen_and_given_up(seats, qtbot, ask: FakeAsk, tmp_path):
    area = seats.window("village-01", qtbot, ask)
    area.go("settings")
    [part] = area.page().findChildren(SecondPlace)
    assert "还没有另存" in part.text()
    (tmp_path / "usb").mkdir()
    ask.answers = [None, tmp_path / "usb"]
    part.choose.click()
    part.choose.click()
    assert str(tmp_path / "usb") in part.text()
    assert backups.second_place(seats.office("village-01")) == str(tmp_path / "usb")
    part.none.click()
    assert backups.second_place(seats.office("village-01")) == ""
    area.page().checkup.click()
    assert area.here() == "checkup"


@pytest.mark.parametrize("told", ["", "今天的自动备份没有做成"])
def test_only_trouble_with_the_quiet_backup_is_said(qtbot, ask, told):
    from app.ui.work_area import WorkArea
    from tests.ui.fake_desk import FakeWork

    work = FakeWork()
    work.told_daily = told
    inline = InlineExecutor()
    area = WorkArea(work.desk(), Runner(inline, inline), ask)
    qtbot.addWidget(area)
    area.go("home")
    area._back_up_quietly()
    assert area.banner.text() == ""  # a window nobody sees does nothing any more
    area.show()
    area._back_up_quietly()
    assert area.banner.text() == told
