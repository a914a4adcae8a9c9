"""Objections raised against a notice: registered, looked into by somebody else, answered, closed.

close(objection, Answer(handler, finding, action, on, way), investigators)   # fields, or Refused
due_on(objection, rule)                                                      # last day to answer
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from app.domain.calendar import parse_date
from app.domain.errors import Refused
from app.domain.field_types import FieldDef, FieldType, field_table
from app.domain.ids import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from app.domain.ids import Value

_f = partial(FieldDef, Kind.OBJECTION)

OBJECTION_FIELDS = field_table(
    _f("publicity", FieldType.ID),
    _f("case", FieldType.ID),
    _f("no", FieldType.TEXT),
    _f("received_on", FieldType.DATE),
    _f("objector", FieldType.TEXT, sensitive=True),
    _f("objector_contact", FieldType.TEXT, sensitive=True),
    _f("anonymous", FieldType.FLAG),
    _f("channel", FieldType.CODE, codelist="objection_channel"),
    _f("content", FieldType.TEXT),
    _f("handler", FieldType.ID),
    _f("finding", FieldType.CODE, codelist="objection_finding"),
    _f("finding_note", FieldType.TEXT),
    _f("action", FieldType.CODE, codelist="objection_action"),
    _f("replied_on", FieldType.DATE),
    _f("reply_way", FieldType.TEXT),
    _f("closed", FieldType.FLAG),
    _f("void", FieldType.FLAG),
    _f("void_reason", FieldType.TEXT),
)


class Finding(StrEnum):
    """What looking into an objection showed; codes of the list ``objection_finding``."""

    TRUE = "true"
    PARTLY = "partly"
    UNTRUE = "untrue"


class ObjectionAction(StrEnum):
    """What follows; codes of the list ``objection_action``."""

    UPHOLD = "uphold"  # the list stays as it is
    CORRECT = "correct"
    CANCEL = "cancel"  # the household leaves the list
    REVISIT = "revisit"


@dataclass(frozen=True, slots=True)
class Answer:
    """How an objection was settled: by whom, what was found, what follows, when and how it was answered."""

    handler: str
    finding: Finding
    action: ObjectionAction
    on: date
    way: str
    note: str = ""


def is_open(objection: Mapping[str, Value]) -> bool:
    """Tell whether an objection still stops its household."""
    return not objection.get("closed") and not objection.get("void")


def open_objections(objections: Iterable[Mapping[str, Value]]) -> int:
    """Return how many objections still stop the household."""
    return sum(is_open(objection) for objection in objections)


def due_on(objection: Mapping[str, Value], days: int) -> date | None:
    """Return the last day to answer: ``days`` natural days after it was received; None without a date."""
    received = parse_date(objection.get("received_on"))
    return None if received is None else received + timedelta(days=days)


def close(objection: Mapping[str, Value], answer: Answer, investigators: Collection[str]) -> dict[str, Value]:
    """Return the fields that close an objection.

    ``investigators`` are the people who visited or reviewed the household; the handler is none of them.

    Raises:
        Refused: ``objection.closed``, ``objection.no_content``, ``objection.no_handler``,
            ``objection.own_case``, ``objection.no_answer``, ``objection.before_received`` or
            ``objection.true_but_upheld`` (a true objection must change something).
    """
    if not is_open(objection):
        raise Refused("objection.closed")
    if not str(objection.get("content", "")).strip():
        raise Refused("objection.no_content")
    _check_handler(answer.handler, investigators)
    received = parse_date(objection.get("received_on"))
    if received is not None and answer.on < received:
        raise Refused("objection.before_received", received_on=received.isoformat())
    if not answer.way.strip():
        raise Refused("objection.no_answer")
    if answer.finding is Finding.TRUE and answer.action is ObjectionAction.UPHOLD:
        raise Refused("objection.true_but_upheld")
    return {
        "handler": answer.handler,
        "finding": answer.finding.value,
        "finding_note": answer.note.strip(),
        "action": answer.action.value,
        "replied_on": answer.on.isoformat(),
        "reply_way": answer.way.strip(),
        "closed": 1,
    }


def _check_handler(handler: str, investigators: Collection[str]) -> None:
    if not handler:
        raise Refused("objection.no_handler")
    if handler in investigators:
        raise Refused("objection.own_case")
