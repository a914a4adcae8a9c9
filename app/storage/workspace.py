"""A workspace: one folder with one encrypted database, opened by one program at a time."""

from __future__ import annotations

import gc
import hashlib
import json
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.schema import CreateIndex, CreateTable

from app.domain.alert import AlertKind
from app.domain.errors import Refused
from app.domain.ids import Level
from app.storage import (
    alerts,
    engine,
    incarnation,
    kept,
    migrate,
    place,
    projector,
    room,
    tables,
    triggers,
    witness,
)
from app.storage.cipher import ROOMY, USUAL, check_file, disk_error
from app.storage.derive import Deriver, Judge
from app.storage.lock import WorkspaceLock
from app.storage.scrub import scrub
from app.storage.tx import Tx, Writer, get_meta, set_meta
from app.swap import settle_folder
from app.version import VERSION

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from app.domain.calendar import Clock
    from app.domain.person import Actor

DATABASE = "workspace.db"


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new workspace is made of.

    ``scope`` is the 12-digit code the device works for; ``places`` maps codes to names; ``secret``
    is the device's private keys as bytes (kept only inside the encrypted file).
    """

    level: Level
    scope: str
    places: Mapping[str, str]
    device: str
    sign_key: bytes
    secret: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """The fixed facts of an open workspace."""

    workspace: str
    level: Level
    scope: str
    places: Mapping[str, str]
    device: str
    demo: bool


class Workspace:
    """Open database and its two doors, ``read`` and ``write``.

    Use ``create`` or ``open``; ``close`` when done. Not thread-bound: writes are serialised by the
    database itself, reads run beside them.
    """

    def __init__(self, folder: Path, key: bytes, judge: Judge, clock: Clock, lock: WorkspaceLock) -> None:
        self.folder = folder
        self.clock = clock
        self._lock = lock
        self._key = key
        self.deriver = Deriver(judge)
        self.engine: Engine = engine.open_engine(folder / DATABASE, key)
        self._closed = False

    @classmethod
    def create(cls, folder: Path, key: bytes, founding: Founding, judge: Judge, clock: Clock) -> Workspace:
        """Make a new workspace in ``folder``.

        Raises:
            Refused: ``workspace.exists``, ``workspace.in_use``, the codes of ``place.refuse_unsafe``.
            Unavailable: any ``disk.…`` code.
        """
        place.refuse_unsafe(folder)
        if (folder / DATABASE).exists():
            raise Refused("workspace.exists")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise disk_error(error) from error
        made = cls(folder, key, judge, clock, WorkspaceLock(folder))
        try:
            with engine.machine_errors():
                migrate.upgrade(made.engine)
                with made.engine.execution_options(**engine.WRITE).begin() as conn:
                    _found(conn, founding)
                    tables.projections.create_all(conn)
                    set_meta(conn, "projection", projection_version())
                    set_meta(conn, "program", VERSION)
                made._checkpoint()
                # The journal from before the switch to WAL must not come back after a power cut.
                settle_folder(folder)
            witness.renew(made)
        except BaseException:
            made.remove()
            raise
        return made

    @classmethod
    def open(
        cls, folder: Path, key: bytes, judge: Judge, clock: Clock, lock: WorkspaceLock | None = None
    ) -> Workspace:
        """Open an existing workspace, migrating and rebuilding what an older version left.

        ``lock`` is the folder's lock when the caller holds it already; it is given back on ``close``.

        Raises:
            BadInput: ``workspace.missing``, ``workspace.not_encrypted``.
            Refused: ``workspace.in_use``, ``workspace.newer_schema``, those of ``place.refuse_unsafe``.
            Unavailable: ``workspace.damaged`` and any ``disk.…`` code.
        """
        try:
            place.refuse_unsafe(folder)
            check_file(folder / DATABASE)
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        opened = cls(folder, key, judge, clock, lock or WorkspaceLock(folder))
        try:
            with engine.machine_errors():
                migrate.ensure_current(opened)
                opened._ensure_projection()
            witness.check(opened)
            kept.thin_out(folder, clock.now())
            room.sweep(folder)
        except BaseException:
            opened.close()
            raise
        return opened

    def close(self) -> None:
        """Close every connection and give the lock back; may be called twice."""
        if not self._closed:
            self._closed = True
            self.engine.dispose()
            self._lock.release()

    def remove(self) -> None:
        """Close and delete the database; for a workspace that did not come to be."""
        self.close()
        for path in self.folder.glob(f"{DATABASE}*"):
            path.unlink(missing_ok=True)
        WorkspaceLock.forget(self.folder)

    @contextmanager
    def read(self) -> Generator[Connection]:
        """Open a read transaction: one consistent view, writes refused."""
        with engine.machine_errors(), self.engine.connect() as conn, conn.begin():
            conn.exec_driver_sql("PRAGMA query_only = ON")
            try:
                yield conn
            finally:
                conn.exec_driver_sql("PRAGMA query_only = OFF")

    @contextmanager
    def write(self, actor: Actor) -> Generator[Tx]:
        """Open the write transaction; commits when the block ends, changes nothing if it raises."""
        with no_collection(), room.eased(self.folder), engine.machine_errors(), self._begin() as conn:
            tx = Tx(conn, actor, self.writer(conn), self.deriver, self.clock.now())
            yield tx
            tx.finish()

    @contextmanager
    def bookkeeping(self) -> Generator[Connection]:
        """Open a write transaction for tables that are no projection of the journal."""
        with no_collection(), room.eased(self.folder), engine.machine_errors(), self._begin() as conn:
            yield conn

    def writer(self, conn: Connection) -> Writer:
        """Return what entries written here are chained with."""
        row = conn.execute(select(tables.device.c.incarnation)).one()
        sign_key = bytes.fromhex(get_meta(conn, "sign_key") or "")
        return Writer(sign_key, row.incarnation, get_meta(conn, "device") or "")

    def device_secret(self) -> bytes:
        """Return the device's private keys as the bytes given when it was founded."""
        with self.read() as conn:
            secret: bytes = conn.execute(select(tables.device.c.secret)).scalar_one()
            return secret

    def standing(self) -> Standing:
        """Return the fixed facts of this workspace."""
        with self.read() as conn:
            return Standing(
                workspace=get_meta(conn, "workspace") or "",
                level=Level(get_meta(conn, "level") or Level.VILLAGE),
                scope=get_meta(conn, "scope") or "",
                places=json.loads(get_meta(conn, "places") or "{}"),
                device=get_meta(conn, "device") or "",
                demo=get_meta(conn, "demo") == "1",
            )

    def rebuild(self) -> None:
        """Drop every projection and make it again from the journal."""
        with self.bookkeeping() as conn:
            conn.exec_driver_sql(ROOMY)
            try:
                tables.projections.drop_all(conn)
                tables.projections.create_all(conn)
                projector.rebuild(conn, self.deriver)
                set_meta(conn, "projection", projection_version())
            finally:
                conn.exec_driver_sql(USUAL)

    def scrub(self) -> bool:
        """Write the file anew so that nothing deleted is left in it; tell whether its log is empty too.

        Raises:
            Unavailable: any ``disk.…`` code, ``workspace.busy``; the file is as it was then.
        """
        with engine.machine_errors():
            raw = self.engine.raw_connection()
            try:
                return scrub(cast("sqlite3.Connection", raw.driver_connection))
            finally:
                raw.close()

    def rotate(self, why: str) -> None:
        """Begin a new incarnation of this device and alert: a restored or copied file must not fork a stream.

        ``why`` is what the witness found: "missing", "machine", "path" or "nonce".
        """
        at = self.clock.now().isoformat(timespec="seconds")
        with self.bookkeeping() as conn:
            incarnation.rotate(conn)
            alerts.add(conn, AlertKind.ROTATED, get_meta(conn, "workspace") or "", {"why": why}, at)

    @property
    def key(self) -> bytes:
        """The raw database key, for backups and for the quick reader."""
        return self._key

    def _begin(self) -> AbstractContextManager[Connection]:
        return self.engine.execution_options(**engine.WRITE).begin()

    def _ensure_projection(self) -> None:
        with self.read() as conn:
            current = get_meta(conn, "projection") == projection_version()
            program = get_meta(conn, "program")
        if not current:
            self.rebuild()
        if program != VERSION:
            # The quick reader trusts the lists of its own program only, and cannot compare their shape.
            with self.bookkeeping() as conn:
                set_meta(conn, "program", VERSION)

    def _checkpoint(self) -> None:
        with self.engine.connect() as conn:
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def no_collection() -> Generator[None]:
    """Hold back the cyclic garbage collector while a transaction makes many objects.

    A full collection stops the window for most of a second then; what a write makes has no cycles.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def projection_version() -> str:
    """Return a digest of the projected tables, indexes and triggers; another one means rebuild."""
    ordered = tables.projections.sorted_tables
    shape = [str(CreateTable(table)) for table in ordered]
    for table in ordered:
        shape += sorted(str(CreateIndex(index)) for index in table.indexes)
    shape += [triggers.CASE_ADDED, triggers.CASE_GONE, triggers.HOUSEHOLD_ADDED, triggers.HOUSEHOLD_GONE]
    return hashlib.sha256("\n".join(shape).encode()).hexdigest()[:16]


def _found(conn: Connection, founding: Founding) -> None:
    facts = {
        "workspace": secrets.token_hex(16),
        "level": str(founding.level),
        "scope": founding.scope,
        "places": json.dumps(dict(founding.places), ensure_ascii=False, sort_keys=True),
        "device": founding.device,
        "sign_key": founding.sign_key.hex(),
    }
    for key, value in facts.items():
        set_meta(conn, key, value)
    conn.execute(
        insert(tables.device).values(k=1, secret=founding.secret, incarnation=secrets.token_bytes(16))
    )
