"""体检 and the daily backup, filled from the open office."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.desks.checkup import CheckupDesk, Looked
from app.ui.texts import sentence, t
from app.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from app.ui.runner import Cancelled, Report
    from app.wiring.room import Room


def checkup_desk(room: Room) -> CheckupDesk:
    """Return the callables of the 体检 and of the daily backup."""
    return CheckupDesk(
        look=partial(_look, room),
        rebuild=partial(_rebuild, room),
        back_up=partial(_back_up, room),
        save=_save,
        daily=partial(daily, room),
        second=partial(_second, room),
        choose_second=partial(_choose_second, room),
    )


def _look(room: Room, report: Report, cancelled: Cancelled) -> Looked:
    from app.domain.calendar import CHINA
    from app.ui.checkup_words import lines_of
    from app.ui.checkup_words import report as in_words
    from app.usecases.checkup import check_up
    from app.usecases.office import Watch

    lines = lines_of(check_up(room.office, Watch(report, cancelled)))
    at = room.clock.now().astimezone(CHINA).isoformat(timespec="minutes")
    return Looked(lines, in_words(lines, at, VERSION, room.places.get(room.facts.scope, room.facts.scope)))


def _rebuild(room: Room) -> None:
    room.office.workspace.rebuild()


def _back_up(room: Room, folder: Path | None, report: Report, _cancelled: Cancelled) -> Path:
    from app.usecases.backups import back_up

    report(0, 1)
    made = back_up(room.office, folder).path
    report(1, 1)
    return made


def _save(path: Path, text: str) -> None:
    from app.storage.cipher import disk_error

    try:
        # The mark at the front: the editors of older Windows take it for UTF-8 then.
        path.write_text(text, encoding="utf-8-sig")
    except OSError as error:
        raise disk_error(error) from error


def daily(room: Room, *, closing: bool = False) -> str:
    """Back up what is due; return what the person at the desk should know, "" mostly."""
    from app.files.media import removable_media
    from app.usecases.backups import back_up_daily, second_place

    done = back_up_daily(room.office, removable_media(), closing=closing)
    if done.trouble is not None:
        return t("backup.daily_failed", why=sentence(done.trouble))
    if done.absent_days:
        return t("backup.away_absent", days=done.absent_days, folder=second_place(room.office))
    return ""


def _second(room: Room) -> str:
    from app.usecases.backups import second_place

    return second_place(room.office)


def _choose_second(room: Room, folder: Path | None) -> str:
    from app.usecases.backups import back_up_daily, choose_second_place, second_place

    choose_second_place(room.office, folder)
    done = back_up_daily(room.office, () if folder is None else (folder,))
    if done.trouble is not None:
        raise done.trouble
    return second_place(room.office)
