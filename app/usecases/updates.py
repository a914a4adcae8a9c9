"""Update the program from a file on a stick, and go back to the version before.

    offer = look_at(path, here)        who made it, and whether it fits: nothing is changed
    install(offer, here, back_up)      verify, back up, unpack beside, let it check itself, switch
    go_back(…)                         the version before, with the workspace as that version can read it

What is installed starts at the next start of the program; until its window has been on the screen once, the
launcher falls back to this version by itself (docs/decisions/0011-installed-tree.md).
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app import paths
from app.domain.errors import Refused, Unavailable
from app.files import installation, update_file
from app.files.installed import read_manifest
from app.storage import kept
from app.storage.cipher import disk_error
from app.usecases.office import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from app.files.installation import Installation
    from app.files.update_file import UpdateFile

KEYS = "release_keys.json"
_ROOM = 50_000_000
"""Bytes that stay free besides what is unpacked: logs, drafts, the system itself."""

_PATIENCE = 300  # seconds for the self-check of a slow computer
_READ, _WRITTEN, _CHECKED = 30, 80, 95
"""Per cent of the whole at which reading, unpacking and the new version's self-check end."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offer:
    """An update that may be installed here: from and to which version, and its size in bytes unpacked."""

    update: UpdateFile
    running: str
    version: str
    size: int


def release_keys() -> Mapping[str, bytes]:
    """Return the public keys whose updates this program takes, by id."""
    return update_file.parse_keys((paths.program_dir() / "app" / KEYS).read_text(encoding="utf-8"))


def look_at(path: Path, here: Installation | None, keys: Mapping[str, bytes] | None = None) -> Offer:
    """Verify the signature of an update and that it fits this computer; nothing is changed.

    Raises:
        BadInput, Unavailable: the codes of ``read_update``.
        Refused: those of ``read_update``; ``update.from_source``, ``update.by_package``,
            ``update.root_read_only`` (this program does not replace itself), ``update.other_platform``,
            ``update.older``, ``update.same`` (params ``running``, ``version``), ``update.waits`` (installed
            already, the program only has to be opened again).
    """
    here = updatable(here)
    found = update_file.read_update(path, release_keys() if keys is None else keys)
    version, running = found.manifest.version, here.running
    own = read_manifest(here.folder(running) / paths.MANIFEST).platform
    if found.manifest.platform != own:
        raise Refused("update.other_platform", theirs=found.manifest.platform, own=own)
    if not installation.is_newer(version, running):
        code = "update.older" if installation.is_newer(running, version) else "update.same"
        raise Refused(code, running=running, version=version)
    if version == here.current:
        raise Refused("update.waits", version=version)
    return Offer(found, running, version, found.manifest.size)


def updatable(here: Installation | None) -> Installation:
    """Return the installation when this program may replace itself.

    Raises:
        Refused: ``update.from_source``, ``update.by_package``, ``update.root_read_only``.
    """
    code = installation.why_not(here)
    if here is None or code:
        raise Refused(code)
    return here


def install(
    offer: Offer,
    here: Installation,
    back_up: Callable[[], object] | None = None,
    watch: Watch | None = None,
) -> str:
    """Install an update beside the running version and name it for the next start; return its version.

    ``back_up`` backs up the open workspace, if one is open. Whatever goes wrong before the last step, the
    running version stays the one that starts and what was unpacked is removed.

    Raises:
        BadInput: ``update.damaged``.
        Refused: ``work.cancelled``, ``update.self_check_failed`` (param ``what``).
        Unavailable: ``update.unreadable``, any ``disk.…`` code, those of the backup.
    """
    watch = watch or Watch()
    update_file.unpack(offer.update, None, _share(watch, 0, _READ), watch.cancelled)
    beside = here.root / installation.VERSIONS / installation.UNPACKING
    try:
        installation.clear(here)
        _need_room(here, offer.size)
        if back_up is not None:
            back_up()
        beside.mkdir()
        update_file.unpack(offer.update, beside, _share(watch, _READ, _WRITTEN), watch.cancelled)
        (beside / paths.MANIFEST).write_bytes(offer.update.manifest.raw)
        _settle()
        place = here.folder(offer.version)
        beside.replace(place)
        _check(here, offer.version, watch)
        installation.switch(here, offer.version)
    except OSError as error:
        raise disk_error(error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    watch.report(100, 100)
    log.info("version %s is installed beside %s", offer.version, offer.running)
    return offer.version


def _share(watch: Watch, start: int, end: int) -> Callable[[int, int], None]:
    """Return a report for one part of the work, in per cent of the whole."""

    def report(done: int, of: int) -> None:
        watch.report(start + (end - start) * done // max(of, 1), 100)

    return report


def _need_room(here: Installation, size: int) -> None:
    needed = size + _ROOM
    if shutil.disk_usage(here.root).free < needed:
        raise Unavailable("disk.full", needed_mb=needed // 1_000_000 + 1)


def _settle() -> None:
    """Make sure that what was unpacked is on the disk before anything names it."""
    if hasattr(os, "sync"):  # Windows has none: there ``unpack`` settles each file
        os.sync()


def _check(here: Installation, version: str, watch: Watch) -> None:
    """Let the new version check itself; remove it when it finds something wrong."""
    try:
        said = _checked([*paths.cli_command(here.folder(version)), "self-check"], watch)
        if watch.cancelled():
            raise Refused("work.cancelled")  # noqa: TRY301 -- removed like any other half
    except BaseException:
        shutil.rmtree(here.folder(version), ignore_errors=True)
        raise
    if said:
        shutil.rmtree(here.folder(version), ignore_errors=True)
        raise Refused("update.self_check_failed", version=version, what=said)
    watch.report(_CHECKED, 100)


def _checked(command: list[str], watch: Watch) -> str:
    """Run a self-check; return "" when all is well, else its last words.

    Raises:
        Refused: ``work.cancelled``.
    """
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows: no black box
    with subprocess.Popen(  # noqa: S603 -- the version whose every byte was just compared with the signed list
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        creationflags=hidden,
    ) as child:
        for _second in range(_PATIENCE):
            try:
                said, _nothing = child.communicate(timeout=1)
            except subprocess.TimeoutExpired:
                if watch.cancelled():
                    child.kill()
                    raise Refused("work.cancelled") from None
            else:
                lines = said.decode("utf-8", "replace").strip().splitlines()
                return "" if child.returncode == 0 else (lines or [str(child.returncode)])[-1][:300]
        child.kill()
    return "timeout"


def go_back(here: Installation | None, take_back: Callable[[str], object] | None = None) -> str:
    """Let the version before start again; return it.

    ``take_back(revision)`` gives the workspace back in the form that version reads; it is called only when
    the form differs.

    Raises:
        Refused: ``update.no_previous``, what ``take_back`` raises, those of ``look_at`` about the place.
        BadInput: when the previous version's list cannot be read.
        Unavailable: any ``disk.…`` code.
    """
    here = updatable(here)
    theirs, own = _forms(here)
    if take_back is not None and theirs != own:
        take_back(theirs)
    try:
        version = installation.go_back(here)
    except OSError as error:
        raise disk_error(error) from error
    log.info("version %s will start instead of %s", version, here.running)
    return version


def check_way_back(here: Installation, folder: Path) -> None:
    """Make sure that the version before could read the workspace in ``folder``, before anything is closed.

    Raises:
        Refused: ``update.no_previous``, ``workspace.nothing_kept``.
        BadInput: when the previous version's list cannot be read.
    """
    theirs, own = _forms(here)
    if theirs != own and not kept.before(folder, theirs).is_file():
        raise Refused("workspace.nothing_kept")


def _forms(here: Installation) -> tuple[str, str]:
    """Return the revision of the database the version before writes, and that of this one."""
    if not here.previous:
        raise Refused("update.no_previous")
    theirs = read_manifest(here.folder(here.previous) / paths.MANIFEST).schema
    return theirs, read_manifest(here.folder(here.running) / paths.MANIFEST).schema


def start_again(here: Installation) -> None:
    """Start the program anew, beside the one that is about to close.

    Raises:
        Unavailable: ``update.not_restarted``; closing and opening it by hand does the same.
    """
    detached = getattr(subprocess, "DETACHED_PROCESS", 0)
    try:
        subprocess.Popen(  # noqa: S603 -- our own launcher
            [str(installation.launcher(here))],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            creationflags=detached,
        )
    except OSError as error:
        raise Unavailable("update.not_restarted") from error
