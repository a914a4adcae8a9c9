"""Attachments at rest: a file encrypted in pieces under a key derived from the database key.

Layout: 8 bytes mark, 16 bytes salt, then pieces of 64 KiB, each with a 16-byte tag. The nonce of a
piece is its number and whether it is the last one, so pieces cannot be moved, dropped or added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.crypto.interface import INTL_1
from app.crypto.suite import suite
from app.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.crypto.interface import Rng

PIECE = 64 * 1024
_MARK = b"hhfile1\0"
_SALT, _TAG = 16, 16
_PURPOSE = b"babutong attachment at rest"


def seal_file(dek: bytes, data: bytes, rng: Rng) -> bytes:
    """Return ``data`` encrypted under the database key."""
    salt = rng(_SALT)
    chosen = suite(INTL_1)
    key = chosen.derive(dek, _PURPOSE, salt)
    pieces = [chosen.wrap(key, nonce, piece, b"") for nonce, piece in _pieces(data, PIECE)]
    return b"".join([_MARK, salt, *pieces])


def open_file(dek: bytes, sealed: bytes) -> bytes:
    """Return what ``seal_file`` encrypted.

    Raises:
        BadInput: ``crypto.not_opened`` when anything was changed, cut off or added.
    """
    start = len(_MARK) + _SALT
    if len(sealed) < start + _TAG or sealed[: len(_MARK)] != _MARK:
        raise BadInput("crypto.not_opened")
    chosen = suite(INTL_1)
    key = chosen.derive(dek, _PURPOSE, sealed[len(_MARK) : start])
    opened: list[bytes] = []
    for nonce, piece in _pieces(sealed[start:], PIECE + _TAG):
        plain = chosen.unwrap(key, nonce, piece, b"")
        if plain is None:
            raise BadInput("crypto.not_opened")
        opened.append(plain)
    return b"".join(opened)


def _pieces(data: bytes, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Cut into pieces with their nonces; empty data is one empty last piece."""
    count = max(1, -(-len(data) // size))
    for number in range(count):
        last = number == count - 1
        yield number.to_bytes(11, "big") + bytes([last]), data[number * size : (number + 1) * size]
