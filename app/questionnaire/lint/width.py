"""Characters of a Chinese keyboard where a program expects plain ones."""

from __future__ import annotations

import re

_SMART = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
"""The converter turns these by itself, everywhere."""

_OTHERS = {
    "　": " ",
    "、": ",",
    "。": ".",
    "【": "[",
    "】": "]",
    "—": "-",
    "–": "-",
    "−": "-",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "×": "*",
    "÷": " div ",
}
_WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | _OTHERS
_QUOTES = "\"'"
_ALIKE = re.compile("[“”‘’＂＇" + "".join(re.escape(c) for c in _WIDE) + "]")

OPERATORS = (
    (re.compile(r"=="), "="),
    (re.compile(r"<>"), "!="),
    (re.compile(r"\s*&&\s*"), " and "),
    (re.compile(r"\s*\|\|\s*"), " or "),
    (re.compile(r"\bAND\b"), "and"),
    (re.compile(r"\bOR\b"), "or"),
    (re.compile(r"=>"), ">="),
    (re.compile(r"=<"), "<="),
)
"""How other programs write operators, and how this one does."""


def straight_quotes(text: str) -> str:
    """The text with straight quotes, as the converter makes it."""
    return text.translate(_SMART)


def pieces(text: str) -> list[tuple[bool, str]]:
    """The text in turn outside (False) and inside quotes (True, with its quotes)."""
    found: list[tuple[bool, str]] = []
    start, quote = 0, ""
    for at, char in enumerate(text):
        if not quote and char in _QUOTES:
            found.append((False, text[start:at]))
            start, quote = at, char
        elif quote and char == quote:
            found.append((True, text[start : at + 1]))
            start, quote = at + 1, ""
    found.append((bool(quote), text[start:]))
    return found


def _plain(text: str) -> str:
    return "".join(_WIDE.get(char, char) for char in text)


def half_width(text: str) -> str:
    """An expression with plain signs outside quotes, and straight quotes."""
    straight = straight_quotes(text).replace("＂", '"').replace("＇", "'")
    return "".join(part if quoted else _plain(part) for quoted, part in pieces(straight))


def half_width_code(text: str) -> str:
    """A name, type or list with plain signs throughout."""
    return " ".join(_plain(straight_quotes(text)).split())


def wide_signs(text: str) -> str:
    """The signs that are meant to be plain, each once, in order."""
    return " ".join(dict.fromkeys("全角空格" if c == "　" else c for c in _ALIKE.findall(text)))


def only_quotes(text: str) -> bool:
    """Tell whether nothing but curly quotes is to be changed; those the converter changes by itself."""
    return half_width(text) == straight_quotes(text)


def plain_operators(text: str) -> str:
    """An expression with the operators of this language outside quotes."""
    found: list[str] = []
    for quoted, part in pieces(text):
        changed = part
        for pattern, plain in () if quoted else OPERATORS:
            changed = pattern.sub(plain, changed)
        found.append(changed)
    return "".join(found)
