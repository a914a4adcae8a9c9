"""Read the board and the first page straight after the key is known, without SQLAlchemy.

    with QuickReader(folder, key) as reader:
        reader.is_current()
        board.get_board(reader, …)
        household_list.list_ids(reader, …)

It runs the same statements as the reads behind SQLAlchemy (``app.storage.line_sql``) on a connection that
refuses to write. Nothing heavy is imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import sqlcipher3.dbapi2 as sqlcipher

from app.domain.errors import Refused, Unavailable
from app.storage.cipher import check_file, machine_error, prepare
from app.storage.revision import HEAD

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path
    from types import TracebackType

    from app.domain.ids import Value
    from app.storage.line_sql import Row

DATABASE = "workspace.db"


class QuickReader:
    """A raw read-only connection to an encrypted workspace; close it when SQLAlchemy has taken over.

    Raises:
        BadInput: ``workspace.missing``, ``workspace.not_encrypted``.
        Unavailable: ``workspace.damaged`` (also when the key is wrong), ``disk.…``.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        check_file(folder / DATABASE)  # connecting to a file that is not there would make one
        try:
            self._conn: sqlite3.Connection = sqlcipher.connect(
                str(folder / DATABASE), check_same_thread=False, isolation_level=None
            )
        except sqlcipher.Error as error:
            raise machine_error(error) or Unavailable("workspace.damaged") from error
        try:
            prepare(self._conn, key)
            self._conn.execute("PRAGMA query_only = ON")
        except sqlcipher.Error as error:
            self._conn.close()
            raise machine_error(error) or Unavailable("workspace.damaged") from error

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection; may be called twice."""
        self._conn.close()

    def revision(self) -> str:
        """Return the schema revision of the file.

        Raises:
            Unavailable: ``workspace.damaged`` when it is no workspace of ours.
        """
        rows = self.exec_driver_sql("SELECT version_num FROM alembic_version")
        if not rows:
            raise Unavailable("workspace.damaged")
        return str(rows[0][0])

    def is_current(self) -> bool:
        """Tell whether the file has the revision this program writes, so that nothing needs migrating."""
        return self.revision() == HEAD

    def meta(self, key: str) -> str:
        """Return one bookkeeping value of the workspace ("level", "scope", "places" …), "" without one."""
        rows = self.exec_driver_sql("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def exec_driver_sql(self, statement: str, parameters: tuple[Value, ...] | None = None, /) -> list[Row]:
        """Run one statement, named as on a SQLAlchemy connection so that the same reads take both.

        Raises:
            Unavailable: what the machine said.
            Refused: ``workspace.newer_schema`` when a table or column is missing.
        """
        try:
            return self._conn.execute(statement, parameters or ()).fetchall()
        except sqlcipher.Error as error:
            if "no such" in str(error):
                raise Refused("workspace.newer_schema") from error
            known = machine_error(error)
            if known is None:
                raise
            raise known from error
