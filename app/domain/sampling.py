"""Samples of cases drawn for a re-visit, re-runnable by anybody with the seed and the list.

The generator is our own, so that every Python and any other program draws the same: number ``n`` of the
stream of ``seed`` is SHA-256 of the UTF-8 text "seed:n" (n = 0, 1, 2 …) read as a big-endian whole number.
A number below ``m`` is such a number modulo ``m``; numbers at or above the greatest multiple of ``m`` below
2^256 are thrown away, so that no case is favoured. The list is sorted by id, then shuffled from its front
(Fisher and Yates): place ``i`` is exchanged with place ``i`` + a number below ``size - i``; the first
``size of the sample`` places are the sample.

    drawn = draw("2026-township", 100, case_ids)   # 100 per mille, at least one
    drawn.fields()                                  # seed, rate, size, population, cases
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import Refused
from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.domain.ids import Value

_f = partial(FieldDef, Kind.SAMPLE)

SAMPLE_FIELDS = field_table(
    _f("round", FieldType.ID),
    _f("workflow", FieldType.CODE, codelist="workflow"),
    _f("seed", FieldType.TEXT),
    _f("rate", FieldType.NUMBER, unit="per mille"),
    _f("size", FieldType.COUNT),
    _f("drawn_on", FieldType.DATE),
    _f("population", FieldType.DIGEST),
    _f("cases", FieldType.TEXT),  # case ids joined by one space
    _f("void", FieldType.FLAG),
)

_SPACE = 2**256
_WHOLE = 1000  # per mille


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample: ``cases`` sorted by id, ``population`` the digest of everything it was drawn from."""

    seed: str
    rate: int
    population: str
    cases: tuple[str, ...]

    def fields(self) -> dict[str, Value]:
        """Return the fields of the sample."""
        return {
            "seed": self.seed,
            "rate": self.rate,
            "size": len(self.cases),
            "population": self.population,
            "cases": " ".join(self.cases),
        }


def population_digest(ids: Iterable[str]) -> str:
    """Return "sha256:…" of the different ids, sorted, one a line with a newline each."""
    text = "".join(f"{one}\n" for one in sorted(set(ids)))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def sample_size(rate: int, count: int) -> int:
    """Return how many of ``count`` are drawn at ``rate`` per mille: rounded up, so at least one of any."""
    return -(-rate * count // _WHOLE)


def draw(seed: str, rate: int, ids: Iterable[str]) -> Drawn:
    """Draw a sample of ``rate`` per mille (1..1000) of the different ids.

    Raises:
        Refused: ``sampling.no_seed``, ``sampling.rate`` (param ``rate``) or ``sampling.nobody``.
    """
    population = sorted(set(ids))
    if not seed.strip():
        raise Refused("sampling.no_seed")
    if not 1 <= rate <= _WHOLE:
        raise Refused("sampling.rate", rate=rate)
    if not population:
        raise Refused("sampling.nobody")
    numbers = _numbers(seed)
    places = list(population)
    size = sample_size(rate, len(places))
    for i in range(size):
        j = i + _below(len(places) - i, numbers)
        places[i], places[j] = places[j], places[i]
    return Drawn(seed, rate, population_digest(population), tuple(sorted(places[:size])))


def _numbers(seed: str) -> Iterator[int]:
    n = 0
    while True:
        yield int.from_bytes(hashlib.sha256(f"{seed}:{n}".encode()).digest(), "big")
        n += 1


def _below(bound: int, numbers: Iterator[int]) -> int:
    limit = _SPACE - _SPACE % bound
    return next(number % bound for number in numbers if number < limit)
