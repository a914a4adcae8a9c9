"""The trust document this workspace keeps: who may speak for which area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from app.crypto.device_keys import DeviceKeys, device_keys, verify_text
from app.domain.ids import Level
from app.domain.trust import TrustDoc, parse_trust
from app.domain.trust_chain import merged
from app.journal.authority import Authority, EntryState, OwnRole, Place
from app.storage import tables
from app.storage.merge import reauthorise
from app.storage.tx import get_meta

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from app.domain.trust import StreamEnd
    from app.journal.entry import Body
    from app.storage.merge import Authority as Judge
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

    def __call__(self, device: str, stream: str, scope: str, number: int, body: Body) -> EntryState:
        return self._rules.state(Place(device, stream, scope, number), body)

    def ends(self, device: str, stream: str) -> Sequence[StreamEnd] | None:
        return self._rules.ends(device, stream)


def judge_of(rules: Authority) -> Judge:
    """Return the judgement in the shape storage asks it in."""
    return _Judge(rules)


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
