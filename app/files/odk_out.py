"""Write submissions as Collect and Briefcase lay them out, in a folder or a ZIP file, whole or not at all.

    <form>/instances/uuid<id>/submission.xml + its media

Each instance is written under a working name, read back and compared, and only then named. What lies there
already is never changed: the same content stays, another gets a number behind its name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import zipfile
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import Refused, Unavailable
from app.files.odk_sources import is_plain_name
from app.swap import HeldError, put_in_place

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

SUBMISSION = "submission.xml"
PART = ".part"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first the format knows: the same content gives the same file


@dataclass(frozen=True, slots=True)
class OdkFile:
    """One file of an instance: its name (with "/" for folders), its size in bytes, how to get it."""

    name: str
    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class OdkInstance:
    """One folder to write: ``place`` are the folders above its files."""

    place: tuple[str, ...]
    files: tuple[OdkFile, ...]


@dataclass(frozen=True, slots=True)
class OdkWritten:
    """What was written: the file or folder, how many instances, how many lay there already."""

    target: Path
    written: int
    same: int


@dataclass(frozen=True, slots=True)
class Looker:
    """Who is told (done, of) and asked whether to stop."""

    report: Callable[[int, int], None]
    cancelled: Callable[[], bool]


def instance_place(form: str, instance_id: str, content: str) -> tuple[str, ...]:
    """Return the folders of an instance; ``content`` ("sha256:<hex>") names one that has no id.

    Only letters, digits, ``._-`` remain, so the names are good on every medium and hold no path.
    """
    key = instance_id.removeprefix("uuid:") or content.removeprefix("sha256:")[:32]
    return (safe_name(form), "instances", f"uuid{safe_name(key)}")


def form_folder(form: str, top: str, xform: bytes, media: Mapping[str, bytes]) -> OdkInstance:
    """Return what a phone needs to fill a form in: ``<top>/forms/<form>.xml`` and ``<form>-media``."""
    name = safe_name(form)
    files = [_held(f"forms/{name}.xml", xform)]
    files += [_held(f"forms/{name}-media/{file}", data) for file, data in sorted(media.items())]
    return OdkInstance((safe_name(top),), tuple(files))


def _held(name: str, data: bytes) -> OdkFile:
    return OdkFile(name, len(data), lambda: data)


def safe_name(text: str) -> str:
    """Return a folder name made of letters, digits and ``._-``; what was changed gets a mark of its own."""
    safe = _UNSAFE.sub("_", text).strip("._")[:_LONGEST]
    if safe == text and is_plain_name(text):
        return safe
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    marked = f"{safe or 'x'}-{mark}"
    return marked if is_plain_name(marked) else f"{mark}-{safe}"


def _inside(name: str) -> str:
    """Return a name without parts that lead elsewhere: whoever recorded it may have meant harm."""
    return name if all(is_plain_name(part) for part in name.split("/")) else safe_name(name)


def _named(one: OdkInstance) -> list[tuple[str, OdkFile]]:
    """Return the files of an instance by names that stay below it and differ on every medium."""
    found: dict[str, tuple[str, OdkFile]] = {}
    for file in one.files:
        name, number = _inside(file.name), 1
        while name.casefold() in found:
            number += 1
            name = f"{number}-{_inside(file.name)}"
        found[name.casefold()] = (name, file)
    return list(found.values())


def write_tree(folder: Path, instances: Sequence[OdkInstance], look: Looker) -> OdkWritten:
    """Write instance folders below ``folder``; who cancels keeps those that are whole by then.

    Raises:
        Refused: ``work.cancelled`` when nothing was written yet.
        Unavailable: ``disk.full``, ``disk.read_only``, ``phone.not_written``, ``phone.stick_unreliable``
            (param ``file``), and whatever reading an instance's files raises.
    """
    written = same = 0
    for done, one in enumerate(instances):
        look.report(done, len(instances))
        if look.cancelled():
            if written == 0:
                raise Refused("work.cancelled")
            break
        if _write_instance(folder, one):
            written += 1
        else:
            same += 1
    look.report(len(instances), len(instances))
    return OdkWritten(folder, written, same)


def write_zip(path: Path, instances: Sequence[OdkInstance], look: Looker) -> OdkWritten:
    """Write one ZIP file; a file of that name stays and the new one gets a number.

    Raises:
        Refused: ``work.cancelled``; nothing is left behind.
        Unavailable: the codes of ``write_tree``.
    """
    part = path.with_name(path.name + PART)
    try:
        with _machine():
            path.parent.mkdir(parents=True, exist_ok=True)
            sums = _fill(part, instances, look)
            _compare_zip(part, sums)
            target = _free(path)
            put_in_place(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    look.report(len(instances), len(instances))
    return OdkWritten(target, len(instances), 0)


def _write_instance(folder: Path, one: OdkInstance) -> bool:
    """Write one instance folder; False when the same lies there already."""
    parent = folder.joinpath(*one.place[:-1])
    part = parent / (one.place[-1] + PART)
    try:
        with _machine():
            shutil.rmtree(part, ignore_errors=True)  # of a run that was cut off
            part.mkdir(parents=True)
            sums = {name: _write(part / name, file.read()) for name, file in _named(one)}
            if _digests(part) != sums:
                raise Unavailable("phone.stick_unreliable", file=one.place[-1])
            target = parent / one.place[-1]
            number = 1
            while target.exists():
                if _digests(target) == sums:
                    return False
                number += 1
                target = parent / f"{one.place[-1]}-{number}"
            put_in_place(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return True


def _write(path: Path, data: bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):  # so that reading back reads the medium
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return hashlib.sha256(data).hexdigest()


def _digests(folder: Path) -> Mapping[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {one.relative_to(folder).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest() for one in files}


def _fill(part: Path, instances: Sequence[OdkInstance], look: Looker) -> dict[str, str]:
    sums: dict[str, str] = {}
    taken: set[tuple[str, ...]] = set()
    with part.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for done, one in enumerate(instances):
                look.report(done, len(instances))
                if look.cancelled():
                    raise Refused("work.cancelled")
                place = _unused(one.place, taken)
                taken.add(place)
                for inner, item in _named(one):
                    data = item.read()
                    name = "/".join((*place, inner))
                    archive.writestr(zipfile.ZipInfo(name, _MOMENT), data, zipfile.ZIP_DEFLATED)
                    sums[name] = hashlib.sha256(data).hexdigest()
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return sums


def _unused(place: tuple[str, ...], taken: set[tuple[str, ...]]) -> tuple[str, ...]:
    """Return a folder no member lies in yet: two of one id are numbered as on a disk."""
    number, found = 1, place
    while found in taken:
        number += 1
        found = (*place[:-1], f"{place[-1]}-{number}")
    return found


def _compare_zip(part: Path, sums: Mapping[str, str]) -> None:
    name = part.name.removesuffix(PART)
    try:
        with zipfile.ZipFile(part) as archive:
            found = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error) as error:
        raise Unavailable("phone.stick_unreliable", file=name) from error
    if found != sums:
        raise Unavailable("phone.stick_unreliable", file=name)


def _free(path: Path) -> Path:
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


@contextmanager
def _machine() -> Generator[None]:
    """Say what the machine refused in our own words."""
    try:
        yield
    except OSError as error:
        if isinstance(error, HeldError):
            raise Unavailable("disk.held", file=Path(error.filename).name) from error
        if error.errno in _FULL:
            raise Unavailable("disk.full") from error
        if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
            raise Unavailable("disk.read_only") from error
        raise Unavailable("phone.not_written") from error
