"""The values an expression can have and XPath's conversions between them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.questionnaire.xpath.dates import DateValue, parse_date
from app.questionnaire.xpath.node import Holds, Node

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping
    from datetime import datetime, tzinfo

Value = float | str | bool | DateValue | list[Node]

_DATES = frozenset({Holds.DATE, Holds.DAY})
NAN = float("nan")
_NUMBER = re.compile(r"\s*-?(\d+(\.\d*)?|\.\d+)\s*")
_PLAIN_LIMIT = 1e21  # above this the shortest text is not the plain integer


class ExpressionError(BadInput):
    """An expression cannot be compiled or evaluated."""


class Irrelevant(list[Node]):
    """An empty node-set because its nodes are not relevant: compares as a blank, counts as none."""


def _no_texts(text_id: str, _node: Node) -> str:
    return text_id


@dataclass(slots=True)
class Scope:
    """What an expression may ask of its surroundings.

    ``reads`` collects live nodes whose value or relevance was read and ``shapes`` those whose children of a
    local name ("" = any) were read; both are None outside the engine. ``unfiltered`` lets paths see what is
    not relevant. ``itext`` maps an id and the node it is shown at to text in the active language;
    ``properties`` are facts about the computer a form may ask for (``deviceid``, ``username``).
    """

    now: datetime
    zone: tzinfo
    rng: random.Random
    root: Node
    instances: Mapping[str, Node] = field(default_factory=dict[str, Node])
    namespaces: Mapping[str, str] = field(default_factory=dict[str, str])
    itext: Callable[[str, Node], str] = _no_texts
    choice_name: Callable[[str, str, Node], str] = lambda value, _path, _node: value
    version: str = ""
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    unfiltered: bool = False
    reads: set[Node] | None = None
    shapes: set[tuple[Node, str]] | None = None


@dataclass(slots=True)
class Context:
    """Where an expression stands; ``position`` and ``size`` count from 1.

    ``generic`` turns off the reading of absolute paths from the row the context stands in.
    """

    node: Node
    scope: Scope
    current: Node
    position: int = 1
    size: int = 1
    generic: bool = False


def number_text(number: float) -> str:
    """A number as XPath writes it: integers without point, never an exponent below 1e21."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < _PLAIN_LIMIT:
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def text_number(text: str) -> float:
    """A string as a number; no exponent, no plus sign, else NaN."""
    return float(text) if _NUMBER.fullmatch(text) else NAN


def to_text(value: Value) -> str:
    """XPath ``string()``."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, DateValue):
        return value.text()
    if isinstance(value, list):
        return node_text(value[0]) if value else ""
    return number_text(value)


def answer_of(node: Node) -> str | float | bool:
    """A node as expressions read it: a number, the truth of a yes or no, the day of a moment, else text."""
    text = node.value()
    if node.holds is Holds.NUMBER:
        number = text_number(text)
        return text if math.isnan(number) else number
    if node.holds is Holds.DAY:
        return text.partition("T")[0]
    return text == "1" if node.holds is Holds.FLAG and text else text


def node_text(node: Node) -> str:
    """A node's text as expressions read it: a number without superfluous zeros, ``true`` or ``false``."""
    return to_text(answer_of(node))


def is_live(nodes: list[Node]) -> bool:
    """Whether these are answers (nodes of the primary instance)."""
    return bool(nodes) and nodes[0].readers is not None


def to_number(value: Value, zone: tzinfo) -> float:
    """XPath ``number()``; dates and texts that look like one count in days since 1970."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float):
        return value
    if isinstance(value, DateValue):
        return value.number()
    if isinstance(value, list) and value and value[0].holds is Holds.FLAG:
        return float(answer_of(value[0]) or 0)
    text = to_text(value)
    number = text_number(text)
    if math.isnan(number) and "-" in text[1:] and _may_be_date(value):
        day = parse_date(text, zone)
        if day is not None:
            return day.whole_days() if isinstance(value, list) and is_live(value) else day.number()
    return number


def _may_be_date(value: Value) -> bool:
    """JavaRosa takes an answer for a date only if it is one by type, not by looks."""
    return not isinstance(value, list) or not is_live(value) or is_date(value[0])


def is_date(node: Node) -> bool:
    """Whether the question asks for a date or its calculation gave one."""
    return node.holds in _DATES


def to_bool(value: Value) -> bool:
    """XPath ``boolean()``; an answer counts by its text, as in JavaRosa."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value != 0.0 and not math.isnan(value)
    if isinstance(value, str):
        return value != ""
    if isinstance(value, list):
        return is_true(value[0]) if is_live(value) else bool(value)
    return True


def is_true(node: Node) -> bool:
    """Whether an answer stands for yes; a group does."""
    return to_bool(answer_of(node)) or not node.is_leaf()


def to_date(value: Value, zone: tzinfo) -> DateValue | None:
    """The value if it is a date or a text that looks like one."""
    if isinstance(value, DateValue):
        return value
    if isinstance(value, (bool, float)):
        return None
    text = to_text(value)
    return parse_date(text, zone) if "-" in text else None
