"""The keys of a root (根钥匙): two sticks and a printed sheet keep them, and either brings them back.

The root of a county, or of a township that began alone, is a pair of keys of its own beside the device's.
Whoever holds it certifies the offices below, so it must outlive the computer: with the same root every
certificate stays valid. A new computer that has certified nobody yet takes the root in the place of its own.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete

from app.crypto.device_keys import device_keys, root_keys, verify_text
from app.crypto.keyslots import STANDARD
from app.domain.errors import BadInput, Refused, Unavailable
from app.domain.ids import Level
from app.domain.recovery_text import lines_of, same_line, secret_of
from app.domain.trust import TrustDoc, ordered
from app.domain.trust_chain import merged
from app.files import enrolment as files
from app.files.root_file import SUFFIX, Locking, read_root_file, root_file_bytes, unlock_root
from app.storage import tables
from app.storage.cipher import disk_error
from app.storage.tx import get_meta, set_meta
from app.usecases.founding import Own, settle
from app.usecases.merges import release_waiting
from app.usecases.trust import ROOT, judge_again, load_trust, own_keys, save_trust
from reports.recovery_sheet import RecoverySheet, render

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from app.crypto.device_keys import DeviceKeys
    from app.crypto.keyslots import Cost
    from app.storage.workspace import Workspace
    from app.usecases.merges import FileOutcome
    from app.usecases.office import Office

STICKS = 2
_KEPT = "root_kept"


@dataclass(frozen=True, slots=True)
class Kept:
    """How far a root is in safety; days are ISO dates, "" for not yet.

    ``held`` tells that this computer holds a root, ``sticks`` when each stick was written, ``printed`` when
    the sheet was last printed and ``confirmed`` when part of it was typed back.
    """

    held: bool
    sticks: tuple[str, ...] = ()
    printed: str = ""
    confirmed: str = ""

    @property
    def is_safe(self) -> bool:
        """Whether nothing is left to do; so it is without a root."""
        return not self.held or (len(self.sticks) >= STICKS and bool(self.confirmed))


def kept(office: Office) -> Kept:
    """Return how far the root of this computer is in safety."""
    with office.workspace.read() as conn:
        if _root(office.workspace, conn) is None:
            return Kept(held=False)
        doc = json.loads(get_meta(conn, _KEPT) or "{}")
    return Kept(True, tuple(doc.get("sticks", ())), doc.get("printed", ""), doc.get("confirmed", ""))


def write_stick(office: Office, folder: Path, passphrase: str, cost: Cost = STANDARD) -> Path:
    """Write the root to a stick under a passphrase and read it back.

    Raises:
        Refused: ``root.none``, ``root.same_stick`` (it holds the root already), the passphrase rule.
        Unavailable: ``disk.full``, ``disk.read_only``, ``root.not_verified``.
    """
    keys, trust = _held(office)
    standing = office.workspace.standing()
    path = folder / f"根钥匙-{standing.scope}{SUFFIX}"
    if path.exists():
        raise Refused("root.same_stick", file=path.name)
    data = root_file_bytes(keys, standing.scope, trust, Locking(passphrase, secrets.token_bytes, cost))
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
        same = path.read_bytes() == data
    except OSError as error:
        part.unlink(missing_ok=True)
        raise disk_error(error) from error
    if not same or unlock_root(read_root_file(data, path.name), passphrase).key != keys.key:
        raise Unavailable("root.not_verified", file=path.name)
    with office.workspace.write(office.actor) as tx:
        tx.audit("root_stick", keys.device, {"file": path.name})
        doc = json.loads(get_meta(tx.conn, _KEPT) or "{}")
        _note(tx.conn, sticks=[*doc.get("sticks", []), tx.today.isoformat()])
    return path


def sheet(office: Office) -> bytes:
    """Return the recovery sheet as PDF; it holds the secret, so it is printed and not kept.

    Raises:
        Refused: ``root.none``.
    """
    keys, _ = _held(office)
    standing = office.workspace.standing()
    lines = lines_of(keys.sign_secret, standing.scope)
    today = office.workspace.clock.now().date().isoformat()
    place = standing.places.get(standing.scope, standing.scope)
    return render(RecoverySheet(place, standing.scope, lines, today, keys.device[:8]))


def note_sheet(office: Office, how: str) -> None:
    """Note in the audit that the sheet was printed ("print") or saved ("save"); its content is not in it."""
    keys, _ = _held(office)
    with office.workspace.write(office.actor) as tx:
        tx.audit(f"root_{how}", keys.device, {})
        _note(tx.conn, printed=tx.today.isoformat())


def confirm(office: Office, number: int, typed: str) -> None:
    """Take line ``number`` (from 1) of the printed sheet, typed back: the sheet is there and can be read.

    Raises:
        Refused: ``root.none``.
        BadInput: ``root.line_wrong`` (param ``line``).
    """
    keys, _ = _held(office)
    lines = lines_of(keys.sign_secret, office.workspace.standing().scope)
    if not same_line(lines[number - 1], typed):
        raise BadInput("root.line_wrong", line=number)
    with office.workspace.write(office.actor) as tx:
        tx.audit("root_confirmed", keys.device, {})
        _note(tx.conn, confirmed=tx.today.isoformat())


def restore_typed(office: Office, text: str) -> tuple[FileOutcome, ...]:
    """Take the root from the lines of the sheet; packages that waited for it are read in.

    Raises:
        Refused: ``root.village``, ``root.in_use`` (this computer has certified others, or is certified).
        BadInput: the codes of ``secret_of``.
    """
    return _restore(office, root_keys(secret_of(text, office.workspace.standing().scope)), TrustDoc())


def restore_file(office: Office, path: Path, passphrase: str) -> tuple[FileOutcome, ...]:
    """Take the root from a stick, with what its office believed when the stick was written.

    Raises:
        Refused: ``keys.wrong_passphrase`` and as ``restore_typed``.
        BadInput: ``root.not_a_file``, ``root.sheet_other`` (of another place), ``enrol.missing``.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise BadInput("enrol.missing", file=path.name) from error
    except OSError as error:
        raise Unavailable("package.not_read", file=path.name) from error
    found = read_root_file(data, path.name)
    if found.scope != office.workspace.standing().scope:
        raise BadInput("root.sheet_other")
    return _restore(office, unlock_root(found, passphrase), found.trust)


def _restore(office: Office, keys: DeviceKeys, known: TrustDoc) -> tuple[FileOutcome, ...]:
    standing = office.workspace.standing()
    if standing.level is Level.VILLAGE:
        raise Refused("root.village")
    with office.workspace.write(office.actor) as tx:
        if not _is_fresh(office.workspace, tx.conn):
            raise Refused("root.in_use")
        settle(office.workspace, tx.conn, keys, Own(standing.level, standing.scope, tx.today), known)
        tx.conn.execute(delete(tables.meta).where(tables.meta.c.key == _KEPT))
        tx.audit("root_restored", keys.device, {})
        judge_again(tx.conn, office.workspace)
    return release_waiting(office)


def _held(office: Office) -> tuple[DeviceKeys, TrustDoc]:
    """Return the root this computer holds and what is believed.

    Where the device's own key is the root, as earlier programs made it, it becomes a pair that follows from
    its secret alone: that needs another certificate of the same key, which travels like any other.
    """
    with office.workspace.write(office.actor) as tx:
        trust = load_trust(tx.conn)
        keys = _root(office.workspace, tx.conn)
        if keys is None:
            raise Refused("root.none")
        if get_meta(tx.conn, ROOT) is None:
            keys = root_keys(keys.sign_secret)
            made = files.make_root(
                keys, office.workspace.standing().level, office.workspace.standing().scope, tx.today
            )
            trust = merged(trust, ordered((), {made}, set(), set()), verify_text)
            set_meta(tx.conn, ROOT, keys.to_bytes().decode())
            save_trust(tx.conn, trust)
        return keys, trust


def _root(workspace: Workspace, conn: Connection) -> DeviceKeys | None:
    """Return the root kept here, None where another office certifies this one."""
    kept_here = get_meta(conn, ROOT)
    if kept_here is not None:
        return device_keys(kept_here.encode())
    own = own_keys(workspace)
    return own if own.key in load_trust(conn).roots else None


def _note(conn: Connection, **facts: object) -> None:
    doc = json.loads(get_meta(conn, _KEPT) or "{}")
    set_meta(conn, _KEPT, json.dumps({**doc, **facts}, sort_keys=True))


def _is_fresh(workspace: Workspace, conn: Connection) -> bool:
    """Tell whether only this computer itself is certified here, and only by itself."""
    root, own = _root(workspace, conn), own_keys(workspace)
    mine = {own.key} if root is None else {own.key, root.key}
    return files.is_unused(load_trust(conn), mine)
