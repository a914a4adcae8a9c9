"""The merge proper against raw copying of the same rows, with and without encryption, in one process."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import create_engine, event, insert

from app.crypto import keyslots
from app.files.package_in import read_package
from app.storage import migrate, tables
from app.storage.cipher import PRAGMAS, prepare
from app.storage.derive import Deriver
from app.storage.engine import WRITE, open_engine
from app.storage.merge import StreamPart, merge
from app.storage.workspace import no_collection
from app.usecases import policy, workspaces
from app.usecases.trust import authority, judge_of, load_trust, own_keys
from tests.bench.names import NOW, PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from app.files.package import Package
    from app.storage.merge import Authority
    from tests.bench.w1_packages import Fixture

_RAW = ("stream", "entity", "journal")
_OPENINGS = 20


def compared(fixture: Fixture, work: Path) -> dict[str, float]:
    """Return CPU seconds of the merge proper (encrypted, plain) and of the raw copy of its truth rows."""
    office = fixture.open(work / "reader")
    secret = own_keys(office.workspace).open_secret
    with office.workspace.read() as conn:
        judge = judge_of(authority(conn, load_trust(conn)))
    began = time.process_time()
    packages = [read_package(path, [secret]) for path in fixture.packages]
    reading = time.process_time() - began
    workspaces.close(office)
    key = bytes(range(32))
    sealed, bare = work / "sealed.db", work / "bare.db"
    encrypted = _proper(open_engine(sealed, key), packages, judge)
    plain = _proper(_unkeyed(bare), packages, judge)
    raw = _raw(sealed, work / "raw.db", key)
    return {
        "reading_cpu_s": reading,
        "proper_cpu_s": encrypted,
        "plain_cpu_s": plain,
        "raw_cpu_s": raw,
        "rows_copied": _rows(work / "raw.db", key),
        "raw_journal_cpu_s": _raw(sealed, work / "raw2.db", key, ("journal",)),
    }


def opened(fixture: Fixture, work: Path) -> dict[str, float]:
    """Return seconds to unlock with a passphrase at the standard cost, and to open one more connection."""
    slots = keyslots.new_slots(bytes(range(32)), PASSPHRASE, bytes)
    unlocks: list[float] = []
    for _ in range(3):
        began = time.perf_counter()
        keyslots.unlock(slots, PASSPHRASE)
        unlocks.append(time.perf_counter() - began)
    connects: list[float] = []
    for _ in range(_OPENINGS):
        began = time.perf_counter()
        conn = sqlcipher.connect(str(work / "sealed.db"))
        prepare(conn, bytes(range(32)))
        conn.execute("SELECT count(*) FROM stream").fetchone()
        connects.append(time.perf_counter() - began)
        conn.close()
    return {"unlock_s": statistics.median(unlocks), "reconnect_s": statistics.median(connects)}


def _unkeyed(path: Path) -> Engine:
    """Return an engine of the same library without a key."""
    engine = create_engine(f"sqlite:///{path}", module=sqlcipher)

    @event.listens_for(engine, "connect", insert=True)
    def _connect(connection, _record) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _proper(engine: Engine, packages: list[Package], judge: Authority) -> float:
    """Merge verified packages into an empty database, one transaction each; return CPU seconds."""
    migrate.upgrade(engine)
    with engine.execution_options(**WRITE).begin() as conn:
        tables.projections.create_all(conn)
        conn.execute(insert(tables.device).values(k=1, secret=b"", incarnation=bytes(16)))
    deriver = Deriver(policy.shipped())
    wall = int(NOW.timestamp() * 1000)
    began = time.process_time()
    for package in packages:
        parts = [
            StreamPart(s.uid, s.device, s.scope, s.entries, s.key, s.incarnation, s.seal)
            for s in package.streams
        ]
        with no_collection(), engine.execution_options(**WRITE).begin() as conn:
            merge(conn, parts, judge, deriver, wall)
    passed = time.process_time() - began
    engine.dispose()
    return passed


def _raw(source: Path, target: Path, key: bytes, names: tuple[str, ...] = _RAW) -> float:
    """ATTACH the finished database and INSERT … SELECT its rows into empty tables with the same indexes."""
    engine = open_engine(target, key)
    migrate.upgrade(engine)
    engine.dispose()
    conn = sqlcipher.connect(str(target), isolation_level=None)
    prepare(conn, key)
    conn.execute(f"ATTACH ? AS done KEY \"x'{key.hex()}'\"", (str(source),))
    began = time.process_time()
    conn.execute("BEGIN IMMEDIATE")
    for name in names:
        conn.execute(f"INSERT INTO main.{name} SELECT * FROM done.{name}")
    conn.execute("COMMIT")
    passed = time.process_time() - began
    conn.close()
    return passed


def _rows(path: Path, key: bytes) -> int:
    conn = sqlcipher.connect(str(path))
    prepare(conn, key)
    (count,) = conn.execute("SELECT count(*) FROM journal").fetchone()
    conn.close()
    return int(count)
