"""The values of a data package ``hhpkg/1`` and the canonical form of its manifest.

A package is a ZIP of stored members: ``trust.json``, ``entries.age``, ``blobs.age``, ``att/<sha-256>.age``,
``manifest.json`` and ``manifest.sig``. The manifest is clear text without personal data; the signature
covers it and, through the digests in it, every encrypted byte. ``package_out`` writes, ``package_in`` reads.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.crypto.interface import INTL_1
from app.domain.errors import BadInput
from app.domain.ids import Level
from app.domain.parsed import is_list, is_object
from app.domain.trust import canonical, device_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.journal.entry import Body

FORMAT = "hhpkg/1"
SUFFIX = ".hhpkg"
READER = 2
"""The newest form of package this program reads."""

PLAIN, WITH_DELETED = 1, 2
"""What a reader must know: entries in full only, or also the digests that deleted ones leave."""

SIGN_CONTEXT = b"hhpkg/1\0"
SEAL_CONTEXT = b"hhseal/1\0"
MANIFEST, SIGNATURE, TRUST, ENTRIES, BLOBS = (
    "manifest.json",
    "manifest.sig",
    "trust.json",
    "entries.age",
    "blobs.age",
)
ATTACHMENT = re.compile(r"att/([0-9a-f]{64})\.age")

_KEY = re.compile(r"[0-9a-f]{64}")  # a public key or a SHA-256
_SIGNED = re.compile(r"[0-9a-f]{128}")
_ID = re.compile(r"[0-9a-f]{32}")
_RECIPIENT = re.compile(r"age1[0-9a-z]{58}")
_SCOPE = re.compile(r"[0-9]{12}")
_SHORT = re.compile(r"[0-9a-f]{16}")
_WORD = re.compile(r"[A-Za-z0-9._:/+-]{1,80}")
_MAX_NUMBER = 2**53


class PackageKind(StrEnum):
    """Which way a package travels."""

    UP = "up"
    DOWN = "down"
    PEER = "peer"
    BOOT = "boot"


@dataclass(frozen=True, slots=True)
class Stream:
    """One whole stream, or one whole branch of a forked one: entry bytes from number 1 on.

    ``key`` (64 hex digits) is the writing device's public signing key and ``incarnation`` (hex) its
    incarnation: with ``scope`` they give ``uid``, so nobody can write under another's name. ``seal`` is
    the writing device's signature over the head (128 hex digits); "" for a stream of the sender, which
    is sealed on export. A workspace keeps incarnation, key and seal of every stream it passes on.
    ``links`` and ``bodies`` are what was found in the entries while they were verified; None for a line that
    was not read because it is one we hold, or of which only the digest is left.
    """

    uid: str
    scope: str
    key: str
    incarnation: str
    entries: Sequence[bytes]
    seal: str = ""
    head: str = ""
    base: int = 0
    links: Sequence[bytes] = field(default=(), compare=False, repr=False)
    bodies: Sequence[Body | None] = field(default=(), compare=False, repr=False)

    @property
    def device(self) -> str:
        """The id of the device that wrote the stream."""
        return device_id(self.key)

    def seal_message(self) -> bytes:
        """Return what the writing device signs: this stream ends here."""
        doc: dict[str, object] = {
            "head": self.head,
            "incarnation": self.incarnation,
            "n": len(self.entries),
            "scope": self.scope,
            "stream": self.uid,
        }
        return SEAL_CONTEXT + canonical(doc)


@dataclass(frozen=True, slots=True)
class Ack:
    """Receipt: of this stream the sender holds everything up to entry ``n`` with this id."""

    stream: str
    n: int
    entry: str


@dataclass(frozen=True, slots=True)
class FormRef:
    """A published form or pack the sender works with."""

    id: str
    version: str
    hash: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who made the package: keys it proved to hold, and the role it claims."""

    key: str
    recipient: str
    level: Level
    scope: str

    @property
    def device(self) -> str:
        """The id of the sending device."""
        return device_id(self.key)


@dataclass(frozen=True, slots=True)
class StreamHead:
    """One stream as the manifest lists it."""

    uid: str
    scope: str
    key: str
    incarnation: str
    base: int
    n: int
    head: str
    seal: str


@dataclass(frozen=True, slots=True)
class FileMark:
    """Size and digest of one member as it stands in the package (that is, encrypted)."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says about itself in clear text.

    ``wall_ms`` is the sender's clock (milliseconds since 1970, UTC), ``to`` the short names of the
    recipients, ``raw`` and ``blobs_raw`` sizes before compression, ``volume`` (number, of how many).
    """

    kind: PackageKind
    app: str
    sender: Sender
    wall_ms: int
    to: tuple[str, ...]
    streams: tuple[StreamHead, ...]
    raw: int
    blobs_n: int
    blobs_raw: int
    trust_epoch: int
    trust_sha256: str
    files: tuple[FileMark, ...]
    acks: tuple[Ack, ...] = ()
    forms: tuple[FormRef, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    volume: tuple[int, int] = (1, 1)
    min_reader: int = PLAIN


@dataclass(frozen=True, slots=True)
class Package:
    """A package read and verified from the first byte to the last.

    ``sha256`` is of the file; ``trust`` the bytes of the trust document, whose chain the caller checks;
    ``attachments`` the SHA-256 (hex) of the photos in it, see ``package_in.read_attachment``.
    """

    name: str
    sha256: str
    manifest: Manifest
    trust: bytes
    streams: tuple[Stream, ...]
    blobs: Mapping[str, bytes]
    attachments: tuple[str, ...]

    @property
    def sender(self) -> Sender:
        """Who made the package; the caller decides whether that device is known."""
        return self.manifest.sender


def key_name(recipient: str) -> str:
    """Return the short public name of a recipient that stands in the manifest (16 hex digits)."""
    return hashlib.sha256(recipient.encode()).hexdigest()[:16]


def encode_manifest(m: Manifest) -> bytes:
    """Return the canonical bytes."""
    return canonical(
        {
            "acks": [{"entry": a.entry, "n": a.n, "stream": a.stream} for a in m.acks],
            "app": m.app,
            "blobs": {"n": m.blobs_n, "raw": m.blobs_raw},
            "counts": dict(m.counts),
            "files": [{"name": f.name, "sha256": f.sha256, "size": f.size} for f in m.files],
            "fmt": FORMAT,
            "forms": [{"hash": f.hash, "id": f.id, "version": f.version} for f in m.forms],
            "key": m.sender.key,
            "kind": str(m.kind),
            "level": str(m.sender.level),
            "min_reader": m.min_reader,
            "raw": m.raw,
            "recipient": m.sender.recipient,
            "scope": m.sender.scope,
            "streams": [_head_doc(s) for s in m.streams],
            "suite": INTL_1,
            "to": list(m.to),
            "trust": {"epoch": m.trust_epoch, "sha256": m.trust_sha256},
            "volume": list(m.volume),
            "wall": m.wall_ms,
        }
    )


def decode_manifest(data: bytes, name: str) -> Manifest:
    """Read a manifest; ``name`` is the file's, for the messages.

    Raises:
        BadInput: ``package.newer`` (made by a later program), ``package.bad_manifest``.
    """
    try:
        doc = json.loads(data)
        version, needs, suite_name = doc["fmt"], doc["min_reader"], doc["suite"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("package.bad_manifest", file=name) from error
    if isinstance(needs, int) and (needs > READER or version != FORMAT or suite_name != INTL_1):
        raise BadInput("package.newer", file=name)
    try:
        manifest = _manifest(doc)
        same = encode_manifest(manifest) == data
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("package.bad_manifest", file=name) from error
    if not same:
        raise BadInput("package.bad_manifest", file=name)
    return manifest


def _head_doc(s: StreamHead) -> dict[str, object]:
    return {
        "base": s.base,
        "head": s.head,
        "incarnation": s.incarnation,
        "key": s.key,
        "n": s.n,
        "scope": s.scope,
        "seal": s.seal,
        "uid": s.uid,
    }


def _manifest(doc: Mapping[str, object]) -> Manifest:
    blobs, trust, counts = _object(doc["blobs"]), _object(doc["trust"]), _object(doc["counts"])
    number, of = _list(doc["volume"])
    sender = Sender(
        _text(doc["key"], _KEY),
        _text(doc["recipient"], _RECIPIENT),
        Level(_text(doc["level"])),
        _text(doc["scope"], _SCOPE),
    )
    return Manifest(
        kind=PackageKind(_text(doc["kind"])),
        app=_text(doc["app"]),
        sender=sender,
        wall_ms=_number(doc["wall"]),
        to=tuple(_text(item, _SHORT) for item in _list(doc["to"])),
        streams=tuple(_head(_object(item)) for item in _list(doc["streams"])),
        raw=_number(doc["raw"]),
        blobs_n=_number(blobs["n"]),
        blobs_raw=_number(blobs["raw"]),
        trust_epoch=_number(trust["epoch"]),
        trust_sha256=_text(trust["sha256"], _KEY),
        files=tuple(_file(_object(item)) for item in _list(doc["files"])),
        acks=tuple(_ack(_object(item)) for item in _list(doc["acks"])),
        forms=tuple(_form(_object(item)) for item in _list(doc["forms"])),
        counts={_text(key): _number(value) for key, value in counts.items()},
        volume=(_number(number), _number(of)),
        min_reader=_number(doc["min_reader"]),
    )


def _head(doc: Mapping[str, object]) -> StreamHead:
    return StreamHead(
        uid=_text(doc["uid"], _ID),
        scope=_text(doc["scope"], _SCOPE),
        key=_text(doc["key"], _KEY),
        incarnation=_text(doc["incarnation"], _ID),
        base=_number(doc["base"]),
        n=_number(doc["n"]),
        head=_text(doc["head"], _KEY),
        seal=_text(doc["seal"], _SIGNED),
    )


def _file(doc: Mapping[str, object]) -> FileMark:
    return FileMark(_text(doc["name"]), _number(doc["size"]), _text(doc["sha256"], _KEY))


def _ack(doc: Mapping[str, object]) -> Ack:
    return Ack(_text(doc["stream"], _ID), _number(doc["n"]), _text(doc["entry"], _ID))


def _form(doc: Mapping[str, object]) -> FormRef:
    return FormRef(_text(doc["id"]), _text(doc["version"]), _text(doc["hash"]))


def _text(value: object, shape: re.Pattern[str] = _WORD) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise ValueError("text of another shape")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MAX_NUMBER:
        raise ValueError("number out of range")
    return value


def _list(value: object) -> list[object]:
    if not is_list(value):
        raise TypeError("no list")
    return value


def _object(value: object) -> Mapping[str, object]:
    if not is_object(value):
        raise TypeError("no object")
    return value
