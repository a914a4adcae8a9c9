"""The open workspace behind a command, and how results are shown."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from app.domain.errors import BadInput, Unavailable
from app.domain.parsed import is_list
from app.usecases import workspaces
from app.usecases.clock import FixedClock, SystemClock

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from types import TracebackType

    from app.domain.calendar import Clock
    from app.domain.changes import Changes
    from app.domain.document import Paper
    from app.usecases.office import Office

Result = Mapping[str, object]


class Desk:
    """Opens the workspace of a command on first use and closes it at the end."""

    def __init__(self, arguments: Namespace) -> None:
        self._arguments = arguments
        self._office: Office | None = None
        self.refusals: list[str] = []
        """Sentences about parts of the input that were refused while the rest was done."""

    def __enter__(self) -> Self:
        """Return the desk; nothing is opened yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what was opened."""
        self.leave()

    @property
    def clock(self) -> Clock:
        """The injected clock: ``--now`` (China time) or the computer's."""
        return self._arguments.now or SystemClock()

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    @property
    def folder(self) -> Path:
        """The workspace folder of ``--workspace``.

        Raises:
            BadInput: ``cli.no_workspace``.
        """
        if self._arguments.workspace is None:
            raise BadInput("cli.no_workspace")
        return Path(self._arguments.workspace)

    @property
    def has_workspace(self) -> bool:
        """Tell whether a workspace was named."""
        return self._arguments.workspace is not None

    @property
    def passphrase(self) -> str:
        """The first line of ``--passphrase-file``.

        Raises:
            BadInput: ``cli.no_passphrase``, ``cli.passphrase_unreadable``.
        """
        path = self._arguments.passphrase_file
        if path is None:
            raise BadInput("cli.no_passphrase")
        return read_lines(path, "cli.passphrase_unreadable")[0]

    @property
    def office(self) -> Office:
        """The unlocked workspace."""
        if self._office is None:
            self._office = workspaces.unlock(self.folder, self.passphrase, self.clock)
        return self._office

    def leave(self) -> None:
        """Close the workspace before the command ends."""
        office, self._office = self._office, None
        if office is not None:
            workspaces.close(office)

    def keep(self, office: Office) -> Office:
        """Take over an office that was just created."""
        self._office = office
        return office

    def worded(self, result: Result) -> Result:
        """Return a result as it is to be shown: codes in words unless a script reads it."""
        from app.cli.shown import Words, in_words, labelled

        if self._arguments.json or self._office is None:
            return cast("Result", labelled(result))
        words = Words(self._office.policy, self._office.workspace.standing().places)
        return cast("Result", in_words(result, words))

    def show(self, result: Result) -> None:
        """Print a result: JSON with ``--json``, else one line a fact; a reader that left is no error."""
        try:
            self._show(result)
            sys.stdout.flush()
        except BrokenPipeError:
            # Python would say so once more when it flushes at the end: what is left goes nowhere.
            with Path(os.devnull).open("w") as nowhere:
                os.dup2(nowhere.fileno(), sys.stdout.fileno())

    def _show(self, result: Result) -> None:
        if self._arguments.json:
            _print(json.dumps(result, ensure_ascii=False, indent=1, default=str))
            return
        for key, value in result.items():
            if is_list(value):
                _print(f"{key}: {len(value)}")
                for item in value:
                    _print("  " + _line(item))
            else:
                _print(f"{key}: {_line(value)}")


def written(changes: Changes, **more: object) -> Result:
    """Return the result of a write that is durable by now."""
    touched = [{"kind": str(kind), "id": uid} for kind, uid in changes.touched]
    return {"entries": list(changes.entries), "touched": touched, **more}


def read_lines(path: str, code: str) -> list[str]:
    """Return the lines of a small text file.

    Raises:
        BadInput: ``code`` with the file's name when it cannot be read or is empty.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(code, file=Path(path).name) from error
    if not lines:
        raise BadInput(code, file=Path(path).name)
    return lines


def target_folder(name: str) -> Path:
    """Return the folder of ``--to``, made when it is not there yet.

    Raises:
        Unavailable: ``disk.read_only``.
    """
    folder = Path(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable("disk.read_only") from error
    return folder


def need_writable(out: str) -> None:
    """Refuse to begin an act whose paper could not be written afterwards.

    Raises:
        Unavailable: ``disk.read_only``.
    """
    trial = Path(f"{out}.part")
    try:
        trial.write_bytes(b"")
        trial.unlink()
    except OSError as error:
        raise Unavailable("disk.read_only") from error


def save_paper(paper: Paper, out: str) -> dict[str, object]:
    """Write a paper; return its file and the characters no font has.

    Raises:
        Unavailable: ``disk.read_only``.
    """
    try:
        Path(out).write_bytes(paper.data)
    except OSError as error:
        raise Unavailable("disk.read_only") from error
    return {"file": out, "missing": list(paper.missing)}


def parse_now(text: str) -> FixedClock:
    """Return the clock of ``--now``: "YYYY-MM-DDThh:mm", China time unless it says otherwise."""
    from app.domain.calendar import CHINA

    moment = datetime.fromisoformat(text)
    return FixedClock(moment if moment.tzinfo is not None else moment.replace(tzinfo=CHINA))


def _line(value: object) -> str:
    if isinstance(value, Mapping):
        named = cast("Mapping[object, object]", value)
        return "  ".join(f"{key}={_line(item)}" for key, item in named.items())
    if isinstance(value, (list, tuple)):
        return " ".join(_line(item) for item in cast("Sequence[object]", value))
    return str(value)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
