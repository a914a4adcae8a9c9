"""Names: which are allowed, which is nearest, which to propose for Chinese ones."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LONGEST = 32
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_]+")
_NEAR = 0.6


def nearest(word: str, options: Iterable[str]) -> str:
    """The option most like ``word``, "" when none is."""
    by_case = {o.casefold(): o for o in options}
    found = difflib.get_close_matches(word.casefold(), list(by_case), 1, _NEAR)
    return by_case[found[0]] if found else ""


def is_ascii_name(word: str) -> bool:
    """Tell whether every program on phones accepts a question's name."""
    return NAME.fullmatch(word) is not None


def _latin(word: str) -> str:
    if word.isascii():
        return word
    from pypinyin import lazy_pinyin

    return "_".join(str(p) for p in lazy_pinyin(word))


def propose(word: str, taken: Collection[str]) -> str:
    """A name of at most 32 letters, digits and underscores, letter first, that nobody has yet."""
    base = _NOT_PLAIN.sub("_", _latin(word)).strip("_").lower()[:LONGEST].strip("_")
    if not base or not base[0].isalpha():
        base = f"q_{base}"[:LONGEST].strip("_")
    found, number = base, 2
    while found in taken:
        tail = f"_{number}"
        found = base[: LONGEST - len(tail)] + tail
        number += 1
    return found
