"""The page on which households split, unite and move, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.domain.household import HEAD
from app.domain.ids import EntityId, Kind, Level
from app.domain.region import is_within, level_of
from app.queries.household_list import ListQuery, lines, list_ids
from app.ui.desks.belonging import BelongingDesk, BelongingFile, PersonHere
from app.ui.desks.choice import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.domain.changes import Changes
    from app.queries.household_list import HouseholdLine
    from app.ui.desks.belonging import Moving, Splitting
    from app.usecases.office import Office
    from app.wiring.room import Room

_FOUND = 50


def belonging_desk(room: Room) -> BelongingDesk:
    """Return the callables of the page."""
    from app.usecases import belonging

    return BelongingDesk(
        file=partial(_file, room),
        relations=partial(_relations, room),
        villages=partial(_villages, room),
        find=partial(_find, room),
        split=partial(_split, room),
        unite=partial(_unite, room),
        part=partial(_act, room, belonging.part),
        void=partial(_act, room, belonging.void),
        restore=partial(_act, room, belonging.restore),
        move=partial(_move, room),
        unmove=partial(_act, room, belonging.take_back_move),
        carry=partial(_carry, room),
    )


def _file(room: Room, household: str) -> BelongingFile:
    from app.queries import rows
    from app.queries.late_moves import late_changes
    from app.queries.running import running_cases
    from app.queries.ties import papers_of, ties

    relation = room.policy.codes("relation")
    with room.read() as conn:
        values = rows.get(conn, Kind.HOUSEHOLD, household)
        people = rows.where(conn, Kind.MEMBER, household=household)
        found = ties(conn, room.places, household)
        papers = papers_of(conn, room.policy, household)
        running = running_cases(conn, room.policy, household)
        late = late_changes(conn, room.policy, household)
    present = [(uid, m) for uid, m in people if m.get("status", "") in {"", "present"}]
    members = tuple(
        PersonHere(
            uid,
            rows.text(m, "name"),
            rows.text(m, "relation"),
            relation.label(rows.text(m, "relation")),
            m.get("relation") == HEAD,
        )
        for uid, m in sorted(present, key=lambda one: (rows.text(one[1], "relation") or "~", one[0]))
    )
    head = next((m.name for m in members), "")
    return BelongingFile(
        household,
        head,
        rows.text(values, "code"),
        room.places.get(rows.text(values, "village"), rows.text(values, "village")),
        rows.text(values, "status") or "active",
        members,
        found,
        papers,
        running,
        late,
    )


def _carry(room: Room, household: str, keys: Sequence[str], reason: str) -> Changes:
    from app.usecases.late_moves import carry_over

    return carry_over(room.office, EntityId(household), keys, reason)


def _relations(room: Room) -> tuple[Choice, ...]:
    return tuple(Choice(code.code, code.label) for code in room.policy.codes("relation").codes)


def _villages(room: Room, household: str) -> tuple[Choice, ...]:
    """Return the villages of the desk's area a household may move to."""
    from app.queries import rows

    with room.read() as conn:
        own = rows.text(rows.get(conn, Kind.HOUSEHOLD, household), "village")
    inside = [code for code in room.places if is_within(room.facts.scope, code)]
    known = sorted(code for code in inside if level_of(code) is Level.VILLAGE and code != own)
    return tuple(Choice(code, room.places[code]) for code in known)


def _find(room: Room, text: str, household: str) -> tuple[HouseholdLine, ...]:
    look = room.look()
    with room.read() as conn:
        numbers = list_ids(conn, look, ListQuery(scope=room.facts.scope, text=text), limit=_FOUND)
        found = lines(conn, look, numbers)
    return tuple(line for line in found if line.household != household)


def _split(room: Room, household: str, given: Splitting, reason: str) -> Changes:
    from app.usecases.belonging import NewHome, split

    going = {EntityId(uid): relation for uid, relation in given.going.items()}
    home = NewHome(given.group, given.address)
    return split(room.office, EntityId(household), going, home, reason)


def _unite(room: Room, kept: str, double: str, bring: Mapping[str, str], reason: str) -> Changes:
    from app.usecases.belonging import unite

    people = {EntityId(uid): relation for uid, relation in bring.items()}
    return unite(room.office, EntityId(kept), EntityId(double), people, reason)


def _act(room: Room, act: Callable[[Office, EntityId, str], Changes], household: str, reason: str) -> Changes:
    return act(room.office, EntityId(household), reason)


def _move(room: Room, household: str, to: Moving, reason: str) -> Changes:
    from app.queries.ties import papers_of
    from app.usecases.belonging import Move, move

    with room.read() as conn:
        papers = papers_of(conn, room.policy, household)
    wanted = Move(to.village, to.on, to.group, to.address, reason, papers)
    return move(room.office, EntityId(household), wanted)
