"""Unfinished forms, in a small encrypted file of their own: a busy main database must not delay autosave."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher

from app.domain.errors import Unavailable
from app.storage import engine, room
from app.storage.scrub import scrub

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime
    from pathlib import Path

FILE = "drafts.db"
_NO_ROOM = frozenset({"disk.full", "disk.failing"})  # a full disk may look like either


class Drafts:
    """Text kept per subject until the form is finished; threads take turns at the file."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._turn = Lock()
        with engine.machine_errors():
            self._conn: sqlite3.Connection = sqlcipher.connect(
                str(folder / FILE), check_same_thread=False, isolation_level=None
            )
            engine.prepare(self._conn, key)
            self._conn.execute(
                "CREATE TABLE IF NOT EXISTS draft"
                " (subject TEXT PRIMARY KEY, text TEXT NOT NULL, at TEXT NOT NULL)"
            )

    def save(self, subject: str, text: str, at: datetime) -> None:
        """Keep ``text`` for ``subject`` (such as "visit:<case id>"), replacing what was there.

        On a full disk the reserve is given up without a word: what is being typed comes first.
        """
        try:
            self._save(subject, text, at)
        except Unavailable as error:
            if error.code not in _NO_ROOM or not room.give_up(self._folder):
                raise
            self._save(subject, text, at)

    def _save(self, subject: str, text: str, at: datetime) -> None:
        with self._turn, engine.machine_errors():
            self._conn.execute(
                "INSERT INTO draft VALUES (?, ?, ?) ON CONFLICT (subject) DO UPDATE SET text = excluded.text,"
                " at = excluded.at",
                (subject, text, at.isoformat(timespec="seconds")),
            )

    def load(self, subject: str) -> tuple[str, str] | None:
        """Return the kept text and when it was saved (ISO), None when there is none."""
        with self._turn, engine.machine_errors():
            row = self._conn.execute("SELECT text, at FROM draft WHERE subject = ?", (subject,)).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    def discard(self, subject: str) -> None:
        """Forget the draft of a subject."""
        with self._turn, engine.machine_errors():
            self._conn.execute("DELETE FROM draft WHERE subject = ?", (subject,))

    def subjects(self, prefix: str) -> frozenset[str]:
        """Return the subjects that begin with ``prefix``."""
        with self._turn, engine.machine_errors():
            rows = self._conn.execute("SELECT subject FROM draft").fetchall()
        # Compared here: LIKE takes "_" for any character and has no case.
        return frozenset(str(row[0]) for row in rows if str(row[0]).startswith(prefix))

    def scrub(self) -> None:
        """Leave nothing of discarded drafts in the file or its log."""
        with self._turn, engine.machine_errors():
            scrub(self._conn)

    def faults(self) -> int:
        """Return how many pages of the file are not authentic."""
        with self._turn, engine.machine_errors():
            return len(self._conn.execute("PRAGMA cipher_integrity_check").fetchall())

    def latest(self) -> str:
        """Return when the newest draft was saved (ISO), "" when there is none."""
        with self._turn, engine.machine_errors():
            row = self._conn.execute("SELECT max(at) FROM draft").fetchone()
        return str(row[0] or "") if row else ""

    def close(self) -> None:
        """Close the file."""
        self._conn.close()
