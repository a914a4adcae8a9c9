"""Commands about households that split, turn out to be one, move, or should not be there."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from app.cli.desk import written
from app.cli.reads import find_household
from app.domain.errors import BadInput
from app.domain.ids import EntityId, is_entity_id
from app.domain.region import place_code
from app.queries.late_moves import late_changes, new_home_of
from app.queries.running import running_cases
from app.queries.ties import papers_of
from app.ui.running_words import running_words
from app.usecases import belonging
from app.usecases.late_moves import carry_over

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from app.cli.desk import Desk, Result
    from app.queries.late_moves import LateChange


def split(desk: Desk, arguments: Namespace) -> Result:
    """Split members off."""
    going = _relations(arguments.going)
    home = belonging.NewHome(arguments.group, arguments.address)
    household = find_household(desk, arguments.id)
    return written(belonging.split(desk.office, household, going, home, arguments.reason))


def unite(desk: Desk, arguments: Namespace) -> Result:
    """Put a second registration behind the one that is kept."""
    kept, double = find_household(desk, arguments.kept), find_household(desk, arguments.double)
    bring = _relations(arguments.bring)
    return written(belonging.unite(desk.office, kept, double, bring, arguments.reason))


def _relations(pairs: Iterable[str]) -> dict[EntityId, str]:
    found: dict[EntityId, str] = {}
    for pair in pairs:
        member, _, relation = pair.partition("=")
        if not is_entity_id(member):
            raise BadInput("cli.no_member", given=member)
        found[EntityId(member)] = relation
    return found


def part(desk: Desk, arguments: Namespace) -> Result:
    """Take that back."""
    return written(belonging.part(desk.office, find_household(desk, arguments.id), arguments.reason))


def void(desk: Desk, arguments: Namespace) -> Result:
    """Strike a household, or tell what would stop with it."""
    if arguments.preview:
        household = find_household(desk, arguments.id)
        with desk.office.workspace.read() as conn:
            running = running_cases(conn, desk.office.policy, household)
        return {"running": [asdict(one) for one in running], "sentences": list(running_words(running))}
    return written(belonging.void(desk.office, find_household(desk, arguments.id), arguments.reason))


def restore(desk: Desk, arguments: Namespace) -> Result:
    """Bring a struck household back."""
    return written(belonging.restore(desk.office, find_household(desk, arguments.id), arguments.reason))


def move(desk: Desk, arguments: Namespace) -> Result:
    """Move a household to another village, with the list of its papers."""
    household = find_household(desk, arguments.id)
    with desk.office.workspace.read() as conn:
        papers = papers_of(conn, desk.office.policy, household)
    to = belonging.Move(
        place_code(arguments.to), arguments.on, arguments.group, arguments.address, arguments.reason, papers
    )
    return written(belonging.move(desk.office, household, to))


def late(desk: Desk, arguments: Namespace) -> Result:
    """Print what was written about a household after it had moved away; with KEYs carry that over."""
    household = find_household(desk, arguments.id)
    if arguments.keys:
        return written(carry_over(desk.office, household, arguments.keys, arguments.reason))
    with desk.office.workspace.read() as conn:
        found = late_changes(conn, desk.office.policy, household)
        return {"household": new_home_of(conn, household), "late": [_late(one) for one in found]}


def _late(one: LateChange) -> dict[str, object]:
    told = {"key": one.key, "kind": str(one.kind), "field": one.field, "about": one.about}
    return {**told, "carried": one.carried, "written": one.late, "now": one.now}


def unmove(desk: Desk, arguments: Namespace) -> Result:
    """Undo a move."""
    found = find_household(desk, arguments.id)
    return written(belonging.take_back_move(desk.office, found, arguments.reason))
