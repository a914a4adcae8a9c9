"""What is wrong with a returned case, part by part: marks that travel with the return.

    parse_mark("member.phone@<id>")          # Mark(kind="member", field="phone", entity="<id>")
    checked_marks("household.address verdict.income", {"household.address": "门牌号不对"})

A mark is "<kind>", "<kind>.<field>", "<kind>@<id>" or "<kind>.<field>@<id>"; without a field the whole
part is meant, without an id every entity of the kind in the household. "verdict.<dimension>" is a judgement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.case import VERDICT_DIMENSIONS
from app.domain.errors import Refused
from app.domain.fields import FIELDS
from app.domain.ids import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import Value

VERDICT = "verdict"
PARTS = (
    *(Kind.HOUSEHOLD, Kind.MEMBER, Kind.INCOME, Kind.EXPENSE, Kind.CONDITIONS, Kind.CASE),
    *(Kind.SUBMISSION, Kind.ATTACHMENT, Kind.DOCUMENT),
)
"""What can be marked beside a verdict, in the order it is shown."""

NOTE = "note:"
"""What the key of a mark's note begins with, among the extras of an act."""

_SHAPE = re.compile(r"([a-z_]+)(?:\.([a-z0-9_]+))?(?:@([0-9a-f]{32}))?")
_MOST = 60  # marks of one return; beyond it nobody reads them
_NOTE_MOST = 200  # characters


@dataclass(frozen=True, slots=True)
class Mark:
    """One ticked part; ``field`` and ``entity`` are "" where the whole is meant."""

    kind: str
    field: str = ""
    entity: str = ""

    @property
    def text(self) -> str:
        """The mark as it travels."""
        return (
            self.kind + (f".{self.field}" if self.field else "") + (f"@{self.entity}" if self.entity else "")
        )

    def names(self, kind: str, entity: str, field: str) -> bool:
        """Tell whether a write of this field is one of what is marked."""
        return self.kind == kind and self.entity in {"", entity} and self.field in {"", field}


def parse_mark(text: str) -> Mark:
    """Return a mark.

    Raises:
        Refused: ``returned.bad_mark`` (param ``mark``) for what nobody could look at.
    """
    found = _SHAPE.fullmatch(text)
    mark = Mark(*(found.groups(default="") if found else ("",)))
    if mark.kind == VERDICT:
        known = mark.field in VERDICT_DIMENSIONS and not mark.entity
    else:
        known = mark.kind in PARTS and mark.field in {"", *FIELDS[Kind(mark.kind)]}
    if not known:
        raise Refused("returned.bad_mark", mark=text)
    return mark


def read_marks(extras: Mapping[str, Value]) -> tuple[tuple[Mark, str], ...]:
    """Return the marks of an act that was recorded, each with its note; what we do not know is left out."""
    found: list[tuple[Mark, str]] = []
    for text in str(extras.get("wrong", "")).split():
        try:
            found.append((parse_mark(text), str(extras.get(NOTE + text, ""))))
        except Refused:
            continue  # of a later program
    return tuple(found)


def checked_marks(wrong: str, notes: Mapping[str, str]) -> dict[str, Value]:
    """Return the extras of an act for these marks, in the one spelling they travel in.

    Raises:
        Refused: ``returned.bad_mark`` (param ``mark``), ``returned.too_many`` (param ``limit``).
    """
    marks = sorted({parse_mark(text).text for text in wrong.split()})
    if len(marks) > _MOST:
        raise Refused("returned.too_many", limit=_MOST)
    stray = sorted(notes.keys() - set(marks))
    if stray:
        raise Refused("returned.bad_mark", mark=stray[0])
    told = {NOTE + mark: notes[mark].strip()[:_NOTE_MOST] for mark in marks if notes.get(mark, "").strip()}
    return {"wrong": " ".join(marks), **told} if marks else {}
