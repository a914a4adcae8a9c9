"""Comparison operators, over node-sets by their nodes."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from app.questionnaire.xpath.dates import DateValue
from app.questionnaire.xpath.node import Holds
from app.questionnaire.xpath.values import (
    Irrelevant,
    Value,
    answer_of,
    is_live,
    text_number,
    to_bool,
    to_date,
    to_number,
    to_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _atoms(value: Value) -> list[Value]:
    if isinstance(value, list):
        return [""] if isinstance(value, Irrelevant) else [answer_of(n) for n in value]
    return [value]


def _sizes(value: Value) -> list[Value]:
    """What has an order: a text that only looks like a date has none, where it is an answer."""
    if isinstance(value, list) and is_live(value):
        return [text_number(n.value()) if n.holds is Holds.TEXT else answer_of(n) for n in value]
    return _atoms(value)


def _same(left: Value, right: Value, zone: tzinfo) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return to_bool(left) == to_bool(right)
    if isinstance(left, DateValue) and isinstance(right, DateValue):
        return left.number() == right.number() or left.instant(zone) == right.instant(zone)
    if isinstance(left, (float, DateValue)) or isinstance(right, (float, DateValue)):
        return to_number(left, zone) == to_number(right, zone)
    return to_text(left) == to_text(right)


def _ordered(op: str, left: Value, right: Value, zone: tzinfo) -> bool:
    first, second = to_date(left, zone), to_date(right, zone)
    if first is not None and second is not None:
        return _ORDER[op](first.instant(zone).timestamp(), second.instant(zone).timestamp())
    return _ORDER[op](to_number(left, zone), to_number(right, zone))


def compare(op: str, left: Value, right: Value, zone: tzinfo) -> bool:
    """Evaluate ``left op right`` for ``= != < <= > >=``; a node-set holds if any of its nodes does."""
    if op in {"=", "!="}:
        if isinstance(left, bool):
            right = to_bool(right)
        elif isinstance(right, bool):
            left = to_bool(left)
        pairs = ((a, b) for a in _atoms(left) for b in _atoms(right))
        return any(_same(a, b, zone) == (op == "=") for a, b in pairs)
    return any(_ordered(op, a, b, zone) for a in _sizes(left) for b in _sizes(right))
