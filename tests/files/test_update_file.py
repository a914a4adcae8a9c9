"""Update files: only what a known key signed is read, and every byte of it is compared."""

from __future__ import annotations

import json
import lzma
import os
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.errors import AppError, BadInput, Refused, Unavailable
from app.files import update_file
from app.files.update_file import parse_keys, read_update, unpack
from tests.files.update_setting import (
    KEYS,
    PUBLIC,
    files_of,
    make_update,
    manifest_of,
    packed,
    signature_of,
    zipped,
)


def quiet(_done: int, _of: int) -> None:
    """Report to nobody."""


def never() -> bool:
    return False


def code_of(work) -> str:
    with pytest.raises(AppError) as caught:
        work()
    return caught.value.code


def take(path, target=None):
    update = read_update(path, KEYS)
    unpack(update, target, quiet, never)
    return update


def test_every_file_arrives_as_it_was(tmp_path):
    made = make_update(tmp_path / "a.upd", "1.1.0")
    target = tmp_path / "out"
    target.mkdir()
    update = take(made, target)
    found = {p.relative_to(target).as_posix(): p.read_bytes() for p in target.rglob("*") if p.is_file()}
    assert found == files_of("1.1.0")
    assert os.access(target / "run", os.X_OK)
    assert not os.access(target / "site/large.bin", os.X_OK)
    assert update.manifest.version == "1.1.0"


def test_progress_ends_at_the_whole(tmp_path):
    told = []
    unpack(read_update(make_update(tmp_path / "a.upd"), KEYS), None, lambda *now: told.append(now), never)
    assert told[-1][0] == told[-1][1] == sum(map(len, files_of("1.1.0").values()))


def test_any_flipped_bit_is_noticed_and_nothing_is_believed(tmp_path):
    good = make_update(tmp_path / "a.upd").read_bytes()
    chance = random.Random(5)
    for _ in range(400):
        place = chance.randrange(len(good))
        bad = bytearray(good)
        bad[place] ^= 1 << chance.randrange(8)
        (tmp_path / "b.upd").write_bytes(bad)
        with pytest.raises((BadInput, Refused)) as caught:
            take(tmp_path / "b.upd")
        assert caught.value.code in {
            "update.damaged", "update.not_an_update", "update.bad_signature", "update.unknown_key",
        }  # fmt: skip


@pytest.mark.parametrize("part", [0, 1, 50, 1000, -1, -200])
def test_a_file_cut_short_is_noticed(tmp_path, part):
    good = make_update(tmp_path / "a.upd").read_bytes()
    (tmp_path / "b.upd").write_bytes(good[:part])
    assert code_of(lambda: take(tmp_path / "b.upd")) in {"update.damaged", "update.not_an_update"}


def test_an_unknown_key_is_refused_by_name(tmp_path):
    raw = manifest_of(files_of("1.1.0"), "1.1.0")
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    members = {
        "files.json": raw,
        "signature.json": signature_of(raw, other),
        "files.xz": packed(files_of("1.1.0")),
    }
    (tmp_path / "a.upd").write_bytes(zipped(members))
    assert code_of(lambda: take(tmp_path / "a.upd")) == "update.unknown_key"


def test_a_known_name_with_another_keys_signature_is_refused(tmp_path):
    raw = manifest_of(files_of("1.1.0"), "1.1.0")
    forged = json.loads(signature_of(raw, Ed25519PrivateKey.from_private_bytes(bytes(32))))
    forged["key"] = next(iter(KEYS))
    members = {"files.json": raw, "signature.json": json.dumps(forged).encode(), "files.xz": b""}
    (tmp_path / "a.upd").write_bytes(zipped(members))
    assert code_of(lambda: take(tmp_path / "a.upd")) == "update.bad_signature"


def test_no_key_takes_no_update(tmp_path):
    assert code_of(lambda: read_update(make_update(tmp_path / "a.upd"), {})) == "update.unknown_key"


@pytest.mark.parametrize(
    "spoil",
    [
        "one file less",
        "one byte more",
        "two streams",
        "another content",
        "no xz",
        "cut short",
        "a member more",
    ],
)
def test_contents_that_do_not_follow_the_signed_list(tmp_path, spoil):
    files = files_of("1.1.0")
    raw, body = manifest_of(files, "1.1.0"), packed(files)
    if spoil == "one file less":
        body = packed({path: data for path, data in files.items() if path != "site/large.bin"})
    elif spoil == "one byte more":
        body = packed({**files, "z": b"x"})
    elif spoil == "two streams":
        body += lzma.compress(b"more")
    elif spoil == "another content":
        body = packed({**files, "site/large.bin": bytes(len(files["site/large.bin"]))})
    elif spoil == "no xz":
        body = b"not compressed at all"
    elif spoil == "cut short":
        body = body[:-30]
    members = {"files.json": raw, "signature.json": signature_of(raw), "files.xz": body}
    if spoil == "a member more":
        members["more"] = b""
    (tmp_path / "a.upd").write_bytes(zipped(members))
    expected = "update.not_an_update" if spoil == "a member more" else "update.damaged"
    assert code_of(lambda: take(tmp_path / "a.upd")) == expected


@pytest.mark.parametrize("path", ["../evil", "/etc/evil", "a/../../evil", "C:/evil", "a\\b"])
def test_even_a_signed_list_leads_nowhere_else(tmp_path, path):
    files = {**files_of("1.1.0"), path: b"x"}
    make_update(tmp_path / "a.upd", files=files)
    assert code_of(lambda: take(tmp_path / "a.upd")) == "check.list_bad_path"


def test_something_else_is_no_update(tmp_path):
    (tmp_path / "a.upd").write_bytes(b"just a text" * 100)
    assert code_of(lambda: take(tmp_path / "a.upd")) == "update.not_an_update"
    assert code_of(lambda: take(tmp_path / "gone.upd")) == "update.unreadable"


def test_a_stick_pulled_out_on_the_way(tmp_path):
    update = read_update(make_update(tmp_path / "a.upd"), KEYS)
    (tmp_path / "a.upd").unlink()
    with pytest.raises(Unavailable) as caught:
        unpack(update, None, quiet, never)
    assert caught.value.code == "update.unreadable"


def test_a_stick_pulled_out_while_it_is_read(tmp_path):
    path = make_update(tmp_path / "a.upd")
    update = read_update(path, KEYS)
    assert code_of(lambda: unpack(update, None, quiet, lambda: bool(path.unlink()))) == "update.unreadable"


@pytest.mark.parametrize("wrong", [b"", b"[]", b"{}", b'{"key": "a", "signature": "zz"}'])
def test_a_signature_of_another_form(tmp_path, wrong):
    files = files_of("1.1.0")
    members = {"files.json": manifest_of(files, "1.1.0"), "signature.json": wrong, "files.xz": packed(files)}
    (tmp_path / "a.upd").write_bytes(zipped(members))
    assert code_of(lambda: read_update(tmp_path / "a.upd", KEYS)) == "update.damaged"


def test_a_list_larger_than_any_build_has_is_not_read(tmp_path, monkeypatch):
    made = make_update(tmp_path / "a.upd")
    monkeypatch.setattr(update_file, "_SMALL", 100)
    assert code_of(lambda: read_update(made, KEYS)) == "update.damaged"


def test_where_nothing_settles_all_at_once_each_file_is_settled(tmp_path, monkeypatch):
    settled = []
    monkeypatch.delattr(os, "sync")
    monkeypatch.setattr(os, "fsync", lambda number: settled.append(os.fstat(number).st_size))
    take(make_update(tmp_path / "a.upd"), tmp_path / "out")
    assert sorted(settled) == sorted(map(len, files_of("1.1.0").values()))


def test_it_stops_when_asked(tmp_path):
    update = read_update(make_update(tmp_path / "a.upd"), KEYS)
    assert code_of(lambda: unpack(update, None, quiet, lambda: True)) == "work.cancelled"


def test_the_list_of_keys():
    assert parse_keys(json.dumps({"keys": [{"public": PUBLIC.hex()}]})) == KEYS
    with pytest.raises(ValueError, match="hex"):
        parse_keys('{"keys": [{"public": "zz"}]}')
