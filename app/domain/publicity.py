"""Rounds of public notice: how long a notice hangs, what makes a posting valid, when it is over.

period = compute_period(rule, posted_on, calendar)    # shown before printing
faults(publicity_values, rule, calendar)              # what is wrong with a recorded posting
is_over(publicity_values, today)                      # only after the last day has passed
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from app.domain.calendar import DayType, parse_date
from app.domain.errors import Refused
from app.domain.fault import Fault, error
from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.calendar import Calendar
    from app.domain.ids import Value

_f = partial(FieldDef, Kind.PUBLICITY)

PUBLICITY_FIELDS = field_table(
    _f("round", FieldType.ID),
    _f("workflow", FieldType.CODE, codelist="workflow"),
    _f("meeting", FieldType.ID),
    _f("from_on", FieldType.DATE),
    _f("to_on", FieldType.DATE),
    _f("days", FieldType.COUNT),
    _f("day_type", FieldType.CODE, codelist="day_type"),
    _f("count_first", FieldType.FLAG),
    _f("notice_on", FieldType.DATE),
    _f("posted_on", FieldType.DATE),
    _f("posted_where", FieldType.TEXT),
    _f("posted_by", FieldType.TEXT),
    _f("taken_down_on", FieldType.DATE),
    _f("result", FieldType.TEXT),
    _f("contact_village", FieldType.TEXT),
    _f("contact_township", FieldType.TEXT),
    _f("contact_county", FieldType.TEXT),
    _f("contact_hotline", FieldType.TEXT),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PublicityRule:
    """How a notice is to hang.

    ``days`` is the number of days (>= 1) of ``day_type``. Without ``count_first_day`` the day of posting
    is day zero. With ``roll_last_day`` a last day that is no working day moves to the next one.
    ``columns`` are the published columns, ``objection_days`` the natural days to answer an objection.
    """

    id: str
    days: int
    day_type: DayType
    count_first_day: bool
    roll_last_day: bool = False
    columns: tuple[str, ...] = ("no", "group", "head", "size")
    objection_days: int = 5
    announcement_days: int = 0
    place: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of a notice, both included.

    ``unknown_year`` is the year whose holiday table is missing, so that the last day could not be checked
    (natural days only; working days are refused); 0 when all is known.
    """

    first: date
    last: date
    unknown_year: int = 0

    def fields(self, rule: PublicityRule) -> dict[str, Value]:
        """Return the fields of the publicity round."""
        return {
            "from_on": self.first.isoformat(),
            "to_on": self.last.isoformat(),
            "days": rule.days,
            "day_type": rule.day_type.value,
            "count_first": int(rule.count_first_day),
        }


def compute_period(rule: PublicityRule, posted_on: date, calendar: Calendar) -> Period:
    """Return the period of a notice posted on ``posted_on``.

    Source: Civil Code 201 (the first day is not counted) and 203 (a last day that is a holiday rolls);
    both are parameters, because postings in practice count the first day.

    Raises:
        Refused: ``calendar.unknown_year`` when working days run into a year without a holiday table.
    """
    before = posted_on - _ONE if rule.count_first_day else posted_on
    last = calendar.add(before, rule.days, rule.day_type)
    if not rule.roll_last_day or rule.day_type is DayType.WORKING:
        return Period(posted_on, last)
    try:
        return Period(posted_on, calendar.roll(last))
    except Refused as unknown:
        return Period(posted_on, last, int(unknown.params["year"]))


def is_over(values: Mapping[str, Value], today: date) -> bool:
    """Tell whether the notice was posted and its last day has passed."""
    last = parse_date(values.get("to_on"))
    return last is not None and parse_date(values.get("posted_on")) is not None and today > last


def faults(values: Mapping[str, Value], rule: PublicityRule, calendar: Calendar) -> tuple[Fault, ...]:
    """Return what is wrong with a publicity round; empty when it may count.

    Codes: ``publicity.not_posted``, ``publicity.no_place``, ``publicity.before_notice`` (posted before the
    notice was issued), ``publicity.too_short`` (params ``needs`` and ``has``: last days) and
    ``publicity.taken_down`` (before the last day, param ``until``).
    """
    posted, last = parse_date(values.get("posted_on")), parse_date(values.get("to_on"))
    if posted is None or last is None:
        return (error("publicity.not_posted"),)
    found: list[Fault] = []
    if not str(values.get("posted_where", "")).strip():
        found.append(error("publicity.no_place"))
    notice = parse_date(values.get("notice_on"))
    if notice is not None and posted < notice:
        found.append(error("publicity.before_notice", notice_on=notice.isoformat()))
    needs = compute_period(rule, posted, calendar).last
    if last < needs:
        found.append(error("publicity.too_short", needs=needs.isoformat(), has=last.isoformat()))
    taken = parse_date(values.get("taken_down_on"))
    if taken is not None and taken < last:
        found.append(error("publicity.taken_down", until=last.isoformat()))
    return tuple(found)
