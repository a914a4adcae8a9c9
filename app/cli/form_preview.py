"""``form preview``: the window that shows a workbook as it will be filled in."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from app import paths
from app.domain.errors import BadInput, Unavailable

if TYPE_CHECKING:
    from argparse import Namespace

    from app.cli.desk import Desk, Result

_DETACHED = getattr(subprocess, "DETACHED_PROCESS", 0)  # Windows: no console, no parent


def preview(_desk: Desk, arguments: Namespace) -> Result:
    """Start the window in a process of its own: this one never loads Qt."""
    path = Path(arguments.file).resolve()
    if not path.is_file():
        raise BadInput("form.unreadable", file=path.name)
    command = [*paths.python_command(), "-m", "app", "--form-preview", str(path)]
    try:
        started = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
            command,
            cwd=paths.program_dir(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            creationflags=_DETACHED,
        )
    except OSError as error:
        raise Unavailable("cli.no_window") from error
    return {"file": str(path), "process": started.pid}
