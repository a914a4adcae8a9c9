"""What a package brings that we hold already: known by its chain, so that it need not be read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.files.incoming import Tray
from app.storage import branches
from app.usecases.trust import opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.files.package_streams import Held
    from app.storage.workspace import Workspace


def holding(workspace: Workspace) -> Held:
    """Return what tells how many of a stream's links, from the first on, are those of entries we hold."""

    def held(stream: str, links: Sequence[bytes]) -> int:
        with workspace.read() as conn:
            found = branches.longest(conn, branches.of_stream(conn, stream), links)
        return 0 if found is None else found[1]

    return held


def open_tray(workspace: Workspace) -> Tray:
    """Return a tray for packages that come in here."""
    return Tray(workspace.folder, opening(workspace), held=holding(workspace))
