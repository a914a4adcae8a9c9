"""A secret as a few lines that people copy by hand: every line tells for itself whether it is right.

Four lines of sixteen letters and digits in groups of four, and two more that check the line. The alphabet has
no I, L, O and U; I and L are read as 1, O as 0. All lines together also check the place they belong to.
"""

from __future__ import annotations

import hashlib
import re

from app.domain.errors import BadInput

LINES = 4
GROUP = 4
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ = str.maketrans({"O": "0", "I": "1", "L": "1"})
_VERSION = b"\x01"
_CHECK_BYTES = 7
_DATA, _CHECK = 16, 2  # characters of a line
_LINE_BYTES = 10
_NOISE = re.compile(r"[\s\-－·.,:：]+")


def lines_of(secret: bytes, scope: str) -> tuple[str, ...]:
    """Return the lines for 32 secret bytes that belong to a place (12-digit code)."""
    whole = _VERSION + secret
    whole += _whole_check(whole, scope)
    found: list[str] = []
    for number in range(1, LINES + 1):
        data = _letters(whole[(number - 1) * _LINE_BYTES : number * _LINE_BYTES])
        groups = [data[start : start + GROUP] for start in range(0, _DATA, GROUP)]
        found.append(" ".join([*groups, _line_check(number, data)]))
    return tuple(found)


def secret_of(text: str, scope: str) -> bytes:
    """Read the lines back, typed in any grouping, in capitals or not.

    Raises:
        BadInput: ``root.line_wrong`` (param ``line``, from 1), ``root.sheet_length`` (params ``given``,
            ``wanted``: characters), ``root.sheet_other`` (of another place, or of another program).
    """
    plain = _plain(text)
    size = _DATA + _CHECK
    for start in range(0, min(len(plain), LINES * size), size):
        line = plain[start : start + size]
        if len(line) == size and not is_line(start // size + 1, line):
            raise BadInput("root.line_wrong", line=start // size + 1)
    if len(plain) != LINES * size:
        raise BadInput("root.sheet_length", given=len(plain), wanted=LINES * size)
    whole = b"".join(_bytes(plain[start : start + _DATA]) for start in range(0, len(plain), size))
    inner = whole[:-_CHECK_BYTES]
    if inner[:1] != _VERSION or whole[-_CHECK_BYTES:] != _whole_check(inner, scope):
        raise BadInput("root.sheet_other")
    return inner[1:]


def is_line(number: int, text: str) -> bool:
    """Tell whether ``text`` is line ``number`` (from 1) as it stands on some sheet."""
    plain = _plain(text)
    known = len(plain) == _DATA + _CHECK and set(plain) <= set(_ALPHABET)
    return known and _line_check(number, plain[:_DATA]) == plain[_DATA:]


def same_line(left: str, right: str) -> bool:
    """Tell whether two spellings are the same line."""
    return _plain(left) == _plain(right)


def _plain(text: str) -> str:
    return _NOISE.sub("", text).upper().translate(_READ)


def _letters(data: bytes) -> str:
    number, found = int.from_bytes(data, "big"), ""
    for place in range(_DATA):
        found += _ALPHABET[number >> 5 * (_DATA - 1 - place) & 31]
    return found


def _bytes(letters: str) -> bytes:
    number = 0
    for letter in letters:
        number = number << 5 | _ALPHABET.index(letter)
    return number.to_bytes(_LINE_BYTES, "big")


def _line_check(number: int, data: str) -> str:
    found = int.from_bytes(hashlib.sha256(f"babutong-line {number} {data}".encode()).digest()[:2], "big")
    return _ALPHABET[found >> 5 & 31] + _ALPHABET[found & 31]


def _whole_check(data: bytes, scope: str) -> bytes:
    return hashlib.sha256(b"babutong-root-sheet\0" + scope.encode() + data).digest()[:_CHECK_BYTES]
