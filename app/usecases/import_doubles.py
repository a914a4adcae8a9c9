"""Households that were perhaps registered twice: a person who comes in one and is present in another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.identity import mask_name, normalise
from app.queries.arrival import Double, registered
from app.storage import search_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from app.domain.ids import Value
    from app.queries.arrival import Registered

_HERE = frozenset({"", "present"})


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A member with new entries, as it would stand after the import; ``scope`` is the sender's."""

    uid: str
    household: str
    values: Mapping[str, Value]
    scope: str

    def text(self, code: str) -> str:
        """Return a field as text, "" without one."""
        return str(self.values.get(code, ""))


class Doubles:
    """Finds doubles of newcomers among those who are here and those of the files before."""

    def __init__(self) -> None:
        self._fresh: list[Newcomer] = []
        self._by_number: dict[str, list[Newcomer]] = {}
        self._by_birth: dict[tuple[str, str], list[Newcomer]] = {}

    def add(self, one: Newcomer) -> None:
        """Take in a newcomer; one who has left or stands in no household is nobody's double."""
        if one.text("status") in _HERE and not one.values.get("void") and one.household:
            self._fresh.append(one)

    def found(self, conn: Connection, places: Mapping[str, str]) -> tuple[Double, ...]:
        """Return the doubles of the newcomers added since the last time, each pair once."""
        fresh, self._fresh = self._fresh, []
        numbers = {number for one in fresh if (number := normalise(one.text("id_number")))}
        names = {search_keys.normalise(one.text("name")) for one in fresh if one.text("born")}
        here: dict[str, list[Registered]] = {}
        births: dict[tuple[str, str], list[Registered]] = {}
        for other in registered(conn, numbers, names):
            here.setdefault(other.id_number, []).append(other)
            births.setdefault((search_keys.normalise(other.name), other.born), []).append(other)
        pairs: dict[tuple[str, str], Double] = {}
        for one in fresh:
            number = normalise(one.text("id_number"))
            birth = (search_keys.normalise(one.text("name")), one.text("born"))
            for other in here.get(number, ()) if number else ():
                _pair(pairs, one, other.household, _double("id_number", one, other, places))
            for other in births.get(birth, ()) if all(birth) else ():
                _pair(pairs, one, other.household, _double("name_born", one, other, places))
            self._among(pairs, one, number, birth, places)
        return tuple(pairs.values())

    def _among(
        self,
        pairs: dict[tuple[str, str], Double],
        one: Newcomer,
        number: str,
        birth: tuple[str, str],
        places: Mapping[str, str],
    ) -> None:
        """Compare with the newcomers before this one, then let the later ones be compared with it."""
        for reason, others in (
            ("id_number", self._by_number.setdefault(number, [])),
            ("name_born", self._by_birth.setdefault(birth, [])),
        ):
            if (reason == "id_number" and not number) or not all(birth):
                continue
            for other in others:
                place = places.get(other.scope, other.scope)
                double = Double(
                    reason,
                    mask_name(one.text("name")),
                    places.get(one.scope, one.scope),
                    place,
                    mask_name(other.text("name")),
                    "",
                )
                _pair(pairs, one, other.household, double)
            others.append(one)


def _pair(pairs: dict[tuple[str, str], Double], one: Newcomer, household: str, double: Double) -> None:
    """Keep the first reason found for two households; the number comes before the name."""
    if household != one.household:
        first, second = sorted((one.household, household))
        pairs.setdefault((first, second), double)


def _double(reason: str, one: Newcomer, other: Registered, places: Mapping[str, str]) -> Double:
    return Double(
        reason,
        mask_name(one.text("name")),
        places.get(one.scope, one.scope),
        places.get(other.village, other.village),
        mask_name(other.head),
        other.code,
    )
