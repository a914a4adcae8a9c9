"""Write a data package so that what lies on the stick afterwards is known to be whole.

Free space is asked first, everything goes into a ``.part`` file, is forced to the medium, opened anew
and read and verified like a stranger's package; only then does the file get its name. A rename on a
FAT stick is no promise, the verified content is.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING

from app.crypto.interface import INTL_1
from app.crypto.suite import suite
from app.domain.calendar import CHINA
from app.domain.errors import AppError, Refused, Unavailable
from app.domain.trust import parse_trust
from app.files import package as p
from app.files.package_in import LIMITS, read_package
from app.files.package_streams import listed, sealed, to_lines
from app.files.stored_zip import StoredZipWriter
from app.journal.redaction import is_reduced
from app.swap import HeldError, put_in_place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.crypto.device_keys import DeviceKeys
    from app.domain.ids import Level

VOLUME = 1_000_000_000
"""Bytes of photos in one package; FAT32 holds no file over 4 GB."""

VOLUME_PHOTOS = 5_000
"""Photos in one package: each has a line in the manifest, which is at most a megabyte."""

_MARGIN = 2_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_PART = re.compile(r"[0-9]{6}-[0-9]{3}-[0-9]{3}-[a-z]+-[0-9]{8}-[0-9]{4}\.part")
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


@dataclass(frozen=True, slots=True)
class PhotoOut:
    """A photo to send: ``sha256`` (hex) and ``size`` of its plain bytes, and how to get them."""

    sha256: str
    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class PackageContent:
    """What goes into a package.

    ``level`` and ``scope`` are the sender's role, ``area`` the 12-digit code the file is named after
    ("" for ``scope``); ``app`` is the program's version, ``wall_ms`` the clock in milliseconds since
    1970; ``trust`` the bytes of the trust document; ``blobs`` maps "sha256:<hex>" to bytes.
    """

    kind: p.PackageKind
    level: Level
    scope: str
    app: str
    wall_ms: int
    streams: Sequence[p.Stream]
    trust: bytes
    blobs: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    photos: Sequence[PhotoOut] = ()
    acks: Sequence[p.Ack] = ()
    forms: Sequence[p.FormRef] = ()
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    volume: tuple[int, int] = (1, 1)
    area: str = ""


def write_package(folder: Path, content: PackageContent, keys: DeviceKeys, recipients: Sequence[str]) -> Path:
    """Write, verify and name one package in ``folder``; return its path.

    It is sealed to ``recipients`` and to the sender, who must be able to read it back.

    Raises:
        Refused: ``package.stream_not_sealed``, ``package.too_much`` (more than one file may hold).
        BadInput: ``crypto.bad_key`` (a recipient), ``trust.bad_shape``.
        Unavailable: ``package.stick_full`` (params ``drive``, ``needed_mb``, ``free_mb``),
            ``package.stick_read_only`` (``drive``), ``package.folder_missing``, ``package.not_written``,
            ``package.stick_unreliable``.
    """
    if not folder.is_dir():
        raise Unavailable("package.folder_missing")
    _clear_parts(folder)
    draft = _Draft(content, keys, sorted({*recipients, keys.recipient}))
    part = folder / f"{file_stem(content)}.part"
    needed = draft.size_estimate()
    try:
        _need_space(folder, needed)
        with part.open("wb") as file:
            name = draft.write(file)
            file.flush()
            os.fsync(file.fileno())
            _forget(file)
        _verify(part, name, keys)
        target = folder / name
        put_in_place(part, target)
        _sync_folder(folder)
    except OSError as error:
        raise _machine_error(error, folder, needed) from error
    finally:
        _remove(part)
    return target


def file_stem(content: PackageContent) -> str:
    """Return the file name without its last part: area, direction and minute (China), no person."""
    area = content.area or content.scope
    moment = (_EPOCH + timedelta(milliseconds=content.wall_ms)).astimezone(CHINA)
    return f"{area[:6]}-{area[6:9]}-{area[9:]}-{content.kind}-{moment:%Y%m%d-%H%M}"


def volumes(photos: Sequence[PhotoOut], limit: int = VOLUME) -> list[tuple[PhotoOut, ...]]:
    """Share photos out over packages of at most ``limit`` bytes; at least one, maybe without any."""
    found: list[list[PhotoOut]] = [[]]
    room = limit
    for photo in photos:
        if found[-1] and (photo.size > room or len(found[-1]) == VOLUME_PHOTOS):
            found.append([])
            room = limit
        found[-1].append(photo)
        room -= photo.size
    return [tuple(part) for part in found]


class _Draft:
    """A package being made; entries and blobs are encrypted in memory, photos one at a time."""

    def __init__(self, content: PackageContent, keys: DeviceKeys, recipients: Sequence[str]) -> None:
        self._content = content
        self._keys = keys
        self._recipients = recipients
        self._suite = suite(INTL_1)
        self._streams = sorted(
            (sealed(stream, keys) for stream in content.streams if stream.entries),
            key=lambda stream: (stream.uid, stream.head),
        )
        lines = to_lines(self._streams)
        frames = b"".join(_frame(name, content.blobs[name]) for name in sorted(content.blobs))
        largest = max(map(len, content.blobs.values()), default=0)
        if max(len(lines), len(frames)) > LIMITS.raw or largest > LIMITS.blob:
            raise Refused("package.too_much")
        self._raw, self._blobs_raw = len(lines), len(frames)
        self._entries, self._blobs = self._packed(lines), self._packed(frames)
        self._marks: list[p.FileMark] = []

    def size_estimate(self) -> int:
        """Bytes the file will have, a little more rather than less."""
        photos = sum(photo.size + 2000 for photo in self._content.photos)
        return len(self._entries) + len(self._blobs) + len(self._content.trust) + photos + _MARGIN

    def write(self, file: IO[bytes]) -> str:
        """Write all members; return the name the file deserves."""
        archive = StoredZipWriter(file)
        self._add(archive, p.TRUST, self._content.trust)
        self._add(archive, p.ENTRIES, self._entries)
        self._add(archive, p.BLOBS, self._blobs)
        for photo in self._content.photos:
            data = self._suite.seal(photo.read(), self._recipients)
            self._add(archive, f"att/{photo.sha256}.age", data)
        manifest = p.encode_manifest(self._manifest())
        archive.add(p.MANIFEST, manifest)
        archive.add(p.SIGNATURE, bytes.fromhex(self._keys.sign(p.SIGN_CONTEXT + manifest)))
        archive.finish()
        return f"{file_stem(self._content)}-{hashlib.sha256(manifest).hexdigest()[:8]}{p.SUFFIX}"

    def _add(self, archive: StoredZipWriter, name: str, data: bytes) -> None:
        archive.add(name, data)
        self._marks.append(p.FileMark(name, len(data), hashlib.sha256(data).hexdigest()))

    def _packed(self, data: bytes) -> bytes:
        deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        return self._suite.seal(deflater.compress(data) + deflater.flush(), self._recipients)

    def _manifest(self) -> p.Manifest:
        given, keys = self._content, self._keys
        return p.Manifest(
            kind=given.kind,
            app=given.app,
            sender=p.Sender(keys.key, keys.recipient, given.level, given.scope),
            wall_ms=given.wall_ms,
            to=tuple(sorted(p.key_name(recipient) for recipient in self._recipients)),
            streams=tuple(listed(stream) for stream in self._streams),
            raw=self._raw,
            blobs_n=len(given.blobs),
            blobs_raw=self._blobs_raw,
            trust_epoch=parse_trust(given.trust).epoch,
            trust_sha256=hashlib.sha256(given.trust).hexdigest(),
            files=tuple(self._marks),
            acks=tuple(given.acks),
            forms=tuple(given.forms),
            counts=dict(given.counts),
            volume=given.volume,
            min_reader=p.WITH_DELETED if self._has_deleted() else p.PLAIN,
        )

    def _has_deleted(self) -> bool:
        """Tell whether a line is only a digest: programs from before would take it for damage."""
        return any(is_reduced(line) for stream in self._streams for line in stream.entries)


def _frame(name: str, blob: bytes) -> bytes:
    return bytes.fromhex(name.removeprefix("sha256:")) + len(blob).to_bytes(4, "big") + blob


def _need_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + needed // 5:
        raise _full(folder, needed, free)


def _verify(part: Path, name: str, keys: DeviceKeys) -> None:
    try:
        read_package(part, [keys.open_secret])
    except AppError as error:
        raise Unavailable("package.stick_unreliable", file=name) from error


def _forget(file: IO[bytes]) -> None:
    """Ask the system to drop its copy, so that the verification reads the medium itself."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows has no such call; the content was verified
        return  # pragma: no cover -- only there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return  # the stick is gone and the part file with it; the first error is the one to tell


def _clear_parts(folder: Path) -> None:
    """Remove what an export that was interrupted here left; nobody ever reads it."""
    for left in folder.glob("*.part"):
        if _PART.fullmatch(left.name):
            _remove(left)


def _machine_error(error: OSError, folder: Path, needed: int) -> Unavailable:
    if isinstance(error, HeldError):
        return Unavailable("disk.held", file=Path(error.filename).name)
    if error.errno in _FULL:
        return _full(folder, needed, _free(folder))
    if error.errno in _READ_ONLY:
        return Unavailable("package.stick_read_only", drive=_drive(folder))
    return Unavailable("package.not_written")


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def _drive(folder: Path) -> str:
    """Return what a person calls the place: a drive letter, or the folder where there are none."""
    return folder.drive or str(folder)


def _full(folder: Path, needed: int, free: int) -> Unavailable:
    needed_mb = (needed + needed // 5) // 1_000_000 + 1
    return Unavailable(
        "package.stick_full", drive=_drive(folder), needed_mb=needed_mb, free_mb=free // 1_000_000
    )
