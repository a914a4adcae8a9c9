from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crypto import keyslots
from app.crypto.keyslots import Cost, KeyFile, read_key_file
from app.crypto.passphrase import checked, normalised
from app.domain.errors import AppError, BadInput, Refused
from tests.trust_setting import keys, rng

DEK = bytes(range(32))
CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
FIRST = "石板 山羊 水井 扁担"
SECOND = "another long passphrase"


def new() -> KeyFile:
    return keyslots.new_slots(DEK, FIRST, rng("slots"), CHEAP)


def reread(file: KeyFile) -> KeyFile:
    assert read_key_file(file.to_bytes()) == file
    return read_key_file(file.to_bytes())


def test_the_passphrase_gives_the_key_back() -> None:
    file = reread(new())
    unlocked = keyslots.unlock(file, f"  {FIRST} ")
    assert unlocked.dek == DEK
    assert DEK.hex() not in repr(unlocked)
    assert FIRST.encode() not in file.to_bytes()
    with pytest.raises(Refused) as caught:
        keyslots.unlock(file, FIRST + "!")
    assert caught.value.code == "keys.wrong_passphrase"


def test_width_of_letters_does_not_matter() -> None:
    file = keyslots.new_slots(DEK, "ABC-long-123", rng("w"), CHEAP)
    assert keyslots.unlock(file, "ABC-long-123").dek == DEK


def test_a_second_person_gets_a_slot_and_the_first_can_go() -> None:
    file = new()
    first = keyslots.unlock(file, FIRST)
    file = reread(keyslots.add_passphrase(file, first, SECOND, rng("s"), owner="b" * 32, cost=CHEAP))
    second = keyslots.unlock(file, SECOND)
    assert (second.dek, second.owner) == (DEK, "b" * 32)
    assert keyslots.unlock(file, FIRST).dek == DEK
    file = keyslots.remove_slot(file, first.slot)
    with pytest.raises(Refused):
        keyslots.unlock(file, FIRST)
    with pytest.raises(Refused) as caught:
        keyslots.remove_slot(file, second.slot)
    assert caught.value.code == "keys.last_slot"


def test_changing_a_passphrase_needs_the_old_one_and_keeps_the_others() -> None:
    file = new()
    file = keyslots.add_passphrase(file, keyslots.unlock(file, FIRST), SECOND, rng("s"), cost=CHEAP)
    changed = reread(keyslots.change_passphrase(file, FIRST, "quite a new sentence", rng("c"), CHEAP))
    assert keyslots.unlock(changed, "quite a new sentence").dek == DEK
    assert keyslots.unlock(changed, SECOND).dek == DEK
    for old in (FIRST, "nonsense nonsense"):
        with pytest.raises(Refused) as caught:
            keyslots.change_passphrase(changed, old, "quite a new sentence", rng("c"), CHEAP)
        assert caught.value.code == "keys.wrong_passphrase"


def test_the_township_recovers_and_a_stranger_does_not() -> None:
    file = new()
    township, stranger = keys("township"), keys("stranger")
    file = reread(keyslots.add_recovery(file, keyslots.unlock(file, FIRST), [township.recipient], rng("r")))
    assert keyslots.recover(file, [township.open_secret]).dek == DEK
    with pytest.raises(Refused) as caught:
        keyslots.recover(file, [stranger.open_secret])
    assert caught.value.code == "keys.no_recovery"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("short", "keys.passphrase_short"),
        ("1 2 3 4", "keys.passphrase_short"),
        ("红旗 红旗 红旗 山", "keys.passphrase_repetitive"),
        ("13800138000", "keys.passphrase_digits"),
        ("1380013 8000", "keys.passphrase_digits"),
        ("aaaaaaaaaaaaaaab", "keys.passphrase_repetitive"),
        ("", "keys.passphrase_short"),
    ],
)
def test_weak_passphrases_are_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        checked(text)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["石板 山羊 水井 扁担", "ten-characters", "correct horse battery staple"])
def test_good_passphrases_pass(text: str) -> None:
    assert checked(text) == normalised(text)


def _set(path: list[object], value: object) -> bytes:
    doc = json.loads(new().to_bytes())
    place = doc
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(doc).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        b" " * 2_000_000,
        _set(["fmt"], "hhkeys/9"),
        _set(["passphrases"], []),
        _set(["passphrases"], {}),
        _set(["passphrases", 0, "kdf"], 7),
        _set(["passphrases", 0, "kdf", "name"], "md5"),
        _set(["passphrases", 0, "kdf", "memory_kib"], 2**40),
        _set(["passphrases", 0, "kdf", "memory_kib"], 8.5),
        _set(["passphrases", 0, "kdf", "passes"], True),
        _set(["passphrases", 0, "kdf", "lanes"], 16),
        _set(["passphrases", 0, "kdf", "salt"], "AAAA"),
        _set(["passphrases", 0, "nonce"], None),
        _set(["passphrases", 0, "wrapped"], "***"),
        _set(["passphrases", 0, "slot"], "../x"),
        _set(["recoveries"], [{"recipients": "x", "sealed": "AAAA", "slot": "0" * 16}]),
    ],
)
def test_a_damaged_file_is_bad_input(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read_key_file(data)
    assert caught.value.code == "keys.damaged"


def test_a_file_of_another_suite_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        read_key_file(_set(["suite"], "gm-1"))
    assert caught.value.code == "crypto.suite_reserved"


def test_a_cheaper_cost_written_into_the_file_does_not_open_it() -> None:
    file = read_key_file(_set(["passphrases", 0, "owner"], "c" * 32))
    with pytest.raises(Refused):
        keyslots.unlock(file, FIRST)


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_no_single_changed_byte_gives_another_key_or_another_error(place: int, byte: int) -> None:
    data = bytearray(new().to_bytes())
    data[place % len(data)] = byte
    found = ""
    try:
        dek = keyslots.unlock(read_key_file(bytes(data)), FIRST).dek
    except AppError as error:
        dek, found = DEK, error.code
    assert dek == DEK
    assert found in {"", "keys.damaged", "keys.wrong_passphrase", "crypto.suite_unknown"}
