"""The typefaces of Chinese official paper: five roles, each a chain of vendored faces asked in order."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from reportlab.pdfbase import pdfmetrics

from reports.kit.type0 import Face, MissingCharacters, Type0Font

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from importlib.resources.abc import Traversable

GETA = "〓"  # what a list prints where a character is missing


class Role(StrEnum):
    """A typeface by its use in official paper."""

    FANG = "fang"  # 仿宋: body
    SONG = "song"  # 宋体: tables, page numbers
    TITLE = "title"  # 小标宋: titles
    HEI = "hei"  # 黑体: table heads, first-level headings
    KAI = "kai"  # 楷体: second-level headings, names on certificates


_FILES = {
    "GWLatin": "LiberationSerif-Regular.ttf",
    "GWFang": "FandolFang-Regular.otf",
    "GWKaiLight": "GWKaiLight-8105.ttf",
    "GWSong": "GWSong-L2.ttf",
    "GWBiaoSong": "GWBiaoSong-8105.ttf",
    "GWHei": "GWHei-8105.ttf",
    "GWKai": "GWKai-8105.ttf",
}
_LATIN = "GWLatin"
# After the face that gives a role its look comes the nearest one in weight, then the one with every character
# of GB 18030 级别2; last the Latin face, for accented letters.
_CHAINS = {
    Role.FANG: ("GWFang", "GWKaiLight", "GWSong", _LATIN),
    Role.SONG: ("GWSong", _LATIN),
    Role.TITLE: ("GWBiaoSong", "GWSong", _LATIN),
    Role.HEI: ("GWHei", "GWSong", _LATIN),
    Role.KAI: ("GWKai", "GWSong", _LATIN),
}
# Digits and letters of the light faces come from the Latin face: its digits are of one width and half an em,
# as columns and the 28-character line want them. The bold faces use their own, which are as bold.
_ASCII = {Role.FANG: _LATIN, Role.SONG: _LATIN, Role.TITLE: "GWBiaoSong", Role.HEI: "GWHei", Role.KAI: _LATIN}
_NARROW = 0.7  # em: the separation dot takes half a character (GB/T 15834)
_WIDE = 0.9  # em: Chinese quotation marks take a whole one
_PREFERRED: dict[str, Callable[[float], bool]] = {
    "·": lambda advance: advance <= _NARROW,
    **dict.fromkeys("“”‘’", lambda advance: advance >= _WIDE),
}
# Joiners, direction marks, variation selectors and the byte order mark draw nothing.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_BLANK = re.compile("[\t-\r\x85\xa0\u2028\u2029]")


class Glyph(NamedTuple):
    """How one character is drawn."""

    font: int  # index in ``Fonts.fonts``
    glyph: int
    advance: float  # em
    text: str  # the character a reader gets back; GETA if the asked one is missing
    missing: bool = False


def visible(text: str) -> str:
    """Return ``text`` without characters that draw nothing, any line break or tab as a space."""
    return _BLANK.sub(" ", _INVISIBLE.sub("", text))


class Chain(dict[str, Glyph]):
    """Character -> glyph for one role, filled as asked for; a missing character is GETA marked as such."""

    def __init__(self, fonts: Sequence[Type0Font], ascii_font: int, others: Sequence[int]) -> None:
        super().__init__()
        self._fonts = fonts
        self._ascii = ascii_font
        self._others = tuple(others)

    def __missing__(self, char: str) -> Glyph:
        """Find the glyph of a character asked for the first time."""
        found = self._find(char)
        if found is None:
            found = self[GETA]._replace(missing=True)
        self[char] = found
        return found

    def _find(self, char: str) -> Glyph | None:
        order = (self._ascii,) if char.isascii() else self._others
        glyphs = [glyph for glyph in (self._glyph(index, char) for index in order) if glyph is not None]
        suits = _PREFERRED.get(char)
        if suits is not None:
            glyphs = [glyph for glyph in glyphs if suits(glyph.advance)] or glyphs
        return glyphs[0] if glyphs else None

    def _glyph(self, index: int, char: str) -> Glyph | None:
        face = self._fonts[index].face
        glyph = face.glyph(char)
        return Glyph(index, glyph, face.advance(glyph), char) if glyph else None

    def width(self, text: str) -> float:
        """Return the width of ``text`` set solid, in em."""
        return sum(self[char].advance for char in text)


class Fonts:
    """All faces of a font folder and the chain of each role. Nothing is read before it is needed."""

    def __init__(self, folder: Traversable) -> None:
        self.fonts = tuple(Type0Font(Face(name, folder / file)) for name, file in _FILES.items())
        index = {font.fontName: number for number, font in enumerate(self.fonts)}
        self._chains = {
            role: Chain(self.fonts, index[_ASCII[role]], [index[name] for name in names])
            for role, names in _CHAINS.items()
        }

    def chain(self, role: Role) -> Chain:
        """Return the chain of a role."""
        return self._chains[role]

    def check(self, text: str, role: Role) -> tuple[str, ...]:
        """Return the characters of ``text`` that no face of the role has, each once, in order."""
        chain = self._chains[role]
        return tuple(dict.fromkeys(char for char in visible(text) if chain[char].missing))

    def missing(self, texts: Iterable[tuple[str, Role]]) -> tuple[str, ...]:
        """Return the characters missing in any of (text, role), each once, in order."""
        return tuple(dict.fromkeys(char for text, role in texts for char in self.check(text, role)))

    def require(self, texts: Iterable[tuple[str, Role]]) -> None:
        """Refuse texts that cannot be printed whole.

        Raises:
            MissingCharacters: with every character that is missing.
        """
        missing = self.missing(texts)
        if missing:
            raise MissingCharacters(missing)


class _Register(Protocol):
    """The library's module, of which the stubs leave this without types."""

    def registerFont(self, font: Type0Font) -> None: ...  # noqa: N802 - the library's name


@cache
def vendored() -> Fonts:
    """Return the fonts that ship with the program, registered with the PDF library under their names."""
    fonts = Fonts(files("reports") / "assets" / "fonts")
    for font in fonts.fonts:
        cast("_Register", pdfmetrics).registerFont(font)
    return fonts
