"""What lies behind the window: the quick reader at once, the office as soon as it is open.

The first board and list come through ``QuickReader`` without SQLAlchemy; the office opens in a worker
meanwhile, and everything that writes waits for it there.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock, RLock
from typing import TYPE_CHECKING

from app.domain.calendar import civil_date
from app.domain.ids import Level
from app.queries.board import Look
from app.storage import place
from app.storage.lock import WorkspaceLock
from app.storage.quick import QuickReader
from app.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from app.domain.calendar import Clock
    from app.domain.ids import Value
    from app.domain.person import Actor
    from app.storage.line_sql import Row
    from app.usecases.office import Office
    from app.usecases.policy import Policy


@dataclass(frozen=True, slots=True)
class Facts:
    """At what level and for which area work is done, and on which device."""

    level: Level
    scope: str
    device: str


class LockedReader:
    """The quick reader behind a lock: two read workers share one connection."""

    def __init__(self, reader: QuickReader) -> None:
        self._reader = reader
        self._lock = Lock()

    def exec_driver_sql(self, statement: str, parameters: tuple[Value, ...] | None = None, /) -> list[Row]:
        """Run one statement of the reads."""
        with self._lock:
            return self._reader.exec_driver_sql(statement, parameters)

    def meta(self, key: str) -> str:
        """Return one bookkeeping value."""
        with self._lock:
            return self._reader.meta(key)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._reader.close()


class Room:
    """One unlocked workspace; ``close`` gives everything back."""

    def __init__(self, folder: Path, key: bytes, owner: str, clock: Clock) -> None:
        self.folder = folder
        self.clock = clock
        self._key = key
        self._owner = owner
        self._office: Office | None = None
        self._opening = RLock()
        place.refuse_unsafe(folder)  # before the lock: it is a file already
        self._lock: WorkspaceLock | None = WorkspaceLock(folder)
        try:
            reader = QuickReader(folder, key)
            if not reader.is_current() or not self._is_projected(reader):
                # An older file: migrate and rebuild first, then read.
                reader.close()
                self._open_office()
                reader = QuickReader(folder, key)
        except BaseException:
            self.close()
            raise
        self.source = LockedReader(reader)
        self.own = Facts(Level(reader.meta("level")), reader.meta("scope"), reader.meta("device"))
        self._seat = self.own

    @property
    def office(self) -> Office:
        """The office, opened on first use; call it in a worker."""
        with self._opening:
            return self._office or self._open_office()

    @property
    def is_open(self) -> bool:
        """Whether the office was opened; without it nothing can have been written."""
        return self._office is not None

    @property
    def facts(self) -> Facts:
        """Where the desk stands now: the workspace's own area (``own``) or, at 代录, a village of it."""
        return self._seat

    def sit_down(self, actor: Actor) -> None:
        """Let another person, or the same one for another area, act from now on."""
        with self._opening:
            self._office = replace(self.office, actor=actor)
            self._seat = Facts(actor.level, actor.scope, self.own.device)

    @property
    def places(self) -> Mapping[str, str]:
        """Names of places by 12-digit code."""
        found: dict[str, str] = json.loads(self.source.meta("places") or "{}")
        return found

    @property
    def policy(self) -> Policy:
        """The policy packs."""
        from app.usecases.policy import shipped

        return shipped()

    def look(self) -> Look:
        """Return with what eyes lists are read now."""
        office = self._office  # before it is open the lists show no drafts
        names = office.drafts.subjects("") if office is not None else ()
        drafts = frozenset(name.partition(":")[2] for name in names)
        return Look(self.policy, civil_date(self.clock.now()), self.places, drafts)

    @contextmanager
    def read(self) -> Generator[Connection]:
        """Open a read transaction on the office's database."""
        with self.office.workspace.read() as conn:
            yield conn

    def close(self) -> None:
        """Close everything that is open."""
        with self._opening:
            if hasattr(self, "source"):
                self.source.close()
            if self._office is not None:
                from app.usecases.workspaces import close

                close(self._office)
                self._office = None
            elif self._lock is not None:
                self._lock.release()
            self._lock = None

    def hand_back(self, revision: str) -> None:
        """Close the room and give the workspace back in the form a program of ``revision`` reads.

        Raises:
            Refused, Unavailable: the codes of ``workspaces.take_back``; the room is closed all the same.
        """
        from app.usecases.workspaces import take_back_with

        self.close()
        take_back_with(self.folder, self._key, revision)

    def _open_office(self) -> Office:
        from app.usecases.workspaces import open_office

        lock, self._lock = self._lock, None
        self._office = open_office(self.folder, self._key, self._owner, self.clock, lock)
        return self._office

    @staticmethod
    def _is_projected(reader: QuickReader) -> bool:
        """Tell whether the lists were made by this very program; another one may give them another shape."""
        tables = reader.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'case_line'")
        return bool(tables[0][0]) and reader.meta("program") == VERSION
