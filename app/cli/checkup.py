"""``checkup``: look a workspace over and say what to do; and the daily backup from a script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.calendar import CHINA
from app.domain.errors import Unavailable
from app.files.media import removable_media
from app.ui.checkup_words import State, lines_of, report
from app.ui.texts import sentence, t
from app.usecases import backups
from app.usecases.checkup import check_up
from app.version import VERSION

if TYPE_CHECKING:
    from argparse import Namespace

    from app.cli.desk import Desk, Result


def checkup(desk: Desk, arguments: Namespace) -> Result:
    """Look the open workspace over; what is wrong ends the command with 1."""
    office = desk.office
    lines = lines_of(check_up(office))
    bad = [line.title for line in lines if line.state is State.BAD]
    if arguments.out:
        standing = office.workspace.standing()
        place = standing.places.get(standing.scope, standing.scope)
        at = desk.now.astimezone(CHINA).isoformat(timespec="minutes")
        _save(Path(arguments.out), report(lines, at, VERSION, place))
    if bad:
        desk.refusals.append(t("checkup.cli_failed", what="、".join(bad)))
    if not arguments.json:
        return {f"[{t(f'check.{line.state}')}] {line.title}": line.text + line.advice for line in lines}
    told = [
        {"name": line.name, "state": str(line.state), "sentence": line.text, "advice": line.advice}
        for line in lines
    ]
    return {"ok": not bad, "findings": told}


def daily_backup(desk: Desk, _arguments: Namespace) -> Result:
    """Do what the window does at the first unlock of a day."""
    done = backups.back_up_daily(desk.office, removable_media())
    if done.trouble is not None:
        desk.refusals.append(sentence(done.trouble))
    made, away = (str(path) if path else "" for path in (done.made, done.away))
    return {"file": made, "second": away, "absent_days": done.absent_days}


def second_place(desk: Desk, arguments: Namespace) -> Result:
    """Show, choose or forget the second place of the daily backups."""
    if arguments.none or arguments.dir:
        backups.choose_second_place(desk.office, None if arguments.none else Path(arguments.dir).resolve())
    return {"folder": backups.second_place(desk.office)}


def describe_backup(_desk: Desk, arguments: Namespace) -> Result:
    """Tell what a backup file holds, without its passphrase."""
    told = backups.describe(Path(arguments.file))
    return {
        "at": told.at,
        "level": told.level,
        "scope": told.scope,
        "place": told.place,
        "program": told.program,
        "entries": told.entries,
        "households": told.households,
        "persons": told.persons,
        "photos": told.photos,
        "photos_missing": told.missing,
    }


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unavailable("disk.read_only") from error
