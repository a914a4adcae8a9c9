"""Identity of entities and the closed set of kinds the journal speaks of."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Collection

EntityId = NewType("EntityId", str)
"""32 lower-case hexadecimal digits (128 random bits)."""

Value = int | str
"""What a field may hold; a cleared field is the empty string."""

_LENGTH = 32
_HEX = "0123456789abcdef"


class Kind(StrEnum):
    """What an entry can be about."""

    PERSON = "person"
    ROUND = "round"
    HOUSEHOLD = "household"
    MEMBER = "member"
    INCOME = "income"
    EXPENSE = "expense"
    CONDITIONS = "conditions"
    CASE = "case"
    HIT = "hit"
    MEETING = "meeting"
    PUBLICITY = "publicity"
    OBJECTION = "objection"
    SAMPLE = "sample"
    DOCUMENT = "document"
    ATTACHMENT = "attachment"
    SUBMISSION = "submission"
    FORM = "form"
    PACK = "pack"


class Level(StrEnum):
    """The three levels of government that use the program."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"


def is_entity_id(text: str) -> bool:
    """Tell whether ``text`` has the shape of an entity id."""
    return len(text) == _LENGTH and not text.strip(_HEX)


def are_entity_ids(texts: Collection[str]) -> bool:
    """Tell whether each of them has that shape, many at once."""
    return set(map(len, texts)) <= {_LENGTH} and not "".join(texts).strip(_HEX)
