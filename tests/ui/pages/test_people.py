"""The page of people over a real workspace, and the lock that really closes it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from app.domain.errors import Refused
from app.domain.ids import EntityId
from app.ui.desk import LockDesk
from app.ui.desks.people import PeopleDesk
from app.usecases import people
from app.usecases.people import Newcomer
from app.wiring.room import Room
from app.wiring.seat import make_desk
from tests.usecases.test_people import from_an_earlier_computer

SECOND = "hongma baishan laoshu xinqiao"


@pytest.fixture
def room(seats):
    return seats.room("village-01")


@pytest.fixture
def area(seats, qtbot, ask):
    made = seats.window("village-01", qtbot, ask)
    made.go("people")
    return made


@pytest.fixture
def page(area):
    return area.page()


def cells(page):
    rows = page.list.table.rows
    return [rows._rows[at].cells for at in range(rows.rowCount())]


def named(page, name):
    return next(key for key, one in page._people.items() if one.name == name)


def add(page, seats, name="石秀兰", passphrase=SECOND):
    form = page.new.form
    form.fill({"name": name, "position": "文书", "phone": "13900001234"})
    for field in ("passphrase", "again"):
        form.field(field).setText(passphrase)
    form.field("own").setText(seats.passphrase if passphrase else "")
    page.new.save.click()


def test_somebody_is_added_with_a_passphrase_of_their_own(page, seats, room):
    before = len(cells(page))
    add(page, seats)
    assert len(cells(page)) == before + 1
    row = next(cell for cell in cells(page) if cell[0] == "石秀兰")
    assert row[1:] == ("文书", "139****1234", "有口令", "—")
    assert page.new.form.values()["passphrase"] == ""
    me = next(cell for cell in cells(page) if "（我）" in cell[0])
    assert me[4] != "—"
    assert room.unlock(SECOND) == named(page, "石秀兰")


def test_what_is_wrong_is_marked_at_its_field(page, seats):
    form = page.new.form
    form.fill({"name": "石秀兰"})
    form.field("passphrase").setText("短")
    page.new.save.click()
    assert set(form.problems()) == {"passphrase", "again", "own"}
    page.next_problem()
    form.field("passphrase").setText(SECOND)
    form.field("again").setText(SECOND)
    page.new.save.click()
    assert form.problems() == ("own",)
    page.passphrase.save.click()
    assert set(page.passphrase.form.problems()) == {"passphrase", "own"}
    page.next_problem()


def test_a_suggestion_fills_both_fields_and_is_shown_once(page, area, seats):
    page.list.table.choose(next(key for key in page._people if key != page._me))
    pair = page.passphrase.pair
    pair.suggest.click()
    assert pair.suggested.passphrase in pair._shown.text()
    form = page.passphrase.form
    assert form.values()["passphrase"] == form.values()["again"] == pair.suggested.passphrase
    pair.print.click()
    assert area.here() == "preview"
    assert area.page()._paper.data.startswith(b"%PDF")
    area.back()
    assert page.passphrase.pair.suggested is None
    assert pair._shown.isHidden()


def test_a_colleague_gets_a_passphrase_and_then_takes_the_desk_with_it(page, seats, area, room, qtbot):
    other = next(key for key in page._people if key != page._me)
    page.list.table.choose(other)
    with qtbot.waitSignal(page.desk_opened) as opened:
        page.list.use.click()
    assert opened.args[0].person.id == other
    with qtbot.waitSignal(page.desk_opened):
        room.sit_down(people.person_actor(room.office.workspace, page._me))
        page.list.use.click()
    room.sit_down(people.person_actor(room.office.workspace, page._me))
    form = page.passphrase.form
    form.fill({"passphrase": SECOND, "again": SECOND, "own": seats.passphrase})
    page.passphrase.save.click()
    assert page._people[other].can_unlock
    with qtbot.waitSignal(page.asked) as asked:
        page.list.use.click()
    assert asked.args[0] == "switch"
    with pytest.raises(Refused, match=r"people\.own_passphrase"):
        area._desk.use_person(other)


def test_ones_own_passphrase_is_changed_with_the_old_one(page, seats, room):
    page.list.table.choose(page._me)
    assert "要先填现在的口令" in page.passphrase._why.text()
    page.passphrase.form.fill({"passphrase": SECOND, "again": SECOND, "own": seats.passphrase})
    page.passphrase.save.click()
    assert room.unlock(SECOND) == page._me


def test_somebody_is_disabled_after_a_question_and_enabled_again(page, seats, ask):
    add(page, seats)
    page.list.table.choose(named(page, "石秀兰"))
    ask.answers = [False]
    page.list.stop.click()
    assert page._people[named(page, "石秀兰")].active
    ask.answers = [True]
    page.list.stop.click()
    assert not page._people[named(page, "石秀兰")].active
    assert page.list.stop.text() == "恢复使用"
    assert not page.list.use.isEnabled()
    page.list.stop.click()
    one = page._people[named(page, "石秀兰")]
    assert (one.active, one.can_unlock) == (True, False)


def test_nobody_disables_themselves(page):
    page.list.table.choose(page._me)
    assert not page.list.stop.isEnabled()
    page.list.table.clearSelection()
    page._on_current("")
    assert page.passphrase.isHidden()


def test_who_has_no_passphrase_yet_is_told_which_one_to_type(page):
    helper = next(one for one in page._people.values() if not one.can_unlock)
    page.passphrase.show_person(helper, own=True)
    assert "还没有自己的口令" in page.passphrase._why.text()


def test_what_somebody_does_is_changed(page, seats):
    add(page, seats)
    page.list.table.choose(named(page, "石秀兰"))
    page.duty.form.fill({"position": "村文书", "phone": ""})
    page.duty.save.click()
    one = page._people[named(page, "石秀兰")]
    assert (one.position, one.phone) == ("村文书", "139****1234")


def test_the_settings_and_the_menu_lead_here(area):
    area.go("settings")
    area.page().people.open.click()
    assert area.here() == "people"
    assert any("在这台电脑上工作的人" in one.text() for one in area.findChildren(QLabel))


@pytest.fixture
def lock(room, seats):
    office = room.office
    people.add(office, Newcomer("石秀兰", passphrase=SECOND), seats.passphrase)
    return make_desk(room, room.person).group(LockDesk)


def test_locked_the_database_is_closed_and_its_key_is_gone(lock, room, seats):
    me = room.person
    room.office.drafts.save("visit:1", "<半张表/>", room.clock.now())
    lock.lock()
    lock.lock()
    assert room.is_locked
    for attempt in (
        lambda: room.office,
        lambda: room.source.meta("level"),
        lambda: room.source.exec_driver_sql("SELECT 1"),
    ):
        with pytest.raises(Refused, match=r"work\.locked"):
            attempt()
    with pytest.raises(Refused, match=r"workspace\.in_use"):
        Room(room.folder, b"\0" * 32, "", room.clock)
    with pytest.raises(Refused, match=r"keys\.wrong_passphrase"):
        lock.enter("wrong words of nobody", False)
    assert room.is_locked
    desk = lock.enter(seats.passphrase, False)
    assert (desk.person.id, room.person) == (me, me)
    assert room.office.drafts.load("visit:1")[0] == "<半张表/>"
    assert room.source.meta("level") == "village"


def test_somebody_else_unlocks_and_acts_from_then_on(lock, room, seats):
    lock.lock()
    desk = lock.enter(SECOND, False)
    assert desk.person.name == "石秀兰"
    assert room.office.actor.person == desk.person.id
    desk.group(PeopleDesk).describe(EntityId(desk.person.id), "文书", None)
    lock.arrive()
    found = {one.name: one for one in desk.group(PeopleDesk).people()}
    assert found["石秀兰"].last_used != ""
    back = lock.enter(seats.passphrase, True)
    assert back.person.id == room.person != desk.person.id


def test_who_works_under_anothers_passphrase_stays_at_the_desk_after_a_lock(lock, room, seats):
    helper = next(one for one in make_desk(room, room.person).people if one.id != room.person)
    room.sit_down(people.person_actor(room.office.workspace, helper.id))
    lock.lock()
    assert lock.enter(seats.passphrase, False).person.id == helper.id
    owner = lock.enter(seats.passphrase, True).person.id
    assert owner != helper.id


def test_only_the_owner_and_those_without_a_passphrase_are_offered(lock, room):
    offered = {one.name for one in make_desk(room, "").people}
    assert "石秀兰" not in offered
    assert len(offered) > 1


def test_the_minutes_are_kept(lock):
    lock.set_minutes(20)
    assert lock.minutes() == 20
    lock.set_minutes(10)


def test_who_is_in_the_list_twice_becomes_one_person(page, seats, room, area, ask):
    me = page._me
    assert not page.list.same.isVisibleTo(page)
    add(page, seats, name="石秀兰", passphrase="")
    page.list.table.choose(named(page, "石秀兰"))
    assert not page.list.same.isVisibleTo(page)  # another name
    twin = from_an_earlier_computer(room.office)
    page.show_for()
    page.list.table.choose(twin)
    assert page.list.same.isVisibleTo(page)
    ask.answers = [True]
    page.list.same.click()
    fresh = area.page()
    assert room.person == twin
    assert [one.active for one in people.everybody(room.office) if one.id == me] == [False]
    assert fresh is not None
