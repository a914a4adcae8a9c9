"""Look a database over: its pages, its audit, and whether its projections are what the journal gives.

Nothing is changed: the trial rebuild is undone.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from sqlalchemy import Connection, Table, exc, select

from app.domain.errors import Refused
from app.storage import projector, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from app.storage.shapes import Derives, OpenWorkspace

_LOOK = 500  # steps of the database engine between two looks whether to stop
_LEFT_OUT = frozenset({"answer_json"})  # made when somebody looks, not by a rebuild
_COUNTERS: Mapping[str, tuple[str, ...]] = {"board_count": ("n",), "village_count": ("households", "persons")}


def page_faults(conn: Connection) -> int:
    """Return how many pages of the file fail their authentication or do not fit together."""
    pages = len(list(conn.exec_driver_sql("PRAGMA cipher_integrity_check")))
    said = [str(row[0]) for row in conn.exec_driver_sql("PRAGMA quick_check(20)")]
    return pages + (0 if said == ["ok"] else len(said))


def audit_holds(conn: Connection) -> bool:
    """Tell whether the chain of the audit was never broken."""
    before = ""
    for row in conn.execute(select(tables.audit).order_by(tables.audit.c.n)).mappings():
        told = {key: str(row[key]) for key in ("at", "person", "action", "subject", "detail")}
        text = json.dumps([before, *(told[key] for key in sorted(told))], ensure_ascii=False)
        before = hashlib.sha256(text.encode()).hexdigest()
        if before != row["link"]:
            return False
    return True


class _Enough(Exception):
    """Ends the trial rebuild; leaving the transaction this way undoes it."""

    def __init__(self, differing: tuple[str, ...]) -> None:
        super().__init__()
        self.differing = differing


def differing_projections(
    workspace: OpenWorkspace, deriver: Derives, cancelled: Callable[[], bool]
) -> tuple[str, ...]:
    """Rebuild every projection on trial; return the names of the tables that came out different.

    Raises:
        Refused: ``work.cancelled``.
    """
    try:
        with workspace.bookkeeping() as conn, stoppable(conn, cancelled):
            _trial(conn, deriver)
    except _Enough as enough:
        return enough.differing
    return ()


def _trial(conn: Connection, deriver: Derives) -> NoReturn:
    before = _fingerprints(conn)
    projector.rebuild(conn, deriver)
    after = _fingerprints(conn)
    raise _Enough(tuple(name for name, digest in before.items() if after[name] != digest))


@contextmanager
def stoppable(conn: Connection, cancelled: Callable[[], bool]) -> Generator[None]:
    """Let ``cancelled`` stop a statement in its middle.

    Raises:
        Refused: ``work.cancelled``.
    """
    driver = conn.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    driver.set_progress_handler(lambda: int(cancelled()), _LOOK)
    try:
        yield
    except exc.OperationalError as error:
        if cancelled():
            raise Refused("work.cancelled") from error
        raise
    finally:
        driver.set_progress_handler(None, 0)


def _fingerprints(conn: Connection) -> dict[str, str]:
    everything = (*tables.projections.sorted_tables, tables.entity)
    return {table.name: _fingerprint(conn, table) for table in everything if table.name not in _LEFT_OUT}


def _fingerprint(conn: Connection, table: Table) -> str:
    keys = list(table.primary_key.columns)
    counters = _COUNTERS.get(table.name, ())
    total = hashlib.sha256()
    for row in conn.execute(select(table).order_by(*keys)):
        # A counter that went back to nothing is as good as none.
        if counters and not any(getattr(row, name) for name in counters):
            continue
        total.update(repr(tuple(_plain(row))).encode())
    return total.hexdigest()


def _plain(row: Iterable[object]) -> Iterable[object]:
    return (value.hex() if isinstance(value, bytes) else value for value in row)
