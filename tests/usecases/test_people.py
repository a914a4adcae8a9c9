"""Several people on one computer: each with a passphrase, one at the desk, the last one never locked out."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.ids import Kind
from app.usecases import keys, people, workspaces
from app.usecases.people import Newcomer
from tests.usecases.expect import written
from tests.usecases.test_workspaces import CLOCK, fingerprint
from tests.usecases.village import PASSPHRASE, only

SECOND = "石榴 毛竹 豆腐 山泉 木桥 77"
THIRD = "hongma baishan laoshu xinqiao"


@pytest.fixture
def office(village):
    return village.office


@pytest.fixture
def li(office):
    new = Newcomer("李红霞", "驻村队员", "13900001234", SECOND)
    return only(people.add(office, new, PASSPHRASE), Kind.PERSON)


def refused(code):
    return pytest.raises(Refused, match=rf"^{code.replace('.', '[.]')}\b")


def audited(office, action):
    with office.workspace.read() as conn:
        rows = conn.exec_driver_sql(
            "SELECT person, subject FROM audit WHERE action = ? ORDER BY n", (action,)
        )
        return [tuple(row) for row in rows]


def line(office, person):
    return next(one for one in people.everybody(office) if one.id == person)


def test_the_list_says_who_can_unlock_and_when_they_last_worked(office, li):
    first = line(office, office.actor.person)
    assert (first.can_unlock, first.first, first.active) == (True, True, True)
    second = line(office, li)
    assert (second.position, second.phone, second.can_unlock) == ("驻村队员", "139****1234", True)
    assert (second.last_used, second.first) == ("", False)
    seated = people.sit_down(office, SECOND)
    assert seated.actor.person == li
    assert line(office, li).last_used == office.workspace.clock.now().isoformat(timespec="seconds")
    helper = only(people.add(office, Newcomer("周国栋")), Kind.PERSON)
    assert (line(office, helper).can_unlock, line(office, helper).phone) == (False, "")


def test_what_one_records_after_sitting_down_is_theirs(office, li):
    seated = people.sit_down(office, SECOND)
    changes = people.describe(seated, office.actor.person, " 村会计 ", " 13800006620 ")
    [body] = written(office, changes)
    assert body.actor == li
    assert (line(office, office.actor.person).position, line(office, office.actor.person).phone) == (
        "村会计",
        "138****6620",
    )
    people.describe(seated, office.actor.person, "支书")
    assert line(office, office.actor.person).phone == "138****6620"
    with refused("person.unknown"):
        people.describe(seated, "f" * 32, "支书")


def test_a_passphrase_belongs_to_one_person_only(office, li):
    before = fingerprint(office.workspace.folder)["keys.json"]
    with refused("keys.passphrase_taken"):
        people.add(office, Newcomer("周国栋", passphrase=f" {SECOND} "), PASSPHRASE)
    with refused("keys.passphrase_taken"):
        people.change_own_passphrase(office, PASSPHRASE, SECOND)
    with refused("keys.passphrase_taken"):
        people.reset_passphrase(office, li, PASSPHRASE, PASSPHRASE)
    assert fingerprint(office.workspace.folder)["keys.json"] == before
    assert [one.name for one in people.everybody(office)].count("周国栋") == 0


def test_the_one_at_the_desk_answers_with_their_own_passphrase(office, li):
    for attempt in (
        lambda: people.add(office, Newcomer("周国栋", passphrase=THIRD), SECOND),
        lambda: people.reset_passphrase(office, li, THIRD, SECOND),
        lambda: people.change_own_passphrase(office, SECOND, THIRD),
    ):
        with refused("people.not_yours"):
            attempt()
    with refused("keys.wrong_passphrase"):
        people.reset_passphrase(office, li, THIRD, "wrong words of no one")


def test_who_has_no_passphrase_answers_with_the_one_they_work_under(office):
    helper = only(people.add(office, Newcomer("周国栋")), Kind.PERSON)
    seated = office.acting(workspaces.person_actor(office.workspace, helper))
    people.reset_passphrase(seated, helper, THIRD, PASSPHRASE)
    assert people.sit_down(office, THIRD).actor.person == helper
    with refused("people.not_yours"):
        people.confirm(seated, PASSPHRASE)


def test_a_forgotten_passphrase_is_set_anew_by_a_colleague(office, li):
    people.reset_passphrase(office, li, THIRD, PASSPHRASE)
    assert keys.unlock_key(office.workspace.folder, THIRD)[1] == li
    with refused("keys.wrong_passphrase"):
        keys.unlock_key(office.workspace.folder, SECOND)
    assert audited(office, "passphrase_reset") == [(office.actor.person, li)]
    seated = people.sit_down(office, THIRD)
    people.reset_passphrase(seated, office.actor.person, SECOND, THIRD)
    assert keys.unlock_key(office.workspace.folder, SECOND)[1] == ""
    people.change_own_passphrase(seated, THIRD, "another one of my own 9")
    assert audited(office, "passphrase_changed") == [(li, li)]


def test_who_is_disabled_cannot_unlock_and_keeps_what_they_recorded(office, li):
    seated = people.sit_down(office, SECOND)
    people.describe(seated, office.actor.person, "村会计")
    people.disable(office, li)
    assert (line(office, li).active, line(office, li).can_unlock, line(office, li).name) == (
        False,
        False,
        "李红霞",
    )
    with refused("keys.wrong_passphrase"):
        people.sit_down(office, SECOND)
    with refused("person.inactive"):
        people.reset_passphrase(office, li, THIRD, PASSPHRASE)
    people.enable(office, li)
    assert (line(office, li).active, line(office, li).can_unlock) == (True, False)
    people.disable(office, li)
    people.enable(office, li, THIRD, PASSPHRASE)
    assert people.sit_down(office, THIRD).actor.person == li
    assert [subject for _, subject in audited(office, "person_disabled")] == [li, li]
    assert [subject for _, subject in audited(office, "person_enabled")] == [li, li]


def test_nobody_disables_themselves_nor_the_last_who_can_unlock(office):
    helper = only(people.add(office, Newcomer("周国栋")), Kind.PERSON)
    with refused("people.not_oneself"):
        people.disable(office, office.actor.person)
    seated = office.acting(workspaces.person_actor(office.workspace, helper))
    before = fingerprint(office.workspace.folder)["keys.json"]
    with refused("keys.last_slot"):
        people.disable(seated, office.actor.person)
    assert fingerprint(office.workspace.folder)["keys.json"] == before
    assert line(office, office.actor.person).active
    with refused("person.unknown"):
        people.disable(office, "f" * 32)


def test_the_first_person_can_be_disabled_by_another_who_unlocks(office, li):
    seated = people.sit_down(office, SECOND)
    people.disable(seated, office.actor.person)
    folder = office.workspace.folder
    assert keys.owners(folder) == {li}
    workspaces.close(office)
    again = workspaces.unlock(folder, SECOND, CLOCK)
    assert again.actor.name == "李红霞"
    workspaces.close(again)


def from_an_earlier_computer(office):
    """Register the one at the desk once more, as a package of their earlier computer does."""
    with office.workspace.write(office.actor) as tx:
        uid = tx.new_id(Kind.PERSON, office.actor.scope)
        tx.record("person.added", Kind.PERSON, uid, {"name": office.actor.name, "active": 1})
    return uid


def test_two_registrations_of_one_person_are_united(office, li):
    twin = office.actor.person
    earlier = from_an_earlier_computer(office)
    changes = people.be_the_same(office, earlier)
    assert changes.touched == ((Kind.PERSON, twin),)
    assert (line(office, twin).active, line(office, twin).can_unlock) == (False, False)
    found = line(office, earlier)
    assert (found.active, found.can_unlock, found.first) == (True, True, True)
    seated = people.sit_down(office, PASSPHRASE)
    assert seated.actor.person == earlier
    assert audited(office, "person_united") == [(earlier, earlier)]
    people.change_own_passphrase(seated, PASSPHRASE, THIRD)
    assert people.sit_down(seated, THIRD).actor.person == earlier
    with refused("people.not_oneself"):
        people.disable(seated, earlier)
    people.disable(seated, li)


def test_who_is_somebody_else_is_united_with_nobody(office, li):
    with refused("people.has_passphrase"):
        people.be_the_same(office, li)
    with refused("people.not_the_first"):
        people.be_the_same(people.sit_down(office, SECOND), office.actor.person)
    with refused("people.not_the_first"):
        people.be_the_same(office, office.actor.person)
    helper = only(people.add(office, Newcomer("周国栋")), Kind.PERSON)
    people.disable(office, helper)
    with refused("person.inactive"):
        people.be_the_same(office, helper)
    with refused("person.unknown"):
        people.be_the_same(office, "0" * 32)
    assert audited(office, "person_united") == []
