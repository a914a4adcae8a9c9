"""A ZIP whose members are stored and whose every byte follows from the names and contents.

Written so that any ZIP program opens it; read so strictly that nothing can hide in it: the framing is
made anew from the member list and must be equal. No dates, attributes, comments, gaps or ZIP64.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from app.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MEMBERS = 20_000
MAX_NAME = 100
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20
_DAY = 0x21  # 1980-01-01, the first day the format knows
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive; ``start`` is where its content begins."""

    name: str
    start: int
    size: int
    crc: int


class StoredZipWriter:
    """Writes members one after the other; ``finish`` writes the directory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._at = 0
        self._members: list[Member] = []

    def add(self, name: str, data: bytes) -> None:
        """Append one member."""
        member = Member(name, self._at + _LOCAL.size + len(name), len(data), zlib.crc32(data))
        self._write(_local(member))
        self._write(data)
        self._members.append(member)

    def finish(self) -> int:
        """Write the directory; return the size of the whole file in bytes."""
        self._write(_directory(self._members, self._at))
        return self._at

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)


def read_members(file: IO[bytes], size: int, name: str) -> dict[str, Member]:
    """Return the members of an archive of ``size`` bytes; ``name`` is for the messages.

    Raises:
        BadInput: ``package.not_a_package``, ``package.truncated`` or ``package.bad_archive``.
    """
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        raise BadInput("package.not_a_package", file=name)
    if size < _END.size:
        raise BadInput("package.truncated", file=name)
    file.seek(size - _END.size)
    mark, _, _, count, _, length, start, _ = _END.unpack(file.read(_END.size))
    if mark != b"PK\x05\x06":
        raise BadInput("package.truncated", file=name)
    if count > MAX_MEMBERS or start + length + _END.size != size:
        raise BadInput("package.bad_archive", file=name)
    file.seek(start)
    directory = file.read(length + _END.size)
    members = _members(directory[:length], name)
    found = {member.name: member for member in members}
    if len(found) != count or len(members) != count or _directory(members, start) != directory:
        raise BadInput("package.bad_archive", file=name)
    _check_places(file, members, start, name)
    return found


def chunks(file: IO[bytes], member: Member, name: str) -> Iterator[bytes]:
    """Yield a member's content in pieces of at most a megabyte.

    Raises:
        BadInput: ``package.truncated`` or ``package.damaged`` (params ``file``, ``place``).
    """
    left, crc = member.size, 0
    file.seek(member.start)
    while left:
        piece = file.read(min(left, _CHUNK))
        if not piece:
            raise BadInput("package.truncated", file=name)
        crc = zlib.crc32(piece, crc)
        left -= len(piece)
        yield piece
    if crc != member.crc:
        raise BadInput("package.damaged", file=name, place=member.name)


def content(file: IO[bytes], member: Member, name: str) -> bytes:
    """Return a member's whole content; the caller has looked at its size."""
    return b"".join(chunks(file, member, name))


def _local(member: Member) -> bytes:
    name = member.name.encode("ascii")
    size, crc = member.size, member.crc
    return _LOCAL.pack(b"PK\x03\x04", _VERSION, 0, 0, 0, _DAY, crc, size, size, len(name), 0) + name


def _directory(members: list[Member], start: int) -> bytes:
    lines: list[bytes] = []
    for member in members:
        name = member.name.encode("ascii")
        place = member.start - _LOCAL.size - len(name)
        size, crc = member.size, member.crc
        head = _CENTRAL.pack(
            b"PK\x01\x02", _VERSION, _VERSION, 0, 0, 0, _DAY, crc, size, size, len(name), 0, 0, 0, 0, 0, place
        )
        lines.append(head + name)
    body = b"".join(lines)
    return body + _END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), len(body), start, 0)


def _members(directory: bytes, name: str) -> list[Member]:
    found: list[Member] = []
    at = 0
    while at + _CENTRAL.size <= len(directory):
        fields = _CENTRAL.unpack_from(directory, at)
        crc, size, length, place = fields[7], fields[8], fields[10], fields[16]
        raw = directory[at + _CENTRAL.size : at + _CENTRAL.size + length]
        if length > MAX_NAME or not raw.isascii():
            raise BadInput("package.bad_archive", file=name)
        found.append(Member(raw.decode("ascii"), place + _LOCAL.size + length, size, crc))
        at += _CENTRAL.size + length
    return found


def _check_places(file: IO[bytes], members: list[Member], end: int, name: str) -> None:
    """Members must lie side by side from the first byte to the directory."""
    at = 0
    for member in members:
        header = _local(member)
        if member.start != at + len(header):
            raise BadInput("package.bad_archive", file=name)
        file.seek(at)
        if file.read(len(header)) != header:
            raise BadInput("package.bad_archive", file=name)
        at = member.start + member.size
    if at != end:
        raise BadInput("package.bad_archive", file=name)
