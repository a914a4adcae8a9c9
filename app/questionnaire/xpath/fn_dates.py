"""Date and time functions."""

from __future__ import annotations

import math
from datetime import time

from app.questionnaire.xpath import dates
from app.questionnaire.xpath.dates import DAY_S, DateValue
from app.questionnaire.xpath.table import Function, mismatch, text_at
from app.questionnaire.xpath.values import Context, Value, text_number, to_text


def _today(context: Context, _args: list[Value]) -> Value:
    return DateValue(context.scope.now.astimezone(context.scope.zone).date())


def _now(context: Context, _args: list[Value]) -> Value:
    return dates.from_instant(context.scope.now, context.scope.zone)


def _as_date(context: Context, value: Value, function: str) -> DateValue | None:
    """A date from a date, a text or days since 1970; None for a blank.

    Raises:
        ExpressionError: ``questionnaire.wrong_type``.
    """
    if isinstance(value, DateValue):
        return value
    if isinstance(value, bool):
        raise mismatch(function)
    if isinstance(value, float):
        return dates.from_days(value)
    text = to_text(value).strip()
    if not text:
        return None
    number = text_number(text)
    found = dates.parse_date(text, context.scope.zone) if math.isnan(number) else dates.from_days(number)
    if found is None:
        raise mismatch(function)
    return found


def _date(context: Context, args: list[Value]) -> Value:
    return _as_date(context, args[0], "date") or ""


def _at_midnight(found: DateValue | None) -> DateValue | None:
    """An instant at local midnight is the date."""
    if found is None or found.moment is None or found.moment.time() != time():
        return found
    return DateValue(found.day)


def _date_time(context: Context, args: list[Value]) -> Value:
    value = args[0]
    if isinstance(value, float):
        return _at_midnight(dates.moment_of(value, context.scope.zone)) or ""
    return _as_date(context, value, "date-time") or ""


def _decimal_date_time(context: Context, args: list[Value]) -> Value:
    value = args[0]
    found = None
    if isinstance(value, float) and not value.is_integer():
        return value
    if isinstance(value, (DateValue, float)):
        found = _as_date(context, value, "decimal-date-time")
    else:
        text = to_text(value)
        found = dates.parse_date(text, context.scope.zone)
        if found is None and text:
            raise mismatch("decimal-date-time")
    return found.instant(context.scope.zone).timestamp() / DAY_S if found else math.nan


def _decimal_time(context: Context, args: list[Value]) -> Value:
    zone = context.scope.zone
    found = dates.day_fraction(text_at(args, 0), zone, context.scope.now.astimezone(zone).date())
    return math.nan if found is None else found


def _format(context: Context, args: list[Value]) -> Value:
    value = args[0]
    if isinstance(value, bool):
        return ""
    if isinstance(value, float):
        found = dates.moment_of(value, context.scope.zone)
    elif isinstance(value, DateValue):
        found = value
    else:
        found = dates.parse_date(to_text(value), context.scope.zone)
    return dates.format_date(found, text_at(args, 1), context.scope.zone) if found else ""


TABLE = {
    "today": Function(_today, (0, 0)),
    "now": Function(_now, (0, 0)),
    "date": Function(_date, (1, 1)),
    "date-time": Function(_date_time, (1, 1)),
    "decimal-date-time": Function(_decimal_date_time, (1, 1)),
    "decimal-time": Function(_decimal_time, (1, 1)),
    "format-date": Function(_format, (2, 2)),
    "format-date-time": Function(_format, (2, 2)),
}
