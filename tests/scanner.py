"""A virus scanner that has its fingers on files, as it is on Windows."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest


class Scanner:
    """Refuses every replacement so often, as a virus scanner that holds the file does on Windows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
        self.left = times
        self.waited: list[float] = []
        real = Path.replace

        def replace(path: Path, target: Path) -> Path:
            if self.left:
                self.left -= 1
                raise PermissionError(13, "Access is denied", str(path))
            return real(path, target)

        monkeypatch.setattr(Path, "replace", replace)
        monkeypatch.setattr(threading.Event, "wait", lambda _event, timeout=None: self.waited.append(timeout))
