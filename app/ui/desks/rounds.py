"""What the page of the rounds is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.domain.changes import Changes
    from app.queries.round import RoundSheet, UnfinishedLine


@dataclass(frozen=True, slots=True)
class PackOffer:
    """A policy pack to open a round with, and the line it has for this area today (None: it has none)."""

    ref: str
    name: str
    line_fen: int | None
    line_doc: str


@dataclass(frozen=True, slots=True)
class RoundWish:
    """A round to open; ``line_fen`` None opens it without a line (未设标准).

    ``along`` maps every unfinished case to True (taken along) or False (closed).
    """

    name: str
    year: int
    pack: str
    line_fen: int | None
    line_doc: str
    along: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class RoundsDesk:
    """Reads and writes of rounds; ``set_line(round, fen, document)``."""

    rounds: Callable[[], tuple[RoundSheet, ...]]
    packs: Callable[[], tuple[PackOffer, ...]]
    unfinished: Callable[[], tuple[UnfinishedLine, ...]]
    open_round: Callable[[RoundWish], Changes]
    set_line: Callable[[str, int, str], Changes]
