"""``babutong-<version>-<platform>.upd``: a whole version of the program on a stick, signed.

A ZIP with stored members and nothing else in it (``app.files.stored_zip``):

    files.json       the list of files of the version, as it will lie in its folder (``app.files.installed``)
    signature.json   {"key": id, "signature": hex}: Ed25519 over ``DOMAIN`` and the bytes of files.json
    files.xz         the contents of all files, one after the other in the order of the list, as one xz stream

Names stand only in the signed list, so nothing is joined to a path before the signature is known to be right,
and every byte is compared with the digest in the list before the version is used.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self

from app.crypto.interface import INTL_1
from app.crypto.suite import suite
from app.domain.errors import BadInput, Refused, Unavailable
from app.files.installed import parse_manifest
from app.files.stored_zip import chunks, content, read_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from app.files.installed import Manifest, TreeFile
    from app.files.stored_zip import Member

SUFFIX = ".upd"
DOMAIN = b"babutong-update/1\n"
LIST, SIGNATURE, FILES = "files.json", "signature.json", "files.xz"
_MEMORY = 256_000_000  # bytes xz may use: what the largest setting of a build needs
_SMALL = 32_000_000
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class UpdateFile:
    """A file whose list is signed by a key we know; its contents are not read yet."""

    path: Path
    manifest: Manifest
    key: str


def key_id(public: bytes) -> str:
    """Return the name of a release key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def parse_keys(text: str) -> dict[str, bytes]:
    """Return public keys by id from the list that ships with the program.

    Raises:
        ValueError: the list is not of the form it must have.
    """
    found = [bytes.fromhex(one["public"]) for one in json.loads(text)["keys"]]
    return {key_id(public): public for public in found}


def signed_bytes(manifest: bytes) -> bytes:
    """Return what a release key signs."""
    return DOMAIN + manifest


def read_update(path: Path, keys: Mapping[str, bytes]) -> UpdateFile:
    """Read the list of an update file and verify who made it.

    Raises:
        BadInput: ``update.not_an_update``, ``update.damaged`` (param ``file``), the codes of
            ``parse_manifest``.
        Refused: ``update.unknown_key``, ``update.bad_signature``.
        Unavailable: ``update.unreadable``.
    """
    try:
        with path.open("rb") as file:
            members = _members(file, path)
            raw = _small(file, members[LIST], path)
            key, signature = _signature(_small(file, members[SIGNATURE], path), path)
    except OSError as error:
        raise Unavailable("update.unreadable", file=path.name) from error
    if key not in keys:
        raise Refused("update.unknown_key", file=path.name, key=key)
    if not suite(INTL_1).verify(keys[key], signed_bytes(raw), signature):
        raise Refused("update.bad_signature", file=path.name)
    return UpdateFile(path, parse_manifest(raw, path.name), key)


def _members(file: IO[bytes], path: Path) -> Mapping[str, Member]:
    try:
        found = read_members(file, path.stat().st_size, path.name)
    except BadInput as error:
        code = "update.not_an_update" if error.code == "package.not_a_package" else "update.damaged"
        raise BadInput(code, file=path.name) from error
    if set(found) != {LIST, SIGNATURE, FILES}:
        raise BadInput("update.not_an_update", file=path.name)
    return found


def _small(file: IO[bytes], member: Member, path: Path) -> bytes:
    if member.size > _SMALL:
        raise BadInput("update.damaged", file=path.name)
    try:
        return content(file, member, path.name)
    except BadInput as error:
        raise BadInput("update.damaged", file=path.name) from error


def _signature(raw: bytes, path: Path) -> tuple[str, bytes]:
    try:
        doc = json.loads(raw)
        return str(doc["key"]), bytes.fromhex(doc["signature"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput("update.damaged", file=path.name) from error


def unpack(
    update: UpdateFile,
    target: Path | None,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> None:
    """Read every file and compare it with the list; with a ``target`` write it there as well.

    ``progress`` is told (bytes done, of). What was written before an error stays, for the caller to clear.

    Raises:
        BadInput: ``update.damaged``.
        Refused: ``work.cancelled``.
        Unavailable: ``update.unreadable`` when the stick is gone.
        OSError: ``target`` cannot be written.
    """
    total, done = update.manifest.size, 0
    with _Contents(update.path) as contents:
        for file in update.manifest.files:
            if cancelled():
                raise Refused("work.cancelled")
            _one(contents, file, target)
            done += file.size
            progress(done, total)
        contents.finish()


def _one(contents: _Contents, file: TreeFile, target: Path | None) -> None:
    digest, left = hashlib.sha256(), file.size
    out = None
    if target is not None:
        place = target / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        out = place.open("xb")
    try:
        while left:
            piece = contents.take(min(left, _PIECE))
            if not piece:
                raise BadInput("update.damaged", file=contents.name)
            digest.update(piece)
            if out is not None:
                out.write(piece)
            left -= len(piece)
    finally:
        if out is not None:
            _close(out)
    if digest.hexdigest() != file.sha256:
        raise BadInput("update.damaged", file=contents.name)
    if target is not None:
        (target / file.path).chmod(0o755 if file.executable else 0o644)


def _close(out: IO[bytes]) -> None:
    """Close a written file; where nothing settles all files at once (Windows), settle it."""
    with out:
        if not hasattr(os, "sync"):
            out.flush()
            os.fsync(out.fileno())


class _Contents:
    """The unpacked stream of all files, a piece at a time."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path
        self._ready = b""
        self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)

    def __enter__(self) -> Self:
        try:
            self._file = self._path.open("rb")
        except OSError as error:
            raise Unavailable("update.unreadable", file=self.name) from error
        self._packed = self._pieces()
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _pieces(self) -> Iterator[bytes]:
        try:
            member = _members(self._file, self._path)[FILES]
            yield from chunks(self._file, member, self.name)
        except BadInput as error:
            raise BadInput("update.damaged", file=self.name) from error
        except OSError as error:
            raise Unavailable("update.unreadable", file=self.name) from error

    def take(self, size: int) -> bytes:
        """Return at most ``size`` bytes; nothing at the end of the stream."""
        while not self._ready:
            if self._unpacker.eof:
                return b""
            self._ready = self._more()
        piece, self._ready = self._ready[:size], self._ready[size:]
        return piece

    def finish(self) -> None:
        """Make sure that nothing follows what was taken."""
        if self.take(1) or self._unpacker.unused_data or next(self._packed, b""):
            raise BadInput("update.damaged", file=self.name)

    def _more(self) -> bytes:
        packed = b""
        if self._unpacker.needs_input:
            packed = next(self._packed, b"")
            if not packed:
                raise BadInput("update.damaged", file=self.name)
        try:
            return self._unpacker.decompress(packed, _PIECE)
        except lzma.LZMAError as error:
            raise BadInput("update.damaged", file=self.name) from error
