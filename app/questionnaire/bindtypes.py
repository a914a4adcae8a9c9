"""The text in which a value of each bind type is kept."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from app.questionnaire.xpath.dates import DateValue, from_instant, parse_date, parse_time
from app.questionnaire.xpath.node import Holds
from app.questionnaire.xpath.values import Value, number_text, text_number, to_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo


_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?")
_GEO_PARTS = (2, 4)
_MOMENTS = frozenset({"date", "time", "dateTime"})
_DATES = frozenset({"date", "dateTime"})
_NEARLY = 1e-9  # a computed number this little above a whole one is written whole, as in JavaRosa
_NUMBERS = frozenset({"int", "integer", "decimal"})
_LEAST_POINTS = {"geotrace": 2, "geoshape": 3}


def _int(text: str, _zone: tzinfo) -> str:
    number = text_number(text)
    return "" if math.isnan(number) else number_text(float(math.trunc(number)))


def _decimal(text: str, _zone: tzinfo) -> str:
    return "" if math.isnan(text_number(text)) else text.strip()


def _boolean(text: str, _zone: tzinfo) -> str:
    return {"true": "1", "false": "0"}.get(text.strip(), text.strip())


def _date(text: str, zone: tzinfo) -> str:
    found = parse_date(text, zone)
    return found.day.isoformat() if found is not None else ""


def _date_time(text: str, zone: tzinfo) -> str:
    """Kept as written; a bare date is no date and time."""
    return text if _DATE_TIME.fullmatch(text) and parse_date(text, zone) is not None else ""


def _time(text: str, zone: tzinfo) -> str:
    return text.strip() if parse_time(text, zone) is not None else ""


def _point(text: str, _zone: tzinfo) -> str:
    """``lat lon [alt [accuracy]]`` with a point in each number, as JavaRosa writes them."""
    numbers = [text_number(p) for p in text.split()]
    if not _GEO_PARTS[0] <= len(numbers) <= _GEO_PARTS[1] or any(math.isnan(n) for n in numbers):
        return ""
    words = (number_text(n) for n in numbers)
    return " ".join(w if "." in w else f"{w}.0" for w in words)


def _points(least: int) -> Callable[[str, tzinfo], str]:
    def run(text: str, zone: tzinfo) -> str:
        points = [_point(p, zone) for p in text.split(";") if p.strip()]
        return "; ".join(points) if len(points) >= least and all(points) else ""

    return run


_WRITERS: dict[str, Callable[[str, tzinfo], str]] = {
    "int": _int,
    "integer": _int,
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "dateTime": _date_time,
    "time": _time,
    "geopoint": _point,
    "geotrace": _points(_LEAST_POINTS["geotrace"]),
    "geoshape": _points(_LEAST_POINTS["geoshape"]),
}


def held(type_name: str, value: Value = "") -> Holds:
    """As what expressions read an answer of this bind type; a computed yes or no, day or number stays one."""
    if isinstance(value, bool):
        return Holds.FLAG
    if isinstance(value, DateValue) and type_name not in _MOMENTS:
        return Holds.DAY
    if type_name in _DATES:
        return Holds.DATE
    return Holds.NUMBER if type_name in _NUMBERS or isinstance(value, float) else Holds.TEXT


def normalise(type_name: str, value: Value, zone: tzinfo) -> str:
    """The text kept for a value of this bind type; what does not fit the type becomes blank."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, DateValue) and type_name not in {"date", "time"}:
        value = from_instant(value.instant(zone), zone)
    if isinstance(value, float) and math.isnan(value):
        return ""
    if isinstance(value, float) and math.isfinite(value) and abs(value - math.trunc(value)) < _NEARLY:
        value = float(math.trunc(value))
    text = to_text(value)
    if not text:
        return ""
    if isinstance(value, float) and type_name == "decimal" and "." not in text:
        text = f"{text}.0"  # as Java writes a double
    writer = _WRITERS.get(type_name)
    return writer(text, zone) if writer is not None else text
