"""What the page of the root's keys (根钥匙) is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class RootNow:
    """How far the root is in safety; days are ISO dates, "" for not yet."""

    held: bool
    sticks: tuple[str, ...]
    printed: str
    confirmed: str
    is_safe: bool


@dataclass(frozen=True, slots=True)
class RootDesk:
    """Keep the root and take it back.

    ``write_stick(folder, passphrase)``; ``sheet()`` is the PDF of the sheet, never kept by the program;
    ``note(how)`` puts "print" or "save" into the audit; ``confirm(line, typed)`` checks one line (from 1).
    ``restore_typed(text)`` and ``restore_file(file, passphrase)`` take a root into a new workspace.
    """

    now: Callable[[], RootNow]
    write_stick: Callable[[Path, str], Path]
    sheet: Callable[[], bytes]
    note: Callable[[str], None]
    confirm: Callable[[int, str], None]
    restore_typed: Callable[[str], int]
    restore_file: Callable[[Path, str], int]
