"""Living conditions of a household as seen in one round."""

from __future__ import annotations

from functools import partial

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

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
