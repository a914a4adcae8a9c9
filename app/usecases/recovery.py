"""A passphrase everybody forgot: the office above opens the recovery slot, and only for the one who asks.

refresh(office)                                  # at every unlocking: sealed to whom we now answer
asked = request(folder, "李红霞", stick, now)     # at the unlock page, without any key
plea = look(office_above, file)                  # who, which village, eight digits
answer(office_above, file, stick, "12345678")
found = peek(folder, file)                       # the people of the workspace
finish(folder, file, person, "new passphrase", clock)
"""

from __future__ import annotations

import platform
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.crypto import keyslots
from app.crypto.device_keys import new_device_keys
from app.crypto.keyslots import Unlocked
from app.domain.errors import BadInput, Refused, Unavailable
from app.domain.ids import Level
from app.domain.region import is_within
from app.domain.trust_chain import certificates_by_device, valid_certificates, valid_revocations
from app.files import recovery as files
from app.files.recovery import About, Pending, Request
from app.queries.persons import persons
from app.storage.quick import QuickReader
from app.storage.tx import CIVIL_ZONE
from app.usecases import workspaces
from app.usecases.keys import load_keys, save_keys
from app.usecases.small_files import read_small, write_small
from app.usecases.trust import load_trust, opening

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from app.domain.calendar import Clock
    from app.domain.trust import TrustDoc
    from app.queries.persons import PersonLine
    from app.storage.workspace import Standing
    from app.usecases.office import Office

PENDING: Final = "forgotten.json"
_ABOVE = {Level.VILLAGE: (Level.TOWNSHIP, Level.COUNTY), Level.TOWNSHIP: (Level.COUNTY,), Level.COUNTY: ()}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was written; ``code`` has eight digits."""

    file: Path
    code: str


@dataclass(frozen=True, slots=True)
class Plea:
    """A request as the clerk of the office above sees it; ``known`` says that the computer is enrolled."""

    level: Level
    scope: str
    place: str
    person: str
    machine: str
    device: str
    code: str
    known: bool


def rescuers(office: Office) -> tuple[str, ...]:
    """Return the 12-digit codes of the offices to which the key file is sealed."""
    found = [slot.recipients for slot in load_keys(office.workspace.folder).recoveries]
    sealed_to = {recipient for recipients in found for recipient in recipients}
    with office.workspace.read() as conn:
        trust = load_trust(conn)
    return tuple(sorted({c.scope for c in valid_certificates(trust) if c.recipient in sealed_to}))


def refresh(office: Office) -> bool:
    """Seal the database key to the offices above if these have changed; tell whether anything was written.

    Raises:
        Unavailable: any ``disk.…`` code; the old slot stands then.
    """
    workspace = office.workspace
    standing = workspace.standing()
    with workspace.read() as conn:
        trust = load_trust(conn)
    today = workspace.clock.now().astimezone(CIVIL_ZONE).date()
    wanted = _recipients(trust, standing, today)
    keys = load_keys(workspace.folder)
    have = keys.recoveries[0].recipients if keys.recoveries else ()
    if have == wanted or not wanted:
        return False
    about = About(standing.workspace, standing.device, standing.level, standing.scope)
    unlocked = Unlocked(workspace.key, "", about=about.to_bytes())
    save_keys(workspace.folder, keyslots.add_recovery(keys, unlocked, wanted, secrets.token_bytes))
    with workspace.write(office.actor) as tx:
        tx.audit("recovery_sealed", standing.workspace, {"keys": len(wanted)})
    return True


def can_be_recovered(folder: Path) -> bool:
    """Tell whether some office above could help, without any key.

    Raises:
        BadInput: ``workspace.missing``, ``keys.damaged``.
    """
    return bool(load_keys(folder).recoveries)


def request(folder: Path, person: str, target: Path, now: datetime) -> Asked:
    """Write a request into ``target``; a request made before becomes void.

    Raises:
        Refused: ``recovery.nobody`` when the key was sealed to nobody.
        BadInput: ``workspace.missing``, ``keys.damaged``.
        Unavailable: any ``disk.…`` code.
    """
    keys = load_keys(folder)
    if not keys.recoveries:
        raise Refused("recovery.nobody")
    once = new_device_keys(secrets.token_bytes)
    made = Request(keys.recoveries[0], once.recipient, person.strip()[:60], platform.node()[:60])
    code = made.code
    kept = Pending(once.open_secret, made.digest, code, now.isoformat(timespec="seconds"))
    written = write_small(target / f"找回-{code}{files.REQUEST_SUFFIX}", made.to_bytes())
    write_small(folder / PENDING, kept.to_bytes())
    return Asked(written, code)


def waiting(folder: Path) -> Pending | None:
    """Return the request whose answer has not come yet."""
    try:
        return files.read_pending((folder / PENDING).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable("disk.failing") from error


def look(office: Office, path: Path) -> Plea:
    """Return who asks, changing nothing.

    Raises:
        Refused: ``keys.no_recovery``, ``recovery.outside`` (params ``place``), ``recovery.revoked``.
        BadInput: ``recovery.not_a_request``, ``crypto.not_opened``.
    """
    asked = _asked(path)
    _, about = _opened(office, asked, path.name)
    with office.workspace.read() as conn:
        known = about.device in certificates_by_device(load_trust(conn))
    places = office.workspace.standing().places
    return Plea(
        about.level,
        about.scope,
        places.get(about.scope, ""),
        asked.person,
        asked.machine,
        about.device,
        asked.code,
        known,
    )


def answer(office: Office, path: Path, target: Path, code: str) -> Path:
    """Write the answer into ``target``; ``code`` is what the clerk heard from the other side.

    Raises:
        Refused: ``recovery.code_differs`` and the codes of ``look``.
        BadInput: the codes of ``look``.
    """
    asked = _asked(path)
    unlocked, about = _opened(office, asked, path.name)
    if "".join(code.split()) != asked.code:
        raise Refused("recovery.code_differs")
    detail = {"person": asked.person, "request": asked.digest, "scope": about.scope}
    with office.workspace.write(office.actor) as tx:
        tx.audit("recovery", about.device, detail)
        data = files.answer(asked, unlocked).to_bytes()
        return write_small(target / f"找回-{asked.code}{files.ANSWER_SUFFIX}", data)


def peek(folder: Path, path: Path) -> tuple[PersonLine, ...]:
    """Return the people at work in the workspace, so that the one who asked can say who they are.

    Raises:
        Refused: ``recovery.nothing_asked`` when no answer is waited for.
        BadInput: ``recovery.not_an_answer``, ``recovery.other_request``, ``recovery.damaged``,
            ``recovery.other_computer``.
    """
    key = _key(folder, path)
    with QuickReader(folder, key) as reader:
        scope = reader.meta("scope")
        here = {str(row[0]) for row in reader.exec_driver_sql(_HERE, (scope,))}
        return tuple(one for one in persons(reader) if one.active and one.id in here)


def finish(folder: Path, path: Path, person: str, new: str, clock: Clock) -> None:
    """Give ``person`` a new passphrase with the answer; the answer and the one-time key are void after.

    Raises:
        Refused: ``person.unknown``, ``keys.passphrase_taken``, the passphrase rule, the codes of ``peek``.
        BadInput: the codes of ``peek``.
    """
    if person not in {one.id for one in peek(folder, path)}:
        raise Refused("person.unknown")
    key, asked = _key(folder, path), waiting(folder)
    keys = load_keys(folder)
    with QuickReader(folder, key) as reader:
        owner = "" if reader.meta("first_person") == person else person
    changed = keyslots.set_passphrase(keys, Unlocked(key, "", owner), new, secrets.token_bytes)
    office = workspaces.open_office(folder, key, owner, clock)
    try:
        with office.workspace.write(office.actor) as tx:
            tx.audit("recovered", person, {"request": asked.digest if asked is not None else ""})
            save_keys(folder, changed)
    finally:
        workspaces.close(office)
    (folder / PENDING).unlink(missing_ok=True)


_HERE = "SELECT uid FROM p_person WHERE entity_scope = ?"


def _recipients(trust: TrustDoc, standing: Standing, today: date) -> tuple[str, ...]:
    """Return the sealing keys of the nearest office above that has any, in a fixed order."""
    revoked = {revocation.key for revocation in valid_revocations(trust)}
    usable = [
        c
        for c in valid_certificates(trust)
        if c.current(today) and c.key not in revoked and not c.proxy and is_within(c.scope, standing.scope)
    ]
    for level in _ABOVE[standing.level]:
        found = {c.recipient for c in usable if c.level is level and c.device != standing.device}
        if found:
            return tuple(sorted(found))
    return ()


def _asked(path: Path) -> Request:
    return files.read_request(read_small(path, files.MAX_BYTES, "recovery.too_large"), path.name)


def _opened(office: Office, asked: Request, file: str) -> tuple[Unlocked, About]:
    """Open a request if the computer is below us and was not declared lost."""
    unlocked, about = files.open_request(asked, opening(office.workspace), file)
    with office.workspace.read() as conn:
        trust = load_trust(conn)
    if not is_within(office.workspace.standing().scope, about.scope):
        raise Refused("recovery.outside", place=about.scope)
    lost = {revocation.key for revocation in valid_revocations(trust)}
    if any(c.key in lost for c in certificates_by_device(trust).get(about.device, ())):
        raise Refused("recovery.revoked")
    return unlocked, about


def _key(folder: Path, path: Path) -> bytes:
    kept = waiting(folder)
    if kept is None:
        raise Refused("recovery.nothing_asked")
    data = read_small(path, files.MAX_BYTES, "recovery.too_large")
    key = files.open_answer(files.read_answer(data, path.name), kept, path.name)
    try:
        QuickReader(folder, key).close()
    except Unavailable as error:
        raise BadInput("recovery.other_computer", file=path.name) from error
    return key
