"""Income lines by region and date; the line a case is judged by is frozen into it.

line = choose_line(pack.lines, "530102001201", identified_on)   # None: 未设标准
fields = frozen_fields(line)                                     # for a round or a case
line = frozen_line(case_values)                                  # back again
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from app.domain.ids import Value


@dataclass(frozen=True, slots=True)
class Line:
    """One line in force for a region (a code prefix, "" = the whole country) in a span of days.

    ``fen`` is income per head and year in fen. ``valid_from`` and ``valid_to`` are both included, the latter
    None = open end.
    ``indicator`` says which income is compared, ``basis`` at which year's prices.
    """

    id: str
    region: str
    programme: str
    indicator: str
    fen: int
    valid_from: date
    valid_to: date | None = None
    basis: str = ""
    doc: str = ""
    note: str = ""
    demo: bool = False

    def holds_on(self, day: date) -> bool:
        """Tell whether the line is in force on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """The line as written into a round or a case: fen per head and year, and its document."""

    fen: int
    doc: str = ""


def choose_line(lines: Iterable[Line], region: str, day: date, programme: str = "") -> Line | None:
    """Return the line for a 12-digit region on a day: the narrowest region that has one, else None.

    ``programme`` narrows the choice where a pack keeps lines of several programmes.
    """
    fitting = [
        line
        for line in lines
        if region.startswith(line.region) and line.holds_on(day) and programme in {"", line.programme}
    ]
    return max(fitting, key=lambda line: (len(line.region), line.valid_from), default=None)


def frozen_fields(line: Line | None) -> dict[str, Value]:
    """Return the ``line_fen`` and ``line_doc`` to write; both empty when there is no line."""
    return {"line_fen": line.fen, "line_doc": line.doc} if line else {"line_fen": "", "line_doc": ""}


def frozen_line(values: Mapping[str, Value]) -> FrozenLine | None:
    """Return the line frozen into a round or case, or None: 未设标准."""
    fen = values.get("line_fen", "")
    if not isinstance(fen, int):
        return None
    return FrozenLine(fen, str(values.get("line_doc", "")))


def overlapping(lines: Iterable[Line]) -> tuple[Line, Line] | None:
    """Return two lines of one region and programme that hold on a common day, or None."""
    ordered = sorted(lines, key=lambda line: (line.region, line.programme, line.valid_from))
    for first, second in pairwise(ordered):
        same = (first.region, first.programme) == (second.region, second.programme)
        if same and first.holds_on(second.valid_from):
            return first, second
    return None
