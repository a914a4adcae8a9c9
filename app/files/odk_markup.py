"""One pass over the markup of a phone's XML file: its root, its meta block, its pieces and their bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from app.domain.errors import BadInput

_MEDIA = re.compile(
    r"[^\r\n/\\]{1,200}"
    r"\.(jpe?g|png|webp|gif|heic|svg|mp3|mp4|m4a|amr|3gpp?|wav|ogg|aac|mov|csv|pdf|xlsx?|docx?|txt)",
    re.IGNORECASE,
)
_LONGEST_NAME = 260
_RESULTS = "results"  # what one server puts around the submissions of an export


@dataclass(slots=True)
class Piece:
    """A submission inside a combined file: where its bytes are, its line, the declarations around it."""

    start: int
    row: int
    declared: dict[str, str]
    end: int = 0
    is_filled: bool = False


@dataclass(slots=True)
class Scan:
    """What one pass found.

    ``meta`` holds the texts of the meta block by local name, ``children`` the local names below the root,
    ``named`` values that look like names of attached files, ``pieces`` elements that would be submissions
    of their own if the root were none, ``encoding`` what the file declares, "" for nothing.
    """

    root: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    pieces: list[Piece] = field(default_factory=list)
    encoding: str = ""

    @property
    def filled(self) -> list[Piece]:
        """The pieces that hold anything."""
        return [piece for piece in self.pieces if piece.is_filled]


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def scan(data: bytes, file: str, row: int = 0) -> Scan:
    """Read markup once; ``row`` is the line it begins at in ``file``, 0 for the whole file.

    Raises:
        BadInput: ``phone.not_xml``, ``phone.doctype`` (params ``file``, ``row``), ``phone.encoding``.
    """
    reader = _Reader(data, file, max(row - 1, 0))
    return reader.found


class _Reader:
    """The state of the pass; ``depth`` of the root is 1."""

    def __init__(self, data: bytes, file: str, before: int) -> None:
        self.found = Scan()
        self._data = data
        self._file = file
        self._before = before
        self._stack: list[str] = []
        self._declared: list[dict[str, str]] = []
        self._text: list[str] = []
        self._open: dict[int, Piece] = {}
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declaration
        self._parse()

    def _parse(self) -> None:
        try:
            self._parser.Parse(self._data, True)
        except expat.ExpatError as error:
            if expat.ErrorString(error.code) == expat.errors.XML_ERROR_UNKNOWN_ENCODING:
                raise BadInput("phone.encoding", file=self._file) from error
            raise BadInput("phone.not_xml", file=self._file, row=error.lineno + self._before) from error
        except (LookupError, ValueError) as error:  # an encoding the parser or the language does not know
            raise BadInput("phone.encoding", file=self._file) from error

    def _doctype(self, *_: object) -> None:
        row = self._parser.CurrentLineNumber + self._before
        raise BadInput("phone.doctype", file=self._file, row=row)

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.found.encoding = encoding or ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._text.clear()
        self._stack.append(local(name))
        depth = len(self._stack)
        if depth == 1:
            self.found.root, self.found.attributes = name, dict(attributes)
        elif depth == 2:  # noqa: PLR2004 -- below the root
            self.found.children.add(local(name))
        for around in self._open.values():
            around.is_filled = True
        if self._may_be_piece(depth) and attributes.get("id"):
            declared = {key: uri for level in self._declared for key, uri in level.items()}
            piece = Piece(self._parser.CurrentByteIndex, self._parser.CurrentLineNumber, declared)
            self._open[depth] = piece
            self.found.pieces.append(piece)
        self._declared.append({key: uri for key, uri in attributes.items() if key.startswith("xmlns")})

    def _may_be_piece(self, depth: int) -> bool:
        inside = depth == 3 and self._stack[1] == _RESULTS  # noqa: PLR2004 -- below the element around them
        return inside or depth == 2  # noqa: PLR2004 -- below the root

    def _end(self, _name: str) -> None:
        depth = len(self._stack)
        text = "".join(self._text).strip()
        self._text.clear()
        if text and len(text) <= _LONGEST_NAME and _MEDIA.fullmatch(text):
            self.found.named.add(text)
        if depth == 3 and self._stack[1] == "meta" and text:  # noqa: PLR2004 -- root, meta, its fields
            self.found.meta[self._stack[2]] = text
        piece = self._open.pop(depth, None)
        if piece is not None:
            piece.end = self._data.index(b">", self._parser.CurrentByteIndex) + 1
        self._stack.pop()
        self._declared.pop()
