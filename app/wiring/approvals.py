"""Draws of the township, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId
from app.ui.desks.approvals import ApprovalsDesk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.changes import Changes
    from app.queries.sampling import SampleLine
    from app.wiring.room import Room


def approvals_desk(room: Room) -> ApprovalsDesk:
    """Return the callables of the checks and approvals pages."""
    return ApprovalsDesk(samples=partial(_samples, room), draw=partial(_draw, room), again=_again)


def _samples(room: Room, round_id: str) -> Sequence[SampleLine]:
    from app.queries.sampling import samples

    with room.read() as conn:
        return samples(conn, round_id)


def _draw(room: Room, cases: Sequence[str], seed: str, rate: int) -> Changes:
    from app.usecases.samples import draw_sample

    return draw_sample(room.office, [EntityId(case) for case in cases], seed, rate or None)


def _again(sample: SampleLine, cases: Sequence[str]) -> bool:
    from app.domain.sampling import draw

    drawn = draw(sample.seed, sample.rate, cases)
    return (drawn.population, drawn.cases) == (sample.population, tuple(sorted(sample.cases)))
