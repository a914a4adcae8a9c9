"""Take a whole import back, as if the file had never been read in.

Its new entries and its log row go in one transaction, streams get back the heads and seals they had,
and what it touched is folded anew: the digest is the one before. Importing the file again brings all back.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from app.domain.alert import AlertKind
from app.domain.changes import Changes
from app.queries.import_undo import undo_extent, undoable
from app.storage import alerts, tables
from app.storage.backup import back_up
from app.storage.projector import chunks
from app.storage.reproject import reproject, settle_homes
from app.storage.tx import append_audit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from app.domain.ids import EntityId, Kind
    from app.queries.import_undo import ImportedRange, UndoExtent
    from app.usecases.office import Office


def undo_imports(office: Office, numbers: Sequence[int]) -> tuple[UndoExtent, Changes]:
    """Take imports of the log back, all or none; return what went and what it touched.

    Certificates the files brought stay (they only ever grow), and so may questionnaires and photos nothing
    names any more. A backup is made first.

    Raises:
        Refused: the codes of ``app.queries.import_undo.undoable``; nothing has changed then.
        Unavailable: any ``disk.…`` code.
    """
    with office.workspace.read() as conn:
        undo_extent(conn, numbers)
    back_up(office.workspace, reason="undo")
    with office.workspace.bookkeeping() as conn:
        extent = undo_extent(conn, numbers)
        touched: dict[tuple[Kind, EntityId], None] = {}
        for number in extent.numbers:
            row = undoable(conn, number)
            size = row.last - row.first + 1
            touched.update(dict.fromkeys(_take_back(conn, office, row)))
            append_audit(conn, _noted(office, row, size))
    return extent, Changes((), tuple(touched))


def _noted(office: Office, row: ImportedRange, entries: int) -> dict[str, str]:
    detail = {"entries": entries, "number": row.number, "package": row.package}
    return {
        "at": office.workspace.clock.now().isoformat(timespec="seconds"),
        "person": office.actor.person,
        "action": "import_undone",
        "subject": row.scope,
        "detail": json.dumps(detail, ensure_ascii=False, sort_keys=True),
    }


def _take_back(conn: Connection, office: Office, row: ImportedRange) -> list[tuple[Kind, EntityId]]:
    journal = tables.journal
    inside = journal.c.lid.between(row.first, row.last)
    eids = sorted(conn.execute(select(journal.c.eid).distinct().where(inside)).scalars())
    sids = set(conn.execute(select(journal.c.sid).distinct().where(inside)).scalars())
    conn.execute(delete(journal).where(inside))
    _restore_streams(conn, row, sids)
    settle_homes(conn, eids)
    touched = reproject(conn, eids, office.workspace.deriver)
    _drop_unwritten(conn, eids)
    conn.execute(delete(tables.import_log).where(tables.import_log.c.lid == row.number))
    return touched


def _restore_streams(conn: Connection, row: ImportedRange, sids: set[int]) -> None:
    """Give streams the end they had; those (and those branches) the import began go."""
    table = tables.stream
    for before in row.before:
        sids.discard(before.sid)
        conn.execute(
            update(table)
            .where(table.c.sid == before.sid)
            .values(head_seq=before.head_seq, head=bytes.fromhex(before.head), seal=before.seal)
        )
    branches = table.c.parent_sid.is_not(None)
    forked = conn.execute(select(table.c.uid).where(table.c.sid.in_(sids), branches)).scalars().all()
    conn.execute(delete(table).where(table.c.sid.in_(sids)))
    for uid in set(forked):
        if conn.execute(select(table.c.sid).where(table.c.uid == uid, branches).limit(1)).first() is None:
            alerts.withdraw(conn, AlertKind.FORK, uid)


def _drop_unwritten(conn: Connection, eids: list[int]) -> None:
    journal, entity, answers = tables.journal, tables.entity, tables.answer_json
    for chunk in chunks(eids):
        left = set(conn.execute(select(journal.c.eid).distinct().where(journal.c.eid.in_(chunk))).scalars())
        gone = [eid for eid in chunk if eid not in left]
        conn.execute(delete(answers).where(answers.c.eid.in_(gone)))
        conn.execute(delete(entity).where(entity.c.eid.in_(gone)))
