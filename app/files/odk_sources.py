"""The files of phones as a person hands them over: single files, folders, ZIP files; nothing is unpacked.

Read so that no file can lead outside, grow without end or be taken for another: names are only names,
sizes and counts have bounds, links are not followed.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from pathlib import Path

MAX_FILES = 20_000
"""Files of one folder or ZIP file that was handed over."""

MAX_TOTAL = 4_000_000_000
"""Bytes of all files of one folder or ZIP file, unpacked."""

MAX_RATIO = 200
"""Unpacked to packed size of one member of a ZIP file; what is below ``RATIO_FREE`` bytes is not asked."""

RATIO_FREE = 8_000_000
MAX_DEPTH = 12
_FRONT = 512  # bytes that tell what a file is
_PACKED = b"PK\x03\x04"  # how a ZIP file begins; what ends too early is none for the library
_OFFICE = "[Content_Types].xml"
_HIDDEN = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its place as names from what was handed over, its size in bytes, how to get it.

    ``front`` returns its first bytes, ``read`` all of it; both raise BadInput ``phone.not_readable``.
    """

    place: tuple[str, ...]
    size: int
    front: Callable[[], bytes]
    read: Callable[[], bytes]

    @property
    def is_chosen(self) -> bool:
        """Tell whether the person named this very file, not a folder or ZIP file it lies in."""
        return len(self.place) == 1

    @property
    def name(self) -> str:
        """The bare file name."""
        return self.place[-1]

    @property
    def shown(self) -> str:
        """The place as a person reads it."""
        return "/".join(self.place)


@dataclass(slots=True)
class _Room:
    """What may still be looked at of ``name``, a folder or ZIP file that was handed over."""

    name: str
    files: int = MAX_FILES
    size: int = MAX_TOTAL

    def take(self, size: int) -> None:
        self.files -= 1
        self.size -= size
        if self.files < 0:
            raise BadInput("phone.too_many_files", file=self.name, limit=MAX_FILES)
        if self.size < 0:
            raise BadInput("phone.too_much", file=self.name)


@contextmanager
def sources(paths: Iterable[Path]) -> Generator[tuple[list[Source], list[BadInput]]]:
    """Yield the files of folders, ZIP files and single files, and what was wrong; usable inside the block.

    The problems are ``phone.…`` codes with param ``file``; one problem in a ZIP or folder leaves the others.
    """
    found: list[Source] = []
    problems: list[BadInput] = []
    with ExitStack() as held:
        for path in paths:
            try:
                found += _opened(path, held, problems)
            except BadInput as error:
                problems.append(error)
            except OSError:
                problems.append(BadInput("phone.not_readable", file=path.name))
        yield found, problems


def is_plain_name(name: str) -> bool:
    """Tell whether every system this program runs on can keep a file of this name."""
    bad = _FORBIDDEN.search(name) or _RESERVED.fullmatch(name) or name.endswith((".", " "))
    return bool(name) and len(name.encode()) <= 255 and not bad  # noqa: PLR2004 -- what file systems allow


def _opened(path: Path, held: ExitStack, problems: list[BadInput]) -> list[Source]:
    room = _Room(path.name)
    if path.is_dir():
        return list(_folder(path, (path.name,), room, problems))
    if path.is_file() and zipfile.is_zipfile(path):
        return _zip(path, room, held, problems)
    one = _file(path, (path.name,))
    if one.front().startswith(_PACKED) or is_packed_name(path.name):
        raise BadInput("phone.bad_zip", file=path.name)
    return [one]


def is_packed_name(name: str) -> bool:
    """Tell whether a file is a ZIP file by its name."""
    return name.lower().endswith(".zip")


def _file(path: Path, place: tuple[str, ...]) -> Source:
    size = path.stat().st_size
    return Source(place, size, partial(_read_file, path, _FRONT), partial(_read_file, path, -1))


def _read_file(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise BadInput("phone.not_readable", file=path.name) from error


def _folder(folder: Path, place: tuple[str, ...], room: _Room, problems: list[BadInput]) -> Iterator[Source]:
    if len(place) > MAX_DEPTH:
        problems.append(BadInput("phone.too_deep", file="/".join(place)))
        return
    for path in sorted(folder.iterdir()):
        if _is_hidden(path.name):
            continue
        here = (*place, path.name)
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            yield from _folder(path, here, room, problems)
        elif stat.S_ISREG(mode):
            one = _file(path, here)
            room.take(one.size)
            yield one
        else:
            problems.append(BadInput("phone.link", file="/".join(here)))


def _is_hidden(name: str) -> bool:
    hidden = name.startswith(".") and name.strip(".") != ""
    return hidden or name.lower() in _HIDDEN


def _zip(path: Path, room: _Room, held: ExitStack, problems: list[BadInput]) -> list[Source]:
    try:
        archive = held.enter_context(zipfile.ZipFile(path))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadInput("phone.bad_zip", file=path.name) from error
    if _OFFICE in archive.namelist():  # a workbook is a ZIP file too
        raise BadInput("phone.not_a_submission", file=path.name)
    found: list[Source] = []
    names: set[str] = set()
    for info in archive.infolist():
        if info.is_dir() or any(_is_hidden(part) for part in info.filename.split("/")):
            continue
        room.take(info.file_size)
        code = _wrong(info, names)
        if code:
            problems.append(BadInput(code, file=f"{path.name}/{info.filename}"))
            continue
        names.add(info.filename.casefold())
        place = (path.name, *info.filename.split("/"))
        front = partial(_read_member, archive, info, place, _FRONT)
        read = partial(_read_member, archive, info, place, -1)
        found.append(Source(place, info.file_size, front, read))
    return found


def _wrong(info: zipfile.ZipInfo, names: set[str]) -> str:
    """Return the code of what is wrong with a member, "" when nothing is."""
    parts = info.filename.split("/")
    swollen = info.file_size > RATIO_FREE and info.file_size > MAX_RATIO * max(info.compress_size, 1)
    checks = (
        ("phone.too_deep", len(parts) > MAX_DEPTH),
        ("phone.bad_name", not all(is_plain_name(part) for part in parts)),
        ("phone.name_twice", info.filename.casefold() in names),
        ("phone.zip_locked", bool(info.flag_bits & 0x1)),
        ("phone.link", stat.S_ISLNK(info.external_attr >> 16)),
        ("phone.zip_bomb", swollen),
    )
    return next((code for code, is_wrong in checks if is_wrong), "")


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: tuple[str, ...], size: int) -> bytes:
    try:
        with archive.open(info) as file:
            # A member longer than it says ends in a bad checksum: the library stops at the size it declared.
            return file.read(size)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BadInput("phone.bad_member", file="/".join(place)) from error
