"""Photos and scans beside the database: re-encoded, named by digest, encrypted at rest.

A photo loses its size and everything a camera writes into it (place, device, time) before it is kept.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.crypto.sealed_file import open_file, seal_file
from app.domain.errors import BadInput, Unavailable
from app.swap import put_in_place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.crypto.interface import Rng

MAX_SIDE = 1600
"""Pixels of the longer side of a kept photo."""

MAX_PIXELS = 80_000_000
MAX_PDF = 16_000_000
JPEG, PDF = "image/jpeg", "application/pdf"
SUFFIX = ".sealed"
_QUALITY = 85
_PDF_MARK = b"%PDF-"
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Prepared:
    """Content ready to be kept."""

    data: bytes
    mime: str


def prepared(data: bytes, file: str) -> Prepared:
    """Return a photo scaled, turned upright and without metadata, or a PDF as it is.

    Raises:
        BadInput: ``attachment.too_large``, ``attachment.not_a_picture`` (param ``file``).
    """
    if data.startswith(_PDF_MARK):
        if len(data) > MAX_PDF:
            raise BadInput("attachment.too_large", file=file)
        return Prepared(data, PDF)
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise BadInput("attachment.too_large", file=file)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput("attachment.not_a_picture", file=file) from error
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    target = io.BytesIO()
    clean.save(target, "JPEG", quality=_QUALITY, optimize=True)
    return Prepared(target.getvalue(), JPEG)


class AttachmentStore:
    """The folder of encrypted files; ``dek`` is the database key."""

    def __init__(self, folder: Path, dek: bytes, rng: Rng) -> None:
        self._folder = folder
        self._dek = dek
        self._rng = rng

    def put(self, data: bytes) -> str:
        """Keep content; return "sha256:<hex>". What is there already is not written again.

        Raises:
            Unavailable: ``attachment.not_written``.
        """
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if path.exists():
            return f"sha256:{digest}"
        part = path.with_suffix(".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(seal_file(self._dek, data, self._rng))
                file.flush()
                os.fsync(file.fileno())
            put_in_place(part, path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise Unavailable("attachment.not_written") from error
        return f"sha256:{digest}"

    def has(self, name: str) -> bool:
        """Tell whether the content of "sha256:<hex>" has arrived."""
        return self._path(_hex(name)).exists()

    def get(self, name: str) -> bytes:
        """Return the content of "sha256:<hex>".

        Raises:
            BadInput: ``attachment.missing`` (not arrived yet) or ``attachment.damaged``.
        """
        digest = _hex(name)
        try:
            data = open_file(self._dek, self._path(digest).read_bytes())
        except FileNotFoundError as error:
            raise BadInput("attachment.missing", place=digest[:8]) from error
        except (BadInput, OSError) as error:
            raise BadInput("attachment.damaged", place=digest[:8]) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise BadInput("attachment.damaged", place=digest[:8])
        return data

    def remove(self, name: str) -> bool:
        """Delete the content of "sha256:<hex>"; tell whether it was here.

        Raises:
            Unavailable: ``attachment.not_written``.
        """
        path = self._path(_hex(name))
        try:
            found = path.exists()
            path.unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable("attachment.not_written") from error
        return found

    def names(self) -> Iterator[str]:
        """Yield "sha256:<hex>" of everything kept, sorted."""
        for path in sorted(self._folder.glob(f"??/*{SUFFIX}")):
            yield f"sha256:{path.name.removesuffix(SUFFIX)}"

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / f"{digest}{SUFFIX}"


def _hex(name: str) -> str:
    digest = name.removeprefix("sha256:")
    if not _HEX.fullmatch(digest):
        raise BadInput("attachment.missing", place=digest[:8])
    return digest
