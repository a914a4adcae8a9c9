"""Commands about the keys of a root: how safe they are, a stick, the sheet, and the way back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.desk import read_lines, target_folder
from app.domain.errors import Unavailable
from app.usecases import roots

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from typing import Protocol

    from app.cli.desk import Desk, Result

    class Maker(Protocol):
        """What adds a command to the parser."""

        def add(self, name: str, run: Callable[[Desk, Namespace], Result], text: str) -> ArgumentParser:
            """Add one command."""
            ...


def add_root_commands(group: Maker) -> None:
    """Add the commands about the root."""
    group.add("status", status, "how far the root is in safety")
    stick = group.add("stick", write_stick, "write the root to a stick")
    stick.add_argument("--to", required=True, metavar="DIR")
    stick.add_argument("--lock-file", required=True, metavar="F", help="file whose first line locks the root")
    sheet = group.add("sheet", write_sheet, "write the recovery sheet; it holds the secret")
    sheet.add_argument("--out", required=True, metavar="FILE.pdf")
    check = group.add("confirm", confirm, "take one line of the printed sheet, typed back")
    check.add_argument("line", type=int, choices=[1, 2, 3, 4])
    check.add_argument("text", nargs="+")
    back = group.add("restore", restore, "take a root into a new workspace")
    source = back.add_mutually_exclusive_group(required=True)
    source.add_argument("--sheet-file", metavar="F", help="file with the four lines of the sheet")
    source.add_argument("--stick", metavar="FILE", help="file from a stick")
    back.add_argument("--lock-file", metavar="F", help="file whose first line opens the stick's file")


def status(desk: Desk, _arguments: Namespace) -> Result:
    """Print how far the root is in safety."""
    found = roots.kept(desk.office)
    return {**asdict(found), "safe": found.is_safe}


def write_stick(desk: Desk, arguments: Namespace) -> Result:
    """Write the root to a stick and read it back."""
    lock = read_lines(arguments.lock_file, "cli.passphrase_unreadable")[0]
    return {"file": str(roots.write_stick(desk.office, target_folder(arguments.to), lock))}


def write_sheet(desk: Desk, arguments: Namespace) -> Result:
    """Write the recovery sheet."""
    path = Path(arguments.out)
    data = roots.sheet(desk.office)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Unavailable("preview.not_saved", file=path.name) from error
    roots.note_sheet(desk.office, "save")
    return {"file": str(path)}


def confirm(desk: Desk, arguments: Namespace) -> Result:
    """Check one line of the sheet."""
    roots.confirm(desk.office, arguments.line, " ".join(arguments.text))
    return {"safe": roots.kept(desk.office).is_safe}


def restore(desk: Desk, arguments: Namespace) -> Result:
    """Take a root into a new workspace."""
    if arguments.stick is None:
        lines = read_lines(arguments.sheet_file, "cli.passphrase_unreadable")
        released = roots.restore_typed(desk.office, " ".join(lines))
    else:
        lock = read_lines(arguments.lock_file or "", "cli.passphrase_unreadable")[0]
        released = roots.restore_file(desk.office, Path(arguments.stick), lock)
    return {"restored": True, "released": len(released)}
