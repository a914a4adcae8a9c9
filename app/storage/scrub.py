"""Make a database file forget what was deleted from it.

Deleted content is overwritten as it is freed, but a page that was rearranged may keep an older copy of a
row in its unused part, and the log keeps the page as it was. So the file is written anew and its log emptied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def scrub(connection: sqlite3.Connection) -> bool:
    """Write the file anew and empty its log; tell whether the log is empty (nobody was reading).

    ``connection`` must stand outside a transaction. What the machine says is raised as it comes.
    """
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("VACUUM")
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
