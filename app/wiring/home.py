"""The board, the list and the card of the window, filled from the quick reader and the office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.ids import EntityId
from app.domain.region import is_within
from app.queries import board, household_list
from app.queries.board import RoundName
from app.ui.desk import HomeDesk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.changes import Changes
    from app.domain.ids import Value
    from app.queries.board import Board, ScopeName
    from app.queries.case_card import CaseCard, MaskedField
    from app.queries.household_list import ChipCount, HouseholdLine, ListQuery
    from app.wiring.room import Room

_PAGE = 128


def home_desk(room: Room) -> HomeDesk:
    """Return the callables of the home page."""
    return HomeDesk(
        rounds=partial(_rounds, room),
        scopes=partial(_scopes, room),
        board=partial(_board, room),
        ids=partial(_ids, room),
        lines=partial(_lines, room),
        chips=partial(_chips, room),
        card=partial(_card, room),
        reveal=partial(_reveal, room),
        act=partial(_act, room),
        first_ids=partial(_first_ids, room),
        warm_search=partial(household_list.warm_search, room.source),
    )


def _rounds(room: Room) -> Sequence[RoundName]:
    places, own = room.places, room.facts.scope
    found: list[RoundName] = []
    for line in board.round_lines(room.source, own):
        # A village that began by itself has a round of its own: say whose it is.
        narrower = line.scope != own and is_within(own, line.scope)
        name = f"{line.name}（{places.get(line.scope, line.scope)}）" if narrower else line.name
        found.append(RoundName(line.id, name, line.is_open))
    return tuple(found)


def _scopes(room: Room) -> Sequence[ScopeName]:
    return board.scope_names(room.places, room.facts.scope)


def _board(room: Room, scope: str, round_id: str, workflow: str) -> Board:
    return board.get_board(room.source, room.look(), scope, round_id, workflow)


def _ids(room: Room, query: ListQuery) -> Sequence[int]:
    return household_list.list_ids(room.source, room.look(), query)


def _first_ids(room: Room, query: ListQuery) -> Sequence[int]:
    return household_list.list_ids(room.source, room.look(), query, limit=_PAGE)


def _lines(room: Room, numbers: Sequence[int]) -> Sequence[HouseholdLine]:
    return household_list.lines(room.source, room.look(), numbers)


def _chips(room: Room, query: ListQuery) -> tuple[ChipCount, ...]:
    return household_list.chip_counts(room.source, room.look(), query)


def _card(room: Room, household: str, case: str) -> CaseCard:
    from app.domain.action import Acting
    from app.queries.case import get_case_card

    office, look = room.office, room.look()
    acting = Acting(office.level, office.actor.person, look.today)
    with room.read() as conn:
        return get_case_card(conn, look, household, case, acting)


def _reveal(room: Room, field: MaskedField) -> str:
    from app.domain.ids import Kind
    from app.queries import rows

    with room.read() as conn:
        value = rows.get(conn, Kind(field.kind), field.entity).get(field.field, "")
    with room.office.workspace.write(room.office.actor) as tx:
        tx.audit("reveal", field.entity, {"kind": field.kind, "field": field.field})
    return str(value)


def _act(room: Room, case: str, action: str, data: Mapping[str, Value]) -> Changes:
    from app.usecases.cases import act_on_case

    return act_on_case(room.office, EntityId(case), action, data)
