"""A stream of numbers that depends on nothing but its key; makes synthetic people repeatable."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
_BLOCK = 8  # bytes a draw uses; of a digest of 32


class Stream:
    """Draws from SHA-256 of the key and a counter."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._drawn = 0
        self._digest = b""

    def below(self, bound: int) -> int:
        """Return a number from 0 to ``bound`` - 1; ``bound`` is small against 2**64."""
        offset = self._drawn % (32 // _BLOCK) * _BLOCK
        if not offset:
            self._digest = hashlib.sha256(f"{self._key}/{self._drawn}".encode()).digest()
        self._drawn += 1
        return int.from_bytes(self._digest[offset : offset + _BLOCK], "big") % bound

    def between(self, low: int, high: int) -> int:
        """Return a number from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        """Return True in ``percent`` of 100 draws."""
        return self.below(100) < percent

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[self.below(len(choices))]
