"""Notice that a database was restored, copied or moved, and begin a new incarnation then.

A nonce is kept in the database and in a small file outside its folder, with the absolute path and
the machine; any difference means the stream may be continued by two hands. A false alarm costs
nothing: the next entries stand in a new stream.
"""

from __future__ import annotations

import json
import platform
import secrets
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from app import paths
from app.domain.parsed import is_object
from app.storage import tables
from app.storage.cipher import disk_error
from app.storage.tx import get_meta
from app.swap import put_in_place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.storage.shapes import OpenWorkspace


def machine() -> str:
    """Return a name of this machine that a copied disk folder does not carry along."""
    return f"{platform.node()}-{uuid.getnode():012x}"


def renew(workspace: OpenWorkspace) -> None:
    """Write a fresh nonce on both sides."""
    nonce = secrets.token_hex(16)
    with workspace.bookkeeping() as conn:
        name = get_meta(conn, "workspace") or ""
        conn.execute(delete(tables.witness))
        conn.execute(insert(tables.witness).values(k=1, nonce=nonce))
    sidecar = _sidecar(name)
    text = json.dumps({"nonce": nonce, "path": str(workspace.folder.resolve()), "machine": machine()})
    try:
        sidecar.parent.mkdir(parents=True, exist_ok=True)
        part = sidecar.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        put_in_place(part, sidecar)
    except OSError as error:
        raise disk_error(error) from error


def check(workspace: OpenWorkspace) -> bool:
    """Compare both sides, rotate the incarnation when they differ, renew; return whether it rotated."""
    with workspace.read() as conn:
        nonce = conn.execute(select(tables.witness.c.nonce)).scalar()
        name = get_meta(conn, "workspace") or ""
    expected = {"nonce": nonce, "path": str(workspace.folder.resolve()), "machine": machine()}
    why = _difference(_read(_sidecar(name)), expected)
    if why:
        workspace.rotate(why)
    renew(workspace)
    return bool(why)


def _difference(found: object, expected: Mapping[str, object]) -> str:
    """Return what differs, the gravest first, "" when nothing does."""
    if not is_object(found):
        return "missing"
    return next((key for key in ("machine", "path", "nonce") if found.get(key) != expected[key]), "")


def _sidecar(name: str) -> Path:
    return paths.state_dir() / "witness" / f"{name}.json"


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # A missing or unreadable witness is a difference like any other.
        return None
