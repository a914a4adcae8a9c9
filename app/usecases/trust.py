"""The trust document this workspace keeps: who may speak for which area."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from app.crypto.device_keys import DeviceKeys, device_keys, verify_text
from app.domain.ids import Level
from app.domain.trust import TrustDoc, device_id, parse_trust
from app.domain.trust_chain import merged
from app.files.enrolment import is_unused
from app.journal.authority import Authority, EntryState, OwnRole
from app.queries.devices import LABEL
from app.storage import tables
from app.storage.judging import is_judged, judge_all
from app.storage.merge import reauthorise
from app.storage.tx import get_meta, set_meta

ROOT = "root"
"""The bookkeeping value that holds the private keys of a root apart from the device's."""

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from app.domain.trust import StreamEnd
    from app.journal.entry import Body
    from app.storage.restating import Authority as Judge
    from app.storage.workspace import Workspace


def load_trust(conn: Connection) -> TrustDoc:
    """Return the workspace's trust document; an empty one before enrolment."""
    data = conn.execute(select(tables.trust.c.doc)).scalar()
    return TrustDoc() if data is None else parse_trust(data)


def save_trust(conn: Connection, doc: TrustDoc) -> None:
    """Replace the trust document."""
    conn.execute(delete(tables.trust))
    conn.execute(insert(tables.trust).values(k=1, epoch=doc.epoch, doc=doc.to_bytes()))


def own_keys(workspace: Workspace) -> DeviceKeys:
    """Return this device's private keys."""
    return device_keys(workspace.device_secret())


def kept_root(workspace: Workspace) -> DeviceKeys | None:
    """Return the keys of this office's own root, None where it has none apart from the device's."""
    with workspace.read() as conn:
        kept = get_meta(conn, ROOT)
    return None if kept is None else device_keys(kept.encode())


def issuing_keys(workspace: Workspace) -> DeviceKeys:
    """Return the keys this office certifies others with: its root's where there is one, else the device's."""
    return kept_root(workspace) or own_keys(workspace)


def forget_root(conn: Connection, doc: TrustDoc) -> None:
    """Delete the keys of an own root that was given up for an office above."""
    kept = get_meta(conn, ROOT)
    if kept is not None and device_keys(kept.encode()).key not in doc.roots:
        conn.execute(delete(tables.meta).where(tables.meta.c.key == ROOT))


def asking_keys(workspace: Workspace) -> DeviceKeys:
    """Return the keys this computer asks to be certified with.

    The device's, unless others already depend on the office's own root: then that is to be countersigned.
    """
    own, root = own_keys(workspace), kept_root(workspace)
    if root is None:
        return own
    with workspace.read() as conn:
        unused = is_unused(load_trust(conn), {own.key, root.key})
    return own if unused else root


def opening(workspace: Workspace) -> list[str]:
    """Return the secrets that open what is sealed to this office, the device's own first."""
    return list(dict.fromkeys((own_keys(workspace).open_secret, issuing_keys(workspace).open_secret)))


def authority(conn: Connection, doc: TrustDoc) -> Authority:
    """Return the judgement of entries under a trust document, this computer's own role included."""
    own = OwnRole(
        get_meta(conn, "device") or "",
        Level(get_meta(conn, "level") or Level.VILLAGE),
        get_meta(conn, "scope") or "",
    )
    return Authority(doc, own)


class _Judge:
    """The judgement in the shape storage asks it in."""

    def __init__(self, rules: Authority) -> None:
        self._rules = rules

    def of_stream(self, device: str, stream: str, scope: str) -> Callable[[int, Body], EntryState]:
        return self._rules.of_stream(device, stream, scope).state

    def ends(self, device: str, stream: str) -> Sequence[StreamEnd] | None:
        return self._rules.ends(device, stream)


def judge_of(rules: Authority) -> Judge:
    """Return the judgement in the shape storage asks it in."""
    return _Judge(rules)


def judge_anew(workspace: Workspace) -> int:
    """Judge every entry again when an older or newer program did it last; return how many changed state."""
    with workspace.read() as conn:
        if is_judged(conn):
            return 0
    with workspace.bookkeeping() as conn:
        return judge_all(conn, judge_of(authority(conn, load_trust(conn))), workspace.deriver)


def take_trust(conn: Connection, other: TrustDoc, workspace: Workspace) -> bool:
    """Add another document's statements to ours and judge every entry again when that changes anything.

    Raises:
        BadInput: a ``trust.…`` code when a signature is wrong.
    """
    own = load_trust(conn)
    both = merged(own, other, verify_text)
    if both == own:
        return False
    save_trust(conn, both)
    reauthorise(conn, judge_of(authority(conn, both)), workspace.deriver)
    return True


def judge_again(conn: Connection, workspace: Workspace) -> None:
    """Judge every entry again under the document that is kept now, inside the caller's transaction."""
    reauthorise(conn, judge_of(authority(conn, load_trust(conn))), workspace.deriver)


def keep_label(conn: Connection, key: str, *, person: str, machine: str) -> None:
    """Remember what a computer called itself when it asked; labels never leave this workspace."""
    doc = json.dumps({"machine": machine, "person": person}, ensure_ascii=False, sort_keys=True)
    set_meta(conn, LABEL + device_id(key), doc)
