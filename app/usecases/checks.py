"""Self-check: the program's parts are there, and a workspace agrees with its own journal."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.domain.errors import AppError
from app.journal import chain
from app.storage import tables
from app.storage.digest import digest
from app.storage.merge import streams_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.usecases.office import Office


def check_program() -> dict[str, bool]:
    """Return whether each part of the program works here."""
    import sqlcipher3.dbapi2 as sqlcipher

    with sqlcipher.connect(":memory:") as conn:
        cipher = bool(conn.execute("PRAGMA cipher_version").fetchone())
    fonts = resources.files("reports") / "assets" / "fonts"
    return {
        "cipher": cipher,
        "packs": _packs_load(),
        "fonts": any(file.name.endswith(".ttf") for file in fonts.iterdir()),
    }


def check_workspace(office: Office) -> dict[str, bool]:
    """Return whether the chains, the file and the projections of a workspace hold together.

    The projections are made anew on the way.
    """
    with office.workspace.read() as conn:
        found = {
            "file": not list(conn.exec_driver_sql("PRAGMA cipher_integrity_check")),
            "chains": _chains_hold(conn),
        }
        before = digest(conn)
    office.workspace.rebuild()
    with office.workspace.read() as conn:
        return {**found, "projections": digest(conn) == before}


def _packs_load() -> bool:
    from app.usecases.policy import shipped

    try:
        return bool(shipped().packs)
    except AppError:
        return False


def _chains_hold(conn: Connection) -> bool:
    heads = {
        (row.uid, row.head_seq): row.head for row in conn.execute(select(tables.stream)).all() if row.head_seq
    }
    for part in streams_of(conn, [""]):
        link = chain.genesis(part.uid)
        for number, body in enumerate(part.entries, start=1):
            link = chain.link(link, part.uid, number, body)
        if part.entries and heads.get((part.uid, len(part.entries))) != link:
            return False
    return True
