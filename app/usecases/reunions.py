"""Take in again what a newer program had written before somebody went back to an older one.

Going back puts the newer database aside (``app.storage.kept``). Once a program that knows its form opens the
workspace, the two are one journal again: set union, as between two computers, so nothing typed is lost.
"""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from app.domain.errors import AppError
from app.storage import kept, migrate, redaction, tables
from app.storage.cipher import disk_error
from app.storage.engine import machine_errors, open_engine
from app.storage.merge import merge, streams_of
from app.storage.tx import append_audit
from app.usecases.trust import authority, judge_of, load_trust, take_trust

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Table

    from app.usecases.office import Office

log = logging.getLogger(__name__)


def rejoin(office: Office) -> int:
    """Take in every copy put aside whose form this program knows; return how many entries were new.

    A copy is deleted when its entries are safe; taking one in twice changes nothing. A damaged one is left
    aside under another name.

    Raises:
        Unavailable: any ``disk.…`` code, ``workspace.migration_failed``; the copy stays for the next time.
    """
    folder, known = office.workspace.folder, migrate.known_revisions()
    new = 0
    for copy in kept.later(folder):
        if kept.revision_of(copy) not in known:
            continue
        try:
            found = _take_in(office, copy)
        except AppError as error:
            if error.code != "workspace.damaged":
                raise
            # It must not stand in the way of the workspace for ever; it stays for the technician.
            log.warning("%s cannot be read and is left aside", copy.name)
            copy.replace(copy.with_suffix(".damaged"))
            continue
        with office.workspace.write(office.actor) as tx:
            tx.audit("rejoin", "workspace", {"file": copy.name, "new": found})
        copy.unlink(missing_ok=True)
        new += found
    return new


def _take_in(office: Office, copy: Path) -> int:
    """Read a copy of the copy, so that bringing it up to date leaves the one put aside as it is."""
    trial = copy.with_suffix(".part")
    _clear(trial)
    try:
        shutil.copyfile(copy, trial)
        with machine_errors():
            migrate.upgrade_file(trial, office.workspace.key)
            source = open_engine(trial, office.workspace.key)
            try:
                with source.connect() as theirs:
                    return _union(office, theirs)
            finally:
                source.dispose()
    except OSError as error:
        raise disk_error(error) from error
    finally:
        _clear(trial)


def _clear(trial: Path) -> None:
    for left in trial.parent.glob(f"{trial.name}*"):
        left.unlink()


def _union(office: Office, theirs: Connection) -> int:
    workspace = office.workspace
    wall_ms = int(workspace.clock.now().timestamp() * 1000)
    with workspace.bookkeeping() as ours:
        take_trust(ours, load_trust(theirs), workspace)
        judge = judge_of(authority(ours, load_trust(ours)))
        done = merge(ours, streams_of(theirs, [""]), judge, workspace.deriver, wall_ms)
        _add_rows(theirs, ours, tables.blob, "hash")
        _add_rows(theirs, ours, tables.waiting, "package")
        _add_audit(theirs, ours)
    return done.new


def _add_audit(theirs: Connection, ours: Connection) -> None:
    """Chain what the newer program noted (prints, exports) behind our own; the common beginning stays."""
    table = tables.audit
    fields = [table.c[name] for name in ("at", "person", "action", "subject", "detail")]
    have = {tuple(row) for row in ours.execute(select(*fields))}
    for row in theirs.execute(select(*fields).order_by(table.c.n)).mappings().all():
        if tuple(row.values()) not in have:
            append_audit(ours, dict(row))


def _add_rows(theirs: Connection, ours: Connection, table: Table, key: str) -> None:
    """Add the rows of a table whose key we lack; one at a time, a row may be a whole file."""
    have = redaction.gone(ours) | set(ours.execute(select(table.c[key])).scalars())
    for name in theirs.execute(select(table.c[key])).scalars().all():
        if name not in have:
            row = theirs.execute(select(table).where(table.c[key] == name)).mappings().one()
            ours.execute(insert(table).values(**row))
