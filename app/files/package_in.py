"""Read a data package: everything is verified before the caller gets the first value.

Order: size, archive, manifest, signature of the sender's own key, file list with digests, trust
document, recipients, decryption, bounded inflation, lines, chains, seals, blobs, photos. Nothing is
ever written under a name taken from the file. Whether the sender is known is for the caller.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, TypeVar

from app.crypto.interface import INTL_1
from app.crypto.suite import suite
from app.domain.errors import BadInput, Unavailable
from app.domain.trust import parse_trust
from app.files import package as p
from app.files.package_streams import Held, from_lines, nothing_held
from app.files.stored_zip import Member, chunks, content, read_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

T = TypeVar("T")

_MB = 1_000_000
_FRAME = 36  # 32 bytes of digest, 4 of length
_SIGNATURE_BYTES = 64
_REQUIRED = frozenset({p.MANIFEST, p.SIGNATURE, p.TRUST, p.ENTRIES, p.BLOBS})


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused as too large, in bytes; ``ratio`` is raw size to compressed size."""

    file: int = 1_200 * _MB
    manifest: int = _MB
    sealed: int = 128 * _MB
    raw: int = 256 * _MB
    ratio: int = 60
    entries_free: int = _MB  # below this raw size the ratio is not asked
    blobs_free: int = 64 * _MB  # questionnaires resemble each other: they pack better than any bomb rule
    blob: int = 4 * _MB
    attachment: int = 24 * _MB


LIMITS = Limits()


def read_package(
    path: Path, secrets: Sequence[str], limits: Limits = LIMITS, held: Held = nothing_held
) -> p.Package:
    """Read and fully verify a package with this device's private sealing keys.

    ``held`` spares reading again what we hold, see ``package_streams.from_lines``.

    Raises:
        BadInput: one ``package.…`` or ``trust.…`` code for each thing that can be wrong;
            ``package.not_for_us`` when it is sealed to others.
        Unavailable: ``package.not_read`` (the stick was pulled out).
    """
    return _with_file(path, lambda file, size: _Reader(file, size, path.name, limits).whole(secrets, held))


def read_attachment(path: Path, sha256: str, secrets: Sequence[str], limits: Limits = LIMITS) -> bytes:
    """Return one photo of a package that ``read_package`` has accepted.

    Raises:
        BadInput: ``package.damaged``, ``package.attachment_missing``.
    """
    return _with_file(
        path, lambda file, size: _Reader(file, size, path.name, limits).attachment(sha256, secrets)
    )


def _with_file(path: Path, work: Callable[[IO[bytes], int], T]) -> T:
    try:
        with path.open("rb") as file:
            return work(file, path.stat().st_size)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise BadInput("package.missing", file=path.name) from error
    except OSError as error:
        raise Unavailable("package.not_read", file=path.name) from error


class _Reader:
    """One pass over one file."""

    def __init__(self, file: IO[bytes], size: int, name: str, limits: Limits) -> None:
        if size > limits.file:
            raise BadInput("package.too_large", file=name, limit_mb=limits.file // _MB)
        self._file = file
        self._size = size
        self._name = name
        self._limits = limits
        self._members = read_members(file, size, name)
        self._suite = suite(INTL_1)

    def whole(self, secrets: Sequence[str], held: Held) -> p.Package:
        self._check_names()
        manifest = self._manifest()
        self._check_files(manifest)
        self._trust(manifest)
        own = {p.key_name(self._suite.open_public(secret)) for secret in secrets}
        if not own & set(manifest.to):
            raise BadInput("package.not_for_us", file=self._name)
        limits = self._limits
        lines = self._inflated(p.ENTRIES, manifest.raw, limits.entries_free, secrets)
        streams = from_lines(lines, manifest.streams, self._name, held)
        frames = self._inflated(p.BLOBS, manifest.blobs_raw, limits.blobs_free, secrets)
        blobs = dict(self._frames(frames))
        if len(blobs) != manifest.blobs_n:
            raise BadInput("package.blobs_miscounted", file=self._name)
        photos = tuple(found[1] for name in self._members if (found := p.ATTACHMENT.fullmatch(name)))
        for sha256 in photos:
            self.attachment(sha256, secrets)
        return p.Package(
            self._name, self._file_digest(), manifest, self._trust(manifest), streams, blobs, photos
        )

    def attachment(self, sha256: str, secrets: Sequence[str]) -> bytes:
        name = f"att/{sha256}.age"
        if name not in self._members:
            raise BadInput("package.attachment_missing", file=self._name, place=sha256)
        opened = self._opened(name, self._limits.attachment, secrets)
        if hashlib.sha256(opened).hexdigest() != sha256:
            raise BadInput("package.attachment_misnamed", file=self._name, place=sha256)
        return opened

    def _check_names(self) -> None:
        names = self._members.keys()
        for name in names - _REQUIRED:
            if not p.ATTACHMENT.fullmatch(name):
                raise BadInput("package.foreign_member", file=self._name)
        missing = sorted(_REQUIRED - names)
        if missing:
            raise BadInput("package.member_missing", file=self._name, place=missing[0])

    def _manifest(self) -> p.Manifest:
        data = self._small(p.MANIFEST, self._limits.manifest)
        signature = self._small(p.SIGNATURE, _SIGNATURE_BYTES)
        manifest = p.decode_manifest(data, self._name)
        key = bytes.fromhex(manifest.sender.key)
        if not self._suite.verify(key, p.SIGN_CONTEXT + data, signature):
            raise BadInput("package.bad_signature", file=self._name)
        return manifest

    def _check_files(self, manifest: p.Manifest) -> None:
        marks = {mark.name: mark for mark in manifest.files}
        names = self._members.keys() - {p.MANIFEST, p.SIGNATURE}
        if marks.keys() != names or len(marks) != len(manifest.files):
            raise BadInput("package.files_differ", file=self._name)
        for name, mark in marks.items():
            if self._members[name].size != mark.size:
                raise BadInput("package.size_differs", file=self._name, place=name)
            digest = hashlib.sha256()
            for piece in chunks(self._file, self._members[name], self._name):
                digest.update(piece)
            if digest.hexdigest() != mark.sha256:
                raise BadInput("package.digest_differs", file=self._name, place=name)

    def _trust(self, manifest: p.Manifest) -> bytes:
        data = self._small(p.TRUST, self._limits.manifest)
        doc = parse_trust(data)
        digest = hashlib.sha256(data).hexdigest()
        if doc.epoch != manifest.trust_epoch or digest != manifest.trust_sha256:
            raise BadInput("package.trust_differs", file=self._name)
        return data

    def _small(self, name: str, most: int) -> bytes:
        member = self._members[name]
        self._check_size(member, most)
        return content(self._file, member, self._name)

    def _check_size(self, member: Member, most: int) -> None:
        if member.size > most:
            raise BadInput("package.member_too_large", file=self._name, place=member.name)

    def _opened(self, name: str, most: int, secrets: Sequence[str]) -> bytes:
        data = self._small(name, most)
        try:
            return self._suite.open(data, secrets)
        except BadInput as error:
            raise BadInput("package.not_opened", file=self._name, place=name) from error

    def _inflated(self, name: str, raw: int, free: int, secrets: Sequence[str]) -> bytes:
        packed = self._opened(name, self._limits.sealed, secrets)
        if raw > self._limits.raw or raw > max(free, self._limits.ratio * len(packed)):
            raise BadInput("package.bomb", file=self._name, place=name)
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = inflater.decompress(packed, raw + 1)
        except zlib.error as error:
            raise BadInput("package.not_inflated", file=self._name, place=name) from error
        if len(data) != raw or not inflater.eof or inflater.unused_data:
            raise BadInput("package.raw_size_differs", file=self._name, place=name)
        return data

    def _frames(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        at = 0
        while at < len(data):
            digest, length = data[at : at + 32], int.from_bytes(data[at + 32 : at + _FRAME], "big")
            blob = data[at + _FRAME : at + _FRAME + length]
            if length > self._limits.blob or len(blob) != length:
                raise BadInput("package.blob_too_large", file=self._name, place=digest.hex())
            if hashlib.sha256(blob).digest() != digest:
                raise BadInput("package.blob_differs", file=self._name, place=digest.hex())
            yield f"sha256:{digest.hex()}", blob
            at += _FRAME + length

    def _file_digest(self) -> str:
        self._file.seek(0)
        digest = hashlib.sha256()
        while piece := self._file.read(1 << 20):
            digest.update(piece)
        return digest.hexdigest()
