"""How a field of an entity is described: its type, unit, code list and whether it is personal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import Kind, Level


class FieldType(StrEnum):
    """What the value of a field means; decides the column type and the editor."""

    TEXT = "text"
    CODE = "code"  # one code of a list
    CODES = "codes"  # sorted codes joined by one space
    DATE = "date"  # ISO "YYYY-MM-DD"
    FLAG = "flag"  # 1 or 0
    COUNT = "count"  # whole number of things or people
    FEN = "fen"  # money, 1/100 yuan
    ID = "id"  # entity id
    DIGEST = "digest"  # "sha256:<hex>"
    AREA = "area"  # land, 1/100 mu
    NUMBER = "number"  # whole number with a unit

    @property
    def is_integer(self) -> bool:
        """Tell whether values of this type are stored as integers (an emptied one is still "")."""
        return self in _INTEGERS


_INTEGERS = frozenset({FieldType.FLAG, FieldType.COUNT, FieldType.FEN, FieldType.AREA, FieldType.NUMBER})

_UNITS = MappingProxyType({FieldType.FEN: "fen", FieldType.AREA: "0.01 mu"})


@dataclass(frozen=True, slots=True)
class FieldDef:
    """One field of a kind.

    ``code`` is lower snake case and serves as the column name. ``sensitive`` fields are masked on
    screen and never reach a notice, a log or a file name. ``codelist`` names the list of the pack a
    CODE or CODES field draws from. ``writers`` names the levels that may write it; empty means every
    level whose scope holds the entity.
    """

    kind: Kind
    code: str
    type: FieldType
    unit: str = ""
    sensitive: bool = False
    codelist: str = ""
    writers: tuple[Level, ...] = ()

    def __post_init__(self) -> None:
        """Fill in the unit that follows from the type."""
        if not self.unit and self.type in _UNITS:
            object.__setattr__(self, "unit", _UNITS[self.type])


def field_table(*definitions: FieldDef) -> Mapping[str, FieldDef]:
    """Return the definitions of one kind by code, in the order given.

    Raises:
        ValueError: when a code appears twice; the tables are constants, so this is a slip of the pen.
    """
    table = {definition.code: definition for definition in definitions}
    if len(table) != len(definitions):
        message = f"a field code appears twice in the table of {definitions[0].kind}"
        raise ValueError(message)
    return MappingProxyType(table)
