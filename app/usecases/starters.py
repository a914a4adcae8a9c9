"""Look into a starter file before there is a workspace to take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import BadInput, Unavailable
from app.files.enrolment import MAX_BYTES
from app.files.starter import read_starter

if TYPE_CHECKING:
    from pathlib import Path

    from app.files.enrolment import Starter


def peek(path: Path) -> Starter:
    """Return what a starter file would fill in.

    Raises:
        BadInput: ``starter.not_one`` and the codes of the reader.
        Unavailable: ``package.not_read``.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise BadInput("enrol.missing", file=path.name) from error
    except OSError as error:
        raise Unavailable("package.not_read", file=path.name) from error
    return read_starter(data, path.name).starter
