"""The people of one computer: who may unlock it, with whose passphrase, and who is at the desk.

    people.add(office, Newcomer("李红霞", "驻村队员", passphrase="…"), own="…")
    people.disable(office, person)                 # the passphrase goes, what was recorded stays
    people.reset_passphrase(office, person, new, own)

The key file is the authority over unlocking, the journal over who somebody is. The passphrase goes first:
should the machine stop in between, a person is without one and gets another.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.crypto import keyslots
from app.crypto.keyslots import Unlocked
from app.domain.errors import Refused
from app.domain.ids import EntityId, Kind
from app.queries.people import Colleague, colleagues
from app.storage import tables
from app.storage.tx import get_meta
from app.usecases.keys import load_keys, owners, save_keys
from app.usecases.workspaces import add_person, person_actor

if TYPE_CHECKING:
    from app.crypto.keyslots import KeyFile
    from app.domain.changes import Changes
    from app.domain.ids import Value
    from app.usecases.office import Office


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be added; without a ``passphrase`` they work only after somebody else has unlocked."""

    name: str
    position: str = ""
    phone: str = ""
    passphrase: str = ""


def everybody(office: Office) -> tuple[Colleague, ...]:
    """Return the people of the workspace's own area."""
    standing = office.workspace.standing()
    with office.workspace.read() as conn:
        return colleagues(conn, standing.scope, owners(office.workspace.folder))


def add(office: Office, new: Newcomer, own: str = "") -> Changes:
    """Add a person; ``own`` is the passphrase of the one at the desk, needed when the new one gets theirs.

    Raises:
        Refused: the codes of ``workspaces.add_person`` and of ``confirm``.
    """
    if new.passphrase:
        confirm(office, own)
    fields: dict[str, Value] = {"name": new.name, "position": new.position, "phone": new.phone}
    kept = {code: value for code, value in fields.items() if value or code == "name"}
    return add_person(office, kept, new.passphrase, own)


def describe(office: Office, person: str, position: str, phone: str | None = None) -> Changes:
    """Change what somebody does and, unless it is None, their telephone number.

    Raises:
        Refused: ``person.unknown``.
    """
    fields: dict[str, Value] = {"position": position.strip()}
    if phone is not None:
        fields["phone"] = phone.strip()
    with office.workspace.write(office.actor) as tx:
        _known(office, person)
        tx.record("person.edited", Kind.PERSON, EntityId(person), fields)
    return tx.changes


def disable(office: Office, person: str) -> Changes:
    """Take a person's passphrase away and mark them as no longer at work; their records keep their name.

    Backups made before still open with the old passphrase.

    Raises:
        Refused: ``people.not_oneself``, ``keys.last_slot``, ``person.unknown``.
    """
    if person == office.actor.person:
        raise Refused("people.not_oneself")
    folder = office.workspace.folder
    with office.workspace.write(office.actor) as tx:
        _known(office, person)
        before = load_keys(folder)
        after = keyslots.remove_owner(before, _owner(office, person))
        tx.record("person.edited", Kind.PERSON, EntityId(person), {"active": 0})
        tx.audit("person_disabled", person, {"could_unlock": int(after != before)})
        if after != before:
            save_keys(folder, after)
    return tx.changes


def enable(office: Office, person: str, passphrase: str = "", own: str = "") -> Changes:
    """Let a disabled person work again, with a passphrase if one is given.

    Raises:
        Refused: the codes of ``reset_passphrase``.
    """
    with office.workspace.write(office.actor) as tx:
        _known(office, person)
        tx.record("person.edited", Kind.PERSON, EntityId(person), {"active": 1})
        if passphrase:
            confirm(office, own)
            save_keys(office.workspace.folder, _with_passphrase(office, person, passphrase))
        tx.audit("person_enabled", person, {"can_unlock": int(bool(passphrase))})
    return tx.changes


def be_the_same(office: Office, earlier: str) -> Changes:
    """Say that the one at the desk worked on another computer before, as ``earlier``, and is one person.

    Whoever sets a computer up in the place of another one gives a name before the records of the old one are
    there, and stands in the list twice. The passphrase and what is recorded from now on are the earlier
    person's; the second registration is no longer at work.

    Raises:
        Refused: ``people.not_the_first`` (the one at the desk did not set this computer up, or is the same
            already), ``people.has_passphrase`` (the earlier one works here with their own),
            ``person.unknown``, ``person.inactive``.
    """
    twin = office.actor.person
    if _owner(office, twin) or earlier == twin:
        raise Refused("people.not_the_first")
    if not _known(office, earlier):
        raise Refused("person.inactive")
    if earlier in owners(office.workspace.folder):
        raise Refused("people.has_passphrase")
    with office.workspace.write(person_actor(office.workspace, earlier)) as tx:
        tx.record("person.edited", Kind.PERSON, EntityId(twin), {"active": 0})
        tx.set_meta("first_person", earlier)
        tx.audit("person_united", earlier, {"twin": twin})
    return tx.changes


def reset_passphrase(office: Office, person: str, new: str, own: str) -> None:
    """Give somebody a new passphrase, as when they forgot theirs; ``own`` is that of the one at the desk.

    Raises:
        Refused: ``person.unknown``, ``person.inactive``, ``keys.passphrase_taken``, the codes of ``confirm``
            and of the passphrase rule.
    """
    confirm(office, own)
    with office.workspace.write(office.actor) as tx:
        if not _known(office, person):
            raise Refused("person.inactive")
        tx.audit("passphrase_reset", person, {})
        save_keys(office.workspace.folder, _with_passphrase(office, person, new))


def change_own_passphrase(office: Office, old: str, new: str) -> None:
    """Change the passphrase of the one at the desk.

    Raises:
        Refused: ``keys.wrong_passphrase``, ``people.not_yours``, ``keys.passphrase_taken``, the
            passphrase rule.
    """
    confirm(office, old)
    folder = office.workspace.folder
    with office.workspace.write(office.actor) as tx:
        tx.audit("passphrase_changed", office.actor.person, {})
        save_keys(folder, keyslots.change_passphrase(load_keys(folder), old, new, secrets.token_bytes))


def confirm(office: Office, own: str) -> None:
    """Make sure that ``own`` is the passphrase of the one at the desk, or the one they work under.

    Raises:
        Refused: ``keys.wrong_passphrase``, ``people.not_yours``.
    """
    keys = load_keys(office.workspace.folder)
    opened = keyslots.unlock(keys, own)
    mine = _owner(office, office.actor.person)
    if opened.owner != mine and mine in {slot.owner for slot in keys.passphrases}:
        raise Refused("people.not_yours")


def note_seat(office: Office) -> None:
    """Put into the audit that the one at the desk sat down."""
    with office.workspace.write(office.actor) as tx:
        tx.audit("sat_down", office.actor.person, {})


def sit_down(office: Office, passphrase: str) -> Office:
    """Return the desk with the owner of a passphrase at it.

    Raises:
        Refused: ``keys.wrong_passphrase``, ``person.unknown``.
    """
    opened = keyslots.unlock(load_keys(office.workspace.folder), passphrase)
    seated = office.acting(person_actor(office.workspace, opened.owner))
    note_seat(seated)
    return seated


def owner_of(office: Office, person: str) -> str:
    """Return how the key file names somebody: the first person is "" there."""
    return _owner(office, person)


def _owner(office: Office, person: str) -> str:
    with office.workspace.read() as conn:
        return "" if person == get_meta(conn, "first_person") else person


def _with_passphrase(office: Office, person: str, new: str) -> KeyFile:
    unlocked = Unlocked(office.workspace.key, "", _owner(office, person))
    return keyslots.set_passphrase(load_keys(office.workspace.folder), unlocked, new, secrets.token_bytes)


def _known(office: Office, person: str) -> bool:
    """Tell whether somebody is at work here.

    Raises:
        Refused: ``person.unknown``.
    """
    table = tables.PROJECTED[Kind.PERSON]
    with office.workspace.read() as conn:
        found = conn.execute(select(table.c.active).where(table.c.uid == person)).first()
    if found is None:
        raise Refused("person.unknown")
    return bool(found.active == 1)
