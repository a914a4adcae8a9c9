from __future__ import annotations

import hashlib

import pytest

from app.crypto.device_keys import DeviceKeys, device_keys, new_device_keys, verify_text
from app.crypto.interface import Stretching
from app.crypto.sealed_file import PIECE, open_file, seal_file
from app.crypto.suite import suite
from app.domain.errors import BadInput, Refused
from tests.trust_setting import rng

CRYPTO = suite("intl-1")


def test_ed25519_matches_the_published_vector() -> None:
    # RFC 8032, 7.1, test 2
    secret = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert CRYPTO.sign_public(secret).hex() == public
    assert CRYPTO.sign(secret, b"\x72").hex() == signature
    assert CRYPTO.verify(bytes.fromhex(public), b"\x72", bytes.fromhex(signature))
    assert not CRYPTO.verify(bytes.fromhex(public), b"\x73", bytes.fromhex(signature))


def test_argon2id_matches_the_reference_implementation() -> None:
    # phc-winner-argon2 test.c: t=2, m=2^8 KiB, p=1, password, somesalt
    how = Stretching(b"somesalt", passes=2, memory_kib=256, lanes=1)
    expected = "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"
    assert CRYPTO.stretch("password", how).hex() == expected


def test_what_is_sealed_to_several_is_opened_by_each_and_by_nobody_else() -> None:
    one, two, three = (CRYPTO.new_open_secret() for _ in range(3))
    sealed = CRYPTO.seal(b"data", [CRYPTO.open_public(one), CRYPTO.open_public(two)])
    assert CRYPTO.open(sealed, [one]) == b"data" == CRYPTO.open(sealed, [three, two])
    for broken, secrets in ((sealed, [three]), (sealed[:-1], [one]), (b"junk", [one]), (sealed, [])):
        with pytest.raises(BadInput) as caught:
            CRYPTO.open(broken, secrets)
        assert caught.value.code == "crypto.not_opened"


@pytest.mark.parametrize("recipients", [[], ["age1junk"], [""]])
def test_sealing_to_nobody_or_to_nonsense_is_refused(recipients: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        CRYPTO.seal(b"data", recipients)
    assert caught.value.code == "crypto.bad_key"


def test_wrapping_binds_key_data_and_context() -> None:
    key, nonce = bytes(32), bytes(12)
    wrapped = CRYPTO.wrap(key, nonce, b"dek", b"slot 1")
    assert CRYPTO.unwrap(key, nonce, wrapped, b"slot 1") == b"dek"
    assert CRYPTO.unwrap(key, nonce, wrapped, b"slot 2") is None
    assert CRYPTO.unwrap(b"\1" * 32, nonce, wrapped, b"slot 1") is None
    assert CRYPTO.unwrap(key, nonce, b"", b"slot 1") is None


def test_derived_keys_differ_by_purpose_and_salt() -> None:
    keys = {CRYPTO.derive(bytes(32), p, s) for p in (b"a", b"b") for s in (b"", b"x")}
    assert len(keys) == 4
    assert CRYPTO.digest(b"x") == hashlib.sha256(b"x").digest()


@pytest.mark.parametrize(
    ("name", "code"), [("gm-1", "crypto.suite_reserved"), ("rot13", "crypto.suite_unknown")]
)
def test_other_suites_are_refused(name: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        suite(name)
    assert caught.value.code == code


def test_device_keys_survive_storage_and_hide_themselves() -> None:
    keys = new_device_keys(rng("one"))
    assert device_keys(keys.to_bytes()) == keys
    assert keys.open_secret not in repr(keys)
    assert keys.sign_secret.hex() not in repr(keys)
    assert verify_text(keys.key, b"m", keys.sign(b"m"))
    assert not verify_text(keys.key, b"n", keys.sign(b"m"))
    assert not verify_text("zz", b"m", keys.sign(b"m"))
    assert len(keys.device) == 32


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"open":"AGE-SECRET-KEY-1","sign":"00","suite":"intl-1"}',
        DeviceKeys(b"short", CRYPTO.new_open_secret()).to_bytes(),
        DeviceKeys(bytes(32), CRYPTO.new_open_secret(), "gm-1").to_bytes(),
    ],
)
def test_damaged_device_keys_are_bad_input(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        device_keys(data)
    assert caught.value.code == "crypto.bad_key"


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_files_at_rest_come_back_and_no_piece_can_be_moved(size: int) -> None:
    data = rng("file")(size)
    sealed = seal_file(bytes(32), data, rng("salt"))
    assert open_file(bytes(32), sealed) == data
    assert data[:16] not in sealed or size < 16
    step = PIECE + 16
    broken = [sealed[:-1], sealed + b"\0", sealed[:20], b"x" + sealed[1:], sealed[: 24 + step]]
    if size > 2 * PIECE:
        first, second = sealed[24 : 24 + step], sealed[24 + step : 24 + 2 * step]
        broken += [sealed[:24] + second + first + sealed[24 + 2 * step :], sealed[:24] + sealed[24 + step :]]
    for copy in broken:
        if copy != sealed:
            with pytest.raises(BadInput):
                open_file(bytes(32), copy)
    with pytest.raises(BadInput):
        open_file(b"\1" * 32, sealed)
