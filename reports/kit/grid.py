"""Ruled tables over any number of pages: repeated head, rows as high as their text. Lengths are in points.

Time and memory grow with the number of rows only: rows are laid out and drawn one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from itertools import accumulate
from typing import TYPE_CHECKING

from reports.kit.flow import COMPANY
from reports.kit.fonts import Role
from reports.kit.page import MM, base
from reports.kit.text import break_lines, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.kit.flow import Flow
    from reports.kit.fonts import Chain
    from reports.kit.text import Line

_SHRINK = 0.85  # a cell that fits one line at this part of its size is shrunk rather than broken
_MEMORY = 20_000  # cells whose layout is remembered


class Align(Enum):
    """Where a cell's text stands; the value is the part of the free room left of it."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``width`` counts in proportion to the others."""

    title: str
    width: float = 1.0
    align: Align = Align.CENTRE


@dataclass(frozen=True, slots=True)
class GridStyle:
    """Sizes and rules of a table."""

    size: float = 10.5
    role: Role = Role.SONG
    head_role: Role = Role.HEI
    leading: float = 1.25  # of the size
    pad_x: float = 1.5 * MM
    pad_y: float = 1.2 * MM
    min_row: float = 8 * MM
    inner: float = 0.5
    frame: float = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """Text laid out for one column."""

    lines: tuple[Line, ...]
    size: float


@dataclass(slots=True)
class Grid:
    """A table across the type area of ``flow``."""

    flow: Flow
    columns: Sequence[Column]
    style: GridStyle = field(default_factory=GridStyle)
    _edges: tuple[float, ...] = field(init=False)
    _head: tuple[Cell, ...] = field(init=False)
    _memory: dict[tuple[int, str], Cell] = field(init=False, default_factory=dict[tuple[int, str], Cell])
    _chain: Chain = field(init=False)
    _top: float = field(init=False, default=0.0)  # of the part on this page

    def __post_init__(self) -> None:
        """Share the width out and lay the head out."""
        geometry = self.flow.paper.geometry
        total = sum(column.width for column in self.columns)
        widths = [column.width / total * geometry.measure for column in self.columns]
        self._edges = tuple(accumulate(widths, initial=geometry.left))
        fonts = self.flow.paper.fonts
        self._chain = fonts.chain(self.style.role)
        head_chain = fonts.chain(self.style.head_role)
        self._head = tuple(
            self._fit(column.title, index, head_chain) for index, column in enumerate(self.columns)
        )

    def draw(self, rows: Sequence[Sequence[str]], reserve: float = 0.0) -> None:
        """Draw the table; at least the last two rows stand on the page that has ``reserve`` free below."""
        self._begin(self._need(rows, 0, reserve))
        for index, row in enumerate(rows):
            if self._need(rows, index, reserve) > self.flow.room and self.flow.y < self._first_row_top:
                self._next_page()
            self._place(self._row(row))
        self._end()

    def _need(self, rows: Sequence[Sequence[str]], index: int, reserve: float) -> float:
        """Return the height that must be free for row ``index`` to go on this page."""
        if len(rows) - index == min(COMPANY, len(rows)):
            return sum(self._height(self._row(row)) for row in rows[index:]) + reserve
        return self._height(self._row(rows[index]))

    @property
    def _first_row_top(self) -> float:
        return self._top - self._height(self._head)

    def _place(self, cells: Sequence[Cell]) -> None:
        """Draw a row; one that is higher than a page goes on on the next."""
        while self._height(cells) > self.flow.room:
            room = self.flow.room - 2 * self.style.pad_y
            above = [self._first_lines(cell, room) for cell in cells]
            self._draw_row(above, [column.align for column in self.columns])
            cells = [
                Cell(cell.lines[len(part.lines) :], cell.size)
                for cell, part in zip(cells, above, strict=True)
            ]
            if not any(cell.lines for cell in cells):
                return
            self._next_page()
        self._draw_row(cells, [column.align for column in self.columns])

    def _first_lines(self, cell: Cell, room: float) -> Cell:
        count = max(int(room / (cell.size * self.style.leading)), 1)
        return Cell(cell.lines[:count], cell.size)

    def _begin(self, need: float) -> None:
        """Draw the head where ``need`` fits below it."""
        if self._height(self._head) + need > self.flow.room:
            self.flow.break_page()
        self._top = self.flow.y
        self._draw_row(self._head, [Align.CENTRE] * len(self.columns))

    def _next_page(self) -> None:
        self._end()
        self.flow.break_page()
        self._begin(0.0)

    def _end(self) -> None:
        """Rule the columns and the frame of the part on this page."""
        paper, bottom = self.flow.paper, self.flow.y
        for x in self._edges[1:-1]:
            paper.rule((x, self._top), (x, bottom), self.style.inner)
        corner = (self._edges[0], bottom)
        paper.box(corner, (self._edges[-1] - self._edges[0], self._top - bottom), self.style.frame)

    def _row(self, texts: Sequence[str]) -> tuple[Cell, ...]:
        return tuple(self._cell(index, text) for index, text in enumerate(texts))

    def _cell(self, index: int, text: str) -> Cell:
        key = (index, text)
        cell = self._memory.get(key)
        if cell is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            cell = self._memory[key] = self._fit(text, index, self._chain)
        return cell

    def _fit(self, text: str, index: int, chain: Chain) -> Cell:
        """Lay a cell out: on one line, on one a little smaller, or on several."""
        size = self.style.size
        room = self._edges[index + 1] - self._edges[index] - 2 * self.style.pad_x
        if "\n" not in text:
            line = one_line(text, chain)
            needed = line.width * size
            if needed <= room:
                return Cell((line,), size)
            if needed * _SHRINK <= room:
                return Cell((line,), int(room / line.width * 20) / 20)
        lines: list[Line] = []
        for part in text.split("\n"):
            lines += break_lines(part, chain, room / size) or (one_line("", chain),)
        return Cell(tuple(lines), size)

    def _height(self, cells: Sequence[Cell]) -> float:
        text = max(len(cell.lines) * cell.size for cell in cells) * self.style.leading
        return max(text + 2 * self.style.pad_y, self.style.min_row)

    def _draw_row(self, cells: Sequence[Cell], aligns: Sequence[Align]) -> None:
        flow, height = self.flow, self._height(cells)
        for index, (cell, align) in enumerate(zip(cells, aligns, strict=True)):
            left = self._edges[index] + self.style.pad_x
            room = self._edges[index + 1] - self.style.pad_x - left
            self._draw_cell(cell, (left, flow.y - height / 2), room, align)
        flow.y -= height
        flow.paper.rule((self._edges[0], flow.y), (self._edges[-1], flow.y), self.style.inner)

    def _draw_cell(self, cell: Cell, middle: tuple[float, float], room: float, align: Align) -> None:
        """Draw a cell's lines around the height ``middle[1]``, from ``middle[0]`` on."""
        leading = cell.size * self.style.leading
        top = middle[1] + (len(cell.lines) * leading - (leading - cell.size)) / 2
        for line in cell.lines:
            tracking = min(line.tracking(), 0.0)
            free = room - (line.extent(tracking) + line.lead) * cell.size
            x = middle[0] + max(free, 0.0) * align.value
            self.flow.paper.draw(line, (x, base(top, cell.size)), cell.size, tracking)
            top -= leading
