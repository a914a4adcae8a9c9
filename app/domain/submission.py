"""Finished questionnaires.

``replaces`` names the submission this one was changed from: that one stays and is shown as replaced.
``instance`` is the id in the XML's meta block. ``blob`` is the XML, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.ids import Value

Cell = tuple[str, str]
"""A core field and whose it is: "" for the household, a member's id, or "+" and the path of a new row."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the person decided before a questionnaire is finished.

    ``keep`` are clashing fields whose record stays, ``take`` those the answer is written to, each with the
    entries that were shown. ``left`` are the new fields of members no longer listed, by id. ``reason`` is
    the reason of a correction.
    """

    reason: str = ""
    keep: frozenset[Cell] = frozenset()
    take: Mapping[Cell, tuple[str, ...]] = field(default_factory=dict[Cell, tuple[str, ...]])
    left: Mapping[str, Mapping[str, Value]] = field(default_factory=dict[str, "Mapping[str, Value]"])


_f = partial(FieldDef, Kind.SUBMISSION)

SUBMISSION_FIELDS = field_table(
    _f("household", FieldType.ID),
    _f("case", FieldType.ID),
    _f("form", FieldType.TEXT),
    _f("form_version", FieldType.TEXT),
    _f("form_hash", FieldType.DIGEST),
    _f("blob", FieldType.DIGEST),
    _f("finished_on", FieldType.DATE),
    _f("origin", FieldType.TEXT),  # "" for this program, else collect, kobo, central
    _f("instance_id", FieldType.TEXT),  # "uuid:…" as the form says, "" when it says none
    _f("replaces", FieldType.ID),  # the submission this one was edited from
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)
