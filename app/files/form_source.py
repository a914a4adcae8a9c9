"""A questionnaire's workbook on disk with the files that go with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ENDINGS: Final = frozenset(
    {".csv", ".xml", ".geojson", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".mp3", ".wav", ".mp4"}
)
"""Files beside a workbook that a question may show or choose from; others are not looked at."""
MAX_FILE: Final = 16 << 20
"""Bytes of one file; larger ones would not travel."""
_NAMED = re.compile(rb"jr://[a-z-]+/([^\"'<>]+)")


@dataclass(frozen=True, slots=True)
class FormSource:
    """A workbook, its file name, and the files beside it by name."""

    workbook: bytes
    name: str
    media: Mapping[str, bytes] = field(default_factory=dict)


def read_source(path: Path) -> FormSource:
    """Read a workbook with the files beside it and in the folder ``<name>-media``.

    Raises:
        BadInput: ``form.unreadable`` (param ``file``), ``form.file_too_large`` (params ``file``, ``mb``).
    """
    workbook = _read(path)
    media = {one.name: _read(one) for one in _beside(path)}
    return FormSource(workbook, path.name, media)


def named_media(xform: bytes, media: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files a form names; what merely lies in the same folder never travels with it."""
    named = {match.decode(errors="replace") for match in _NAMED.findall(xform)}
    return {name: data for name, data in media.items() if name in named}


def _beside(path: Path) -> Iterator[Path]:
    own = path.with_name(f"{path.stem}-media")
    for folder in (path.parent, own):
        if folder.is_dir():
            for one in sorted(folder.iterdir()):
                if one.suffix.lower() in ENDINGS and one != path and one.is_file():
                    yield one


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE:
            raise BadInput("form.file_too_large", file=path.name, mb=MAX_FILE >> 20)
        return path.read_bytes()
    except OSError as error:
        raise BadInput("form.unreadable", file=path.name) from error
