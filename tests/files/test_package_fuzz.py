"""Random damage to packages, before and behind the signature; none may be taken for whole."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.files import package as p
from tests.files.package_setting import opened_up, read_bytes, sealed, stream, written


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("package"))


def read(data: bytes) -> p.Package:
    return read_bytes(data)


def _fuzz(data: bytes, count: int, seed: int) -> list[bytes]:
    """Return truncations, single flipped bits and splices, a third each."""
    dice = random.Random(seed)
    made = []
    for number in range(count):
        at = dice.randrange(len(data))
        if number % 3 == 0:
            made.append(data[:at])
        elif number % 3 == 1:
            copy = bytearray(data)
            copy[at] ^= 1 << dice.randrange(8)
            made.append(bytes(copy))
        else:
            start, length = dice.randrange(len(data)), dice.randrange(1, 300)
            made.append(data[:at] + data[start : start + length] + data[at + dice.choice((0, length)) :])
    return [copy for copy in made if copy != data]


def _refuse_all(data: bytes, count: int, seed: int) -> int:
    refused = 0
    for copy in _fuzz(data, count, seed):
        with pytest.raises(BadInput):
            read(copy)
        refused += 1
    return refused


def test_no_damaged_copy_is_accepted(path: Path) -> None:
    assert _refuse_all(path.read_bytes(), 900, seed=1) > 890


def test_a_reader_that_trusts_the_crc_alone_would_accept_some(path: Path) -> None:
    """The control of the fuzz: the standard reader takes damaged copies for whole."""
    taken = 0
    for copy in _fuzz(path.read_bytes(), 900, seed=1):
        try:
            with zipfile.ZipFile(io.BytesIO(copy)) as archive:
                taken += archive.testzip() is None
        except (
            zipfile.BadZipFile,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
            OSError,
            zlib.error,
        ):
            continue
    assert taken > 0


@pytest.mark.slow
def test_no_damaged_copy_of_many_is_accepted(path: Path) -> None:
    assert _refuse_all(path.read_bytes(), 30_000, seed=2) > 29_900


def _insider_fuzz(path: Path, count: int, seed: int) -> None:
    """Damage behind the signature: lines, manifest or ciphertext are changed, then put together rightly."""
    dice = random.Random(seed)
    lines = b"".join(line + b"\n" for line in stream().entries)
    for number in range(count):
        forged = opened_up(path)
        if number % 3 == 2:
            age = bytearray(forged.members[p.ENTRIES])
            age[dice.randrange(len(age))] ^= 1 << dice.randrange(8)
            forged.members[p.ENTRIES] = bytes(age)
            data = forged.bytes()
        elif number % 3:
            raw = bytearray(lines)
            raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
            forged.manifest = replace(
                forged.manifest, streams=tuple(h for h in forged.manifest.streams if h.uid == stream().uid)
            )
            forged.put_lines(bytes(raw))
            data = forged.bytes()
        else:
            manifest = bytearray(p.encode_manifest(forged.manifest))
            manifest[dice.randrange(len(manifest))] ^= 1 << dice.randrange(8)
            data = forged.bytes_with(bytes(manifest))
        try:
            package = read(data)
        except BadInput:
            continue
        # A flipped bit in what only describes (clock, counts, version) is no fault; content must be the same.
        found = {s.uid: s.entries for s in package.streams}
        assert found == {stream().uid: stream().entries, sealed().uid: sealed().entries}


def test_damage_behind_the_signature_never_changes_content(path: Path) -> None:
    _insider_fuzz(path, 300, seed=3)


@pytest.mark.slow
def test_much_damage_behind_the_signature_never_changes_content(path: Path) -> None:
    _insider_fuzz(path, 10_000, seed=4)
