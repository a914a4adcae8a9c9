"""After a deletion: take away what a transaction cannot, and tell what is out of reach here.

Photos, drafts, free pages and the log of the database are cleared, and the people here are told which
older copies still hold what was deleted and when they go. Whatever stops it, the next start finishes it.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.domain.alert import AlertKind
from app.files.attachments import AttachmentStore
from app.storage import alerts, redaction, tables
from app.storage.backup import ATTACHMENTS, FOLDER
from app.storage.copies import Copy, copies_holding, second_place
from app.storage.tx import append_audit, set_meta

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.usecases.office import Office

_PAPERS = ("print", "save", "export", "submission_xml")


@dataclass(frozen=True, slots=True)
class Swept:
    """What clearing up found: files and drafts removed, copies that still hold it, packages that may.

    ``papers`` counts what was ever printed, saved or exported here; nobody can call that back.
    """

    files: int
    drafts: int
    copies: tuple[Copy, ...]
    waiting: int
    papers: int


def sweep(office: Office) -> Swept | None:
    """Clear up after deletions that were carried out here; None when there was nothing to do.

    Raises:
        Unavailable: any ``disk.…`` code; it is tried again at the next start.
    """
    with office.workspace.read() as conn:
        if not redaction.needs_sweep(conn):
            return None
        names = redaction.gone(conn)
        entities = _entities(conn)
        waiting = conn.execute(select(func.count()).select_from(tables.waiting)).scalar() or 0
        papers = _papers(conn)
        away = second_place(conn)
    files = _remove_files(office, names, away)
    drafts = _discard_drafts(office, entities)
    is_clean = office.workspace.scrub()
    swept = Swept(files, drafts, copies_holding(office.workspace, names), waiting, papers)
    _tell(office, swept, done=is_clean)
    return swept


def standing_copies(office: Office) -> tuple[Copy, ...]:
    """Return the copies in this computer's folder that still hold something deleted.

    Raises:
        Unavailable: any ``disk.…`` code.
    """
    with office.workspace.read() as conn:
        names = redaction.gone(conn)
    return copies_holding(office.workspace, names)


def _entities(conn: Connection) -> frozenset[str]:
    """Return the entities any of whose entries was deleted."""
    journal, entity = tables.journal, tables.entity
    query = select(entity.c.uid).join(journal, journal.c.eid == entity.c.eid)
    return frozenset(conn.execute(query.where(redaction.IS_REDACTED)).scalars())


def _papers(conn: Connection) -> int:
    table = tables.audit
    query = select(func.count()).select_from(table).where(table.c.action.in_(_PAPERS))
    return int(conn.execute(query).scalar() or 0)


def _remove_files(office: Office, names: Collection[str], away: Path | None) -> int:
    folder, key = office.workspace.folder, office.workspace.key
    places = [folder / ATTACHMENTS, folder / FOLDER / ATTACHMENTS]
    places += [away / ATTACHMENTS] if away is not None else []
    stores = [AttachmentStore(place, key, secrets.token_bytes) for place in places]
    files = [name for name in names if name.startswith("sha256:")]
    return len({name for name in files for store in stores if store.remove(name)})


def _discard_drafts(office: Office, entities: Collection[str]) -> int:
    """Discard unfinished forms about what was deleted; their answers name the people."""
    doomed = [
        subject
        for subject in office.drafts.subjects("")
        if any(uid in subject or uid in _text(office, subject) for uid in entities)
    ]
    for subject in doomed:
        office.drafts.discard(subject)
    office.drafts.scrub()
    return len(doomed)


def _text(office: Office, subject: str) -> str:
    found = office.drafts.load(subject)
    return found[0] if found else ""


def _tell(office: Office, swept: Swept, *, done: bool) -> None:
    now = office.workspace.clock.now().isoformat(timespec="seconds")
    days = [copy.leaves_on for copy in swept.copies]
    detail: dict[str, Value] = {
        "copies": len(swept.copies),
        "until": max(days, default="") if all(days) else "",
        "waiting": swept.waiting,
        "papers": swept.papers,
        "drafts": swept.drafts,
        "files": swept.files,
    }
    text = json.dumps({**detail, "names": [copy.name for copy in swept.copies]}, sort_keys=True)
    row = {
        "at": now,
        "person": office.actor.person,
        "action": "swept",
        "subject": "workspace",
        "detail": text,
    }
    with office.workspace.bookkeeping() as conn:
        alerts.add(conn, AlertKind.REDACTION, "", detail, now)
        append_audit(conn, row)
        if done:
            set_meta(conn, redaction.SWEEP, "")
