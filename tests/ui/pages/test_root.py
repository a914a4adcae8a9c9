"""The root's keys in the window: two sticks, the sheet, one line; and the way back on a new computer."""

from __future__ import annotations

import pytest

from app.domain.ids import Level
from app.domain.recovery_text import lines_of
from app.ui.pages import root as page_of_root
from app.usecases import roots, trust, workspaces
from tests.ui.pages.seats import stick
from tests.usecases.exchange import CHEAP, COUNTY

LOCK = "根钥匙 只在保险柜 里放着"


def lines(office):
    return lines_of(trust.issuing_keys(office.workspace).sign_secret, COUNTY)


def test_the_root_is_kept_in_three_steps(seats, qtbot, ask, tmp_path):
    county = seats.office("county")
    area = seats.window("county", qtbot, ask)
    area.go("devices")
    assert not area.page()._root_told.isHidden()
    area.page().root.click()
    page = area.page()
    page.stick.click()
    assert page.form.problems() == ("passphrase", "again")
    page.form.fill({"passphrase": LOCK, "again": LOCK + "!"})
    page.stick.click()
    assert page.form.problems() == ("again",)
    for number in (1, 2):
        page.form.fill({"passphrase": LOCK, "again": LOCK})
        ask.answers = [stick(tmp_path / str(number))]
        page.stick.click()
    assert "已存 2 支" in page._sticks.text()
    ask.answers = [False]
    page.save.click()
    assert roots.kept(county).printed == ""
    file = tmp_path / "sheet.pdf"
    ask.answers = [True, file]
    page.save.click()
    assert file.read_bytes().startswith(b"%PDF")
    assert "打印过" in page._printed.text()
    failed = []
    area._runner.failed.connect(failed.append)
    page.check.fill({"line": lines(county)[1]})
    page.confirm.click()
    assert [error.code for error in failed] == ["root.line_wrong"]
    page.check.fill({"line": lines(county)[0].lower()})
    page.confirm.click()
    assert roots.kept(county).is_safe
    area.go("devices")
    assert area.page()._root_told.isHidden()


def test_the_sheet_is_printed_without_a_file(seats, qtbot, ask, monkeypatch):
    sent = []
    monkeypatch.setattr(page_of_root.printing, "printers", lambda: ("财政所打印机",))
    monkeypatch.setattr(page_of_root.printing, "print_pdf", lambda data, *_more: sent.append(data))
    area = seats.window("county", qtbot, ask)
    area.go("root")
    area.page().print.click()
    [sheet] = sent
    assert sheet.startswith(b"%PDF")
    assert roots.kept(seats.office("county")).printed == "2026-10-07"


@pytest.mark.parametrize("by", ["sheet", "stick"])
def test_a_new_computer_takes_it_back(seats, qtbot, ask, tmp_path, by):
    county = seats.office("county")
    file = roots.write_stick(county, stick(tmp_path), LOCK, CHEAP)
    setup = workspaces.Setup(
        Level.COUNTY, COUNTY, {COUNTY: "演示县"}, {"name": "石正华"}, seats.passphrase, cost=CHEAP
    )
    workspaces.close(workspaces.create(seats.folder / "new", setup, seats.clock))
    area = seats.window("new", qtbot, ask)
    area.go("root")
    area.page().back.click()
    page = area.page()
    if by == "sheet":
        page.frame.primary.click()
        assert page.lines.problems() == ("1", "2", "3", "4")
        typed = dict(zip("1234", lines(county), strict=True))
        page.lines.fill(typed)
        page.lines.field("2").set_value(typed["3"])
        page.lines.on_left("2")
        assert page.lines.problems() == ("2",)
        page.lines.fill(typed)
        page.frame.primary.click()
    else:
        page.stick.click()
        assert page.lock.problems() == ("passphrase",)
        page.lock.fill({"passphrase": LOCK})
        ask.answers = [file]
        page.stick.click()
    assert "都有效" in ask.told
    assert area.here() == "root"
    fresh = seats.office("new")
    assert trust.issuing_keys(fresh.workspace).key == trust.issuing_keys(county.workspace).key


def test_a_township_under_a_county_has_none_to_keep(seats, qtbot, ask):
    area = seats.window("township", qtbot, ask)
    area.go("devices")
    assert not area.page().root.isEnabled()
    area.go("root")
    assert "不用保管" in area.page()._sticks.text()
    assert not area.page().stick.isEnabled()
