"""Transfer of duty (交接): one person's work and seat pass to another, both with their passphrases.

    due = whats_due(office)                          # what the one at the desk hands over
    done = hand_over(office, Successor(name="石秀兰", passphrase="…"), own="…")
    sheet_of(office, done)                           # the slip to be signed

What was done stays in the name of who did it: only visits and reviews that are still to come get another
person. The journal holds an entry of each of the two. The device key stays.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from app.crypto import keyslots
from app.crypto.keyslots import Unlocked
from app.domain.calendar import civil_date
from app.domain.changes import Changes
from app.domain.document import Paper
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level
from app.queries.board import Look, find_round, get_board
from app.storage import tables
from app.storage.tx import get_meta
from app.usecases import people
from app.usecases.keys import load_keys, save_keys
from app.usecases.workspaces import person_actor, record_person
from reports.handover import HandoverSheet, missing_characters, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table

    from app.crypto.keyslots import KeyFile
    from app.domain.ids import Value
    from app.storage.tx import Tx
    from app.usecases.office import Office

_WORKFLOWS = ("identify", "exit")
_ACTIVE = "active"
# A field with its person, and the field that says it was done.
_TO_COME: Mapping[str, str] = {
    "reviewer1": "review_result",
    "reviewer2": "review_result",
    "investigator1": "visited_on",
    "investigator2": "visited_on",
}
_PAIRS = {
    "reviewer1": "reviewer2",
    "reviewer2": "reviewer1",
    "investigator1": "investigator2",
    "investigator2": "investigator1",
}


@dataclass(frozen=True, slots=True)
class Due:
    """What is handed over; ``steps`` are (name, open cases), ``to_come`` what is not done yet."""

    households: int
    steps: tuple[tuple[str, int], ...]
    to_come: int
    drafts: int
    unsent: int
    papers: int


@dataclass(frozen=True, slots=True)
class Successor:
    """Who takes over: somebody here (``person``, an id) or a new one, with a passphrase they typed.

    ``reassign`` gives them the visits and reviews still to come.
    """

    person: str = ""
    name: str = ""
    position: str = ""
    phone: str = ""
    passphrase: str = ""
    reassign: bool = True


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was done: ``due`` as it stood before, ``moved`` cases were given to ``incoming``."""

    outgoing: str
    outgoing_name: str
    incoming: str
    incoming_name: str
    on: str
    due: Due
    moved: int
    changes: Changes = field(default_factory=Changes)


def whats_due(office: Office) -> Due:
    """Count what the one at the desk would hand over."""
    workspace, standing = office.workspace, office.workspace.standing()
    look = Look(office.policy, civil_date(workspace.clock.now()), standing.places)
    with workspace.read() as conn:
        round_ = find_round(conn, standing.scope)
        names = _WORKFLOWS if round_ is not None else ()
        boards = [get_board(conn, look, standing.scope, "", name) for name in names]
        return Due(
            households=_count(conn, tables.household_line),
            steps=tuple((step.name, step.total) for board in boards for step in board.steps if step.total),
            to_come=len(_to_come(conn, office.actor.person)),
            drafts=len(office.drafts.subjects("")),
            unsent=_unsent(conn),
            papers=_count(conn, tables.PROJECTED[Kind.DOCUMENT]),
        )


def hand_over(office: Office, to: Successor, own: str) -> HandedOver:
    """Let ``to`` take over from the one at the desk, whose passphrase ``own`` goes.

    Raises:
        Refused: ``handover.oneself``, ``handover.inactive``, ``people.not_yours`` (also of the successor),
            ``handover.no_passphrase``, the codes of ``people.confirm`` and ``workspaces.add_person``,
            ``keys.passphrase_taken``, the passphrase rule.
    """
    people.confirm(office, own)
    outgoing, folder = office.actor, office.workspace.folder
    due, on = whats_due(office), civil_date(office.workspace.clock.now()).isoformat()
    with office.workspace.write(outgoing) as tx:
        incoming = _successor(office, tx, to)
        keys = _with_successor(office, incoming, to.passphrase)
        moved = _reassign(tx, outgoing.person, incoming) if to.reassign else 0
        extras: dict[str, Value] = {"on": on, "to": incoming}
        tx.record("duty.transfer", Kind.PERSON, outgoing.person, {"active": 0}, extras=extras)
        tx.audit("handed_over", incoming, {"moved": moved})
        save_keys(folder, keyslots.remove_owner(keys, people.owner_of(office, outgoing.person)))
    successor = person_actor(office.workspace, incoming)
    with office.workspace.write(successor) as second:
        taken: dict[str, Value] = {"from": outgoing.person, "on": on}
        second.record("duty.taken", Kind.PERSON, EntityId(incoming), {"active": 1}, extras=taken)
        second.audit("took_over", outgoing.person, {})
    touched = dict.fromkeys((*tx.changes.touched, *second.changes.touched))
    changes = Changes((*tx.changes.entries, *second.changes.entries), tuple(touched))
    return HandedOver(outgoing.person, outgoing.name, incoming, successor.name, on, due, moved, changes)


def sheet_of(office: Office, done: HandedOver) -> Paper:
    """Return the slip, to be signed by both; it goes into the audit when it is printed or saved."""
    standing, due = office.workspace.standing(), done.due
    steps = "、".join(f"{name} {count} 户" for name, count in due.steps) or "无"
    unlock = "、".join(one.name for one in people.everybody(office) if one.can_unlock)
    items = (
        ("农户", f"{due.households} 户"),
        ("在办事项", steps),
        ("改由接收人办理", f"{done.moved} 户（尚未入户或初审的）"),
        ("没填完的问卷", f"{due.drafts} 份"),
        ("上级还没确认收到的记录", f"{due.unsent} 条"),
        ("已出的文书", f"{due.papers} 份"),
        ("能打开电脑的人", unlock),
    )
    place = standing.places.get(standing.scope, standing.scope)
    sheet = HandoverSheet(place, done.outgoing_name, done.incoming_name, done.on, items, done.on)
    return Paper(f"交接单-{done.on}.pdf", render(sheet), missing_characters(sheet), "handover", done.incoming)


def _successor(office: Office, tx: Tx, to: Successor) -> EntityId:
    """Return the id of who takes over, added if they are new."""
    if to.person == office.actor.person:
        raise Refused("handover.oneself")
    if to.person:
        found = next((one for one in people.everybody(office) if one.id == to.person), None)
        if found is None or not found.active:
            raise Refused("handover.inactive")
        return EntityId(to.person)
    fields: dict[str, Value] = {"name": to.name, "position": to.position, "phone": to.phone}
    return record_person(tx, {code: value for code, value in fields.items() if value})


def _with_successor(office: Office, incoming: str, passphrase: str) -> KeyFile:
    """Return the key file in which the successor's passphrase opens; one they have already must be typed."""
    if not passphrase:
        raise Refused("handover.no_passphrase")
    keys, owner = load_keys(office.workspace.folder), people.owner_of(office, incoming)
    if owner in {slot.owner for slot in keys.passphrases}:
        if not _opens_for(keys, passphrase, owner):
            raise Refused("handover.not_theirs")
        return keys
    unlocked = Unlocked(office.workspace.key, "", owner)
    return keyslots.add_passphrase(keys, unlocked, passphrase, secrets.token_bytes, owner=owner)


def _opens_for(keys: KeyFile, passphrase: str, owner: str) -> bool:
    try:
        return keyslots.unlock(keys, passphrase).owner == owner
    except Refused:  # nobody's
        return False


def _reassign(tx: Tx, outgoing: str, incoming: str) -> int:
    """Give the visits and reviews still to come to the successor; return in how many cases.

    Two different people stay two: where the successor is the other one already, nothing changes.
    """
    if tx.actor.level is not Level.VILLAGE:
        return 0
    found = _to_come(tx.conn, outgoing)
    moved: set[str] = set()
    for uid, code, other in found:
        if other != incoming:
            tx.record("duty.case", Kind.CASE, EntityId(uid), {code: incoming})
            moved.add(uid)
    return len(moved)


def _to_come(conn: Connection, person: str) -> list[tuple[str, str, str]]:
    """Return case, field and the other one of the pair of what somebody was to do and has not done."""
    table = tables.PROJECTED[Kind.CASE]
    named = or_(*(table.c[code] == person for code in _TO_COME))
    rows_ = conn.execute(select(table).where(named, table.c.status == _ACTIVE)).mappings().all()
    return [
        (str(row["uid"]), code, str(row[_PAIRS[code]] or ""))
        for row in rows_
        for code, done in _TO_COME.items()
        if row[code] == person and not row[done]
    ]


def _count(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def _unsent(conn: Connection) -> int:
    """Return how many entries written here nobody has acknowledged."""
    stream, journal, ack = tables.stream, tables.journal, tables.peer_ack
    held = select(func.coalesce(func.max(ack.c.seq), 0)).where(ack.c.stream == stream.c.uid).scalar_subquery()
    query = (
        select(func.count())
        .select_from(journal.join(stream, journal.c.sid == stream.c.sid))
        .where(
            stream.c.key == get_meta(conn, "sign_key"), stream.c.parent_sid.is_(None), journal.c.seq > held
        )
    )
    return int(conn.execute(query).scalar_one())
