"""Files and folders dropped on a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent


def accept(event: QDragEnterEvent) -> None:
    """Let files and folders be dropped."""
    if event.mimeData().hasUrls():
        event.acceptProposedAction()


def paths_of(event: QDropEvent) -> tuple[Path, ...]:
    """Return the local files and folders that were dropped."""
    paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
    if paths:
        event.acceptProposedAction()
    return paths
