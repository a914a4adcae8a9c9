"""What the comparison part of a step's page is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from app.domain.changes import Changes
    from app.domain.comparison import Ruling
    from app.domain.ids import Value
    from app.queries.comparison import HitLine
    from app.usecases.hit_imports import HitCheck, HitImport


@dataclass(frozen=True, slots=True)
class HitsDesk:
    """``choices(case)`` are (code, words) of the lists "member", "register", "hit_verdict", "hit_reason".

    ``check(case, file)`` looks at a department's list, ``take(case, file)`` records what it matched; both
    go to every case at the same step of the round.
    """

    hits: Callable[[str], Sequence[HitLine]]
    choices: Callable[[str], Mapping[str, tuple[tuple[str, str], ...]]]
    sign: Callable[[str, str], Changes]
    add: Callable[[str, Mapping[str, Value]], Changes]
    judge: Callable[[str, Ruling], Changes]
    strike: Callable[[str, str], Changes]
    check: Callable[[str, Path], HitCheck]
    take: Callable[[str, Path], HitImport]
