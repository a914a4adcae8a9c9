"""`babutong-cli` as a script runs it: the first time in a process of its own, in which Qt cannot be imported.

Every further use of the same command runs in this process, which gives the same and is four times as fast.

here = Terminal(now="2026-10-07T10:00", demo=folder)
status = here.json("status", at="village-01")
done = here.run("merge", "a file", at="township")     # done.code, done.out, done.err
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from app.cli import main

ROOT = Path(__file__).resolve().parents[2]
_WITHOUT_QT = """
import sys
sys.modules["PySide6"] = None
sys.modules["shiboken6"] = None
from app.cli import main
sys.exit(main(sys.argv[1:]))
"""


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


_seen: set[tuple[str, ...]] = set()


def _apart(line: list[str]) -> Done:
    command = [sys.executable, "-c", _WITHOUT_QT, *line]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    return Done(done.returncode, done.stdout, done.stderr)


def _here(line: list[str]) -> Done:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        try:
            code = main(line)
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
    return Done(code, out.getvalue(), err.getvalue())


@dataclass
class Terminal:
    """Runs commands over the workspaces of one folder, all with the passphrase of the demonstration."""

    folder: Path
    now: str

    @property
    def passphrase_file(self) -> Path:
        return self.folder / "passphrase.txt"

    def run(self, *arguments: object, at: str = "", passphrase_file: Path | None = None) -> Done:
        """Run a command; with ``at`` in the workspace of that name."""
        line = [*map(str, arguments), "--now", self.now, "--json"]
        if at:
            line += ["--workspace", str(self.folder / at)]
            line += ["--passphrase-file", str(passphrase_file or self.passphrase_file)]
        words = tuple(word for word in line[:2] if re.fullmatch("[a-z-]+", word))
        if words in _seen:
            return _here(line)
        _seen.add(words)
        return _apart(line)

    def json(self, *arguments: object, at: str = "") -> dict[str, object]:
        """Run a command that must succeed and return what it printed."""
        done = self.run(*arguments, at=at)
        assert (done.code, done.err) == (0, "")
        found = json.loads(done.out)
        assert isinstance(found, dict)
        return found
