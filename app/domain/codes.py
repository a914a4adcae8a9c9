"""Code lists: people read and type words, the program keeps codes.

lists = read_codes(path)                      # app.files.codes_in
lists["relation"].code_for("儿子")             # "03"
lists["relation"].label("03")                  # "之子"
lists["risk"].codes_for("因病、因残")           # "disability illness"
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

    from app.domain.ids import Value

CodeLists = Mapping[str, "CodeList"]

_SEPARATORS: Final = re.compile(r"[、，,;；/|\n]+")


@dataclass(frozen=True, slots=True)
class Code:
    """One choice of a list.

    ``aliases`` are other words accepted on input. It may be chosen from ``valid_from`` to ``valid_to``
    (both included, None = open) and can be read for ever. ``traits`` are facts that rules use, such as
    the sex a relation implies.
    """

    code: str
    label: str
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    traits: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def holds_on(self, day: date | None) -> bool:
        """Tell whether the code may be chosen on ``day``; None asks about no day in particular."""
        if day is None:
            return True
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes in the order they are offered."""

    name: str
    title: str
    codes: tuple[Code, ...]
    _by_code: dict[str, Code] = field(init=False, repr=False, compare=False)
    _by_word: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the codes by code and by every word that means them; the first code keeps a word."""
        object.__setattr__(self, "_by_code", {code.code: code for code in self.codes})
        words: dict[str, str] = {}
        labels = ((code.label, code) for code in self.codes)
        codes = ((code.code, code) for code in self.codes)
        aliases = ((alias, code) for code in self.codes for alias in code.aliases)
        for word, code in (*labels, *codes, *aliases):
            words.setdefault(plain(word), code.code)
        object.__setattr__(self, "_by_word", words)

    def get(self, code: str) -> Code | None:
        """Return the code's entry, or None."""
        return self._by_code.get(code)

    def label(self, code: str) -> str:
        """Return the words for a code; a code that is not in the list is shown as it is."""
        found = self._by_code.get(code)
        return found.label if found else code

    def labels(self, codes: str) -> str:
        """Return the words for codes joined by spaces, joined by "、"."""
        return "、".join(self.label(code) for code in codes.split())

    def trait(self, code: str, name: str) -> Value:
        """Return a fact about a code, "" when it has none of that name."""
        found = self._by_code.get(code)
        return found.traits.get(name, "") if found else ""

    def choices(self, day: date | None = None) -> tuple[Code, ...]:
        """Return what may be chosen on a day, in the order of the list."""
        return tuple(code for code in self.codes if code.holds_on(day))

    def code_for(self, words: str, day: date | None = None) -> str | None:
        """Return the code that a label, code or alias means on a day, or None."""
        code = self._by_word.get(plain(words))
        return code if code is not None and self._by_code[code].holds_on(day) else None

    def codes_for(self, words: str, day: date | None = None) -> str | None:
        """Return the sorted codes joined by spaces that a list of words means; None if one is unknown."""
        whole = self.code_for(words, day)  # a label may itself hold a separator
        if whole is not None:
            return whole
        found = {self.code_for(word, day) for word in _SEPARATORS.split(words) if word.strip()}
        known = {code for code in found if code is not None}
        return " ".join(sorted(known)) if len(known) == len(found) else None


def plain(words: str) -> str:
    """Return words as they are compared: half-width, without spaces, lower case."""
    return "".join(unicodedata.normalize("NFKC", words).split()).casefold()
