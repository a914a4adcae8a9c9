"""A forgotten passphrase, by files only: the township opens it for the one who asks, and for nobody else."""

from __future__ import annotations

import json
import random
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from app.crypto import keyslots
from app.crypto.device_keys import new_device_keys
from app.domain.errors import AppError, BadInput, Refused, Unavailable
from app.domain.ids import Level
from app.domain.trust import Revocation, ordered
from app.files import recovery as files
from app.files.recovery import About
from app.usecases import keys, people, recovery, workspaces
from app.usecases.people import Newcomer
from app.usecases.trust import issuing_keys, load_trust, own_keys, save_trust
from tests.usecases.exchange import TOWNSHIP, VILLAGE

NEW = "hongma baishan laoshu xinqiao"
ASKED_AT = "2026-10-07T11:00:00+08:00"


@pytest.fixture
def folder(computers):
    """The village's closed workspace, whose passphrase is forgotten."""
    return computers.copied("village-01")


@pytest.fixture
def stick(tmp_path):
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def asked(computers, folder, stick):
    return recovery.request(folder, " 石秀兰 ", stick, computers.clock.now())


def told(kind, attempt, code):
    with pytest.raises(kind) as caught:
        attempt()
    assert caught.value.code == code


def test_the_township_gives_the_village_its_key_back(computers, folder, stick, asked):
    township = computers.office("township")
    plea = recovery.look(township, asked.file)
    assert (plea.level, plea.scope, plea.person, plea.code) == (Level.VILLAGE, VILLAGE, "石秀兰", asked.code)
    assert (plea.place != "", plea.known, len(asked.code)) == (True, True, 8)
    assert recovery.waiting(folder).code == asked.code
    assert asked.code not in repr(recovery.waiting(folder))
    given = recovery.answer(township, asked.file, stick, f"{asked.code[:4]} {asked.code[4:]}")
    here = recovery.peek(folder, given)
    first = next(one for one in here if one.id == _first(computers, folder))
    recovery.finish(folder, given, first.id, NEW, computers.clock)
    told(Refused, lambda: keys.unlock_key(folder, computers.passphrase), "keys.wrong_passphrase")
    office = workspaces.unlock(folder, NEW, computers.clock)
    assert office.actor.name == first.name
    with office.workspace.read() as conn:
        row = conn.exec_driver_sql("SELECT person, subject, detail FROM audit ORDER BY n DESC LIMIT 1").one()
    assert (row[0], row[1]) == (first.id, first.id)
    workspaces.close(office)
    with township.workspace.read() as conn:
        at_township = conn.exec_driver_sql("SELECT action, detail FROM audit ORDER BY n DESC LIMIT 1").one()
    assert at_township[0] == "recovery"
    assert json.loads(at_township[1])["request"] == json.loads(row[2])["request"]
    assert json.loads(at_township[1])["scope"] == VILLAGE
    told(Refused, lambda: recovery.peek(folder, given), "recovery.nothing_asked")
    assert not (folder / recovery.PENDING).exists()


def _first(computers, folder):
    key = keys.unlock_key(folder, computers.passphrase)[0]
    with recovery.QuickReader(folder, key) as reader:
        return reader.meta("first_person")


def test_only_the_one_who_forgot_gets_a_new_passphrase(computers, folder, stick):
    office = computers.office("village-01")
    people.add(office, Newcomer("石秀兰", passphrase="another one of her own 1"), computers.passphrase)
    workspaces.close(computers.opened.pop("village-01"))
    made = recovery.request(folder, "石秀兰", stick, computers.clock.now())
    given = recovery.answer(computers.office("township"), made.file, stick, made.code)
    her = next(one.id for one in recovery.peek(folder, given) if one.name == "石秀兰")
    told(Refused, lambda: recovery.finish(folder, given, "f" * 32, NEW, computers.clock), "person.unknown")
    told(
        Refused,
        lambda: recovery.finish(folder, given, her, computers.passphrase, computers.clock),
        "keys.passphrase_taken",
    )
    recovery.finish(folder, given, her, NEW, computers.clock)
    assert keys.unlock_key(folder, NEW)[1] == her
    assert keys.unlock_key(folder, computers.passphrase)[1] == ""


def test_other_digits_get_no_answer(computers, asked, stick):
    township = computers.office("township")
    wrong = f"{(int(asked.code) + 1) % 10**8:08d}"
    told(Refused, lambda: recovery.answer(township, asked.file, stick, wrong), "recovery.code_differs")
    assert list(stick.glob("*.hhrec")) == []


def test_a_file_changed_on_its_way_shows_other_digits(computers, asked, stick):
    request = files.read_request(asked.file.read_bytes(), "x")
    thief = new_device_keys(random.Random(1).randbytes)
    forged = replace(request, recipient=thief.recipient)
    asked.file.write_bytes(forged.to_bytes())
    assert recovery.look(computers.office("township"), asked.file).code != asked.code


def test_the_county_helps_the_township_but_not_its_villages(computers, folder, asked, stick):
    county = computers.office("county")
    told(Refused, lambda: recovery.look(county, asked.file), "keys.no_recovery")
    township = computers.copied("township")
    made = recovery.request(township, "", stick, computers.clock.now())
    plea = recovery.look(county, made.file)
    assert (plea.level, plea.scope) == (Level.TOWNSHIP, TOWNSHIP)
    assert recovery.rescuers(computers.office("township")) == ("990101000000",)
    assert recovery.rescuers(computers.office("village-01")) == (TOWNSHIP,)
    assert recovery.rescuers(county) == ()


def test_nobody_helps_before_enrolment(village, stick, computers):
    office = village.office
    assert recovery.rescuers(office) == ()
    assert recovery.refresh(office) is False
    folder = office.workspace.folder
    assert not recovery.can_be_recovered(folder)
    told(Refused, lambda: recovery.request(folder, "", stick, computers.clock.now()), "recovery.nobody")


def test_the_slot_follows_who_is_above(computers, folder):
    assert recovery.can_be_recovered(folder)
    office = computers.office("village-01")
    before = keys.load_keys(folder).recoveries
    assert recovery.refresh(office) is False
    township = own_keys(computers.office("township").workspace)
    keys.save_keys(folder, replace(keys.load_keys(folder), recoveries=()))
    assert recovery.refresh(office) is True
    [slot] = keys.load_keys(folder).recoveries
    assert slot.recipients == before[0].recipients == (township.recipient,)


def test_who_certifies_is_asked_in_order(computers):
    """Without a township in the trust document the county's key is taken; without either, nobody's."""
    office = computers.office("village-01")
    with office.workspace.read() as conn:
        trust = load_trust(conn)
    standing = office.workspace.standing()
    today = computers.clock.now().date()
    county = own_keys(computers.office("county").workspace)
    only_county = replace(trust, certificates=tuple(c for c in trust.certificates if c.level is Level.COUNTY))
    root = issuing_keys(computers.office("county").workspace)
    both = tuple(sorted({county.recipient, root.recipient}))
    assert recovery._recipients(only_county, standing, today) == both
    assert len(both) == 2
    assert recovery._recipients(trust, standing, today + timedelta(days=20_000)) == ()


def test_a_root_restored_on_a_new_computer_still_opens_what_was_sealed_to_it(computers, folder, stick):
    """Of the office's two keys the device's is new then: only the root's fits the slot."""
    office, county = computers.office("village-01"), computers.office("county")
    standing = office.workspace.standing()
    about = About(standing.workspace, standing.device, standing.level, standing.scope)
    unlocked = keyslots.Unlocked(office.workspace.key, "", about=about.to_bytes())
    root = issuing_keys(county.workspace).recipient
    assert root != own_keys(county.workspace).recipient
    sealed = keyslots.add_recovery(keys.load_keys(folder), unlocked, [root], secrets.token_bytes)
    keys.save_keys(folder, sealed)
    workspaces.close(computers.opened.pop("village-01"))
    made = recovery.request(folder, "", stick, computers.clock.now())
    given = recovery.answer(county, made.file, stick, made.code)
    recovery.finish(folder, given, _first(computers, folder), NEW, computers.clock)
    assert keys.unlock_key(folder, NEW)


def test_a_computer_declared_lost_is_not_helped(computers, asked):
    township = computers.office("township")
    keys_ = own_keys(township.workspace)
    with township.workspace.read() as conn:
        trust = load_trust(conn)
    village = next(c for c in trust.certificates if c.scope == VILLAGE and not c.proxy)
    lost = Revocation(village.key, (), keys_.key, "2026-10-07", "lost")
    signed = replace(lost, signature=keys_.sign(lost.signed_part()))
    after = ordered(
        trust.roots, set(trust.certificates), {*trust.revocations, signed}, set(trust.endorsements)
    )
    with township.workspace.bookkeeping() as conn:
        save_trust(conn, after)
    told(Refused, lambda: recovery.look(township, asked.file), "recovery.revoked")


def test_a_plea_from_elsewhere_is_not_opened_up(computers, folder, stick):
    """Anybody may seal to the township; what is not below it gets no answer."""
    township = computers.office("township")
    file = keys.load_keys(folder)
    unlocked = keys.keyslots.unlock(file, computers.passphrase)
    about = About("0" * 32, "0" * 32, Level.VILLAGE, "990101002201")
    mine = own_keys(township.workspace).recipient
    sealed = replace(unlocked, about=about.to_bytes())
    keys.save_keys(folder, keys.keyslots.add_recovery(file, sealed, [mine], random.Random(2).randbytes))
    made = recovery.request(folder, "", stick, computers.clock.now())
    told(Refused, lambda: recovery.look(township, made.file), "recovery.outside")
    strange = replace(unlocked, about=b"[]")
    keys.save_keys(folder, keys.keyslots.add_recovery(file, strange, [mine], random.Random(3).randbytes))
    made = recovery.request(folder, "", stick, computers.clock.now())
    told(BadInput, lambda: recovery.look(township, made.file), "recovery.not_a_request")


def test_an_answer_fits_one_request_of_one_computer(computers, folder, stick, asked):
    township = computers.office("township")
    given = recovery.answer(township, asked.file, stick, asked.code)
    again = recovery.request(folder, "石秀兰", stick, computers.clock.now())
    told(BadInput, lambda: recovery.peek(folder, given), "recovery.other_request")
    other = recovery.answer(township, again.file, stick, again.code)
    assert recovery.peek(folder, other) != ()
    elsewhere = computers.copied("other", "county")
    (elsewhere / recovery.PENDING).write_bytes((folder / recovery.PENDING).read_bytes())
    told(BadInput, lambda: recovery.peek(elsewhere, other), "recovery.other_computer")
    (folder / recovery.PENDING).write_bytes(b"{}")
    told(Refused, lambda: recovery.peek(folder, other), "recovery.nothing_asked")


def test_an_answer_sealed_to_another_key_or_too_short_is_damaged(folder, stick, asked):
    pending = recovery.waiting(folder)
    once = files.read_request(asked.file.read_bytes(), "x").recipient
    stranger = new_device_keys(random.Random(4).randbytes).recipient
    for payload, to in ((b"k" * 40, stranger), (b"short", once)):
        sealed = files.suite("intl-1").seal(payload, [to])
        told(
            BadInput,
            lambda sealed=sealed: files.open_answer(files.Answer(pending.digest, sealed), pending, "x"),
            "recovery.damaged",
        )


def test_files_that_cannot_be_read(computers, folder, stick, asked, tmp_path):
    township = computers.office("township")
    told(BadInput, lambda: recovery.look(township, stick / "none.hhforgot"), "enrol.missing")
    told(Unavailable, lambda: recovery.look(township, stick), "package.not_read")
    (stick / "big").write_bytes(b" " * (files.MAX_BYTES + 1))
    told(BadInput, lambda: files.read_answer((stick / "big").read_bytes(), "x"), "recovery.not_an_answer")
    told(BadInput, lambda: recovery.look(township, stick / "big"), "recovery.too_large")
    told(
        Unavailable,
        lambda: recovery.request(folder, "", stick / "big", computers.clock.now()),
        "disk.read_only",
    )
    spoiled = tmp_path / "spoiled"
    (spoiled / recovery.PENDING).mkdir(parents=True)
    told(Unavailable, lambda: recovery.waiting(spoiled), "disk.failing")


@pytest.mark.parametrize(
    "change",
    [
        {"fmt": "hhrec/1"},
        {"recipients": []},
        {"recipients": "age1"},
        {"recipient": "age1"},
        {"sealed": ""},
        {"sealed": 7},
        {"slot": None},
        {"more": 1},
    ],
)
def test_a_request_of_another_shape(computers, asked, change):
    doc = {**json.loads(asked.file.read_bytes()), **change}
    asked.file.write_bytes(files.canonical(doc))
    township = computers.office("township")
    told(BadInput, lambda: recovery.look(township, asked.file), "recovery.not_a_request")


def test_mutated_files_are_told_apart_and_never_accepted(computers, folder, stick, asked):
    township = computers.office("township")
    given = recovery.answer(township, asked.file, stick, asked.code)
    chance = random.Random(20261007)
    first = keys.unlock_key(folder, computers.passphrase)[0]
    for name, read in (
        (asked.file, lambda data: _openable(township, data)),
        (given, lambda data: files.open_answer(files.read_answer(data, "x"), recovery.waiting(folder), "x")),
    ):
        whole = name.read_bytes()
        for _ in range(300):
            data = bytearray(whole)
            way, at = chance.randrange(4), chance.randrange(len(data))
            if way == 0:
                data[at] ^= 1 << chance.randrange(8)
            elif way == 1:
                del data[at : at + chance.randrange(1, 40)]
            elif way == 2:
                data[at:at] = chance.randbytes(chance.randrange(1, 9))
            else:
                data = data[:at]
            if bytes(data) == whole:
                continue
            with suppress(AppError):  # anything else is a bug
                assert (name is asked.file, read(bytes(data))) == (True, first)  # the digits differ then


def _openable(township, data):
    asked = files.read_request(data, "x")
    assert asked.to_bytes() == data
    return files.open_request(asked, [own_keys(township.workspace).open_secret], "x")[0].dek
