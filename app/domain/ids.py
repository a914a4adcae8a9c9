"""Identity of entities and the closed set of kinds the journal speaks of."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import NewType

EntityId = NewType("EntityId", str)
"""32 lower-case hexadecimal digits; the first four tell areas apart, the others are random (112 bits)."""

Value = int | str
"""What a field may hold; a cleared field is the empty string."""

_LENGTH = 32
_PREFIX = 4
ID_RANDOM = 14
"""Random bytes an id is made from."""


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


def id_prefix(scope: str) -> str:
    """Return the four digits ids made for an area (12-digit code) begin with.

    What one village wrote lies together in every index then: a merge touches one corner of each.
    """
    return hashlib.sha256(b"babutong-ids\0" + scope.encode()).hexdigest()[:_PREFIX]


def entity_id(scope: str, random: bytes) -> EntityId:
    """Return the id for something new of an area from 14 random bytes."""
    return EntityId(id_prefix(scope) + random.hex())
