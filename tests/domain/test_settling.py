"""Bringing values together, and what disputes have in common."""

from __future__ import annotations

import pytest

from app.domain.fields import FIELDS
from app.domain.ids import Kind
from app.domain.settling import Rule, Side, alike, by_side, combined

HOUSEHOLD, MEMBER = FIELDS[Kind.HOUSEHOLD], FIELDS[Kind.MEMBER]


def sides(*told: tuple[object, str, str]):
    return [
        Side(f"{n:032x}", value, writer, device, n) for n, (value, writer, device) in enumerate(told, start=1)
    ]


@pytest.mark.parametrize(
    ("definition", "values", "expected"),
    [
        (HOUSEHOLD["risks"], ["02 01", "03 01"], "01 02 03"),
        (HOUSEHOLD["risks"], ["", "01"], "01"),
        (HOUSEHOLD["risks"], ["", ""], None),
        (HOUSEHOLD["address"], ["一组1号", "二组"], "一组1号；二组"),
        (HOUSEHOLD["address"], ["一组1号", "一组"], "一组1号"),
        (HOUSEHOLD["address"], [" ", ""], None),
        (HOUSEHOLD["main_cause"], ["01", "02"], None),
        (MEMBER["phone"], ["1", "2"], None),
    ],
)
def test_codes_are_united_and_texts_joined(definition, values, expected) -> None:
    assert combined(definition, values) == expected


@pytest.mark.parametrize(
    ("told", "rule", "take"),
    [
        ([("", "a", "d1"), ("x", "b", "d2")], Rule.BLANK, 2),
        ([("x", "a", "d1"), ("", "b", "d2")], Rule.SIDES, 0),  # emptied afterwards: on purpose
        ([("", "a", "d1"), ("x", "b", "d2"), ("y", "c", "d3")], Rule.SIDES, 0),
        ([("x", "a", "d1"), ("y", "a", "d2")], Rule.WRITER, 2),
        ([("138 0000", "a", "d1"), ("138-0000", "b", "d2")], Rule.FORM, 2),
        ([("１２ab", "a", "d1"), ("12AB", "b", "d2")], Rule.FORM, 2),
        ([(1, "a", "d1"), (2, "b", "d2")], Rule.SIDES, 0),
    ],
)
def test_a_rule_says_what_it_would_keep(told, rule, take) -> None:
    assert alike(sides(*told)) == (rule, f"{take:032x}" if take else "")


def test_each_device_or_else_each_writer_stands_for_one_value() -> None:
    first, second = f"{1:032x}", f"{2:032x}"
    assert by_side(sides(("x", "a", "d1"), ("y", "a", "d2"))) == {"d1": first, "d2": second}
    assert by_side(sides(("x", "a", "d1"), ("y", "b", "d1"))) == {"a": first, "b": second}
    assert by_side(sides(("x", "a", "d1"), ("y", "a", "d1"))) == {}
