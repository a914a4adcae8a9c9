"""Holiday tables of past years from the ``chinesecalendar`` library, as values."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.domain.calendar import HolidayYear

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


def library_years() -> dict[int, HolidayYear]:
    """Return the years the library knows."""
    return dict(_years())


@lru_cache(maxsize=1)
def _years() -> Mapping[int, HolidayYear]:
    from chinese_calendar.constants import holidays, workdays

    off: Mapping[date, str] = holidays
    work: Mapping[date, str] = workdays
    return MappingProxyType(
        {
            year: HolidayYear(
                year,
                frozenset(day for day in off if day.year == year),
                frozenset(day for day in work if day.year == year),
            )
            for year in sorted({day.year for day in off})
        }
    )
