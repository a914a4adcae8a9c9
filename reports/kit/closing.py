"""The end of an official paper: issuer, date and room for the seal (GB/T 9704-2012, 7.3.5). Points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.kit.page import BODY_LEADING, BODY_SIZE, MM, base
from reports.kit.text import one_line

if TYPE_CHECKING:
    from reports.kit.flow import Flow
    from reports.kit.fonts import Role

SEAL = 42 * MM  # diameter of a round seal
_FROM_RIGHT = 4  # characters between the date and the right edge
_SEAL_RISE = 3 * MM  # the seal's centre above the middle of issuer and date
_SEAL_GAP = 0.4 * BODY_LEADING  # between the text and the seal: less than one line


@dataclass(frozen=True, slots=True)
class Closing:
    """Issuer and date under a paper; the seal is pressed over both, so its circle is kept free of text."""

    issuer: str
    date: str
    role: Role

    @property
    def height(self) -> float:
        """Room the block takes, seal included."""
        return _SEAL_GAP + SEAL

    def draw(self, flow: Flow) -> None:
        """Draw the block where ``flow`` stands; the caller has made sure that it fits."""
        paper = flow.paper
        chain = paper.fonts.chain(self.role)
        issuer, date = one_line(self.issuer, chain), one_line(self.date, chain)
        limit = paper.geometry.limit
        middle = limit - (_FROM_RIGHT + date.width / 2) * BODY_SIZE
        middle = min(middle, limit - issuer.width * BODY_SIZE / 2)
        seal_centre = flow.y - _SEAL_GAP - SEAL / 2
        top = seal_centre - _SEAL_RISE + BODY_LEADING
        for line in (issuer, date):
            paper.draw(line, (middle - line.width * BODY_SIZE / 2, base(top, BODY_SIZE)), BODY_SIZE)
            top -= BODY_LEADING
        flow.y -= self.height
