"""Bech32 (BIP 173), one way: the spelling age gives its private keys, for a key that is derived."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK = 6  # characters of the checksum
_BYTE, _GROUP = 8, 5  # bits


def encode(prefix: str, data: bytes) -> str:
    """Return ``data`` behind a lower-case ``prefix``, with its checksum; all lower case."""
    groups = _groups(data)
    spread = [ord(c) >> _GROUP for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    left = _remainder([*spread, *groups, *[0] * _CHECK]) ^ 1
    check = [left >> _GROUP * (_CHECK - 1 - place) & 31 for place in range(_CHECK)]
    return prefix + "1" + "".join(_ALPHABET[value] for value in [*groups, *check])


def _groups(data: bytes) -> list[int]:
    bits = "".join(f"{byte:0{_BYTE}b}" for byte in data)
    bits += "0" * (-len(bits) % _GROUP)
    return [int(bits[start : start + _GROUP], 2) for start in range(0, len(bits), _GROUP)]


def _remainder(values: Iterable[int]) -> int:
    rest = 1
    for value in values:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << _GROUP ^ value
        for place, term in enumerate(_GENERATOR):
            rest ^= term if top >> place & 1 else 0
    return rest
