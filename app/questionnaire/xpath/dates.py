"""Dates as JavaRosa counts them: whole local days for dates, instants for times of day."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

DAY_S = 86_400
EPOCH = date(1970, 1, 1)
_EPOCH_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"(-?\d{4})-(\d{1,2})-(\d{1,2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?")
_MAX_DAYS = 3_000_000  # far beyond any date Python can hold


@dataclass(frozen=True, slots=True)
class DateValue:
    """A date (``day`` only) or an instant (aware ``moment`` in the form's zone)."""

    day: date
    moment: datetime | None = None

    def number(self) -> float:
        """Days since 1970-01-01: whole for a date, fractional (UTC) for an instant."""
        return self.whole_days() if self.moment is None else instant_days(self.moment)

    def whole_days(self) -> float:
        """Days since 1970-01-01 of the local day; JavaRosa counts answers so, with and without a time."""
        return float((self.day - EPOCH).days)

    def instant(self, zone: tzinfo) -> datetime:
        """The instant; a date begins at local midnight."""
        return self.moment if self.moment is not None else datetime.combine(self.day, time(), zone)

    def text(self) -> str:
        """ISO text: ``2026-11-22`` or ``2026-11-22T10:42:15.000+08:00``."""
        if self.moment is None:
            return self.day.isoformat()
        return self.moment.isoformat(timespec="milliseconds")


def instant_days(moment: datetime) -> float:
    """Days since 1970-01-01T00:00Z, with the part of the day."""
    return (moment - _EPOCH_INSTANT).total_seconds() / DAY_S


def from_instant(moment: datetime, zone: tzinfo) -> DateValue:
    """An instant as a value in ``zone``."""
    local = moment.astimezone(zone)
    return DateValue(local.date(), local)


def from_days(days: float) -> DateValue | None:
    """Whole days since 1970-01-01; a fraction is cut off as JavaRosa does. None outside the calendar."""
    if math.isnan(days) or abs(days) > _MAX_DAYS:
        return None
    try:
        return DateValue(EPOCH + timedelta(days=int(days)))
    except OverflowError:
        return None


def moment_of(days: float, zone: tzinfo) -> DateValue | None:
    """The instant so many days after 1970-01-01T00:00Z. None outside the calendar."""
    if math.isnan(days) or abs(days) > _MAX_DAYS:
        return None
    try:
        return from_instant(_EPOCH_INSTANT + timedelta(milliseconds=round(days * DAY_S * 1000)), zone)
    except OverflowError:
        return None


def parse_offset(text: str | None, zone: tzinfo) -> tzinfo | None:
    """``Z``, ``+08:00``, ``+08`` or nothing (= ``zone``); None when it is no offset."""
    if not text:
        return zone
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 23 or minutes > 59:  # noqa: PLR2004 - clock limits
        return None
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if text[0] == "-" else delta)


def parse_time(text: str, zone: tzinfo) -> time | None:
    """A time of day with optional offset."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, second, fraction, offset = found.groups()
    where = parse_offset(offset, zone)
    if where is None:
        return None
    try:
        micro = int((fraction or "0")[:6].ljust(6, "0"))
        return time(int(hour), int(minute), int(second or 0), micro, tzinfo=where)
    except ValueError:
        return None


def parse_date(text: str, zone: tzinfo) -> DateValue | None:
    """``2026-1-2`` or ``2026-01-02T10:00:00.000+08:00``; None when it is neither."""
    head, separator, tail = text.strip().partition("T")
    found = _DATE.fullmatch(head)
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    if not separator:
        return DateValue(day)
    clock = parse_time(tail, zone)
    if clock is None:
        return None
    return from_instant(datetime.combine(day, clock), zone)


def day_fraction(text: str, zone: tzinfo, on: date) -> float | None:
    """A time of day, or the one of a date and time, as a fraction of the local day in [0, 1)."""
    clock = parse_time(text, zone)
    whole = parse_date(text, zone)
    if clock is not None:
        local = datetime.combine(on, clock).astimezone(zone)
    elif whole is not None:
        local = whole.instant(zone)
    else:
        return None
    seconds = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
    return seconds / DAY_S


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_date(value: DateValue, pattern: str, zone: tzinfo) -> str:
    """JavaRosa's ``%Y %y %m %n %b %d %e %H %h %M %S %3 %a %W %p``; other letters stay as written."""
    at = value.instant(zone).astimezone(zone)
    parts = {
        "Y": f"{at.year:04d}",
        "y": f"{at.year % 100:02d}",
        "m": f"{at.month:02d}",
        "n": str(at.month),
        "b": _MONTHS[at.month - 1],
        "d": f"{at.day:02d}",
        "e": str(at.day),
        "H": f"{at.hour:02d}",
        "h": str(at.hour),
        "M": f"{at.minute:02d}",
        "S": f"{at.second:02d}",
        "3": f"{at.microsecond // 1000:03d}",
        "a": _DAYS[at.weekday()],
        "W": f"{at.isocalendar().week:02d}",
        "%": "%",
    }
    return re.sub(r"%(.)", lambda m: parts.get(m[1], m[0]), pattern)
