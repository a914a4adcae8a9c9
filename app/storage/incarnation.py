"""The incarnation of this device: with its key it names the streams entries are written into."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.storage import tables
from app.storage.tx import get_meta

if TYPE_CHECKING:
    from sqlalchemy import Connection


def current(conn: Connection) -> tuple[str, str]:
    """Return the public signing key and the incarnation (both hex) this device writes under."""
    incarnation: bytes = conn.execute(select(tables.device.c.incarnation)).scalar_one()
    return get_meta(conn, "sign_key") or "", incarnation.hex()


def rotate(conn: Connection) -> None:
    """Begin a new incarnation: no stream that may exist elsewhere is continued."""
    conn.execute(tables.device.update().values(incarnation=secrets.token_bytes(16)))
