"""The draws of a round: what they were drawn from, with which seed, and what still waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.ids import Kind
from app.queries import rows

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One draw; ``rate`` is per mille, ``cases`` the ids drawn, ``waiting`` those without a result yet."""

    id: str
    round: str
    workflow: str
    seed: str
    rate: int
    size: int
    drawn_on: str
    population: str
    cases: tuple[str, ...]
    waiting: tuple[str, ...]


def samples(conn: Connection, round_id: str) -> tuple[SampleLine, ...]:
    """Return the draws of a round that were not struck, the latest first."""
    lines: list[SampleLine] = []
    for uid, values in rows.where(conn, Kind.SAMPLE, round=round_id):
        drawn = tuple(rows.text(values, "cases").split())
        cases = rows.many(conn, Kind.CASE, drawn)
        waiting = tuple(case for case in drawn if not cases.get(case, {}).get("sample_result", ""))
        lines.append(
            SampleLine(
                id=uid,
                round=round_id,
                workflow=rows.text(values, "workflow"),
                seed=rows.text(values, "seed"),
                rate=rows.number(values, "rate"),
                size=rows.number(values, "size"),
                drawn_on=rows.text(values, "drawn_on"),
                population=rows.text(values, "population"),
                cases=drawn,
                waiting=waiting,
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.drawn_on, line.id), reverse=True))
