"""The list of files of one installed version (``files.json``), and what differs from it on the disk.

    manifest = read_manifest(version_folder / "files.json")
    differences = compare(version_folder, manifest)

The list may come from a package somebody brought on a stick: it is checked strictly before a name in it is
ever joined to a folder. ``raw`` holds the bytes as read, for the signature over them.
Source: docs/decisions/0011-installed-tree.md.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard

from app.domain.errors import BadInput, Refused
from app.domain.parsed import is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

FORMAT = "babutong-tree/1"
MAX_FILES = 40_000
MAX_BYTES = 32_000_000
"""Of the list itself."""

_MAX_SIZE = 4_000_000_000
_MAX_PATH = 400
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}")
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,39}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# Control characters, and what means something to one of the systems the tree has to survive on.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')
_QT = re.compile(r"site/(?:PySide6|shiboken6)/")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class TreeFile:
    """One file: ``path`` below the version's folder with "/", ``size`` in bytes, ``sha256`` in hex."""

    path: str
    size: int
    sha256: str
    executable: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a version consists of.

    ``platform`` is that of the bundle, such as "linux-amd64"; ``schema`` the revision of the database it
    writes; ``files`` are in the order of the list; ``raw`` is the list as it was read, byte for byte.
    """

    version: str
    platform: str
    schema: str
    files: tuple[TreeFile, ...]
    raw: bytes

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Differences:
    """Paths of the list that are not on the disk as they should be, in the order of the list.

    ``replaced`` are changed files of Qt and its bindings: its licence lets everybody put in their own build.
    """

    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is missing and nothing of ours is changed."""
        return not self.missing and not self.changed


def read_manifest(path: Path) -> Manifest:
    """Read a list of files.

    Raises:
        BadInput: ``check.list_unreadable``, and the codes of ``parse_manifest``.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput("check.list_unreadable", file=path.name) from error
    return parse_manifest(raw, path.name)


def parse_manifest(raw: bytes, name: str) -> Manifest:
    """Return the list these bytes hold; ``name`` is what the user knows the file by.

    Raises:
        BadInput: ``check.list_unreadable``, ``check.list_other_format``, ``check.list_bad_path`` (param
            ``path``); each with param ``file``.
    """
    try:
        doc = _table(raw)
        manifest = _manifest(doc, raw) if doc["format"] == FORMAT else None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput("check.list_unreadable", file=name) from error
    if manifest is None:
        raise BadInput("check.list_other_format", file=name)
    strange = _strange(file.path for file in manifest.files)
    if strange is not None:
        raise BadInput("check.list_bad_path", file=name, path=ascii(strange[:80]))
    return manifest


def _table(raw: bytes) -> dict[str, object]:
    doc = json.loads(raw.decode("utf-8"), object_pairs_hook=_once) if len(raw) <= MAX_BYTES else None
    if not is_object(doc) or not isinstance(doc.get("format"), str):
        raise TypeError("no list of files")
    return doc


def _manifest(doc: Mapping[str, object], raw: bytes) -> Manifest:
    entries = doc["files"]
    if not is_object(entries) or not 0 < len(entries) <= MAX_FILES:
        raise ValueError("no files, or too many")
    return Manifest(
        _matching(doc["version"], _VERSION),
        _matching(doc["platform"], _WORD),
        _matching(doc["schema"], _WORD),
        tuple(_tree_file(path, entry) for path, entry in entries.items()),
        raw,
    )


def compare(
    tree: Path,
    manifest: Manifest,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Differences:
    """Read every file of the list below ``tree``; ``progress`` is told (bytes done, of). Writes nothing.

    Files that are not in the list (such as caches Python made) are nobody's business.

    Raises:
        Refused: ``work.cancelled``.
    """
    missing: list[str] = []
    changed: list[str] = []
    replaced: list[str] = []
    done, total = 0, manifest.size
    for file in manifest.files:
        if cancelled is not None and cancelled():
            raise Refused("work.cancelled")
        place = tree / file.path
        if not place.is_file():
            missing.append(file.path)
        elif not is_same(place, file):
            (replaced if _QT.match(file.path) else changed).append(file.path)
        done += file.size
        if progress is not None:
            progress(done, total)
    return Differences(tuple(missing), tuple(changed), tuple(replaced))


def is_same(place: Path, file: TreeFile) -> bool:
    """Tell whether the file there has the listed size and digest; one that cannot be read has not."""
    digest = hashlib.sha256()
    try:
        if place.stat().st_size != file.size:
            return False
        with place.open("rb") as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return False
    return digest.hexdigest() == file.sha256


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _tree_file(path: str, entry: object) -> TreeFile:
    if not is_object(entry) or not {"sha256", "size"} <= entry.keys() <= {"sha256", "size", "x"}:
        raise ValueError("an entry has a size, a digest and perhaps x")
    size, executable = entry["size"], entry.get("x", 0)
    if not _is_number(size, _MAX_SIZE) or not _is_number(executable, 1):
        raise ValueError("number out of range")
    return TreeFile(path, size, _matching(entry["sha256"], _DIGEST), executable == 1)


def _is_number(value: object, most: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _matching(value: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError("not of the form it must have")
    return value


def _strange(paths: Iterable[str]) -> str | None:
    """Return the first path that may lead out of the folder or that two systems would read in two ways.

    Two paths that differ in case only are one file on Windows, and a file cannot be a folder as well.
    """
    seen: dict[str, str] = {}
    for path in paths:
        if not is_plain_path(path) or path.casefold() in seen:
            return path
        seen[path.casefold()] = path
    return _file_as_folder(seen)


def _file_as_folder(seen: Mapping[str, str]) -> str | None:
    folders = {path.rsplit("/", up)[0] for path in seen for up in range(1, path.count("/") + 1)}
    return next((path for folded, path in seen.items() if folded in folders), None)


def is_plain_path(path: str) -> bool:
    """Tell whether a path is relative, goes down only and means the same on Linux and Windows."""
    if not path or len(path) > _MAX_PATH or _FORBIDDEN.search(path):
        return False
    if not path.isprintable():  # lone surrogates, direction marks
        return False
    return all(part not in {"", ".", ".."} and part == part.rstrip(". ") for part in path.split("/"))
