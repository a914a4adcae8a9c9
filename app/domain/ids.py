"""Identity of entities and the closed set of kinds the journal speaks of."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

EntityId = NewType("EntityId", str)
"""32 lower-case hexadecimal digits (128 random bits)."""

Value = int | str
"""What a field may hold; a cleared field is the empty string."""

_LENGTH = 32


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
    return len(text) == _LENGTH and not text.strip("0123456789abcdef")
