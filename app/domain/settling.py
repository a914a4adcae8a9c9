"""Values that stand against each other: how they are brought together, and which disputes are alike.

    combined(definition, ["drug", "school drug"])      # "drug school", None where nothing can be combined
    rule, take = alike(sides)                          # Rule.BLANK and the entry whose value is meant

Nothing is decided here; a person looks at what a rule would take and says yes.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.field_types import FieldType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.field_types import FieldDef
    from app.domain.ids import Value

_BETWEEN = "；"
_LOOSE = str.maketrans("", "", " -—–·.()")  # what people put between the digits of a number


class Rule(StrEnum):
    """What a repeated dispute has in common."""

    BLANK = "blank"  # left empty first, filled in later on the other side
    WRITER = "writer"  # one person wrote both
    FORM = "form"  # the same but for case, width and the signs between digits
    SIDES = "sides"  # the same field, written on the same computers


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values: the entry that wrote it, its writer and device, and the writer's clock."""

    entry: str
    value: Value
    writer: str
    device: str
    hlc: int


def combined(definition: FieldDef, values: Sequence[Value]) -> Value | None:
    """Return all values in one: the union of several-choice codes, texts one after the other.

    None for every other field, for sensitive ones, and where the values hold nothing to combine.
    """
    if definition.sensitive:
        return None
    words = [str(value).strip() for value in values]
    if definition.type is FieldType.CODES:
        found = sorted({code for text in words for code in text.split()})
        return " ".join(found) or None
    if definition.type is not FieldType.TEXT:
        return None
    parts = list(dict.fromkeys(text for text in words if text))
    whole = [one for one in parts if not any(one != other and one in other for other in parts)]
    return _BETWEEN.join(whole) or None


def alike(sides: Sequence[Side]) -> tuple[Rule, str]:
    """Return the rule that two or more sides fall under and the entry it would keep, "" for ``SIDES``."""
    newest = max(sides, key=lambda side: (side.hlc, side.entry))
    empty = [side for side in sides if side.value == ""]
    filled = [side for side in sides if side.value != ""]
    if empty and len({side.value for side in filled}) == 1:
        first = min(side.hlc for side in filled)
        if all(side.hlc < first for side in empty):
            return Rule.BLANK, newest.entry
    if len({side.writer for side in sides}) == 1:
        return Rule.WRITER, newest.entry
    if len({_plain(side.value) for side in sides}) == 1:
        return Rule.FORM, newest.entry
    return Rule.SIDES, ""


def by_side(sides: Sequence[Side]) -> Mapping[str, str]:
    """Return the entry of each device; where one wrote several, of each writer, else nothing."""
    for found in ({s.device: s.entry for s in sides}, {s.writer: s.entry for s in sides}):
        if len(found) == len(sides):
            return found
    return {}


def _plain(value: Value) -> str:
    return unicodedata.normalize("NFKC", str(value)).translate(_LOOSE).casefold()
