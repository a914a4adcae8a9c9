"""Files to be taken in: copied off the stick first, verified whole, and remembered until the clerk decides.

A package that was looked at is not read a second time: its local copy is ours, and a file left where it
was must still have the digest it had. Copies are the sealed files as they came and go when the tray is
closed; what a crash left is cleared by the next tray.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from app.domain.errors import BadInput, Refused, Unavailable
from app.files.known_file import code_for
from app.files.package_in import read_package
from app.files.package_streams import Held, nothing_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from app.files.package import Package

FOLDER = "incoming"
"""Under the workspace; empty but while files are looked at."""

_MB = 1_000_000
_PIECE = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class TrayLimits:
    """Bytes: what is copied when it is looked at, and how much of verified packages is kept in memory.

    A larger file is verified where it lies and copied when it is taken in, one at a time.
    """

    copy: int = 64 * _MB
    keep_one: int = 32 * _MB
    keep_all: int = 128 * _MB


TRAY_LIMITS = TrayLimits()


@dataclass(slots=True)
class _Laid:
    """One file on the tray: where it can be read, its digest, and what was read if that is kept."""

    local: Path
    sha256: str
    package: Package | None


class Tray:
    """The files of one import, from the first look to the last commit; a context manager.

    ``secrets`` are this device's private sealing keys, ``cancelled`` is asked between two pieces of a copy,
    ``held`` as for ``read_package``.
    """

    def __init__(
        self,
        workspace: Path,
        secrets: Sequence[str],
        limits: TrayLimits = TRAY_LIMITS,
        held: Held = nothing_held,
    ) -> None:
        self._folder = workspace / FOLDER
        self._secrets = secrets
        self._limits = limits
        self._held = held
        self._laid: dict[Path, _Laid] = {}
        self._kept = 0
        self._number = 0
        self._clear()

    def __enter__(self) -> Self:
        """Return the tray."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove every copy."""
        self.close()

    def look(self, path: Path, cancelled: Callable[[], bool]) -> Package:
        """Copy a file when it lies elsewhere, verify it whole and remember it.

        Raises:
            BadInput: the codes of ``read_package``, or what the file is instead (``known_file.code_for``).
            Unavailable: the codes of ``read_package``, ``package.no_room_here``.
            Refused: ``work.cancelled``.
        """
        self.drop(path)
        far = _lies_elsewhere(path, self._folder.parent)
        local = self._copied(path, cancelled) if far and _size(path) <= self._limits.copy else path
        package = self._read(local)
        size = package.manifest.raw + package.manifest.blobs_raw
        keep = size <= self._limits.keep_one and self._kept + size <= self._limits.keep_all
        if keep:
            self._kept += size
        self._laid[path] = _Laid(local, package.sha256, package if keep else None)
        return package

    def _read(self, local: Path) -> Package:
        try:
            return read_package(local, self._secrets, held=self._held)
        except BadInput as error:
            code = code_for(local)
            if not code:
                raise
            raise BadInput(code, file=local.name) from error

    def keeps(self, path: Path) -> bool:
        """Tell whether what was read of a file is still in memory."""
        laid = self._laid.get(path)
        return laid is not None and laid.package is not None

    def take(self, path: Path, cancelled: Callable[[], bool]) -> tuple[Package, Path]:
        """Return a verified package and the local file it was read from, ready to be merged.

        Raises:
            BadInput: ``package.changed_since`` when it is no longer the file that was looked at.
            BadInput, Unavailable, Refused: as ``look``.
        """
        laid = self._laid.get(path)
        if laid is None:
            package = self.look(path, cancelled)
            laid = self._laid[path]
        elif laid.local != path:
            package = laid.package or read_package(laid.local, self._secrets, held=self._held)
        else:
            package = self._again(path, laid, cancelled)
        return package, laid.local

    def drop(self, path: Path) -> None:
        """Forget a file and remove its copy."""
        laid = self._laid.pop(path, None)
        if laid is None:
            return
        if laid.package is not None:
            self._kept -= laid.package.manifest.raw + laid.package.manifest.blobs_raw
        if laid.local != path:
            shutil.rmtree(laid.local.parent, ignore_errors=True)

    def close(self) -> None:
        """Forget everything and remove the copies."""
        self._laid.clear()
        self._kept = 0
        self._clear()

    def _again(self, path: Path, laid: _Laid, cancelled: Callable[[], bool]) -> Package:
        """Return what a file holds that was left where it lies, if it is the same still."""
        if laid.package is not None:
            if _digest(path) != laid.sha256:
                raise BadInput("package.changed_since", file=path.name)
            return laid.package
        if _lies_elsewhere(path, self._folder.parent):
            laid.local = self._copied(path, cancelled)
        package = read_package(laid.local, self._secrets, held=self._held)
        if package.sha256 != laid.sha256:
            raise BadInput("package.changed_since", file=path.name)
        return package

    def _copied(self, path: Path, cancelled: Callable[[], bool]) -> Path:
        self._number += 1
        folder = self._folder / str(self._number)
        try:
            folder.mkdir(parents=True)
            with (folder / path.name).open("wb") as target:
                for piece in _pieces(path):
                    _refuse_cancelled(cancelled)
                    target.write(piece)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise _not_copied(error, path) from error
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return folder / path.name

    def _clear(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _refuse_cancelled(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Refused("work.cancelled")


def _pieces(path: Path) -> Iterator[bytes]:
    """Yield a file in pieces; what goes wrong here is the stick's fault, not the disk's."""
    try:
        with path.open("rb") as source:
            while piece := source.read(_PIECE):
                yield piece
    except (FileNotFoundError, IsADirectoryError) as error:
        raise BadInput("package.missing", file=path.name) from error
    except OSError as error:
        raise Unavailable("package.not_read", file=path.name) from error


def _not_copied(error: OSError, path: Path) -> Unavailable:
    if error.errno in _FULL:
        return Unavailable("package.no_room_here", file=path.name, needed_mb=_size(path) // _MB + 1)
    return Unavailable("disk.read_only")


def _lies_elsewhere(path: Path, workspace: Path) -> bool:
    """Tell whether a file lies on another file system: on a stick, a share, a memory card."""
    try:
        return path.stat().st_dev != workspace.stat().st_dev
    except OSError:
        return False  # reading it says what is wrong


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _digest(path: Path) -> str:
    total = hashlib.sha256()
    for piece in _pieces(path):
        total.update(piece)
    return total.hexdigest()
