"""What the parts of storage need of each other, so that none imports the one that uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from app.domain.calendar import Clock
    from app.storage.household_rows import Household


class OpenWorkspace(Protocol):
    """An open workspace as backup, migration and the witness see it."""

    @property
    def folder(self) -> Path:
        """The folder the database lies in."""
        ...

    @property
    def key(self) -> bytes:
        """The raw key of every file of the workspace."""
        ...

    @property
    def engine(self) -> Engine:
        """The engine over the encrypted database."""
        ...

    @property
    def clock(self) -> Clock:
        """The clock of the program."""
        ...

    def read(self) -> AbstractContextManager[Connection]:
        """Open a read transaction."""
        ...

    def bookkeeping(self) -> AbstractContextManager[Connection]:
        """Open a write transaction for tables that are no projection of the journal."""
        ...

    def rotate(self, why: str) -> None:
        """Begin a new incarnation of this device and alert the person at it."""


class Derives(Protocol):
    """Makes the derived rows of households anew."""

    def derive(self, conn: Connection, uids: Iterable[str], ready: Mapping[str, Household] = ...) -> None:
        """Make the derived rows of these households; those that are ``ready`` have none yet."""
