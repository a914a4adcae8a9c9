"""Names of people: one separator, repaired characters, and what is doubtful about them.

    name = read_name("阿依古丽•买买提")
    name.text     # "阿依古丽·买买提"
    name.faults   # (names.separator_changed,)

Only changes that cannot alter who is meant are made (separator, spaces, width, look-alike code points);
each is told by a warning. Nothing else is guessed.
Source: 民委发〔2016〕33号 (separator U+00B7, at least 50 bytes, GB 18030 characters).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from app.domain.fault import Fault, error, warning

SEPARATOR: Final = "·"
MAX_CHARACTERS: Final = 50
_MIN_CHARACTERS: Final = 2

_CASED: Final = frozenset({"Ll", "Lu"})
_LETTERS: Final = frozenset({"Ll", "Lu", "Lo", "Mn", "Mc"})

# Dots people type for the separator of a name; U+00B7 itself is right.
_DOTS: Final = frozenset("•・‧∙⋅●﹒．.｡。˙･ᐧ")

# Characters of GBK's last rows (FE50-FEA0, without FE7F) that old systems wrote as private code points
# in that order.
_GBK_ROW: Final = (*range(0xFE50, 0xFE7F), *range(0xFE80, 0xFEA1))
_NINE: Final = {
    0xE816: 0x20087,
    0xE817: 0x20089,
    0xE818: 0x200CC,
    0xE81E: 0x9FB4,
    0xE826: 0x9FB5,
    0xE82B: 0x9FB6,
    0xE82C: 0x9FB7,
    0xE831: 0x215D7,
    0xE832: 0x9FB8,
    0xE83B: 0x2298F,
    0xE843: 0x9FB9,
    0xE854: 0x9FBA,
    0xE855: 0x241FE,
    0xE864: 0x9FBB,
}
_PRIVATE: Final = {
    0xE815 + n: chr(_NINE.get(0xE815 + n) or ord(code.to_bytes(2, "big").decode("gb18030")))
    for n, code in enumerate(_GBK_ROW)
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is kept, and what was changed or is doubtful."""

    text: str
    faults: tuple[Fault, ...] = ()


def read_name(raw: str, field: str = "name") -> Name:
    """Return the name to keep with its faults.

    Codes: ``names.separator_changed``, ``names.spaces_removed``, ``names.radical_replaced``,
    ``names.private_replaced``, ``names.width_changed``, ``names.single``, ``names.rare`` (warnings);
    ``names.missing``, ``names.long``, ``names.private_character``, ``names.characters`` (errors).
    """
    text = raw
    faults: list[Fault] = []
    for code, repair in _REPAIRS:
        repaired = repair(text)
        if repaired != text:
            faults.append(warning(code, field, name=repaired))
            text = repaired
    return Name(text, (*faults, *_doubts(text, field)))


def is_rare(character: str) -> bool:
    """Tell whether a character lies outside the 20,902 of Unicode 1.1 that every old system knows."""
    return _is_han(character) and not "\u4e00" <= character <= "\u9fa5"


def _doubts(text: str, field: str) -> list[Fault]:
    if not text:
        return [error("names.missing", field)]
    faults: list[Fault] = []
    if len(text) > MAX_CHARACTERS:
        faults.append(error("names.long", field, length=len(text), limit=MAX_CHARACTERS))
    for character in dict.fromkeys(text):
        if unicodedata.category(character) == "Co":
            faults.append(error("names.private_character", field, point=f"U+{ord(character):04X}"))
        elif not _is_allowed(character):
            faults.append(error("names.characters", field, character=_shown(character)))
        elif is_rare(character):
            faults.append(warning("names.rare", field, character=character))
    if len(text) < _MIN_CHARACTERS:
        faults.append(warning("names.single", field, name=text))
    return faults


def _is_allowed(character: str) -> bool:
    return character in " ·'-" or _is_han(character) or unicodedata.category(character) in _LETTERS


def _is_han(character: str) -> bool:
    return unicodedata.name(character, "").startswith(
        ("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH")
    ) or (
        "\U00020000" <= character <= "\U0003ffff"  # newer extensions than this Python's tables
    )


def _shown(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"


def _fix_private(text: str) -> str:
    return "".join(_PRIVATE.get(ord(c), c) for c in text)


def _fix_radicals(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", c) if "\u2e80" <= c <= "\u2fdf" else c for c in text)


def _fix_width(text: str) -> str:
    return "".join(chr(ord(c) - 0xFEE0) if "\uff21" <= c <= "\uff5a" or c == "\uff0d" else c for c in text)


def _fix_separator(text: str) -> str:
    bare = text.strip("".join(_DOTS) + SEPARATOR + " \u3000")
    return "".join(SEPARATOR if c in _DOTS else c for c in bare)


def _fix_spaces(text: str) -> str:
    """Drop invisible characters and every space that does not part two words of an alphabet."""
    # Unassigned code points stay: they are characters newer than this Python's tables.
    shown = "".join(c for c in text if c.isspace() or unicodedata.category(c) not in {"Cc", "Cf"})
    words = shown.split()
    if not words:
        return ""
    joined = words[0]
    for word in words[1:]:
        parted = {unicodedata.category(joined[-1]), unicodedata.category(word[0])} <= _CASED
        joined += f" {word}" if parted else word
    return joined


_REPAIRS: Final = (
    ("names.spaces_removed", _fix_spaces),
    ("names.private_replaced", _fix_private),
    ("names.radical_replaced", _fix_radicals),
    ("names.width_changed", _fix_width),
    ("names.separator_changed", _fix_separator),
)

CHANGES: Final = frozenset(code for code, _ in _REPAIRS)
"""Codes of the warnings that tell a change of the text."""
