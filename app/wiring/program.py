"""The program itself: its versions on this computer, updates from a stick, the way back, the self-check."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from app.domain.errors import AppError
from app.ui.desks.program import CheckLine, OfferLine, ProgramDesk, ProgramState, Returned
from app.ui.texts import has, t
from app.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.files.installation import Installation
    from app.ui.runner import Cancelled, Report
    from app.usecases.updates import Offer
    from app.wiring.room import Room

log = logging.getLogger(__name__)


def program_desk(room: Room | None = None) -> ProgramDesk:
    """Return the callables about the program; with a ``room`` its workspace is backed up and handed back."""
    looked: dict[Path, Offer] = {}
    return ProgramDesk(
        state=_state,
        found=_found,
        look=partial(_look, looked),
        install=partial(_install, looked, room),
        go_back=partial(_go_back, room),
        restart=_restart,
        check=_check,
    )


def confirm_start() -> None:
    """End the trial of a version just installed: its window is on the screen."""
    from app.files import installation

    here = installation.find()
    if here is None or not here.is_ours_to_update:
        return
    try:
        installation.confirm(here)
    except OSError as error:
        log.warning("the trial of this version goes on: %s", type(error).__name__)


def _here() -> Installation | None:
    from app.files import installation

    return installation.find()


def _state() -> ProgramState:
    from app.files import installation  # asked before the first paint: nothing heavier

    here = installation.find()
    why_not = installation.why_not(here)
    if here is None:
        return ProgramState(VERSION, "", why_not)
    pending = here.current if here.current != here.running else ""
    return ProgramState(VERSION, here.previous, why_not, pending)


def _found() -> Sequence[Path]:
    """Return the update files at the top of every stick, newest first."""
    from app.files.media import removable_media
    from app.files.update_file import SUFFIX

    files = [file for stick in removable_media() for file in stick.glob(f"*{SUFFIX}") if file.is_file()]
    return sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)[:4]


def _look(looked: dict[Path, Offer], path: Path) -> OfferLine:
    from app.usecases import updates

    offer = looked[path] = updates.look_at(path, _here())
    return OfferLine(path, offer.running, offer.version, offer.size // 1_000_000 + 1)


def _install(
    looked: dict[Path, Offer], room: Room | None, line: OfferLine, report: Report, cancelled: Cancelled
) -> str:
    from app.usecases import backups, updates
    from app.usecases.office import Watch

    back_up = None if room is None else partial(backups.back_up_for, room.office, "update")
    return updates.install(looked[line.path], updates.updatable(_here()), back_up, Watch(report, cancelled))


def _go_back(room: Room | None) -> Returned:
    from app.usecases import backups, updates

    here = updates.updatable(_here())
    if room is None:
        return Returned(updates.go_back(here))
    updates.check_way_back(here, room.folder)
    backups.back_up_for(room.office, "return")
    try:
        return Returned(updates.go_back(here, room.hand_back))
    except AppError as error:
        # The workspace may be closed by now: the window cannot go on, whatever version starts next.
        return Returned("", error)


def _restart() -> None:
    from app.usecases import updates

    updates.start_again(updates.updatable(_here()))


def _check(report: Report, cancelled: Cancelled) -> Sequence[CheckLine]:
    from app.usecases import checks

    lines: list[CheckLine] = []
    for one in checks.check_program(report, cancelled):
        text = t(one.code, **one.params)
        advice = f"{one.code}_do"
        is_plain = one.ok and one.code.endswith("_ok")
        more = t(advice) if has(advice) else ""
        lines.append(CheckLine(t(f"check.title_{one.name}"), one.ok, "" if is_plain else text + more))
    return lines
