"""Self-check: the program and the computer are as they should be, a workspace agrees with its journal.

    check_program(report, cancelled, clock)   # findings about the program and this computer
    place_finding(folder)                     # before a workspace is opened
    workspace_findings(check_workspace(office))

A finding names its sentence by a code; ``<code>_do`` is what to do about it. Every check is a function that
takes what it looks at, so each problem can be produced.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from app import paths
from app.crypto.interface import INTL_1, KEY_BYTES, Stretching
from app.crypto.suite import suite
from app.domain.calendar import civil_date
from app.domain.errors import AppError, BadInput, Refused
from app.files.installed import compare, read_manifest
from app.journal import chain, redaction
from app.storage import migrate, place, revision, tables
from app.storage.digest import digest
from app.storage.merge import streams_of
from app.usecases.check_modules import PACKAGES, missing_parts
from app.usecases.clock import SystemClock
from app.usecases.office import never, no_report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from app.crypto.interface import Suite
    from app.domain.calendar import Clock
    from app.usecases.office import Office

SOURCE = "check.files_source"
"""Code of the finding "files" of a source checkout, which has no list to compare with."""

LEAST_FREE = 200_000_000
"""Bytes that should be free where the program writes."""

_YEARS = range(2026, 2061)  # from the year this program was built in
_NAMED = 5  # files named in one sentence
_PATIENCE = 120  # seconds for the window of a slow computer
_WINDOW = ("-m", "app", "--self-check-window")
_WORKSPACE = ("file", "chains", "projections")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. A good finding whose code does not end in "_ok" is something to know."""

    name: str
    ok: bool
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict[str, str | int])


def check_program(
    report: Callable[[int, int], None] = no_report,
    cancelled: Callable[[], bool] = never,
    clock: Clock | None = None,
) -> tuple[Finding, ...]:
    """Check every part of the program and what it needs of the computer; nothing is changed.

    Raises:
        Refused: ``work.cancelled``.
    """
    steps: tuple[Callable[[], Finding], ...] = (
        partial(files_finding, paths.version_dir(), cancelled),
        modules_finding,
        partial(attempt, "cipher", _cipher_works),
        partial(attempt, "crypto", crypto_works),
        partial(attempt, "packs", _packs_load),
        partial(attempt, "questionnaire", _questionnaires_load),
        partial(attempt, "migrations", scripts_known),
        partial(fonts_finding, paths.program_dir() / "reports" / "assets" / "fonts"),
        partial(attempt, "paper", _paper_renders),
        partial(window_finding, [*paths.python_command(), *_WINDOW]),
        partial(folder_finding, "data_folder", paths.data_dir()),
        partial(folder_finding, "state_folder", paths.state_dir()),
        partial(clock_finding, clock or SystemClock()),
    )
    found: list[Finding] = []
    for number, step in enumerate(steps):
        report(number, len(steps))
        if cancelled():
            raise Refused("work.cancelled")
        found.append(step())
    report(len(steps), len(steps))
    return tuple(found)


def files_finding(tree: Path | None, cancelled: Callable[[], bool] = never) -> Finding:
    """Compare an installed version with its list of files; ``tree`` None is a source checkout."""
    if tree is None:
        return Finding("files", True, SOURCE)
    try:
        manifest = read_manifest(tree / paths.MANIFEST)
    except BadInput as error:
        return Finding("files", False, error.code, error.params)
    found = compare(tree, manifest, cancelled=cancelled)
    if not found.is_whole:
        bad = (*found.missing, *found.changed)
        counts: dict[str, str | int] = {"missing": len(found.missing), "changed": len(found.changed)}
        return Finding("files", False, "check.files_differ", {**counts, "names": _some(bad)})
    if found.replaced:
        names: dict[str, str | int] = {"count": len(found.replaced), "names": _some(found.replaced)}
        return Finding("files", True, "check.files_replaced", names)
    return _fine("files", count=len(manifest.files))


def modules_finding(packages: Sequence[str] = PACKAGES) -> Finding:
    """Import everything but the window."""
    missing = missing_parts(packages)
    if missing:
        params: dict[str, str | int] = {"count": len(missing), "names": _some(missing)}
        return Finding("modules", False, "check.modules_missing", params)
    return _fine("modules")


def attempt(name: str, work: Callable[[], object]) -> Finding:
    """Try ``work``; it is fine when it returns something true, and whatever else happens is the finding."""
    try:
        what = "" if work() else "False"
    except AppError as error:
        what = str(error)
    except Exception as error:  # noqa: BLE001 -- a damaged part may raise anything, and the others are still checked
        what = type(error).__name__
    return Finding(name, False, f"check.{name}_broken", {"what": what}) if what else _fine(name)


def crypto_works(crypto: Suite | None = None) -> bool:
    """Sign and verify, seal and open, and stretch a passphrase at the least cost."""
    crypto = crypto or suite(INTL_1)
    message = secrets.token_bytes(100)
    secret, opening = crypto.new_sign_secret(secrets.token_bytes), crypto.new_open_secret()
    public, signature = crypto.sign_public(secret), crypto.sign(secret, message)
    sealed = crypto.seal(message, [crypto.open_public(opening)])
    key = crypto.stretch("self-check", Stretching(bytes(16), passes=1, memory_kib=8, lanes=1))
    return (
        crypto.verify(public, message, signature)
        and not crypto.verify(public, message[1:], signature)
        and crypto.open(sealed, [opening]) == message
        and len(key) == KEY_BYTES
    )


def scripts_known(known: Callable[[], frozenset[str]] = migrate.known_revisions) -> bool:
    """Tell whether the scripts that bring older databases up to date are there."""
    return revision.HEAD in known()


def fonts_finding(folder: Path) -> Finding:
    """Look for every file of the font folder's own list, and read each face as the papers do."""
    try:
        lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    listed = [(digest_, name) for digest_, _, name in (line.partition("  ") for line in lines)]
    bad = tuple(name for digest_, name in listed if _sha256(folder / name) != digest_)
    if bad or not listed:
        params: dict[str, str | int] = {"count": len(bad), "names": _some(bad) or "SHA256SUMS"}
        return Finding("fonts", False, "check.fonts_missing", params)
    return attempt("fonts", partial(_faces_read, folder))


def window_finding(command: Sequence[str], patience: float = _PATIENCE) -> Finding:
    """Let another process paint a window; its last words say what is wrong."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and module
            command,
            cwd=paths.program_dir(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows: no black box
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding("window", False, "check.window_broken", {"what": type(error).__name__})
    if done.returncode == 0:
        return _fine("window")
    lines = done.stderr.decode("utf-8", "replace").split("\n")
    said = next((line.strip() for line in reversed(lines) if line.strip()), str(done.returncode))
    return Finding("window", False, "check.window_broken", {"what": said[:200]})


def folder_finding(name: str, folder: Path, least: int = LEAST_FREE) -> Finding:
    """Check that a folder, or what it will be made in, can be written, has room and is on this computer."""
    try:
        near = next(one for one in (folder, *folder.parents) if one.exists())
        with tempfile.TemporaryFile(dir=near) as file:
            file.write(b"self-check")
        free = shutil.disk_usage(near).free
    except OSError:
        return Finding(name, False, "check.folder_read_only", {"folder": str(folder)})
    if free < least:
        room: dict[str, str | int] = {"free_mb": free // 1_000_000, "needed_mb": least // 1_000_000}
        return Finding(name, False, "check.folder_full", {"folder": str(folder), **room})
    return place_finding(folder, name) if name == "data_folder" else _fine(name, folder=str(folder))


def place_finding(folder: Path, name: str = "place") -> Finding:
    """Tell whether a live workspace may lie in ``folder``."""
    reason = place.objection_to(folder)
    if reason is not None:
        return Finding(name, False, f"check.place_{reason}", {"folder": str(folder)})
    return _fine(name, folder=str(folder))


def clock_finding(clock: Clock) -> Finding:
    """Doubt a clock that stands before this program was made; days and deadlines are counted by it."""
    today = civil_date(clock.now())
    wrong = today.year not in _YEARS
    return Finding(
        "clock", True, "check.clock_wrong" if wrong else "check.clock_ok", {"date": today.isoformat()}
    )


def check_workspace(office: Office) -> dict[str, bool]:
    """Return whether the chains, the file and the projections of a workspace hold together.

    The projections are made anew on the way.
    """
    with office.workspace.read() as conn:
        found = {
            "file": not list(conn.exec_driver_sql("PRAGMA cipher_integrity_check")),
            "chains": chains_hold(conn),
        }
        before = digest(conn)
    office.workspace.rebuild()
    with office.workspace.read() as conn:
        return {**found, "projections": digest(conn) == before}


def workspace_findings(found: Mapping[str, bool]) -> tuple[Finding, ...]:
    """Return what ``check_workspace`` found as findings."""
    return tuple(
        _fine(name) if found[name] else Finding(name, False, f"check.{name}_broken") for name in _WORKSPACE
    )


def _fine(name: str, **params: str | int) -> Finding:
    return Finding(name, True, f"check.{name}_ok", params)


def _some(names: Sequence[str]) -> str:
    """Return the first few names; the sentence has the count."""
    return "、".join(names[:_NAMED])


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError:
        return ""


def _cipher_works() -> bool:
    import sqlcipher3.dbapi2 as sqlcipher

    with sqlcipher.connect(":memory:") as conn:
        return bool(conn.execute("PRAGMA cipher_version").fetchone())


def _packs_load() -> bool:
    from app.usecases.policy import shipped

    return bool(shipped().packs)


def _questionnaires_load() -> bool:
    from app.files.form_in import shipped_forms, shipped_versions
    from app.questionnaire.loader import load_form

    models = [load_form(v.xform, v.media) for one in shipped_forms() for v in shipped_versions(one)]
    return bool(models) and all(model.controls and not model.missing_media for model in models)


def _faces_read(folder: Path) -> bool:
    from reports.kit.fonts import Fonts

    return all(font.face.glyph("国") or font.face.glyph("A") for font in Fonts(folder).fonts)


def _paper_renders() -> bool:
    from reports.plain_list import Align, Column, PlainListSheet, missing_characters, render

    sheet = PlainListSheet("自检", (Column("项目", 60, Align.LEFT),), (("龘",),))
    return render(sheet).startswith(b"%PDF-") and not missing_characters(sheet)


def chains_hold(conn: Connection) -> bool:
    """Tell whether every stream adds up, entry by entry, to the head that is noted for it."""
    heads = {
        (row.uid, row.head_seq): row.head for row in conn.execute(select(tables.stream)).all() if row.head_seq
    }
    for part in streams_of(conn, [""]):
        link = chain.genesis(part.uid)
        for number, body in enumerate(part.entries, start=1):
            link = redaction.link(link, part.uid, number, body)
        if part.entries and heads.get((part.uid, len(part.entries))) != link:
            return False
    return True
