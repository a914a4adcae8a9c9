"""Damage packages without end, in a process with little memory and little patience; tell what the reader did.

python -m tests.files.fuzzing COUNT SEED [--trusting]    # prints one JSON object

A fifth each: cut off, one bit flipped, spliced, a member replaced by a courier who cannot sign, and what the
sender itself signs: lines, frames, manifest or ciphertext changed and put together rightly. ``--trusting`` is the
control: the same reader without its comparison of the members with the signed list.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.errors import AppError
from app.files import package as p
from app.files import package_in
from app.files.stored_zip import StoredZipWriter, read_members
from app.files.stored_zip import content as member_content
from tests.files.package_setting import BLOB, deflated, opened_up, read_bytes, seal, sealed, stream, written

MEMORY = 512 * 1024 * 1024
PATIENCE = 5  # seconds
KINDS = ("cut", "flip", "splice", "courier", "insider")


def main(count: int, seed: int, *, trusting: bool) -> None:
    if trusting:
        package_in._Reader._check_files = lambda _reader, _manifest: None
    with TemporaryDirectory() as folder:
        print(json.dumps(tried(written(Path(folder)), count, seed)))


def tried(path: Path, count: int, seed: int) -> dict[str, object]:
    """Read so many mutants and count what came of it."""
    told = Counter()
    unexpected: list[str] = []
    slowest = 0.0
    wanted = content(read_bytes(path.read_bytes()))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _too_slow)
    for kind, data in mutants(path, count, random.Random(seed)):
        began = time.monotonic()
        signal.alarm(PATIENCE)
        try:
            found = content(read_bytes(data))
            # What the sender itself says of trust is signed by others inside, and judged where it is merged.
            found = (*found[:-1], wanted[-1]) if kind == "insider" else found
            told["same" if found == wanted else "changed"] += 1
            told[f"{kind} accepted"] += 1
        except AppError:
            told["refused"] += 1
        except BaseException as error:  # noqa: BLE001 -- whatever else comes out is the finding
            unexpected.append(f"{kind}: {error!r}")
        finally:
            signal.alarm(0)
        slowest = max(slowest, time.monotonic() - began)
    # Of this program alone: what getrusage tells was begun by the process that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])
    return {**told, "tried": count, "unexpected": unexpected[:5], "slowest": slowest, "peak_kib": peak}


def _too_slow(_number: int, _frame: object) -> None:
    raise TimeoutError


def content(package: p.Package) -> tuple[object, ...]:
    """Return all of a package that would be kept."""
    return (
        sorted((s.uid, s.scope, s.key, s.incarnation, s.entries, s.seal) for s in package.streams),
        sorted(package.blobs.items()),
        package.attachments,
        package.trust,
    )


def mutants(path: Path, count: int, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield damaged copies, each different from the original."""
    data = path.read_bytes()
    made = 0
    while made < count:
        kind = KINDS[made % len(KINDS)]
        found = _damaged(kind, path, data, dice)
        if found != data:
            made += 1
            yield kind, found


def _damaged(kind: str, path: Path, data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    if kind == "cut":
        return data[:at]
    if kind == "flip":
        copy = bytearray(data)
        copy[at] ^= 1 << dice.randrange(8)
        return bytes(copy)
    if kind == "splice":
        start, length = dice.randrange(len(data)), dice.randrange(1, 300)
        return data[:at] + data[start : start + length] + data[at + dice.choice((0, length)) :]
    if kind == "courier":
        return _by_courier(path, dice)
    return _by_insider(path, dice)


def _by_courier(path: Path, dice: random.Random) -> bytes:
    """Replace what anybody can seal to the receiver; the manifest and its signature stay as they were."""
    forged = opened_up(path)
    manifest, signature = _signed(path)
    name = dice.choice([name for name in forged.members if name.endswith(".age")])
    other = bytearray(BLOB if name == p.BLOBS else b"".join(line + b"\n" for line in stream().entries))
    other[dice.randrange(len(other))] ^= 1 << dice.randrange(8)
    if name == p.BLOBS:
        frame = hashlib.sha256(other).digest() + len(other).to_bytes(4, "big") + bytes(other)
        forged.members[name] = seal(deflated(frame))
    elif name == p.ENTRIES:
        forged.members[name] = seal(deflated(bytes(other)))
    else:
        forged.members[name] = seal(bytes(other))
    return _put_together(forged.members, manifest, signature)


def _signed(path: Path) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        members = read_members(file, path.stat().st_size, path.name)
        found = [member_content(file, members[name], path.name) for name in (p.MANIFEST, p.SIGNATURE)]
    return found[0], found[1]


def _put_together(members: dict[str, bytes], manifest: bytes, signature: bytes) -> bytes:
    target = io.BytesIO()
    archive = StoredZipWriter(target)
    for name, data in (*members.items(), (p.MANIFEST, manifest), (p.SIGNATURE, signature)):
        archive.add(name, data)
    archive.finish()
    return target.getvalue()


def _by_insider(path: Path, dice: random.Random) -> bytes:
    """Change what the sender's own device could change, with a right signature over it."""
    forged = opened_up(path)
    what = dice.randrange(5)
    if what == 0:  # a line of a stream whose head is fixed by the seal
        lines = b"".join(line + b"\n" for line in (*stream().entries, *sealed().entries))
        forged.put_lines(_flipped(lines, dice))
    elif what == 1:  # the ciphertext
        name = dice.choice([name for name in forged.members if name.endswith(".age")])
        forged.members[name] = _flipped(forged.members[name], dice)
    elif what == 2:  # the manifest itself
        return forged.bytes_with(_flipped(p.encode_manifest(forged.manifest), dice))
    elif what == 3:  # the trust document
        forged.members[p.TRUST] = _flipped(forged.members[p.TRUST], dice)
    else:  # sizes that lie
        told = dice.choice((0, 1, 2**31, 256 * 1024 * 1024, 600_000_000))
        forged.manifest = replace(forged.manifest, raw=told, blobs_raw=dice.choice((told, 0)))
    return forged.bytes()


def _flipped(data: bytes, dice: random.Random) -> bytes:
    copy = bytearray(data)
    copy[dice.randrange(len(copy))] ^= 1 << dice.randrange(8)
    return bytes(copy)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), trusting="--trusting" in sys.argv)
