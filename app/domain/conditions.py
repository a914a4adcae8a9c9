"""Living conditions of a household as seen in one round: fields, what follows from them, what is doubtful.

suggestions(values, members, lists, today)   # values for empty fields, offered and never written alone
conditions_faults(values, members, lists, today)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.domain.fault import Fault, error, warning
from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind, Value
from app.domain.member import is_dropout

if TYPE_CHECKING:
    from datetime import date

    from app.domain.codes import CodeLists

_f = partial(FieldDef, Kind.CONDITIONS)

CONDITIONS_FIELDS = field_table(
    _f("household", FieldType.ID),
    _f("round", FieldType.ID),
    _f("checked_on", FieldType.DATE),
    _f("food", FieldType.FLAG),
    _f("clothing", FieldType.FLAG),
    _f("house_structure", FieldType.CODE, codelist="house_structure"),
    _f("house_built", FieldType.NUMBER, unit="year"),
    _f("house_area_dm2", FieldType.NUMBER, unit="dm2"),
    _f("house_grade", FieldType.CODE, codelist="house_grade"),
    _f("house_safe", FieldType.FLAG),
    _f("water_source", FieldType.CODE, codelist="water_source"),
    _f("water_safe", FieldType.FLAG),
    _f("water_distance_m", FieldType.NUMBER, unit="m"),
    _f("water_rise_m", FieldType.NUMBER, unit="m"),
    _f("water_minutes", FieldType.NUMBER, unit="min"),
    _f("water_litres", FieldType.NUMBER, unit="l/person/day"),
    _f("water_dry_days", FieldType.NUMBER, unit="day/year"),
    _f("electricity", FieldType.FLAG),
    _f("broadcast", FieldType.FLAG),
    _f("road", FieldType.FLAG),  # a hardened road leads to the house
    _f("road_type", FieldType.CODE, codelist="road_type"),
    _f("road_distance_m", FieldType.NUMBER, unit="m"),
    _f("toilet", FieldType.CODE, codelist="toilet"),
    _f("toilet_usable", FieldType.FLAG),
    _f("fuel", FieldType.CODES, codelist="fuel"),  # at most three
    _f("education_dropouts", FieldType.COUNT),
    _f("medical_uninsured", FieldType.COUNT),
    _f("medical_problem", FieldType.FLAG, sensitive=True),
    _f("farmland", FieldType.AREA),
    _f("woodland", FieldType.AREA),
    _f("returned_woodland", FieldType.AREA),
    _f("orchard", FieldType.AREA),
    _f("grassland", FieldType.AREA),
    _f("water_surface", FieldType.AREA),
    _f("livestock", FieldType.COUNT),
    _f("poultry", FieldType.COUNT),
    _f("notes", FieldType.TEXT),
)

Values = Mapping[str, Value]

MAX_FUELS: Final = 3

# Most 0.01 mu a household plausibly has of each kind of land.
_MOST: Final = MappingProxyType(
    {
        "farmland": 100_00,
        "woodland": 200_00,
        "returned_woodland": 200_00,
        "orchard": 200_00,
        "grassland": 100_00,
        "water_surface": 100_00,
    }
)
_FAR_ROAD_M: Final = 5_000


@dataclass(frozen=True, slots=True)
class WaterRule:
    """What counts as water within reach; some places use 1,000 m and 100 m instead.

    Distances in metres, ``minutes`` for fetching, ``litres`` per person and day, ``dry_days`` a year.
    """

    distance_m: int = 800
    rise_m: int = 80
    minutes: int = 20
    litres: int = 35
    dry_days: int = 36


def suggestions(values: Values, members: Sequence[Values], lists: CodeLists, today: date) -> dict[str, Value]:
    """Return values for empty fields that follow from the others and from the members present.

    A house grade tells whether the house is safe, a kind of road whether it is hardened; children out of
    school and people without health insurance are counted.
    """
    derived: dict[str, Value] = {
        "house_safe": lists["house_grade"].trait(str(values.get("house_grade", "")), "safe"),
        "road": lists["road_type"].trait(str(values.get("road_type", "")), "hardened"),
        **_counted(members, today),
    }
    return {code: value for code, value in derived.items() if value != "" and values.get(code, "") == ""}


def conditions_faults(
    values: Values, members: Sequence[Values], lists: CodeLists, today: date, rule: WaterRule | None = None
) -> tuple[Fault, ...]:
    """Return what is wrong or doubtful about living conditions.

    Error: ``conditions.too_many_fuels`` (param ``limit``). Warnings: ``conditions.grade_and_safe``,
    ``conditions.road_and_type``, ``conditions.dropouts_differ`` and ``conditions.uninsured_differ``
    (param ``count``, among the members), ``conditions.land`` (param ``mu``, the most that is plausible),
    ``conditions.road_far``, ``conditions.water_out_of_reach``.
    """
    faults = [*_differing(values, members, lists, today), *_land(values)]
    if len(str(values.get("fuel", "")).split()) > MAX_FUELS:
        faults.append(error("conditions.too_many_fuels", "fuel", limit=MAX_FUELS))
    if _number(values, "road_distance_m") > _FAR_ROAD_M:
        faults.append(warning("conditions.road_far", "road_distance_m"))
    if values.get("water_safe", "") == 1 and is_out_of_reach(values, rule or WaterRule()):
        faults.append(warning("conditions.water_out_of_reach", "water_safe"))
    return tuple(faults)


def is_out_of_reach(values: Values, rule: WaterRule) -> bool:
    """Tell whether a recorded figure misses the rule for water: amount, way, or days without any.

    Where the way takes no longer than ``rule.minutes`` its length does not matter.
    """
    minutes, litres = values.get("water_minutes", ""), values.get("water_litres", "")
    quick = isinstance(minutes, int) and minutes <= rule.minutes
    long_way = (
        _number(values, "water_distance_m") > rule.distance_m or _number(values, "water_rise_m") > rule.rise_m
    )
    little = isinstance(litres, int) and litres < rule.litres
    return (long_way and not quick) or little or _number(values, "water_dry_days") > rule.dry_days


def _counted(members: Sequence[Values], today: date) -> dict[str, Value]:
    present = [m for m in members if m.get("status", "") in {"", "present"}]
    insured = [str(m.get("insurance", "")) for m in present]
    counted: dict[str, Value] = {"education_dropouts": sum(is_dropout(m, today) for m in present)}
    if present and all(insured):
        counted["medical_uninsured"] = insured.count("none")
    return counted


_DIFFERING: Final = (
    ("house_safe", "conditions.grade_and_safe"),
    ("road", "conditions.road_and_type"),
)


def _differing(values: Values, members: Sequence[Values], lists: CodeLists, today: date) -> list[Fault]:
    bare = {code: value for code, value in values.items() if code in {"house_grade", "road_type"}}
    told = suggestions(bare, members, lists, today)
    faults = [
        warning(code, field)
        for field, code in _DIFFERING
        if field in told and values.get(field, "") not in {"", told[field]}
    ]
    for field, code in _COUNTS:
        counted = told.get(field, "")
        if counted != "" and members and values.get(field, "") not in {"", counted}:
            faults.append(warning(code, field, count=counted))
    return faults


_COUNTS: Final = (
    ("education_dropouts", "conditions.dropouts_differ"),
    ("medical_uninsured", "conditions.uninsured_differ"),
)


def _land(values: Values) -> list[Fault]:
    return [
        warning("conditions.land", code, mu=most // 100)
        for code, most in _MOST.items()
        if _number(values, code) > most
    ]


def _number(values: Values, code: str) -> int:
    value = values.get(code, "")
    return value if isinstance(value, int) else 0
