from __future__ import annotations

import re

import pytest

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.ui.texts import table
from tests.domain.code_lists import LISTS

EVERY = [(kind, code) for kind, fields in FIELDS.items() for code in fields]
BY_PACK = {"step", "workflow"}  # lists a pack's workflow makes


def test_every_kind_has_a_table() -> None:
    assert set(FIELDS) == set(Kind)


@pytest.mark.parametrize(("kind", "code"), EVERY)
def test_each_definition(kind: Kind, code: str) -> None:
    definition = FIELDS[kind][code]
    assert (definition.kind, definition.code) == (kind, code)
    assert re.fullmatch(r"[a-z][a-z0-9_]*", code)
    assert f"field.{kind}.{code}" in table("field")
    chosen = definition.type in {FieldType.CODE, FieldType.CODES}
    assert bool(definition.codelist) == chosen
    assert not chosen or definition.codelist in LISTS or definition.codelist in BY_PACK


def test_no_label_without_a_field() -> None:
    labels = {key for key in table("field") if key.count(".") == 2}
    assert labels == {f"field.{kind}.{code}" for kind, code in EVERY}


def test_what_must_never_be_shown_is_marked() -> None:
    marked = {f"{kind}.{code}" for kind, code in EVERY if FIELDS[kind][code].sensitive}
    assert marked >= {
        "member.id_number",
        "member.phone",
        "member.health",
        "member.disability_no",
        "household.bank_account",
        "person.phone",
        "objection.objector",
    }


def test_units_follow_the_type() -> None:
    assert FieldDef(Kind.INCOME, "x", FieldType.FEN).unit == "fen"
    assert FieldDef(Kind.INCOME, "x", FieldType.AREA).unit == "0.01 mu"
    assert FieldDef(Kind.INCOME, "x", FieldType.NUMBER, unit="m").unit == "m"
    assert FieldDef(Kind.INCOME, "x", FieldType.TEXT).unit == ""


@pytest.mark.parametrize("kind", FieldType)
def test_numbers_are_stored_as_integers(kind: FieldType) -> None:
    assert kind.is_integer == (kind in {"flag", "count", "fen", "area", "number"})


def test_a_code_cannot_stand_twice() -> None:
    one = FieldDef(Kind.INCOME, "x", FieldType.TEXT)
    with pytest.raises(ValueError, match="income"):
        field_table(one, one)
