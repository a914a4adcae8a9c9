"""A font face as one composite PDF font: glyph ids as codes, one subset per face and document.

The library's own TrueType class cuts a face into 256-character fonts, refuses OpenType/CFF and writes the
empty box for a character it lacks. This class speaks the same dynamic-font protocol (``splitString``,
``getSubsetInternalName``, ``addObjects``), so it can be registered under a name and used by the library's own
drawing calls, but it embeds one CID font per face, cut by HarfBuzz when the document is saved.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from importlib.resources.abc import Traversable  # noqa: TC003 - part of the public signatures
from struct import unpack_from
from typing import TYPE_CHECKING, Final, Protocol, cast
from weakref import WeakKeyDictionary

import uharfbuzz as hb
from reportlab.pdfbase import pdfdoc

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_CFF: Final = "CFF "
_DROPPED = (
    "GSUB",
    "GPOS",
    "GDEF",
    "BASE",
    "name",
    "OS/2",
    "post",
    "cmap",
    "DSIG",
    "vhea",
    "vmtx",
    "VORG",
    "gasp",
)
_SYMBOLIC = 4  # font descriptor flag: the codes are the font's own
_CMAP_BLOCK = 100  # entries one bfchar block may hold
_CMAP_HEAD = (
    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
)
_CMAP_TAIL = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


class MissingCharacters(Exception):
    """No face of the asked chain has these characters; ``characters`` names each once, in order."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(characters)
        super().__init__(*self.characters)


class Document(Protocol):
    """What a font needs of the document it is embedded in; ``pdfdoc.PDFDocument`` has it."""

    fontMapping: dict[str, str]  # noqa: N815 - the library's name
    delayedFonts: list[object]  # noqa: N815 - the library's name
    idToObject: dict[str, pdfdoc.PDFDictionary]  # noqa: N815 - the library's name

    def Reference(self, obj: object, name: str) -> object:  # noqa: N802 - the library's name
        """Store an object under ``name``; return the reference to write in its place."""


class _Names(Protocol):
    """The library's module, of which the stubs leave this without types."""

    def PDFName(self, data: str) -> str: ...  # noqa: N802 - the library's name


_name = cast("_Names", pdfdoc).PDFName


class Face:
    """One font file, read when first asked for a glyph; widths are in em."""

    def __init__(self, name: str, file: Traversable) -> None:
        self.name = name
        self._file = file

    @cached_property
    def _font(self) -> hb.Font:
        # Bytes rather than a path: the C library opens paths in the system code page.
        return hb.Font(hb.Face(hb.Blob(self._file.read_bytes())))

    @cached_property
    def _upem(self) -> int:
        return int(self._font.face.upem)

    @property
    def is_cff(self) -> bool:
        """Whether the outlines are PostScript ones."""
        return _CFF in self._font.face.table_tags

    def glyph(self, char: str) -> int:
        """Return the glyph id of ``char``, 0 if the face lacks it."""
        return int(self._font.get_nominal_glyph(ord(char)) or 0)

    def advance(self, glyph: int) -> float:
        """Return the width of a glyph in em."""
        return float(self._font.get_glyph_h_advance(glyph)) / self._upem

    def thousandths(self, value: float) -> int:
        """Return a length in font units as thousandths of an em."""
        return round(value * 1000 / self._upem)

    @property
    def box(self) -> tuple[int, ...]:
        """The bounding box of all glyphs, thousandths of an em."""
        head = self._font.face.reference_table("head").data
        return tuple(self.thousandths(value) for value in unpack_from(">4h", head, 36))

    @property
    def extents(self) -> tuple[int, int]:
        """Ascent and (negative) descent, thousandths of an em."""
        extents = self._font.get_font_extents("ltr")
        return self.thousandths(extents.ascender), self.thousandths(extents.descender)

    def cut(self, glyphs: Iterable[int]) -> bytes:
        """Return the font program with only these glyphs, their ids kept: an sfnt, or a bare CFF table."""
        wanted = hb.SubsetInput()
        wanted.flags = (
            hb.SubsetFlags.RETAIN_GIDS
            | hb.SubsetFlags.NO_HINTING
            | hb.SubsetFlags.NOTDEF_OUTLINE
            | hb.SubsetFlags.CFF_IDENTITY_CHARSET
        )
        wanted.glyph_set.update(glyphs)
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode("ascii"), "big") for tag in _DROPPED)
        face = hb.subset(self._font.face, wanted)
        return bytes(face.reference_table(_CFF).data if self.is_cff else face.blob.data)


class Type0Font:
    """A face in the library's dynamic-font protocol; which glyphs are used is kept per document."""

    _multiByte = 1  # noqa: N815 - the library asks for our own stringWidth
    _dynamicFont = 1  # noqa: N815 - and for our own subset
    shapable = False  # the library's own shaping writes private-use characters

    def __init__(self, face: Face) -> None:
        self.face = face
        self.fontName = face.name
        self._used: WeakKeyDictionary[Document, dict[int, str]] = WeakKeyDictionary()

    @property
    def operand(self) -> str:
        """The name of this font in every content stream, with its slash."""
        return f"/{self.fontName}"

    def used(self, doc: Document) -> dict[int, str]:
        """Return the glyph -> text table of a document; whoever draws adds what it draws."""
        table = self._used.get(doc)
        if table is None:
            table = self._used[doc] = {}
            doc.fontMapping[self.fontName] = self.operand
            doc.delayedFonts.append(self)
        return table

    def stringWidth(self, text: str, size: float, encoding: str = "utf-8") -> float:  # noqa: ARG002, N802 - protocol
        """Return the width of ``text`` in points at ``size`` points."""
        return size * sum(self.face.advance(self.face.glyph(char)) for char in text)

    def splitString(  # noqa: N802 - protocol
        self,
        text: str,
        doc: Document,
        encoding: str = "utf-8",  # noqa: ARG002
    ) -> list[tuple[int, bytes]]:
        """Encode ``text``, always as subset 0.

        Raises:
            MissingCharacters: the face lacks a character; this way of drawing has no other face to ask.
        """
        glyphs = [self.face.glyph(char) for char in text]
        if not all(glyphs):
            raise MissingCharacters(dict.fromkeys(c for c, g in zip(text, glyphs, strict=True) if not g))
        self.used(doc).update(zip(glyphs, text, strict=True))
        return [(0, b"".join(glyph.to_bytes(2, "big") for glyph in glyphs))]

    def getSubsetInternalName(self, subset: int, doc: Document) -> str:  # noqa: ARG002, N802 - protocol
        """Return the operand under which content streams select this font."""
        self.used(doc)
        return self.operand

    def addObjects(self, doc: Document) -> None:  # noqa: N802 - protocol
        """Write the font, its subset and its way back to text into ``doc``; called once, when it is saved."""
        used = dict(sorted(self._used.pop(doc, {}).items()))
        if not used:
            return
        name = _name(f"{_tag(used)}+{self.fontName}")
        to_unicode = _stream(to_unicode_cmap(used).encode("ascii"))
        font = pdfdoc.PDFDictionary(
            {
                "Type": _name("Font"),
                "Subtype": _name("Type0"),
                "BaseFont": name,
                "Encoding": _name("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([self._descendant(doc, name, used)]),
                "ToUnicode": doc.Reference(to_unicode, f"toUnicode:{self.fontName}"),
            }
        )
        doc.idToObject["BasicFonts"].dict[self.fontName] = doc.Reference(font, f"font:{self.fontName}")

    def _descendant(self, doc: Document, name: object, used: Mapping[int, str]) -> object:
        entries = {
            "Type": _name("Font"),
            "Subtype": _name("CIDFontType0" if self.face.is_cff else "CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": pdfdoc.PDFDictionary(
                {
                    "Registry": pdfdoc.PDFString("Adobe"),
                    "Ordering": pdfdoc.PDFString("Identity"),
                    "Supplement": 0,
                }
            ),
            "FontDescriptor": self._descriptor(doc, name, used),
            "DW": 1000,
            "W": _width_array([(glyph, round(self.face.advance(glyph) * 1000)) for glyph in used]),
        }
        if not self.face.is_cff:
            entries["CIDToGIDMap"] = _name("Identity")
        return doc.Reference(pdfdoc.PDFDictionary(entries), f"cidFont:{self.fontName}")

    def _descriptor(self, doc: Document, name: object, used: Mapping[int, str]) -> object:
        program = _stream(self.face.cut(used))
        if self.face.is_cff:
            program.dictionary["Subtype"] = _name("CIDFontType0C")
        else:
            program.dictionary["Length1"] = len(program.content)
        ascent, descent = self.face.extents
        entries = {
            "Type": _name("FontDescriptor"),
            "FontName": name,
            "Flags": _SYMBOLIC,
            "FontBBox": pdfdoc.PDFArray(self.face.box),
            "ItalicAngle": 0,
            "Ascent": ascent,
            "Descent": descent,
            "CapHeight": ascent,
            "StemV": 80,
            "FontFile3" if self.face.is_cff else "FontFile2": doc.Reference(program, f"file:{self.fontName}"),
        }
        return doc.Reference(pdfdoc.PDFDictionary(entries), f"descriptor:{self.fontName}")


def to_unicode_cmap(used: Mapping[int, str]) -> str:
    """Return the CMap by which a reader gets the text back from glyph ids."""
    rows = [f"<{glyph:04X}> <{text.encode('utf-16-be').hex().upper()}>\n" for glyph, text in used.items()]
    blocks: list[str] = []
    for start in range(0, len(rows), _CMAP_BLOCK):
        block = rows[start : start + _CMAP_BLOCK]
        blocks.append(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n")
    return _CMAP_HEAD + "".join(blocks) + _CMAP_TAIL


def _width_array(widths: Sequence[tuple[int, int]]) -> pdfdoc.PDFArray:
    """Return the W array: each run of neighbouring glyph ids as its first id and the list of widths."""
    runs: list[tuple[int, list[int]]] = []
    for index, (glyph, width) in enumerate(widths):
        if index and glyph == widths[index - 1][0] + 1:
            runs[-1][1].append(width)
        else:
            runs.append((glyph, [width]))
    return pdfdoc.PDFArray([part for first, run in runs for part in (first, pdfdoc.PDFArray(run))])


def _tag(used: Mapping[int, str]) -> str:
    """Return the six capital letters that mark a subset; the same glyphs get the same letters."""
    digest = hashlib.sha256(" ".join(map(str, used)).encode("ascii")).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def _stream(data: bytes) -> pdfdoc.PDFStream:
    return pdfdoc.PDFStream(content=data, filters=[pdfdoc.PDFZCompress])
