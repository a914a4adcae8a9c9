"""Random damage to packages, before and behind the signature; none may be taken for whole."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.files import package as p
from tests.files.package_setting import opened_up, read_bytes, sealed, stream, written

ROOT = Path(__file__).parents[2]


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


def fuzzed(count: int, seed: int, *options: str) -> dict[str, object]:
    """Fuzz in a process that has 512 MB and 5 seconds for each copy."""
    command = [sys.executable, "-m", "tests.files.fuzzing", str(count), str(seed), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["tried"] == count
    return found


def test_in_little_memory_nothing_is_accepted_changed_and_nothing_else_comes_out(acceptance_sizes, figure):
    count = 15_000 if acceptance_sizes else 3_000
    found = fuzzed(count, 1)
    assert (found.get("changed", 0), found["unexpected"]) == (0, [])
    assert found["refused"] > count * 9 // 10
    assert found["slowest"] < 5
    figure(f"of {count} damaged packages accepted with changed content", found.get("changed", 0), limit=0)
    figure("unexpected exceptions of the reader", len(found["unexpected"]), limit=0)
    figure("memory of the reader at most", found["peak_kib"] / 1024, "MB", limit=512)


def test_a_reader_that_does_not_compare_with_the_signed_list_is_caught():
    """The control: what a courier puts in the place of a member goes through."""
    assert fuzzed(200, 1, "--trusting")["changed"] > 10
