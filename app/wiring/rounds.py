"""The page of the rounds, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId
from app.domain.lines import Line, choose_line
from app.ui.desks.rounds import PackOffer, RoundsDesk

if TYPE_CHECKING:
    from app.domain.changes import Changes
    from app.queries.round import RoundSheet, UnfinishedLine
    from app.ui.desks.rounds import RoundWish
    from app.wiring.room import Room


def rounds_desk(room: Room) -> RoundsDesk:
    """Return the callables of the page of the rounds."""
    return RoundsDesk(
        rounds=partial(_rounds, room),
        packs=partial(_packs, room),
        unfinished=partial(_unfinished, room),
        open_round=partial(_open, room),
        set_line=partial(_set_line, room),
    )


def _rounds(room: Room) -> tuple[RoundSheet, ...]:
    from app.queries.round import round_sheets

    with room.read() as conn:
        return round_sheets(conn, room.look(), room.facts.scope)


def _packs(room: Room) -> tuple[PackOffer, ...]:
    from app.usecases.policy import DEFAULT

    today, packs = room.look().today, room.office.policy.packs
    found: list[PackOffer] = []
    for ref in sorted(packs, key=lambda one: (one != DEFAULT, one)):
        line = choose_line(packs[ref].lines, room.facts.scope, today)
        found.append(PackOffer(ref, packs[ref].name, line.fen if line else None, line.doc if line else ""))
    return tuple(found)


def _unfinished(room: Room) -> tuple[UnfinishedLine, ...]:
    from app.queries.round import unfinished_lines
    from app.usecases.rounds import unfinished_cases

    cases = unfinished_cases(room.office)
    with room.read() as conn:
        return unfinished_lines(conn, room.look(), cases, room.facts.level)


def _open(room: Room, wish: RoundWish) -> Changes:
    from app.usecases.rounds import NewRound, open_round

    line = _line(room, wish.line_fen, wish.line_doc) if wish.line_fen is not None else None
    return open_round(room.office, NewRound(wish.name, wish.year, wish.pack, line, wish.along))


def _set_line(room: Room, round_id: str, fen: int, doc: str) -> Changes:
    from app.usecases.rounds import set_line

    return set_line(room.office, EntityId(round_id), _line(room, fen, doc))


def _line(room: Room, fen: int, doc: str) -> Line:
    from app.ui.texts import t
    from app.usecases.rounds import IDENTIFY

    return Line("given", room.facts.scope, IDENTIFY, t("rounds.indicator"), fen, room.look().today, doc=doc)
