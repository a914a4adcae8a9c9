"""Settings: looks, line, backup and people, each by its own card."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from app.domain.changes import Changes
from app.domain.errors import Unavailable
from app.domain.ids import EntityId, Kind
from app.ui.desk import Looks
from app.ui.pages.settings import SettingsPage
from app.usecases.keys import unlock_key
from app.wiring.room import Room
from tests.ui.fake_desk import PASSPHRASE


@pytest.fixture
def page(desk, runner, ask, qtbot):
    made = SettingsPage(desk, runner, ask)
    qtbot.addWidget(made)
    runner.changed.connect(made.on_changed)
    made.resize(1286, 728)
    made.show_for()
    made.show()
    return made


def said(page):
    return [label.text() for label in page.findChildren(QLabel)]


def test_looks_are_asked_for(page, qtbot):
    with qtbot.waitSignal(page.looks_wanted) as wanted:
        page.looks.large.click()
    assert wanted.args == [Looks(large=True)]
    with qtbot.waitSignal(page.looks_wanted) as wanted:
        page.looks.contrast.click()
    assert wanted.args == [Looks(large=True, contrast=True)]


def test_the_line_is_set_with_its_document(page, work, qtbot):
    assert "2026 年第三批：未设标准" in said(page)
    page.line.save.click()
    assert page.line.form.problems() == ("fen", "doc")
    page.line.form.fill({"fen": 690_000, "doc": "青扶〔2026〕1 号"})
    with qtbot.waitSignal(page.said):
        page.line.save.click()
    assert work.line == (690_000, "青扶〔2026〕1 号")
    assert "2026 年第三批：每人每年 6,900 元，依据 青扶〔2026〕1 号" in said(page)


def test_a_backup_goes_to_the_folder_chosen(page, work, ask, tmp_path, qtbot):
    ask.answers = [tmp_path]
    with qtbot.waitSignals([page.waiting, page.progressed, page.waited, page.said]):
        page.backup.now.click()
    assert work.backed_up.parent == tmp_path
    assert any(str(tmp_path) in text for text in said(page))


def test_no_folder_no_backup(page, work, ask):
    ask.answers = [None]
    page.backup.now.click()
    assert work.backed_up is None


def test_a_backup_that_fails_ends_the_strip(desk, runner, ask, tmp_path, qtbot):
    def full(folder, report, cancelled):
        raise Unavailable("rule.disk_full")

    page = SettingsPage(replace(desk, settings=replace(desk.settings, back_up=full)), runner, ask)
    qtbot.addWidget(page)
    ask.answers = [tmp_path]
    with qtbot.waitSignals([page.waited, runner.failed]):
        page.backup.now.click()


def test_a_person_is_added_and_stopped(page, work):
    page.persons.form.fill({"name": "周国栋", "position": "组长"})
    page.persons.save.click()
    assert [p.name for p in work.people] == ["陈志明", "李红霞", "周国栋"]
    assert page.persons.table.rows.rowCount() == 3
    assert page.persons.form.values()["name"] == ""
    page.persons.table.setCurrentIndex(page.persons.table.rows.index(1, 0))
    page.persons.active.click()
    assert not work.people[1].active
    assert page.persons.active.text() == "恢复使用"
    assert not page.persons.use.isEnabled()


def test_a_passphrase_for_another_needs_ones_own(page, work, runner, qtbot):
    form = page.persons.form
    form.fill({"name": "周国栋", "passphrase": "石桥流水 2026 稻花香", "own": ""})
    page.persons.save.click()
    assert form.problems() == ("own",)
    form.field("own").setText("不是这个口令")
    with qtbot.waitSignal(runner.failed):
        page.persons.save.click()
    assert (len(work.people), form.values()["name"]) == (2, "周国栋")
    form.field("own").setText(PASSPHRASE)
    page.persons.save.click()
    assert [p.name for p in work.people][2:] == ["周国栋"]
    assert form.values()["passphrase"] == form.values()["own"] == ""


def test_a_second_person_opens_the_workspace_with_an_own_passphrase(seats, qtbot, ask):
    area = seats.window("village-01", qtbot, ask)
    area.go("settings")
    form = area.page().persons.form
    form.fill({"name": "石秀兰", "position": "文书"})
    form.field("passphrase").setText("石桥流水 2026 稻花香")
    form.field("own").setText(seats.passphrase)
    area.page().persons.save.click()
    seats.rooms.pop("village-01").close()
    key, owner = unlock_key(seats.folder / "village-01", "石桥流水 2026 稻花香")
    room = Room(seats.folder / "village-01", key, owner, seats.clock)
    seats.rooms["again"] = room
    assert room.office.actor.name == "石秀兰"


def test_a_person_needs_a_name(page, work):
    page.persons.save.click()
    assert page.persons.form.problems() == ("name",)
    assert len(work.people) == 2


def test_nobody_stops_oneself(page):
    page.persons.table.setCurrentIndex(page.persons.table.rows.index(0, 0))
    assert not page.persons.active.isEnabled()


def test_another_person_takes_the_desk(page, qtbot):
    page.persons.table.setCurrentIndex(page.persons.table.rows.index(1, 0))
    with qtbot.waitSignal(page.desk_opened) as opened:
        page.persons.use.click()
    assert opened.args[0].person.name == "李红霞"


def test_a_round_without_line_and_no_round(page, work, desk):
    page.line.show_line(replace(work.line_now(), round_name=""))
    assert "还没有开批次，开了批次再设。" in said(page)
    assert not page.line.save.isEnabled()


def test_only_its_own_kinds_make_it_read(page, work):
    work.people.pop()
    page.on_changed(Changes(("e",), ((Kind.CASE, EntityId("c")),)))
    assert page.persons.table.rows.rowCount() == 2
    page.on_changed(Changes(("e",), ((Kind.PERSON, EntityId("p")),)))
    assert page.persons.table.rows.rowCount() == 1


def test_nothing_is_clipped(page, assert_no_clipped_labels, assert_accessible_names):
    assert_no_clipped_labels(page)
    assert_accessible_names(page)


def test_nothing_is_clipped_in_large_type(large, page, assert_no_clipped_labels):
    assert_no_clipped_labels(page)
