"""Which backups of a folder are the newest, and which of them the rotation keeps.

The order is that of the dates in the names. A date after today was written on a clock set ahead and says
nothing: such backups come last and stay, so that they hide and displace none. Nor are they let go: with a
flat battery it is the clock of today that is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from app.storage.tx import CIVIL_ZONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SUFFIX = ".hhbak"
PREFIX = "backup-"
BY_HAND: Final = "manual"
"""The word in the name of a backup somebody asked for."""

_DAILY, _WEEKLY, _LATEST, _BY_HAND = 7, 4, 3, 5
_SLACK = timedelta(days=1)  # a clock that was set back by hours casts no doubt


@dataclass(frozen=True, slots=True)
class Dated:
    """A backup found in a folder and the civil date and time of day in its name."""

    path: Path
    at: datetime

    @property
    def day(self) -> date:
        """The civil date it was made on."""
        return self.at.date()


def newest(folder: Path, today: date) -> Dated | None:
    """Return the newest backup of a folder by the date in its name; one dated after today only if alone."""
    found = dated(folder, today)
    return found[0] if found else None


def dated(folder: Path, today: date) -> list[Dated]:
    """Return the backups of a folder that carry a date of ours, newest first, those after today last."""
    files = [(path, moment(path)) for path in folder.glob(f"{PREFIX}*{SUFFIX}")]
    found = [Dated(path, at) for path, at in files if at is not None]
    found.sort(key=lambda one: one.path.name, reverse=True)
    return sorted(found, key=lambda one: is_ahead(one.day, today))


def is_ahead(day: date, today: date) -> bool:
    """Tell whether a day lies so far after today that the clock it comes from was wrong."""
    return day > today + _SLACK


def moment(path: Path) -> datetime | None:
    """Return the date and time in a backup's name, None when it carries none of ours."""
    try:
        return datetime.strptime("-".join(path.name.split("-")[1:3]), "%Y%m%d-%H%M%S").replace(
            tzinfo=CIVIL_ZONE
        )
    except (ValueError, IndexError):
        return None


def made_on(path: Path) -> date | None:
    """Return the day in a backup's name, None when it carries none of ours."""
    at = moment(path)
    return None if at is None else at.date()


def thin_out(folder: Path, today: date, made: Path | None = None) -> None:
    """Keep the newest backup of each of the last 7 days and of 4 earlier weeks, and the newest 3 in any case.

    The newest 5 made by hand stay apart from that, and so does the one just ``made``: on a clock that was
    set back it is not the newest by its name. Files that carry no date of ours are left alone.
    """
    found = dated(folder, today)
    keep = to_keep([(one.day, one.path) for one in found], today) | {made}
    for one in found:
        if one.path not in keep:
            one.path.unlink()


def to_keep(found: Iterable[tuple[date, Path]], today: date) -> set[Path]:
    """Return which of these backups (day, file) the rotation keeps."""
    ordered = sorted(found, key=lambda one: one[1].name, reverse=True)
    usual = [one for one in ordered if not is_ahead(one[0], today)]
    return _rotated(usual) | {path for day, path in ordered if is_ahead(day, today)}


def _rotated(ordered: Sequence[tuple[date, Path]]) -> set[Path]:
    daily: dict[date, Path] = {}
    for day, path in ordered:
        daily.setdefault(day, path)
    days = list(daily)
    weekly: dict[tuple[int, int], Path] = {}
    for day in days[_DAILY:]:
        year, week, _ = day.isocalendar()
        weekly.setdefault((year, week), daily[day])
    keep = {daily[day] for day in days[:_DAILY]} | set(list(weekly.values())[:_WEEKLY])
    by_hand = [path for _, path in ordered if path.name.endswith(f"-{BY_HAND}{SUFFIX}")]
    return keep | {path for _, path in ordered[:_LATEST]} | set(by_hand[:_BY_HAND])
