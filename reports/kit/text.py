"""Lines of Chinese text: where they may end, how they are justified. All lengths here are in em.

Rules kept (GB/T 15834, common typesetting practice): no closing mark begins a line, no opening mark ends one.
Numbers and words stay whole, ``——`` and ``……`` too. Neighbouring marks share half a character, an opening
mark at the beginning of a line hangs out its blank half. A line is squeezed a little to take in a closing
mark rather than pushing a character to the next line.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from reports.kit.fonts import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.kit.fonts import Chain, Glyph

NO_START = frozenset("，。、；：？！）》〉」』】〕］｝”’·～％‰℃,.;:?!)]}%°")
NO_END = frozenset("（《〈「『【〔［｛“‘￥＄№([{$¥")
_CLOSING = frozenset("，。、；：）》〉」』】〕］｝”’")  # ink in the left half
_OPENING = frozenset("（《〈「『【〔［｛“‘")  # ink in the right half
_HALF = 0.5
_FULL = 0.9  # a mark narrower than this has no blank half to share
SQUEEZE = 0.045  # of an em, per gap, at most
STRETCH = 0.4  # of an em, per gap; beyond it a line stays ragged
_WHOLE = re.compile(
    r"[+-]?[0-9A-Za-z\u00c0-\u024f]+(?:[.,:/\-+_@*'&#]+[0-9A-Za-z\u00c0-\u024f]+)*[%‰]?|——|……|.", re.DOTALL
)


class Atom(NamedTuple):
    """What a line break does not split: a word, or one character."""

    text: str
    glyphs: tuple[Glyph, ...]
    width: float
    word: bool  # no space is added inside

    @property
    def blank(self) -> bool:
        """Whether this is a space, which may vanish at either end of a line."""
        return self.text == " "


class Piece(NamedTuple):
    """Glyphs of one font drawn at once."""

    font: int
    glyphs: tuple[int, ...]
    text: str
    word: bool  # a gap follows the last glyph only, not each
    joined: bool  # not even the last: the word goes on in another font
    overlap: float  # how far the next piece moves back over the last glyph


@dataclass(frozen=True, slots=True)
class Line:
    """A line ready to be drawn."""

    text: str
    pieces: tuple[Piece, ...]
    width: float  # set solid
    gaps: int  # places that can be stretched or squeezed
    lead: float  # indent if positive, hanging half mark if negative
    room: float  # the width it was broken for, without the indent
    last: bool = True

    def tracking(self, room: float | None = None, natural: float = 0.0) -> float:
        """Return the space to add at each gap.

        ``room`` is the width to fill if it differs from the one the line was broken for; ``natural`` is the
        tracking of lines that are not justified.
        """
        target = self.room if room is None else room
        fill = (target - self.width) / self.gaps if self.gaps else 0.0
        if self.last or fill > STRETCH:
            return min(natural, fill)
        return fill

    def extent(self, tracking: float = 0.0) -> float:
        """Return the drawn width at ``tracking``."""
        return self.width + tracking * self.gaps


def one_line(text: str, chain: Chain) -> Line:
    """Set ``text`` on one line, however long."""
    return _line(_atoms(visible(text), chain), 0.0, math.inf, last=True)


def break_lines(text: str, chain: Chain, room: float, indent: float = 0.0) -> tuple[Line, ...]:
    """Break ``text`` into lines of at most ``room`` (squeezed); the first one begins ``indent`` later.

    A word longer than a line is broken anywhere; where no lawful break exists the line is filled.
    """
    atoms = _atoms(visible(text).strip(" "), chain, room - indent)
    lines: list[Line] = []
    start = 0
    while start < len(atoms):
        lead = indent if start == 0 and indent else _hang(atoms[start])
        end = _line_end(atoms, start, room - lead)
        used = atoms[start:end]
        while used[-1].blank and len(used) > 1:
            used = used[:-1]
        while end < len(atoms) and atoms[end].blank:
            end += 1
        lines.append(_line(used, lead, room - lead, last=end == len(atoms)))
        start = end
    return tuple(lines)


def _atoms(text: str, chain: Chain, limit: float = math.inf) -> list[Atom]:
    """Cut ``text`` into atoms; a word wider than ``limit`` into its characters."""
    atoms: list[Atom] = []
    for part in _WHOLE.findall(text):
        glyphs = tuple(chain[char] for char in part)
        width = sum(glyph.advance for glyph in glyphs)
        word = len(part) > 1 or (part.isascii() and part != " ")
        if width > limit and len(part) > 1:
            atoms += [
                Atom(char, (glyph,), glyph.advance, True) for char, glyph in zip(part, glyphs, strict=True)
            ]
        else:
            atoms.append(Atom(part, glyphs, width, word))
    return atoms


def _hang(atom: Atom) -> float:
    return -_HALF if atom.text in _OPENING and atom.width >= _FULL else 0.0


def _shared(left: Atom, right: Atom) -> float:
    """Return the blank that two neighbouring marks share."""
    if left.width < _FULL or right.width < _FULL:
        return 0.0
    if left.text in _CLOSING:
        return _HALF if right.text in _CLOSING or right.text in _OPENING else 0.0
    return _HALF if left.text in _OPENING and right.text in _OPENING else 0.0


def _line_end(atoms: Sequence[Atom], start: int, room: float) -> int:
    """Return the index after the last atom of the line that begins at ``start``."""
    width = 0.0
    best = fit = pulled = start
    for end, solid in _growing(atoms, start):
        width = solid
        if width > room + SQUEEZE * (end - start - 1) + 1e-9:
            break
        lawful = may_break(atoms, end)
        if width <= room + 1e-9:
            fit = end
            best = end if lawful else best
        elif lawful and atoms[end - 1].text[-1] in NO_START:
            pulled = end
    if fit == len(atoms):
        return fit
    return max(pulled, best) if max(pulled, best) > start else max(fit, start + 1)


def _growing(atoms: Sequence[Atom], start: int) -> Iterator[tuple[int, float]]:
    """Yield (end, width) of the lines from ``start``, one atom longer each time, not ending in a space."""
    width = 0.0
    for end in range(start + 1, len(atoms) + 1):
        atom = atoms[end - 1]
        width += atom.width
        if end - 1 > start:
            width -= _shared(atoms[end - 2], atom)
        if not atom.blank:
            yield end, width


def may_break(atoms: Sequence[Atom], end: int) -> bool:
    """Return whether a line may end before ``atoms[end]``, looking past spaces."""
    after = end
    while after < len(atoms) and atoms[after].blank:
        after += 1
    if after == len(atoms):
        return True
    before = end - 1
    while before > 0 and atoms[before].blank:
        before -= 1
    return atoms[after].text[0] not in NO_START and atoms[before].text[-1] not in NO_END


def _line(atoms: Sequence[Atom], lead: float, room: float, *, last: bool) -> Line:
    overlaps = [*(_shared(left, right) for left, right in pairwise(atoms)), 0.0][: len(atoms)]
    return Line(
        text="".join(atom.text for atom in atoms),
        pieces=tuple(_pieces(atoms, overlaps)),
        width=sum(atom.width for atom in atoms) - sum(overlaps),
        gaps=max(len(atoms) - 1, 0),
        lead=lead,
        room=room,
        last=last,
    )


def _pieces(atoms: Sequence[Atom], overlaps: Sequence[float]) -> Iterator[Piece]:
    """Group glyphs that one drawing operator can show: one font, one word or no word, no overlap inside."""
    open_run: list[Glyph] = []
    for atom, overlap in zip(atoms, overlaps, strict=True):
        if atom.word:
            if open_run:
                yield _piece(open_run)
                open_run = []
            yield from _word(atom, overlap)
            continue
        glyph = atom.glyphs[0]
        if open_run and open_run[-1].font != glyph.font:
            yield _piece(open_run)
            open_run = []
        open_run.append(glyph)
        if overlap:
            yield _piece(open_run, overlap=overlap)
            open_run = []
    if open_run:
        yield _piece(open_run)


def _word(atom: Atom, overlap: float) -> Iterator[Piece]:
    runs = [list(run) for _, run in groupby(atom.glyphs, key=lambda glyph: glyph.font)]
    for run in runs[:-1]:
        yield _piece(run, word=True, joined=True)
    yield _piece(runs[-1], word=True, overlap=overlap)


def _piece(run: Sequence[Glyph], *, word: bool = False, joined: bool = False, overlap: float = 0.0) -> Piece:
    glyphs = tuple(glyph.glyph for glyph in run)
    return Piece(run[0].font, glyphs, "".join(glyph.text for glyph in run), word, joined, overlap)
