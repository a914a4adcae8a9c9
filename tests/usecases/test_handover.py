"""Transfer of duty: the seat passes with both passphrases, what was done keeps its name."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.ids import Kind, Level
from app.files.package import PackageKind
from app.usecases import handover, keys, people, workspaces
from app.usecases.handover import Successor
from app.usecases.people import Newcomer
from tests.usecases.journal import bodies
from tests.usecases.test_workspaces import CLOCK, fingerprint
from tests.usecases.village import PASSPHRASE, only

NEW = "hongma baishan laoshu xinqiao"


def test_the_seat_passes_to_somebody_new(village):
    office, old = village.office, village.office.actor.person
    done = handover.hand_over(office, Successor(name="石秀兰", position="文书", passphrase=NEW), PASSPHRASE)
    *_, transfer, taken = bodies(office)
    assert (transfer.op, transfer.entity, transfer.actor) == ("duty.transfer", old, old)
    assert (transfer.changes, transfer.extras) == ({"active": 0}, {"on": "2026-03-02", "to": done.incoming})
    assert (taken.op, taken.entity, taken.actor) == ("duty.taken", done.incoming, done.incoming)
    assert taken.extras == {"from": old, "on": "2026-03-02"}
    folder = office.workspace.folder
    with pytest.raises(Refused, match=r"keys\.wrong_passphrase"):
        keys.unlock_key(folder, PASSPHRASE)
    device = office.workspace.standing().device
    workspaces.close(office)
    again = workspaces.unlock(folder, NEW, CLOCK)
    assert (again.actor.name, again.workspace.standing().device) == ("石秀兰", device)
    names = {one.name: one.active for one in people.everybody(again)}
    assert (names["陈志明"], names["石秀兰"]) == (False, True)
    workspaces.close(again)


def test_only_what_is_still_to_come_gets_another_person(village):
    office = village.office
    first, second = village.people[Level.VILLAGE]
    visited = village.bring(village.open("吴福生"), "compare")
    ahead, shared = village.open("石大山"), village.open("龙秀英")
    with office.workspace.write(office.actor) as tx:
        tx.record("test.plan", Kind.CASE, ahead, {"investigator1": first})
        tx.record("test.plan", Kind.CASE, shared, {"investigator1": first, "investigator2": second})
    due = handover.whats_due(office)
    assert (due.households, due.to_come, due.papers) == (3, 2, 0)
    assert sum(count for _, count in due.steps) == 3
    assert due.unsent > 0
    done = handover.hand_over(office, Successor(person=second, passphrase=NEW), PASSPHRASE)
    assert done.moved == 1
    assert village.values(Kind.CASE, ahead)["investigator1"] == second
    assert village.values(Kind.CASE, shared)["investigator1"] == first
    assert village.values(Kind.CASE, visited)["investigator1"] == first
    text = str(handover.sheet_of(office, done).data[:5])
    assert "PDF" in text


def test_nothing_is_reassigned_unless_wished(village):
    office = village.office
    first, second = village.people[Level.VILLAGE]
    ahead = village.open("石大山")
    with office.workspace.write(office.actor) as tx:
        tx.record("test.plan", Kind.CASE, ahead, {"investigator1": first})
    done = handover.hand_over(office, Successor(person=second, passphrase=NEW, reassign=False), PASSPHRASE)
    assert (done.moved, village.values(Kind.CASE, ahead)["investigator1"]) == (0, first)


def test_who_has_a_passphrase_types_it(village):
    office = village.office
    li = only(people.add(office, Newcomer("石秀兰", passphrase=NEW), PASSPHRASE), Kind.PERSON)
    third = "another one of nobody 77"
    people.reset_passphrase(office, village.people[Level.VILLAGE][1], third, PASSPHRASE)
    before = fingerprint(office.workspace.folder)["keys.json"]
    for to, own, code in (
        (Successor(person=li, passphrase=third), PASSPHRASE, "handover.not_theirs"),
        (Successor(person=li, passphrase="nobody has these words"), PASSPHRASE, "handover.not_theirs"),
        (Successor(person=li), PASSPHRASE, "handover.no_passphrase"),
        (Successor(person=li, passphrase=NEW), NEW, "people.not_yours"),
        (Successor(person=office.actor.person, passphrase=NEW), PASSPHRASE, "handover.oneself"),
        (Successor(person="f" * 32, passphrase=NEW), PASSPHRASE, "handover.inactive"),
        (Successor(name="石秀兰", passphrase="a third of them all 9"), PASSPHRASE, "person.same_name"),
        (Successor(name="周文", passphrase=PASSPHRASE), PASSPHRASE, "keys.passphrase_taken"),
    ):
        with pytest.raises(Refused) as caught:
            handover.hand_over(office, to, own)
        assert caught.value.code == code
    assert fingerprint(office.workspace.folder)["keys.json"] == before
    assert next(one for one in people.everybody(office) if one.id == office.actor.person).active
    done = handover.hand_over(office, Successor(person=li, passphrase=NEW), PASSPHRASE)
    assert done.incoming_name == "石秀兰"


def test_the_transfer_goes_up_with_the_next_package(computers):
    village, township = computers.office("village-01"), computers.office("township")
    done = handover.hand_over(village, Successor(name="石秀兰", passphrase=NEW), computers.passphrase)
    assert done.due.papers >= 0
    computers.send(village, township, PackageKind.UP)
    with township.workspace.read() as conn:
        found = conn.exec_driver_sql(
            "SELECT count(*) FROM journal WHERE state = 0 AND body LIKE '%duty.transfer%'"
        ).scalar()
        active = conn.exec_driver_sql("SELECT active FROM p_person WHERE uid = ?", (done.outgoing,)).scalar()
    assert (found, active) == (1, 0)


def test_a_township_hands_over_without_touching_the_villages_cases(computers):
    township = computers.office("township")
    done = handover.hand_over(township, Successor(name="石秀兰", passphrase=NEW), computers.passphrase)
    assert done.moved == 0
    assert "交接单" in handover.sheet_of(township, done).name
