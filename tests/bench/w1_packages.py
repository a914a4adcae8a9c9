"""Packages of W1 and the office that receives them, made once and kept.

The devices are certified by the receiving office with the product's own functions, every entry is chained,
every stream sealed by its device and every package written (and read back) by ``write_package``.
"""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.crypto.device_keys import DeviceKeys, new_device_keys
from app.crypto.keyslots import Cost
from app.domain.bound_id import bound_id
from app.domain.ids import Kind, Level, Value
from app.domain.stage import opening_fields
from app.files.enrolment import found_trust, grant, make_root, read_request, request
from app.files.package import Ack, PackageKind, Stream
from app.files.package_out import PackageContent, write_package
from app.journal import chain
from app.usecases import policy, rounds, workspaces
from app.usecases.clock import FixedClock
from app.usecases.trust import issuing_keys, load_trust, own_keys, save_trust
from app.version import VERSION
from tests.bench import w1
from tests.bench.names import KEY_FILE, NOW, PASSPHRASE

if TYPE_CHECKING:
    from app.domain.trust import TrustDoc
    from app.usecases.office import Office

_FORMAT = 3  # another one makes everything anew
COUNTS = "counts.json"
OFFICE = "office"
_SCOPES = {Level.VILLAGE: "990101001201", Level.TOWNSHIP: "990101001000", Level.COUNTY: "990101000000"}


@dataclass(frozen=True, slots=True)
class Counts:
    """What was made; ``cells`` are fields written, ``raw`` bytes of entries, ``packed`` bytes of packages."""

    households: int
    entries: int
    cells: int
    conflicts: int
    raw: int
    packed: int


@dataclass(frozen=True, slots=True)
class Fixture:
    """A folder with an office that has received nothing yet, its packages in order, and what is in them."""

    folder: Path

    @property
    def packages(self) -> list[Path]:
        return sorted(self.folder.glob("*.hhpkg"))

    @property
    def counts(self) -> Counts:
        return Counts(**json.loads((self.folder / COUNTS).read_text(encoding="utf-8")))

    @property
    def key(self) -> bytes:
        return bytes.fromhex((self.folder / KEY_FILE).read_text(encoding="utf-8"))

    def open(self, folder: Path) -> Office:
        """Return a fresh copy of the office, opened in ``folder``, which must not be there yet."""
        shutil.copytree(self.folder / OFFICE, folder)
        return workspaces.open_office(folder, self.key, "", FixedClock(NOW))


def fixture(keep: Path, shape: w1.Shape, level: Level = Level.TOWNSHIP) -> Fixture:
    """Return the packages of a shape for an office of a level, made in ``keep`` if they are not there."""
    folder = keep / f"w1-{_FORMAT}-{level}-{shape.name}"
    if not (folder / COUNTS).exists():
        part = folder.with_name(f"{folder.name}.part")
        for old in (part, folder):
            shutil.rmtree(old, ignore_errors=True)
        part.mkdir(parents=True)
        _make(part, shape, level)
        part.rename(folder)
    return Fixture(folder)


def existing(folder: Path) -> Fixture:
    """Return the fixture that was made in ``folder``."""
    return Fixture(folder)


@dataclass(frozen=True, slots=True)
class _Laptop:
    keys: DeviceKeys
    incarnation: bytes
    scope: str

    @property
    def stream(self) -> str:
        return chain.stream_id(bytes.fromhex(self.keys.key), self.incarnation, self.scope)

    def stream_of(self, entries: list[bytes]) -> Stream:
        """Return the stream with the seal its own device gives it."""
        bare = Stream(self.stream, self.scope, self.keys.key, self.incarnation.hex(), entries)
        head = chain.genesis(self.stream)
        for number, entry in enumerate(entries, start=1):
            head = chain.link(head, self.stream, number, entry)
        headed = Stream(bare.uid, bare.scope, bare.key, bare.incarnation, entries, head=head.hex())
        seal = self.keys.sign(headed.seal_message())
        return Stream(bare.uid, bare.scope, bare.key, bare.incarnation, entries, seal)


def _make(folder: Path, shape: w1.Shape, level: Level) -> None:
    scope = _SCOPES[level]
    person: dict[str, Value] = {"name": "石正华"}
    setup = workspaces.Setup(level, scope, {scope: "清溪"}, person, PASSPHRASE, cost=Cost(1, 64, 1))
    office = workspaces.create(folder / OFFICE, setup, FixedClock(w1.BEGAN))
    try:
        rounds.open_round(office, rounds.NewRound("2026年第一批", 2026, policy.DEFAULT))
        codes = w1.village_codes(shape.villages)
        laptops = {
            code: [
                _Laptop(new_device_keys(secrets.token_bytes), secrets.token_bytes(16), code)
                for _ in range(w1.LAPTOPS)
            ]
            for code in codes
        }
        trust = _enrol(office, [one for pair in laptops.values() for one in pair])
        (folder / KEY_FILE).write_text(office.workspace.key.hex(), encoding="utf-8")
        counts = Counts(shape.villages * shape.households, 0, 0, 0, 0, 0)
        for number, code in enumerate(codes):
            counts = _village(office, folder, shape, (number, code, laptops[code]), trust, counts)
        (folder / COUNTS).write_text(json.dumps(asdict(counts)), encoding="utf-8")
    finally:
        workspaces.close(office)


def _enrol(office: Office, laptops: list[_Laptop]) -> TrustDoc:
    keys, own = issuing_keys(office.workspace), own_keys(office.workspace)
    with office.workspace.bookkeeping() as conn:
        trust = load_trust(conn)
        if office.level is Level.VILLAGE:  # a township vouches for it and for the laptops beside it
            keys = new_device_keys(secrets.token_bytes)
            trust = found_trust(make_root(keys, Level.TOWNSHIP, _SCOPES[Level.TOWNSHIP], w1.BEGAN.date()))
            asked = read_request(request(own, Level.VILLAGE, office.actor.scope), "")
            _, trust = grant(asked, keys, trust, w1.BEGAN.date())
        for one in laptops:
            asked = read_request(request(one.keys, Level.VILLAGE, one.scope), "")
            _, trust = grant(asked, keys, trust, w1.BEGAN.date())
        save_trust(conn, trust)
    return trust


def _village(
    office: Office,
    folder: Path,
    shape: w1.Shape,
    village: tuple[int, str, list[_Laptop]],
    trust: TrustDoc,
    before: Counts,
) -> Counts:
    number, code, laptops = village
    context = _context(office, code, laptops)
    written = w1.write_village(shape, context, number)
    streams = [one.stream_of(entries) for one, entries in zip(laptops, written.entries, strict=True)]
    content = PackageContent(
        kind=PackageKind.UP,
        level=Level.VILLAGE,
        scope=code,
        app=VERSION,
        wall_ms=int((NOW - timedelta(hours=1)).timestamp() * 1000) + number,
        streams=streams,
        trust=trust.to_bytes(),
        blobs=written.blobs,
        acks=[Ack(one.uid, len(one.entries), "0" * 32) for one in streams],
        counts={"households": shape.households},
    )
    path = write_package(folder, content, laptops[0].keys, [own_keys(office.workspace).recipient])
    return Counts(
        before.households,
        before.entries + sum(map(len, written.entries)),
        before.cells + written.cells,
        before.conflicts + written.conflicts,
        before.raw + sum(len(entry) + 1 for entries in written.entries for entry in entries),
        before.packed + path.stat().st_size,
    )


def _context(office: Office, code: str, laptops: list[_Laptop]) -> w1.Context:
    with office.workspace.write(office.actor) as tx:
        round_id, in_force = rounds.round_in_force(tx, code)
    pack = office.policy.pack(str(in_force["pack"]))
    opening: dict[str, Value] = {
        "round": round_id,
        "pack": pack.ref,
        "pack_hash": pack.hash,
        **opening_fields(pack.workflow("identify"), w1.BEGAN.date()),
    }
    actors = tuple(bound_id(Kind.PERSON, code, secrets.token_bytes(8)) for _ in laptops)
    return w1.Context(code, round_id, opening, tuple(one.stream for one in laptops), actors)
