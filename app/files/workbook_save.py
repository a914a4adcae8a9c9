"""Write the bytes of a finished file so that a broken-off write leaves the old file whole."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from app.domain.errors import Unavailable
from app.swap import put_in_place

if TYPE_CHECKING:
    from pathlib import Path


def save_workbook(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` through a neighbour file.

    Raises:
        Unavailable: ``workbook.cannot_write`` (param ``file``): open in another program, no permission
            or no space.
    """
    neighbour = path.with_name(f".{path.name}.part")
    try:
        with neighbour.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        put_in_place(neighbour, path)
    except OSError as exc:
        with suppress(OSError):
            neighbour.unlink(missing_ok=True)
        raise Unavailable("workbook.cannot_write", file=path.name) from exc
