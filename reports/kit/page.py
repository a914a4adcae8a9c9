"""Pages: their geometry, and drawing on them. Lengths are in points, the origin is the lower left corner."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from reports.kit.text import one_line

if TYPE_CHECKING:
    from reports.kit.fonts import Fonts, Role
    from reports.kit.text import Line, Piece
    from reports.kit.type0 import Document

rl_config.useA85 = 0  # text-encoded streams are a quarter larger; the canvas has no argument for it

MM = 72 / 25.4
INK = (0.0, 0.0, 0.0)
_ASCENT = 0.88  # of the em box of Chinese faces, above the base line
_CURVE = 4 / 3 * math.tan(math.pi / 8)  # handle length of a quarter circle
PAGE_OF = "第 {page} 页　共 {pages} 页"

Colour = tuple[float, float, float]


class _Inner(Protocol):
    """What of the canvas its stubs leave out or leave without types."""

    _doc: Document

    def setViewerPreference(self, pref: str, value: str) -> None: ...  # noqa: N802 - the library's name


class DoesNotFit(Exception):
    """The text is longer than the one page its paper has."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """A page size and the type area in it."""

    width: float
    height: float
    left: float
    right: float  # margin
    top: float  # margin
    bottom: float  # margin

    @property
    def measure(self) -> float:
        """Width of the type area."""
        return self.width - self.left - self.right

    @property
    def ceiling(self) -> float:
        """Upper edge of the type area."""
        return self.height - self.top

    @property
    def limit(self) -> float:
        """Right edge of the type area."""
        return self.width - self.right


# GB/T 9704-2012: type area 156 x 225 mm, head margin 37, binding margin 28; 22 lines of 28 characters.
OFFICIAL = Geometry(210 * MM, 297 * MM, 28 * MM, 26 * MM, 37 * MM, 35 * MM)
BODY_SIZE = 16.0
BODY_LEADING = 225 * MM / 22
BODY_CHARACTERS = 28
# 28 characters of 16 pt are a little wider than 156 mm: what each gap gives up, in em.
BODY_TRACKING = (OFFICIAL.measure / BODY_SIZE - BODY_CHARACTERS) / (BODY_CHARACTERS - 1)
# Lists: narrow margins, binding edge left (portrait) or top (landscape).
LIST_PORTRAIT = Geometry(210 * MM, 297 * MM, 25 * MM, 15 * MM, 20 * MM, 20 * MM)
LIST_LANDSCAPE = Geometry(297 * MM, 210 * MM, 15 * MM, 15 * MM, 25 * MM, 20 * MM)
CARD_LANDSCAPE = Geometry(297 * MM, 210 * MM, 40 * MM, 40 * MM, 35 * MM, 20 * MM)


class Paper:
    """A document being drawn: pages of operators, written as PDF by ``save``."""

    def __init__(self, geometry: Geometry, fonts: Fonts, kind: str) -> None:
        self.geometry = geometry
        self.fonts = fonts
        self._buffer = io.BytesIO()
        self._canvas = Canvas(
            self._buffer,
            pagesize=(geometry.width, geometry.height),
            invariant=1,
            pageCompression=1,
            initialFontName=fonts.fonts[0].fontName,  # type: ignore[arg-type] # the stubs say float
            lang="zh-CN",
        )
        self._canvas.setTitle(kind)  # a word for the kind of paper: metadata names nobody
        self._canvas.setAuthor("")
        self._canvas.setSubject("")
        self._canvas.setCreator("babutong")
        inner = cast("_Inner", self._canvas)
        inner.setViewerPreference("PrintScaling", "None")
        # The fonts keep their subsets per document, and only the canvas knows it.
        document = inner._doc  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - no other way to it
        self._used = [font.used(document) for font in fonts.fonts]
        self._operands = [font.operand for font in fonts.fonts]
        self._pages: list[list[str]] = []
        self._page: list[str] = []

    @property
    def pages(self) -> int:
        """Number of pages begun."""
        return len(self._pages)

    def new_page(self) -> None:
        """Begin a page; later drawing goes there."""
        self._page = []
        self._pages.append(self._page)

    def draw(self, line: Line, at: tuple[float, float], size: float, tracking: float = 0.0) -> None:
        """Draw a line with its base line at ``at``; ``tracking`` is in em and added at each gap."""
        x, y = at
        out = [f"BT {x + line.lead * size:.2f} {y:.2f} Td"]
        font = -1
        spacing = 0.0
        for piece in line.pieces:
            if piece.font != font:
                font = piece.font
                out.append(f"{self._operands[font]} {size:g} Tf")
            wanted = 0.0 if piece.word else tracking * size
            if wanted != spacing:
                spacing = wanted
                out.append(f"{spacing:.3f} Tc")
            out.append(_shown(piece, tracking))
            self._used[font].update(zip(piece.glyphs, piece.text, strict=True))
        if spacing:
            out.append("0 Tc")
        out.append("ET")
        self._page.append(" ".join(out))

    def text(self, text: str, at: tuple[float, float], role: Role, size: float, align: float = 0.0) -> None:
        """Draw one unbroken line; ``at`` is its beginning (``align`` 0), middle (0.5) or end (1)."""
        line = one_line(text, self.fonts.chain(role))
        self.draw(line, (at[0] - align * line.width * size, at[1]), size)

    def rule(self, start: tuple[float, float], end: tuple[float, float], width: float) -> None:
        """Draw a straight line."""
        self._page.append(f"{width:g} w {start[0]:.2f} {start[1]:.2f} m {end[0]:.2f} {end[1]:.2f} l S")

    def box(self, corner: tuple[float, float], size: tuple[float, float], width: float) -> None:
        """Draw the outline of a rectangle from its lower left corner."""
        self._page.append(f"{width:g} w {corner[0]:.2f} {corner[1]:.2f} {size[0]:.2f} {size[1]:.2f} re S")

    def square(self, corner: tuple[float, float], side: float) -> None:
        """Fill a square from its lower left corner."""
        self._page.append(f"{corner[0]:.3f} {corner[1]:.3f} {side:.3f} {side:.3f} re f")

    def ring(self, centre: tuple[float, float], radius: float, width: float) -> None:
        """Draw a dashed circle."""
        x, y = centre
        r, k = radius, radius * _CURVE
        curves = [
            f"{x + r:.2f} {y + k:.2f} {x + k:.2f} {y + r:.2f} {x:.2f} {y + r:.2f} c",
            f"{x - k:.2f} {y + r:.2f} {x - r:.2f} {y + k:.2f} {x - r:.2f} {y:.2f} c",
            f"{x - r:.2f} {y - k:.2f} {x - k:.2f} {y - r:.2f} {x:.2f} {y - r:.2f} c",
            f"{x + k:.2f} {y - r:.2f} {x + r:.2f} {y - k:.2f} {x + r:.2f} {y:.2f} c",
        ]
        self._page.append(f"{width:g} w [2 2] 0 d {x + r:.2f} {y:.2f} m {' '.join(curves)} s [] 0 d")

    def colour(self, colour: Colour = INK) -> None:
        """Draw in ``colour`` (red, green, blue, each 0 to 1) until told otherwise; a page begins in black."""
        red, green, blue = colour
        self._page.append(f"{red:g} {green:g} {blue:g} rg {red:g} {green:g} {blue:g} RG")

    def watermark(self, text: str, role: Role) -> None:
        """Write ``text`` large, pale and slanting across the page, under what is drawn later."""
        line = one_line(text, self.fonts.chain(role))
        size = 0.5 * self.geometry.height / max(line.width, 1.0)
        cos, sin = math.cos(math.pi / 6), math.sin(math.pi / 6)
        x, y = self.geometry.width / 2, self.geometry.height / 2
        self._page.append(f"q 0.9 g {cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x:.2f} {y:.2f} cm")
        self.draw(line, (-line.width * size / 2, -0.38 * size), size)
        self._page.append("Q")

    def number_pages(self, role: Role, size: float, drop: float, note: str = "") -> None:
        """Write page x of y ``drop`` below the type area of every page; all pages must exist.

        The number is centred; with a ``note`` it stands at the right and the note at the left.
        """
        geometry = self.geometry
        y = geometry.bottom - drop - size * _ASCENT
        at, align = ((geometry.limit, y), 1.0) if note else ((geometry.left + geometry.measure / 2, y), 0.5)
        for number, page in enumerate(self._pages, start=1):
            self._page = page
            self.text(PAGE_OF.format(page=number, pages=self.pages), at, role, size, align)
            if note:
                self.text(note, (geometry.left, y), role, size)

    def save(self) -> bytes:
        """Return the PDF. The paper cannot be drawn on afterwards."""
        for page in self._pages:
            self._canvas.addLiteral("\n".join(page))
            self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()


def base(top: float, size: float) -> float:
    """Return the base line of text of ``size`` whose em box hangs from ``top``."""
    return top - _ASCENT * size


def _shown(piece: Piece, tracking: float) -> str:
    """Return the operator that shows a piece; what moves the next one is in thousandths of an em."""
    codes = "".join([f"{glyph:04X}" for glyph in piece.glyphs])
    move = piece.overlap
    if piece.word and not piece.joined:
        move -= tracking
    return f"[<{codes}> {move * 1000:.0f}] TJ" if move else f"<{codes}> Tj"
