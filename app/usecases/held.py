"""Look through what a stopped computer wrote late: 采纳 writes it again as one's own, 不采纳 leaves it held.

Either way the new entry names the held one, so every office sees the decision, and the held entry stays in
the history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.changes import Changes
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level
from app.domain.stage import STANDING_FIELDS
from app.journal.authority import permits
from app.queries.held import ADOPTED, DECLINED, Review, held_entries, reviews
from app.queries.journal_rows import entries_of
from app.usecases.enrolment import open_proxy
from app.usecases.office import need_inside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from app.queries.held import Held
    from app.storage.tx import Tx
    from app.usecases.office import Office


def adopt(office: Office, entries: Sequence[str]) -> Changes:
    """Write held entries (their ids) again at this desk, in the order they came in; all of a village or none.

    A township takes over what its village wrote by 代录. What stands now is replaced, as by any correction;
    the act of a step is taken over only while the case still stands where the act found it.

    Raises:
        Refused: ``held.unknown`` (not held, or decided already), ``held.other_level`` (another level's work),
            ``held.moved_on`` (the case has gone on meanwhile), ``region.outside``.
    """
    return _decide(office, entries, ADOPTED)


def declined_before(office: Office, entries: Sequence[str]) -> tuple[str, ...]:
    """Return which of these held entries were declined once, to be said when one is adopted after all."""
    with office.workspace.read() as conn:
        found = held_entries(conn, entries) if entries else ()
        decided = reviews(conn, {one.eid for one in found})
    return tuple(one.entry for one in found if decided.get(one.entry) is Review.DECLINED)


def decline(office: Office, entries: Sequence[str]) -> Changes:
    """Say that held entries are not taken over; they stay held and leave the list of what is open.

    Raises:
        Refused: as ``adopt``, but for ``held.moved_on``.
    """
    return _decide(office, entries, DECLINED)


def _decide(office: Office, entries: Sequence[str], how: str) -> Changes:
    wanted = list(dict.fromkeys(entries))
    with office.workspace.read() as conn:
        found = held_entries(conn, wanted) if wanted else ()
        decided = reviews(conn, {one.eid for one in found})
    settled = {one.entry for one in found if decided.get(one.entry) in {Review.ADOPTED, Review(how)}}
    if not wanted or len(found) != len(wanted) or settled:
        raise Refused("held.unknown")
    groups: dict[tuple[Level, str], list[Held]] = {}
    for one in found:
        groups.setdefault(_desk_of(office, one), []).append(one)
    done: list[Changes] = []
    for (level, scope), group in groups.items():
        desk = office if level is office.level else open_proxy(office, scope)
        with desk.workspace.write(desk.actor) as tx:
            for one in group:
                _settle(tx, one, how)
        done.append(tx.changes)
    return Changes(
        tuple(entry for one in done for entry in one.entries),
        tuple(dict.fromkeys(touched for one in done for touched in one.touched)),
    )


def _desk_of(office: Office, held: Held) -> tuple[Level, str]:
    """Return at which desk an entry is decided about: our own, or the one that writes for the village."""
    if permits(office.level, held.body):
        return office.level, ""
    if office.level is Level.TOWNSHIP and permits(Level.VILLAGE, held.body):
        return Level.VILLAGE, held.scope
    raise Refused("held.other_level")


def _settle(tx: Tx, held: Held, how: str) -> None:
    body = held.body
    need_inside(tx, held.scope)
    kind, entity = Kind(body.kind), EntityId(body.entity)
    if how == DECLINED:
        extras = {DECLINED: held.entry, **{k: v for k, v in body.extras.items() if k == "level"}}
        tx.record(f"{body.op}.{DECLINED}", kind, entity, {}, scope=held.scope, extras=extras)
        return
    tx.flush()
    if not body.changes.keys().isdisjoint(STANDING_FIELDS) and not _still_there(tx.conn, tx, held):
        raise Refused("held.moved_on")
    extras = {**body.extras, ADOPTED: held.entry}
    tx.record(body.op, kind, entity, body.changes, scope=held.scope, extras=extras)


def _still_there(conn: Connection, tx: Tx, held: Held) -> bool:
    """Tell whether a case stands where the held act found it, its own predecessors taken over meanwhile."""
    copies: dict[str, str] = {}
    for written in entries_of(conn, [held.eid]):
        origin = written.body.extras.get(ADOPTED)
        if origin is not None:
            copies[str(origin)] = written.entry
    heads = tx.folded(held.body.entity).heads
    return all(
        {head.entry for head in heads.get(code, ())}
        == {copies.get(entry, entry) for entry in held.body.parents.get(code, ())}
        for code in held.body.changes
        if code in STANDING_FIELDS
    )
