"""Make a workspace, unlock it, and keep the people who may open it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.crypto import keyslots
from app.crypto.device_keys import new_device_keys
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind, Level, Value
from app.domain.person import Actor
from app.domain.region import checked_code, level_of, place_code
from app.domain.values import checked_fields
from app.storage import kept, tables
from app.storage.drafts import Drafts
from app.storage.judging import note_judgement
from app.storage.lock import WorkspaceLock
from app.storage.revision import HEAD
from app.storage.tx import get_meta, set_meta
from app.storage.workspace import Founding, Workspace
from app.usecases import policy
from app.usecases.founding import Own, found_root
from app.usecases.keys import has_keys, load_keys, remove_keys, save_keys, unlock_key
from app.usecases.office import Office
from app.usecases.reunions import rejoin
from app.usecases.traces import sweep
from app.usecases.trust import judge_anew

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.crypto.keyslots import Cost
    from app.domain.calendar import Clock
    from app.domain.changes import Changes
    from app.storage.tx import Tx

_DEK_BYTES = 32


@dataclass(frozen=True, slots=True)
class Setup:
    """What the first-run wizard asks for.

    ``scope`` is the 12-digit code, ``places`` maps codes (own and above) to names, ``person`` are the
    fields of the first person.
    """

    level: Level
    scope: str
    places: Mapping[str, str]
    person: Mapping[str, Value]
    passphrase: str
    demo: bool = False
    cost: Cost = field(default_factory=keyslots.Cost)


def create(folder: Path, setup: Setup, clock: Clock) -> Office:
    """Make a workspace with its first person and leave it open.

    Raises:
        Refused: the codes of ``region.checked_code`` and of the passphrase rule, ``region.other_level``
            (param ``level``), ``person.no_name``, ``workspace.exists``, the codes of ``place.refuse_unsafe``.
        Unavailable: any ``disk.…`` code; nothing is left behind then.
    """
    scope = checked_code(setup.scope)
    if level_of(scope) is not setup.level:
        raise Refused("region.other_level", level=str(setup.level))
    person = checked_fields(Kind.PERSON, {**setup.person, "active": 1})
    if not str(person.get("name", "")).strip():
        raise Refused("person.no_name")
    if has_keys(folder):  # they may be all that opens what was here
        raise Refused("workspace.exists")
    keys = new_device_keys(secrets.token_bytes)
    dek = secrets.token_bytes(_DEK_BYTES)
    slots = keyslots.new_slots(dek, setup.passphrase, secrets.token_bytes, setup.cost)
    founding = Founding(
        level=setup.level,
        scope=scope,
        places={**setup.places},
        device=keys.device,
        sign_key=bytes.fromhex(keys.key),
        secret=keys.to_bytes(),
    )
    workspace = Workspace.create(folder, dek, founding, policy.shipped(), clock)
    try:
        save_keys(folder, slots)
        uid = EntityId(secrets.token_hex(16))
        actor = Actor(uid, str(person["name"]), setup.level, scope)
        with workspace.write(actor) as tx:
            tx.record("person.added", Kind.PERSON, uid, person)
            tx.set_meta("first_person", uid)
            note_judgement(tx.conn)
            tx.set_meta("demo", str(int(setup.demo)))
            if setup.level is not Level.VILLAGE:
                # Until an office above vouches for it, a township or county is its own root.
                found_root(workspace, tx.conn, Own(setup.level, scope, tx.today))
        return Office(workspace, policy.shipped(), actor, Drafts(folder, dek))
    except BaseException:
        # A database nobody has the key of would only stand in the way of the next try.
        workspace.remove()
        remove_keys(folder)
        raise


def unlock(folder: Path, passphrase: str, clock: Clock) -> Office:
    """Open a workspace with a passphrase; who acts is the owner of the passphrase.

    Raises:
        Refused: ``keys.wrong_passphrase``, ``workspace.in_use``, ``workspace.newer_schema``, the codes of
            ``place.refuse_unsafe``.
        BadInput: ``keys.damaged``, ``workspace.missing``, ``workspace.not_encrypted``.
        Unavailable: ``workspace.damaged`` and any ``disk.…`` code.
    """
    key, owner = unlock_key(folder, passphrase)
    return open_office(folder, key, owner, clock)


def open_office(
    folder: Path, key: bytes, owner: str, clock: Clock, lock: WorkspaceLock | None = None
) -> Office:
    """Open a workspace with its key (and its ``lock``, if already taken) in hand; see ``unlock``."""
    workspace = Workspace.open(folder, key, policy.shipped(), clock, lock)
    try:
        actor = person_actor(workspace, owner)
        office = Office(workspace, policy.shipped(), actor, Drafts(folder, key))
    except BaseException:
        workspace.close()
        raise
    try:
        judge_anew(workspace)
        rejoin(office)
        sweep(office)
    except BaseException:
        close(office)
        raise
    return office


def take_back(folder: Path, passphrase: str, revision: str = HEAD) -> None:
    """Give a program of ``revision`` the workspace as such a program last left it; nothing is deleted.

    What a newer program wrote since is put aside and taken in again after the next update.

    Raises:
        Refused: ``keys.wrong_passphrase``, ``workspace.in_use``, ``workspace.nothing_kept``.
        Unavailable: ``workspace.busy``, any ``disk.…`` code; nothing is changed then.
    """
    key, _owner = unlock_key(folder, passphrase)
    take_back_with(folder, key, revision)


def take_back_with(folder: Path, key: bytes, revision: str) -> None:
    """Do the same with the key in hand."""
    lock = WorkspaceLock(folder)
    try:
        kept.take_back(folder, key, revision)
    finally:
        lock.release()


def close(office: Office) -> None:
    """Close the drafts and the workspace."""
    office.drafts.close()
    office.workspace.close()


def person_actor(workspace: Workspace, uid: str) -> Actor:
    """Return the person with this id, or the first person for ""; at the workspace's own level and scope.

    Raises:
        Refused: ``person.unknown``.
    """
    standing = workspace.standing()
    with workspace.read() as conn:
        uid = uid or get_meta(conn, "first_person") or ""
        table = tables.PROJECTED[Kind.PERSON]
        name = conn.execute(select(table.c.name).where(table.c.uid == uid)).scalar()
    if name is None:
        raise Refused("person.unknown")
    return Actor(EntityId(uid), str(name), standing.level, standing.scope)


def add_person(office: Office, person: Mapping[str, Value], passphrase: str = "", own: str = "") -> Changes:
    """Add a person; with a ``passphrase`` of theirs they can unlock the program (``own`` is yours).

    Raises:
        Refused: ``person.no_name``, ``person.same_name``, ``keys.wrong_passphrase``, the passphrase rule.
    """
    folder = office.workspace.folder
    with office.workspace.write(office.actor) as tx:
        uid = record_person(tx, person)
        if passphrase:
            slots = load_keys(folder)
            unlocked = keyslots.unlock(slots, own)
            save_keys(
                folder, keyslots.add_passphrase(slots, unlocked, passphrase, secrets.token_bytes, owner=uid)
            )
    return tx.changes


def record_person(tx: Tx, person: Mapping[str, Value]) -> EntityId:
    """Record a new person within a write; return their id.

    Raises:
        Refused: ``person.no_name``, ``person.same_name``.
    """
    fields = checked_fields(Kind.PERSON, {**person, "active": 1})
    name = str(fields.get("name", "")).strip()
    if not name:
        raise Refused("person.no_name")
    if name in {str(p.get("name", "")) for _, p in tx.children(Kind.PERSON, "active", 1)}:
        raise Refused("person.same_name", name=name)
    uid = tx.new_id(Kind.PERSON)
    tx.record("person.added", Kind.PERSON, uid, {**fields, "name": name})
    return uid


def name_places(office: Office, places: Mapping[str, str]) -> None:
    """Add or change names of places (12-digit code to name); local knowledge, not part of the journal."""
    import json

    with office.workspace.bookkeeping() as conn:
        known = json.loads(get_meta(conn, "places") or "{}")
        merged = {**known, **{place_code(code): name for code, name in places.items()}}
        set_meta(conn, "places", json.dumps(merged, ensure_ascii=False, sort_keys=True))
