"""Text and blocks set one below the other, page after page. Lengths are in points unless they say em."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.kit.page import base
from reports.kit.text import break_lines
from reports.kit.title import title_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.kit.fonts import Role
    from reports.kit.page import Paper
    from reports.kit.text import Line

COMPANY = 2  # lines or rows that go with a block which must not stand alone


@dataclass(frozen=True, slots=True)
class Style:
    """How running text is set."""

    role: Role
    size: float
    leading: float
    indent: float = 0.0  # of a first line, em
    characters: float = 0.0  # em a line is broken for; 0: what the width holds
    tracking: float = 0.0  # of lines that are not justified, em


@dataclass(frozen=True, slots=True)
class Slot:
    """One line of running text, waiting for its place."""

    line: Line
    style: Style
    first: bool  # of its paragraph
    last: bool  # of its paragraph


class Flow:
    """The place on a paper where the next block goes: ``y`` is the upper edge of the free room."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.geometry = paper.geometry
        self.y = 0.0
        self.break_page()

    def break_page(self) -> None:
        """Go to the top of a new page."""
        self.paper.new_page()
        self.y = self.geometry.ceiling

    @property
    def room(self) -> float:
        """Height still free on this page."""
        return self.y - self.geometry.bottom

    def skip(self, height: float) -> None:
        """Leave room free; at the top of a page nothing is left."""
        if self.y < self.geometry.ceiling:
            self.y -= height

    def title(self, text: str, style: Style) -> None:
        """Set a centred title in lines of even length."""
        measure = self.geometry.measure
        for line in title_lines(text, self.paper.fonts.chain(style.role), measure / style.size):
            x = self.geometry.left + (measure - line.width * style.size) / 2
            self.paper.draw(line, (x, base(self.y, style.size)), style.size)
            self.y -= style.leading

    def slots(self, paragraphs: Sequence[str], style: Style) -> list[Slot]:
        """Break paragraphs into lines for ``lines``."""
        characters = style.characters or self.geometry.measure / style.size
        chain = self.paper.fonts.chain(style.role)
        out: list[Slot] = []
        for paragraph in paragraphs:
            broken = break_lines(paragraph, chain, characters, style.indent)
            out += [
                Slot(line, style, number == 0, number == len(broken) - 1)
                for number, line in enumerate(broken)
            ]
        return out

    def lines(self, slots: Sequence[Slot], reserve: float = 0.0) -> None:
        """Set lines; at least the last two stand on the page that also has ``reserve`` free below them."""
        for index, slot in enumerate(slots):
            if self._breaks_before(slots, index, reserve):
                self.break_page()
            self._set(slot)

    def _breaks_before(self, slots: Sequence[Slot], index: int, reserve: float) -> bool:
        """Return whether a page ends here: no room, or one line of a paragraph would be left alone."""
        slot = slots[index]
        need = slot.style.leading
        following = slots[index + 1 :][:COMPANY]
        if slot.first and not slot.last:
            need += following[0].style.leading
        if following and following[0].last and not slot.last and not slot.first:
            need += following[0].style.leading
        if len(slots) - index == min(COMPANY, len(slots)):
            need = sum(rest.style.leading for rest in slots[index:]) + reserve
        return need > self.room + 0.01 and self.y < self.geometry.ceiling

    def _set(self, slot: Slot) -> None:
        style, line = slot.style, slot.line
        width = self.geometry.measure / style.size - line.lead
        tracking = line.tracking(width, style.tracking)
        self.paper.draw(line, (self.geometry.left, base(self.y, style.size)), style.size, tracking)
        self.y -= style.leading
