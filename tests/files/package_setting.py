"""Packages to write, read and forge: a village with two laptops, its township, and a forger's tools."""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.crypto.device_keys import DeviceKeys
from app.crypto.suite import suite
from app.domain.ids import Level
from app.files import package as p
from app.files.package_in import LIMITS, Limits, read_package
from app.files.package_out import PackageContent, PhotoOut, write_package
from app.files.stored_zip import StoredZipWriter, content, read_members
from app.journal import chain
from app.journal.entry import Body, encode
from tests.trust_setting import VILLAGE, keys, rng, usual

WALL = 1_772_416_800_000  # 2026-03-02 10:00 in China
CRYPTO = suite("intl-1")
PHOTO = b"\xff\xd8 no real photo \xff\xd9" * 50
BLOB = b"<data><household>1</household></data>" * 30


def entries(count: int, name: str = "e") -> tuple[bytes, ...]:
    draw = rng(name)
    return tuple(
        encode(
            Body(
                "a" * 32,
                draw(16).hex(),
                "household",
                "household.added",
                (WALL << 16) + n,
                draw(12).hex(),
                {"address": f"石板村{n}组", "code": f"03-{n:04d}"},
            )
        )
        for n in range(count)
    )


def read_bytes(data: bytes, limits: Limits = LIMITS) -> p.Package:
    """Read a package of these bytes as the township."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.hhpkg"
        path.write_bytes(data)
        return read_package(path, secrets("township"), limits)


def stream(writer: str = "village", count: int = 5, scope: str = VILLAGE, incarnation: str = "1") -> p.Stream:
    pair, inc = keys(writer), incarnation * 32
    uid = chain.stream_id(bytes.fromhex(pair.key), bytes.fromhex(inc), scope)
    return p.Stream(uid, scope, pair.key, inc, entries(count, writer + incarnation))


def sealed(writer: str = "laptop2", count: int = 3) -> p.Stream:
    """Return a stream as another device sealed it."""
    made = stream(writer, count)
    link = chain.genesis(made.uid)
    for n, entry in enumerate(made.entries, start=1):
        link = chain.link(link, made.uid, n, entry)
    made = replace(made, head=link.hex())
    return replace(made, seal=keys(writer).sign(made.seal_message()))


def given(**changes: object) -> PackageContent:
    photo = PhotoOut(hashlib.sha256(PHOTO).hexdigest(), len(PHOTO), lambda: PHOTO)
    made = PackageContent(
        kind=p.PackageKind.UP,
        level=Level.VILLAGE,
        scope=VILLAGE,
        app="0.1.0",
        wall_ms=WALL,
        streams=(stream(), sealed()),
        trust=usual().trust.to_bytes(),
        blobs={"sha256:" + hashlib.sha256(BLOB).hexdigest(): BLOB},
        photos=(photo,),
        acks=(p.Ack("a" * 32, 7, "b" * 32),),
        forms=(p.FormRef("s8", "v1", "sha256:" + "c" * 64),),
        counts={"entries": 8, "households": 5},
    )
    return replace(made, **changes)


def written(folder: Path, *recipients: str, sender: str = "village", **changes: object) -> Path:
    names = recipients or ("township", "county")
    return write_package(folder, given(**changes), keys(sender), [keys(name).recipient for name in names])


def secrets(name: str) -> list[str]:
    return [keys(name).open_secret]


@dataclass
class Forgery:
    """The parts of a package in the open, to be changed and put together again with right digests."""

    manifest: p.Manifest
    members: dict[str, bytes]
    signer: DeviceKeys

    def bytes(self) -> bytes:
        files = tuple(
            p.FileMark(name, len(data), hashlib.sha256(data).hexdigest())
            for name, data in self.members.items()
        )
        trust = hashlib.sha256(self.members[p.TRUST]).hexdigest()
        manifest = p.encode_manifest(replace(self.manifest, files=files, trust_sha256=trust))
        return self.bytes_with(manifest)

    def bytes_with(self, manifest: bytes) -> bytes:
        target = io.BytesIO()
        archive = StoredZipWriter(target)
        for name, data in self.members.items():
            archive.add(name, data)
        archive.add(p.MANIFEST, manifest)
        archive.add(p.SIGNATURE, bytes.fromhex(self.signer.sign(p.SIGN_CONTEXT + manifest)))
        archive.finish()
        return target.getvalue()

    def put_lines(self, raw: bytes, packed: bytes | None = None, told: int | None = None) -> None:
        """Replace the entries by ``raw``, and tell ``told`` as their size."""
        self.members[p.ENTRIES] = seal(deflated(raw) if packed is None else packed)
        self.manifest = replace(self.manifest, raw=len(raw) if told is None else told)

    def put_frames(self, raw: bytes, count: int) -> None:
        self.members[p.BLOBS] = seal(deflated(raw))
        self.manifest = replace(self.manifest, blobs_raw=len(raw), blobs_n=count)

    def put_entries(self, lines: list[bytes]) -> None:
        """Make these the only stream: named, chained and sealed as it should be, by the sender itself."""
        uid, inc = stream().uid, stream().incarnation
        link = chain.genesis(uid)
        for n, line in enumerate(lines, start=1):
            link = chain.link(link, uid, n, line)
        made = p.Stream(uid, VILLAGE, keys("village").key, inc, tuple(lines), head=link.hex())
        head = p.StreamHead(
            uid,
            VILLAGE,
            made.key,
            inc,
            0,
            len(lines),
            made.head,
            keys("village").sign(made.seal_message()),
        )
        self.manifest = replace(self.manifest, streams=(head,))
        self.put_lines(b"".join(line + b"\n" for line in lines))


def seal(data: bytes, *names: str) -> bytes:
    return CRYPTO.seal(data, [keys(name).recipient for name in names or ("township", "county", "village")])


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def opened_up(path: Path, signer: str = "village") -> Forgery:
    data = path.read_bytes()
    file = io.BytesIO(data)
    found = read_members(file, len(data), path.name)
    members = {name: content(file, member, path.name) for name, member in found.items()}
    manifest = p.decode_manifest(members.pop(p.MANIFEST), path.name)
    members.pop(p.SIGNATURE)
    return Forgery(manifest, members, keys(signer))
