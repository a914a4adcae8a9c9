"""Files of a few kilobytes that go from hand to hand: requests, grants, answers."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from app.domain.errors import BadInput, Unavailable
from app.storage.cipher import disk_error
from app.storage.copying import settle
from app.swap import put_in_place

if TYPE_CHECKING:
    from pathlib import Path


def read_small(path: Path, limit: int, too_large: str) -> bytes:
    """Return the bytes of a file that holds at most ``limit``; ``too_large`` is the code for more.

    Raises:
        BadInput: ``too_large``, ``enrol.missing`` (both with param ``file``).
        Unavailable: ``package.not_read`` (param ``file``).
    """
    try:
        if path.stat().st_size > limit:
            raise BadInput(too_large, file=path.name)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise BadInput("enrol.missing", file=path.name) from error
    except OSError as error:
        raise Unavailable("package.not_read", file=path.name) from error


def write_small(path: Path, data: bytes) -> Path:
    """Write a file whole or not at all, for its owner's eyes where the system knows owners; return it.

    Raises:
        Unavailable: any ``disk.…`` code.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.touch(mode=0o600)
        part.write_bytes(data)
        settle(part)
        put_in_place(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise disk_error(error) from error
    return path
