"""A questionnaire's workbook on disk with the files that go with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LISTS: Final = frozenset({".csv", ".xml", ".geojson"})
_NAMED = re.compile(r"jr://[a-z-]+/([^\"'<>]+)")
MAX_FILE: Final = 16 << 20
"""Bytes of one file; a larger one would not travel."""


@dataclass(frozen=True, slots=True)
class FormSource:
    """A workbook, its file name, and the files that lie with it.

    ``media`` holds the lists by name, and b"" for the other files, of which only the names are looked at;
    ``places`` says where each of them lies.
    """

    workbook: bytes
    name: str
    media: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    places: Mapping[str, Path] = field(default_factory=dict["str", "Path"])


def read_source(path: Path) -> FormSource:
    """Read a workbook; with it go the files beside it and those in the folder ``<name>-media``.

    Raises:
        BadInput: ``form.unreadable`` (param ``file``), ``form.file_too_large`` (params ``file``, ``mb``).
    """
    workbook = _read(path)
    places: dict[str, Path] = {}
    for folder in (path.parent, path.with_name(f"{path.stem}-media")):
        files = sorted(folder.iterdir()) if folder.is_dir() else ()
        places |= {one.name: one for one in files if one.is_file() and one != path}
    media = {name: _read(one) if one.suffix.lower() in _LISTS else b"" for name, one in places.items()}
    return FormSource(workbook, path.name, media, places)


def named_media(source: FormSource, xform: str) -> dict[str, bytes]:
    """Return the files a form names; what merely lies in the same folder never travels with it.

    Raises:
        BadInput: ``form.unreadable`` (param ``file``), ``form.file_too_large`` (params ``file``, ``mb``).
    """
    named = set(_NAMED.findall(xform)) & set(source.media)
    return {name: _read(source.places[name]) for name in sorted(named)}


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise BadInput("form.file_too_large", file=path.name, mb=MAX_FILE >> 20)
        return path.read_bytes()
    except OSError as error:
        raise BadInput("form.unreadable", file=path.name) from error
