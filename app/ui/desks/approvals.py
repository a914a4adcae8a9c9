"""What the pages of the township's checks and the county's approvals are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.domain.changes import Changes
    from app.queries.sampling import SampleLine


@dataclass(frozen=True, slots=True)
class ApprovalsDesk:
    """``draw(cases, seed, rate)``: ``rate`` is per mille, 0 for the pack's; ``again`` draws anew to compare.

    ``again(sample, cases)`` tells whether the same households come out of these.
    """

    samples: Callable[[str], Sequence[SampleLine]]
    draw: Callable[[Sequence[str], str, int], Changes]
    again: Callable[[SampleLine, Sequence[str]], bool]
