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
from app.domain.errors import Refused
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
    """The quick reader behind a lock: two read workers share one connection.

    Every read is refused with ``work.locked`` between ``close`` and ``renew``.
    """

    def __init__(self, reader: QuickReader) -> None:
        self._reader: QuickReader | None = reader
        self._lock = Lock()

    def exec_driver_sql(self, statement: str, parameters: tuple[Value, ...] | None = None, /) -> list[Row]:
        """Run one statement of the reads."""
        with self._lock:
            return self._open().exec_driver_sql(statement, parameters)

    def meta(self, key: str) -> str:
        """Return one bookkeeping value."""
        with self._lock:
            return self._open().meta(key)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._reader is not None:
                self._reader.close()
                self._reader = None

    def renew(self, reader: QuickReader) -> None:
        """Read through another connection from now on."""
        with self._lock:
            self._reader = reader

    def _open(self) -> QuickReader:
        if self._reader is None:
            raise Refused("work.locked")
        return self._reader


class Room:
    """One unlocked workspace; ``close`` gives everything back.

    ``lock`` closes the database and forgets its key, but keeps others out of the folder; what holds the room
    goes on with it after ``unlock``.
    """

    def __init__(self, folder: Path, key: bytes, owner: str, clock: Clock) -> None:
        self.folder = folder
        self.clock = clock
        self._key = key
        self._owner = owner
        self._actor: Actor | None = None
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
            self._actor = actor
            self._seat = Facts(actor.level, actor.scope, self.own.device)

    @property
    def person(self) -> str:
        """The id of the person who acts, without opening the office; known while locked, too."""
        return self._actor.person if self._actor is not None else self.person_of(self._owner)

    def person_of(self, owner: str) -> str:
        """Return the person an owner in the key file stands for: "" is the first one."""
        return owner or self.source.meta("first_person")

    @property
    def is_locked(self) -> bool:
        """Whether the key is gone."""
        return not self._key

    def lock(self) -> None:
        """Close the database and forget its key; only when nothing works with it any more."""
        with self._opening:
            if self.is_locked:
                return
            if self._actor is None:
                self._actor = self.office.actor
            self.close()
            self._key = b""
            self._lock = WorkspaceLock(self.folder)

    def unlock(self, passphrase: str) -> str:
        """Open what ``lock`` closed if it is closed; return the person the passphrase belongs to.

        Raises:
            Refused: ``keys.wrong_passphrase``.
            BadInput, Unavailable: what ``QuickReader`` says.
        """
        from app.usecases.keys import unlock_key

        key, owner = unlock_key(self.folder, passphrase)
        with self._opening:
            if self.is_locked:
                self.source.renew(QuickReader(self.folder, key))
                self._key, self._owner = key, owner
        return self.person_of(owner)

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

        if self.is_locked:
            raise Refused("work.locked")
        lock, self._lock = self._lock, None
        made = open_office(self.folder, self._key, self._owner, self.clock, lock)
        self._office = made if self._actor is None else replace(made, actor=self._actor)
        return self._office

    @staticmethod
    def _is_projected(reader: QuickReader) -> bool:
        """Tell whether the lists were made by this very program; another one may give them another shape."""
        tables = reader.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'case_line'")
        return bool(tables[0][0]) and reader.meta("program") == VERSION
