"""What a file is that was taken for a package: another file of ours, or one of a well-known kind.

code = code_for(path)      # "package.is_backup", …; "" when it is nothing we know
"""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_LOOK: Final = 4_000_000  # bytes; no file of ours that names its format is larger
_FORMAT: Final = re.compile(rb'"fmt":"(hh[a-z]+)/')
_BY_FORMAT: Final = {
    b"hhreq": "package.is_request",
    b"hhcert": "package.is_grant",
    b"hhstart": "package.is_starter",
    b"hhforgot": "package.is_forgot",
    b"hhrec": "package.is_answer",
    b"hhroot": "package.is_root",
}
_BY_MEMBERS: Final = (
    (frozenset({"workspace.db", "keys.json"}), "package.is_backup"),
    (frozenset({"files.json", "signature.json", "files.xz"}), "package.is_update"),
    (frozenset({"form.xlsx", "form.xml"}), "package.is_form"),
    (frozenset({"xl/workbook.xml"}), "package.is_workbook"),
)
_BY_START: Final = (
    (b"%PDF-", "package.is_paper"),
    (b"SQLite format 3", "package.is_workspace"),
    (b"hhfile1\0", "package.is_workspace"),
    (b"<", "package.is_answers"),
    (b"\xef\xbb\xbf<", "package.is_answers"),
    (b"\xff\xd8\xff", "package.is_photo"),
    (b"\x89PNG", "package.is_photo"),
)
_BY_NAME: Final = {
    ".hhreq": "package.is_request",
    ".hhcert": "package.is_grant",
    ".hhstart": "package.is_starter",
    ".hhforgot": "package.is_forgot",
    ".hhrec": "package.is_answer",
    ".hhroot": "package.is_root",
    ".hhbak": "package.is_backup",
    ".upd": "package.is_update",
    ".db": "package.is_workspace",
}


def code_for(path: Path) -> str:
    """Return the code that says what a file is and where it belongs, "" for a package or anything unknown.

    What it holds counts before its name: somebody may have renamed it. A damaged one is told by its name.
    """
    found = ""
    with suppress(OSError):
        found = _by_content(path)
    return found or _BY_NAME.get(path.suffix.lower(), "")


def _by_content(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(_LOOK)
    if start.startswith(b"PK"):
        return _of_archive(path)
    if start.startswith(b"{"):
        named = _FORMAT.search(start)
        return _BY_FORMAT.get(named.group(1), "") if named else ""
    return next((code for mark, code in _BY_START if start.startswith(mark)), "")


def _of_archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    return next((code for members, code in _BY_MEMBERS if members <= names), "")
