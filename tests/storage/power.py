"""Pull the plug: a file system that notes what the database wrote, and what a disk may hold of it afterwards.

The statements are those of the real program, caught while it works, and run again through the plain SQLite of
``apsw``, whose file systems can be written in Python. After a power cut everything forced to the disk is there;
of the rest any part may be, torn at any sector.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import apsw
from sqlalchemy import Engine, event

SECTOR = 512
Statement = tuple[str, object, bool]


@dataclass
class Caught:
    """The statements of one program run, cut into transactions."""

    transactions: list[list[Statement]] = field(default_factory=list)
    _open: list[Statement] | None = None

    def __enter__(self) -> Self:
        for name, catch in self._catches():
            event.listen(Engine, name, catch)
        return self

    def __exit__(self, *_: object) -> None:
        for name, catch in self._catches():
            event.remove(Engine, name, catch)

    def _catches(self) -> Sequence[tuple[str, Callable[..., None]]]:
        return (
            ("before_cursor_execute", self._on_statement),
            ("commit", self._on_commit),
            ("rollback", self._on_rollback),
        )

    def _on_statement(self, _conn, _cursor, statement, parameters, _context, many) -> None:
        word = statement.split(None, 1)[0].upper()
        if word in {"INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER"}:
            self._open = self._open or []
            rows = [tuple(row) for row in parameters] if many else tuple(parameters or ())
            self._open.append((statement, rows, many))

    def _on_commit(self, _conn) -> None:
        if self._open:
            self.transactions.append(self._open)
        self._open = None

    def _on_rollback(self, _conn) -> None:
        self._open = None


@dataclass(frozen=True)
class Mode:
    """How the database keeps its promises."""

    journal: str
    synchronous: str

    def __str__(self) -> str:
        return f"{self.journal}/{self.synchronous}"


SHIPPED = Mode("WAL", "FULL")


class PlugPulled(Exception):
    """A fault was injected."""


class Recorder(apsw.VFS):
    """Passes everything on and notes it; ``fail_at`` makes the operation of that number fail."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "")
        self.label = name
        self.log: list[tuple] = []
        self.fail_at = 0
        self.error: type[Exception] = apsw.IOError
        self.count = 0

    def note(self, *what: object) -> None:
        self.count += 1
        if self.fail_at and self.count >= self.fail_at and what[0] in {"write", "sync", "truncate"}:
            self.fail_at = 0
            raise self.error
        self.log.append(what)

    def xOpen(self, name, flags):  # noqa: N802 -- the library's name
        return RecordedFile(self, name, flags)

    def xDelete(self, name, syncdir):  # noqa: N802 -- the library's name
        self.note("delete", Path(name).name, bool(syncdir))
        super().xDelete(name, syncdir)


class RecordedFile(apsw.VFSFile):
    """One open file."""

    def __init__(self, vfs: Recorder, name, flags) -> None:
        super().__init__("", name, flags)
        self._vfs = vfs
        self._name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "").name

    def xWrite(self, data, offset):  # noqa: N802 -- the library's name
        self._vfs.note("write", self._name, offset, bytes(data))
        super().xWrite(data, offset)

    def xTruncate(self, size):  # noqa: N802 -- the library's name
        self._vfs.note("truncate", self._name, size)
        super().xTruncate(size)

    def xSync(self, flags):  # noqa: N802 -- the library's name
        self._vfs.note("sync", self._name)
        super().xSync(flags)


@dataclass
class Run:
    """How far a replay came."""

    acked: int = 0


def prepare(conn: apsw.Connection, mode: Mode) -> None:
    """Set a mode, with small checkpoints so that some happen."""
    if mode.journal == "WAL":
        conn.execute("PRAGMA locking_mode = EXCLUSIVE")  # a file system in Python has no shared memory
    conn.execute(f"PRAGMA journal_mode = {mode.journal}")
    conn.execute(f"PRAGMA synchronous = {mode.synchronous}")
    conn.execute("PRAGMA wal_autocheckpoint = 40")


FOUNDED = 2
"""Transactions after which the program forces the folder of a new workspace to the disk."""


def replay(
    path: Path, transactions: Sequence[Sequence[Statement]], mode: Mode, vfs: Recorder, settled: int = FOUNDED
) -> Run:
    """Run every transaction; note a promise in the log after each commit. Ends early at an injected fault.

    After ``settled`` transactions the folder is forced to the disk, as the program does; 0 is never.
    """
    run = Run()
    conn = apsw.Connection(str(path), vfs=vfs.label)
    try:
        prepare(conn, mode)
        for transaction in transactions:
            conn.execute("BEGIN IMMEDIATE")
            for statement, rows, many in transaction:
                if many:
                    conn.executemany(statement, rows)
                else:
                    conn.execute(statement, rows)
            conn.execute("COMMIT")
            run.acked += 1
            if run.acked == settled:
                vfs.log.append(("folder",))
            vfs.log.append(("ack", run.acked))
    except apsw.Error:
        pass
    with suppress(apsw.Error):
        conn.close()
    return run


def states(folder: Path, transactions: Sequence[Sequence[Statement]]) -> list[str]:
    """Return the digest of the database after each number of transactions, on a disk that never fails."""
    path = folder / "golden.db"
    conn = apsw.Connection(str(path))
    prepare(conn, SHIPPED)
    found = [_digest(conn)]
    for transaction in transactions:
        conn.execute("BEGIN IMMEDIATE")
        for statement, rows, many in transaction:
            conn.executemany(statement, rows) if many else conn.execute(statement, rows)
        conn.execute("COMMIT")
        found.append(_digest(conn))
    conn.close()
    return found


def digest(path: Path) -> str:
    """Return the digest of every table of a file; "damaged" when it is not whole."""
    try:
        conn = apsw.Connection(str(path))
        try:
            if conn.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return "damaged"
            return _digest(conn)
        finally:
            conn.close()
    except apsw.Error:
        return "damaged"


def _digest(conn: apsw.Connection) -> str:
    total = hashlib.sha256()
    names = [
        row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    for name in names:
        total.update(name.encode())
        for row in sorted(map(repr, conn.execute(f'SELECT * FROM "{name}"'))):
            total.update(row.encode())
    return total.hexdigest()


@dataclass
class _File:
    safe: bytearray = field(default_factory=bytearray)
    pending: list[tuple] = field(default_factory=list)
    exists: bool = False  # for sure: its name was forced to the disk with it


def crash_image(log: Sequence[tuple], at: int, dice: random.Random) -> tuple[dict[str, bytes], int]:
    """Return the files a disk may hold when the power fails before operation ``at``, and what was promised."""
    files: dict[str, _File] = {}
    acked = 0
    for what, *rest in log[:at]:
        if what == "ack":
            acked = rest[0]
            continue
        if what == "folder":
            files = {name: file for name, file in files.items() if ("gone",) not in file.pending}
            continue
        name = rest[0]
        file = files.setdefault(name, _File())
        if what == "sync":
            file.safe = _applied(file.safe, file.pending)
            file.pending, file.exists = [], True
        elif what == "delete" and rest[1]:
            files.pop(name)
        elif what == "delete":
            file.pending.append(("gone",))
        else:
            file.pending.append((what, *rest[1:]))
    images: dict[str, bytes] = {}
    for name, file in files.items():
        found = _survivor(file, dice)
        if found is not None:
            images[name] = found
    return images, acked


def _applied(safe: bytearray, pending: Sequence[tuple]) -> bytearray:
    for what, *rest in pending:
        if what == "gone":
            safe = bytearray()
        elif what == "truncate":
            del safe[rest[0] :]
        else:
            _put(safe, rest[0], rest[1])
    return safe


def _put(data: bytearray, offset: int, piece: bytes) -> None:
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(piece)] = piece


def _survivor(file: _File, dice: random.Random) -> bytes | None:
    """Return what is left of one file: the safe part and any sectors of the rest; None when it is gone."""
    data, gone = bytearray(file.safe), not file.exists and not dice.randrange(2)
    keep = dice.choice((0.0, 0.3, 0.5, 0.8, 1.0))
    for what, *rest in file.pending:
        if what == "gone":
            if dice.random() < keep:
                gone = True
        elif what == "truncate":
            if dice.random() < keep:
                del data[rest[0] :]
        else:
            gone = False if file.exists else gone
            for offset, sector in _sectors(rest[0], rest[1]):
                if dice.random() < keep:
                    _put(data, offset, sector)
    return None if gone else bytes(data)


def _sectors(offset: int, data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        step = SECTOR - (offset + at) % SECTOR
        yield offset + at, data[at : at + step]
        at += step
