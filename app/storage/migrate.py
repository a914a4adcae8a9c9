"""Bring the truth tables of an older file up to date: backup first, on a copy, in one transaction, checked.

The copy takes the file's place when all went well; the file as it was is kept, so that the program it was
written by can be given it back. Alembic is imported only when the revision differs; projections are rebuilt,
never migrated.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import DBAPIError

from app.domain.errors import Refused, Unavailable
from app.storage import kept
from app.storage.cipher import disk_error, machine_error
from app.storage.engine import open_engine
from app.storage.revision import HEAD

if TYPE_CHECKING:
    from app.storage.shapes import OpenWorkspace


def revision(conn: Connection) -> str | None:
    """Return the schema revision of an open file, None for an empty one."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def ensure_current(workspace: OpenWorkspace) -> None:
    """Migrate when the file is older; refuse when it is newer.

    Raises:
        Refused: ``workspace.newer_schema`` when this program does not know the revision, or
            ``workspace.newer_schema_kept`` when the file as this program left it is kept.
        Unavailable: ``workspace.migration_failed`` when the checks after migrating fail, any ``disk.…`` code.
    """
    with workspace.engine.connect() as conn:
        current = revision(conn)
    if current == HEAD:
        return
    if current is None or current not in known_revisions():
        is_kept = kept.before(workspace.folder, HEAD).is_file()
        raise Refused("workspace.newer_schema_kept" if is_kept else "workspace.newer_schema")
    from app.storage.backup import back_up

    kept.need_room(workspace.folder)
    back_up(workspace, reason="migration")
    _migrate_copy(workspace, current)


def _migrate_copy(workspace: OpenWorkspace, current: str) -> None:
    workspace.engine.dispose()
    copy = kept.keep(workspace.folder, workspace.key, current)
    fresh = workspace.folder / f"{kept.DATABASE}.new"
    _clear(fresh)  # a log that a power cut left would be taken for the copy's own
    try:
        shutil.copyfile(copy, fresh)
        upgrade_file(fresh, workspace.key)
        workspace.engine.dispose()
        kept.put_in_place(fresh, workspace.folder)
    except OSError as error:
        raise disk_error(error) from error
    finally:
        _clear(fresh)


def _clear(fresh: Path) -> None:
    for left in fresh.parent.glob(f"{fresh.name}*"):
        left.unlink()


def upgrade_file(path: Path, key: bytes) -> None:
    """Bring a database file nobody uses up to date, in place, and leave no log beside it.

    Raises:
        Unavailable: ``workspace.migration_failed`` and what the machine said.
    """
    target = open_engine(path, key)
    try:
        upgrade(target)
        with target.connect() as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        target.dispose()


def upgrade(target: Engine) -> None:
    """Run every missing migration in one transaction.

    Raises:
        Unavailable: ``workspace.migration_failed`` when a script fails or a foreign key is broken
            afterwards; nothing is changed then. Also what the machine said.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    import db.migrations

    config = Config()
    config.set_main_option("script_location", str(Path(db.migrations.__file__).parent).replace("%", "%%"))
    with target.connect() as conn:
        # Inside a transaction this pragma does nothing, and a table rebuild would delete children.
        raw = conn.connection.driver_connection
        if raw is None:
            raise Unavailable("workspace.migration_failed")
        raw.execute("PRAGMA foreign_keys = OFF")
        try:
            with conn.execution_options(babutong_write=True).begin():
                config.attributes["connection"] = conn
                command.upgrade(config, "head")
                if conn.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise Unavailable("workspace.migration_failed")
        except (DBAPIError, CommandError) as error:
            raise machine_error(error) or Unavailable("workspace.migration_failed") from error
        finally:
            raw.execute("PRAGMA foreign_keys = ON")


def known_revisions() -> frozenset[str]:
    """Return the revisions this program can migrate from."""
    import db.migrations

    folder = Path(db.migrations.__file__).parent / "versions"
    return frozenset(path.stem.split("_")[0] for path in folder.glob("[0-9]*.py"))
