"""What a trial says at the end: one line a statement, and an exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_FAILURES = (AssertionError, LookupError, OSError, RuntimeError, ValueError, subprocess.SubprocessError)
_WORDS = {True: "ok", False: "FAILED", None: "not tried"}


@dataclass(frozen=True)
class Line:
    """One statement; ``held`` is None for what could not be tried."""

    where: str
    what: str
    held: bool | None
    figure: str = ""


@dataclass
class Verdicts:
    """The lines of one trial, told on stderr as they come."""

    where: str
    lines: list[Line] = field(default_factory=list)

    def say(self, what: str, held: bool | None, figure: object = "") -> bool:
        """Note a statement; returns whether it held."""
        line = Line(self.where, what, held, str(figure))
        self.lines.append(line)
        sys.stderr.write(f"  {_WORDS[held]:9}  {what}  {figure}\n")
        sys.stderr.flush()
        return bool(held)

    def attempt(self, what: str, act: Callable[[], object]) -> bool:
        """Note what an act returns as the figure, or the error it ends with as a failure."""
        try:
            return self.say(what, True, act() or "")
        except _FAILURES as error:
            return self.say(what, False, " ".join(f"{type(error).__name__}: {error}".split())[:600])

    def keep(self, path: Path) -> None:
        """Write the lines to a file that another process reads."""
        path.write_text(json.dumps([asdict(line) for line in self.lines]), encoding="utf-8")

    def take(self, path: Path) -> None:
        """Add the lines another process wrote."""
        self.lines += [Line(**one) for one in json.loads(path.read_text(encoding="utf-8"))]


def finish(all_of_them: list[Line]) -> int:
    """Print the table; 1 when something failed or nothing at all was said."""
    wide = max([len(line.where) for line in all_of_them], default=0)
    for line in all_of_them:
        print(f"{_WORDS[line.held]:9}  {line.where:{wide}}  {line.what}  {line.figure}".rstrip())
    failed = sum(line.held is False for line in all_of_them)
    passed = sum(line.held is True for line in all_of_them)
    print(f"{passed} passed, {failed} failed, {len(all_of_them) - passed - failed} not tried")
    return int(failed > 0 or passed == 0)
