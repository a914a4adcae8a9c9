"""What every paper needs: the pack's wording, dates and places in words, who prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.calendar import parse_date
from app.domain.errors import Refused
from app.domain.ids import Level
from app.domain.region import county_of, township_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from app.domain.ids import Value
    from app.domain.pack import Pack


@dataclass(frozen=True, slots=True)
class Imprint:
    """Where and by whom a paper is made.

    ``places`` maps 12-digit codes to names, ``today`` is the civil date, ``person`` the name of who acts.
    """

    places: Mapping[str, str]
    today: date
    person: str = ""

    def name(self, code: str) -> str:
        """Return the name of one place, "" when nobody has named it here."""
        return self.places.get(code, "")

    def names(self, village: str) -> dict[str, str]:
        """Return the names of a village, its township and its county by placeholder."""
        return {
            "village": self.name(village),
            "township": self.name(township_of(village)),
            "county": self.name(county_of(village)),
        }

    def address(self, village: str, group: str = "") -> str:
        """Return where a village lies, from the county down to the group."""
        names = self.names(village)
        return names["county"] + names["township"] + names["village"] + group


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one paper: each part is looked for in ``papers`` in turn."""

    pack: Pack
    papers: tuple[str, ...]

    def text(self, part: str, **values: Value) -> str:
        """Return one text with its placeholders filled.

        Raises:
            Refused: ``pack.no_wording`` (param ``key``).
        """
        for paper in self.papers:
            if f"{paper}.{part}" in self.pack.wording:
                return self.pack.text(f"{paper}.{part}", **values)
        raise Refused("pack.no_wording", key=f"{self.papers[0]}.{part}")

    def has(self, part: str) -> bool:
        """Tell whether the pack words this part."""
        return any(f"{paper}.{part}" in self.pack.wording for paper in self.papers)

    def paragraphs(self, part: str, **values: Value) -> tuple[str, ...]:
        """Return a text split into its paragraphs."""
        return tuple(line for line in self.text(part, **values).splitlines() if line.strip())


def chinese_date(value: object) -> str:
    """Return an ISO date as on official paper, 2026年3月9日 without zeros before; "" for anything else."""
    day = parse_date(value)
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"


def issuer_name(pack: Pack, imprint: Imprint, village: str, level: Level, day: date) -> str:
    """Return the full name of the office of a level for a village on a day, "" when it has none."""
    place = {
        Level.VILLAGE: village,
        Level.TOWNSHIP: township_of(village),
        Level.COUNTY: county_of(village),
    }[level]
    office, name = pack.issuer_on(level, day), imprint.name(place)
    return name + office if office and name else ""
